#include "gateway/records/look_up.hpp"
#include "gateway/records/sealing.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

// A look-up of one record whose answer is kept (prepared_answers.hpp): one turn of the store finds
// that the record is of that version still and writes the entry in the access log.

namespace gateway::records {
namespace {

void add(std::string& name, std::string_view part) {
    name += std::to_string(part.size());
    name += ':';
    name += part;
}

/// When another answer may be due: something of it is no longer fresh, or a correction ends.
core::Time end_of(const HeldRecord& record, core::Time now) {
    core::Time end = core::Time::max();
    const auto ends = [&](core::Time at) { end = at > now ? std::min(end, at) : end; };
    if (record.absent || record.parts.empty()) {
        ends(record.valid_until);
    }
    for (const auto& part : record.parts) {
        ends(part.valid_until);
    }
    for (const auto& correction : record.corrections) {
        ends(correction.until);
    }
    return end;
}

core::Time newest_of(const HeldRecord& record) {
    auto newest = record.fetched;
    for (const auto& part : record.parts) {
        newest = std::max(newest, part.fetched);
    }
    return newest;
}

}   // namespace

std::string LookUp::name_of_question() const {
    const bool is_one = question_.handle ? question_.keys.empty() : question_.keys.size() == 1;
    if (parts_.prepared == nullptr || question_.write == nullptr || !is_one) {
        return {};
    }
    std::string name;
    name.reserve(192);
    add(name, visit_.tenant_id().value);
    add(name, question_.asker.purpose);
    add(name, question_.dataset);
    name += std::to_string(static_cast<int>(question_.kind));
    if (question_.handle) {
        name += 'h';
        add(name, question_.handle->to_bytes());
    } else {
        name += 'k';
        add(name, key_token(visit_.vault(), question_.kind, question_.keys.front()));
    }
    if (question_.fields) {
        for (const auto& field : *question_.fields) {
            add(name, field);
        }
        name += '.';
    }
    return name;
}

sdk::Task<std::optional<ports::LookUpAnswer>> LookUp::answer_again() {
    const auto& asker = question_.asker;
    const auto kept = parts_.prepared->find(question_name_, visit_.under(), visit_.now());
    // All that was decided then hangs on the configuration, but for who asks.
    if (!kept || !asker.caller.may("read:" + question_.dataset + ":" + asker.purpose)) {
        co_return std::nullopt;
    }
    auto entry = visit_.entry(ports::LogKind::read, kept->subject, parts_.ids);
    if (!entry) {
        co_return std::nullopt;
    }
    entry->dataset = kept->dataset;
    entry->fields = kept->given;
    entry->freshness = kept->freshness;
    GATEWAY_CRASH_POINT("records.before_log");
    const auto logged =
        co_await parts_.store.log_read(visit_.tenant_id(), std::move(*entry), kept->version);
    ports::LookUpAnswer answer;
    if (logged) {
        GATEWAY_CRASH_POINT("records.logged");
        answer.text = kept->text;
        count(kept->how, kept->dataset);
    } else if (logged.error().is(core::Errc::conflict)) {
        parts_.prepared->drop(question_name_);
        co_return std::nullopt;
    } else {
        answer.refusal = refusal_of(logged.error());
    }
    co_return answer;
}

void LookUp::keep_answer(const ports::FoundRecord& found, const ports::NewLogEntry& entry) {
    const auto& one = all_.front();
    if (one.failure || one.fetched || one.how != Holds::fresh || found.version == 0) {
        return;
    }
    auto kept = std::make_shared<PreparedAnswer>();
    kept->subject = one.subject;
    kept->dataset = permission_.dataset_id;
    kept->version = found.version;
    kept->from = newest_of(*one.record) - clock_leeway;
    kept->until = end_of(*one.record, visit_.now());
    kept->given = entry.fields;
    kept->freshness = entry.freshness;
    kept->how = how_it_came(one);
    kept->text = question_.write(found);
    parts_.prepared->keep(question_name_, std::move(kept), visit_.under(), visit_.now(),
                          forgotten_before_);
}

}   // namespace gateway::records
