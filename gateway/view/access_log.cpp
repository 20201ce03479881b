#include "gateway/view/access_log.hpp"

namespace gateway::view {
namespace {

const char* log_kind(ports::LogKind kind) {
    switch (kind) {
    case ports::LogKind::read: return "read";
    case ports::LogKind::refused: return "refused";
    case ports::LogKind::told: return "told";
    case ports::LogKind::published: return "published";
    case ports::LogKind::corrected: return "corrected";
    case ports::LogKind::erased: return "erased";
    case ports::LogKind::held: return "held";
    case ports::LogKind::log_read: return "log_read";
    case ports::LogKind::reported: return "reported";
    }
    return "unknown";
}

void add(json::Value& value, const char* name, const std::string& text) {
    if (!text.empty()) {
        value.set(name, text);
    }
}

json::Value list_of(const std::vector<std::string>& names) {
    auto list = json::Value::array();
    for (const auto& name : names) {
        list.push(name);
    }
    return list;
}

json::Value part_json(const ports::HeldPart& part) {
    auto value = json::Value::object();
    value.set("source", part.source)
        .set("fields", list_of(part.fields))
        .set("values", part.values)
        .set("fetched", core::to_rfc3339(part.fetched))
        .set("validUntil", core::to_rfc3339(part.valid_until));
    if (part.register_time) {
        value.set("registerTime", core::to_rfc3339(*part.register_time));
    }
    return value;
}

json::Value correction_json(const ports::HeldCorrection& correction) {
    auto value = json::Value::object();
    value.set("values", correction.values)
        .set("source", correction.source)
        .set("actor", correction.person)
        .set("at", core::to_rfc3339(correction.at))
        .set("until", core::to_rfc3339(correction.until));
    return value;
}

json::Value held_json(const ports::HeldDataset& held) {
    auto value = json::Value::object();
    value.set("dataset", held.dataset);
    add(value, "name", held.name);
    add(value, "authority", held.authority);
    add(value, "legalBasis", held.legal_basis);
    add(value, "sensitivity", held.sensitivity);
    value.set("known", !held.absent).set("written", core::to_rfc3339(held.written));
    if (held.erase_at) {
        value.set("eraseAt", core::to_rfc3339(*held.erase_at));
    }
    auto purposes = json::Value::array();
    for (const auto& purpose : held.purposes) {
        auto one = json::Value::object();
        one.set("purpose", purpose.id);
        add(one, "purposeName", purpose.name);
        add(one, "legalBasis", purpose.legal_basis);
        purposes.push(std::move(one));
    }
    auto parts = json::Value::array();
    for (const auto& part : held.parts) {
        parts.push(part_json(part));
    }
    auto corrections = json::Value::array();
    for (const auto& correction : held.corrections) {
        corrections.push(correction_json(correction));
    }
    value.set("purposes", std::move(purposes))
        .set("parts", std::move(parts))
        .set("corrections", std::move(corrections));
    return value;
}

}   // namespace

json::Value log_entry(const ports::ReadEntry& read) {
    const auto& entry = read.entry.entry;
    auto value = json::Value::object();
    value.set("number", read.entry.number)
        .set("kind", log_kind(entry.kind))
        .set("at", core::to_rfc3339(entry.at))
        .set("system", entry.system.value);
    add(value, "purpose", entry.purpose.value);
    add(value, "purposeName", read.purpose_name);
    add(value, "legalBasis", read.legal_basis);
    add(value, "dataset", entry.dataset);
    if (!entry.fields.empty()) {
        value.set("fields", list_of(entry.fields));
    }
    add(value, "freshness", entry.freshness);
    add(value, "code", entry.code.value);
    add(value, "actor", read.actor);
    add(value, "case", read.case_reference);
    add(value, "reason", read.reason);
    return value;
}

json::Value person_report(const ports::PersonReport& report, bool first_page) {
    auto value = json::Value::object();
    value.set("tenant", report.tenant.value).set("handle", report.handle.to_string());
    add(value, "person", report.person);
    value.set("made", core::to_rfc3339(report.made))
        .set("knownSince", core::to_rfc3339(report.known_since))
        .set("legalHold", report.legal_hold)
        .set("forgotten", report.forgotten);
    if (!report.others.empty()) {
        auto others = json::Value::array();
        for (const auto& handle : report.others) {
            others.push(handle.to_string());
        }
        value.set("otherHandles", std::move(others));
    }
    if (first_page) {
        auto held = json::Value::array();
        for (const auto& one : report.held) {
            held.push(held_json(one));
        }
        value.set("held", std::move(held));
    }
    auto entries = json::Value::array();
    for (const auto& entry : report.entries) {
        entries.push(log_entry(entry));
    }
    value.set("entries", std::move(entries)).set("until", report.until);
    if (report.more && !report.entries.empty()) {
        value.set("after", report.entries.back().entry.number);
    }
    return value;
}

}   // namespace gateway::view
