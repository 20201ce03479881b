#include "gateway/admin/audit.hpp"

#include "gateway/json/value.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

constexpr int appends_max = 10;   // of others at the same moment
/// No configured connection has a dot in its name.
const core::ConnectionId audit_place{".audit"};
constexpr const char* audit_head = "newest";

std::string audit_key(std::uint64_t page) {
    return "page-" + std::to_string(page);
}

json::Value audit_json(const AuditEntry& entry) {
    json::Value fields = json::Value::object();
    for (const auto& [name, value] : entry.fields) {
        fields.set(name, value);
    }
    json::Value value = json::Value::object();
    value.set("at", core::to_rfc3339(entry.at))
        .set("who", entry.who)
        .set("act", entry.act)
        .set("tenant", entry.tenant)
        .set("trace", entry.trace)
        .set("fields", std::move(fields));
    return value;
}

AuditEntry audit_entry(const json::Value& value) {
    AuditEntry entry;
    if (const auto at = core::parse_rfc3339(value["at"].as_string())) {
        entry.at = *at;
    }
    entry.who = value["who"].as_string();
    entry.act = value["act"].as_string();
    entry.tenant = value["tenant"].as_string();
    entry.trace = value["trace"].as_string();
    for (const auto& [name, field] : value["fields"].members()) {
        entry.fields.emplace_back(name, field.as_string());
    }
    return entry;
}

core::Result<json::Value> audit_list(const std::string& text) {
    if (text.empty()) {
        return json::Value::array();
    }
    auto list = json::parse(text);
    if (!list) {
        return core::Failure(core::Errc::corrupted, "a page of the audit cannot be read");
    }
    return std::move(*list);
}

}   // namespace

sdk::Task<core::Result<AuditTrail::Place>> AuditTrail::find_newest() {
    const auto head = co_await store_.get_state(audit_place, audit_head);
    if (!head) {
        co_return head.error();
    }
    Place place;
    place.head_version = head->version;
    if (!head->value.empty()) {
        place.page = std::stoull(head->value);
    }
    co_return place;
}

/// The page is what counts; the head only says where to look, and is set before a page is begun.
sdk::Task<core::Result<void>> AuditTrail::append_once(const std::vector<AuditEntry>& entries) {
    auto place = co_await find_newest();
    if (!place) {
        co_return place.error();
    }
    auto kept = co_await store_.get_state(audit_place, audit_key(place->page));
    if (!kept) {
        co_return kept.error();
    }
    auto list = audit_list(kept->value);
    if (!list) {
        co_return list.error();
    }
    if (list->items().size() >= audit_page_entries) {
        const auto next = place->page + 1;
        const auto moved = co_await store_.put_state(audit_place, audit_head, std::to_string(next),
                                                     place->head_version);
        if (!moved) {
            co_return moved.error();
        }
        if (next >= audit_pages_max) {
            const auto oldest = audit_key(next - audit_pages_max);
            const auto gone = co_await store_.get_state(audit_place, oldest);
            if (gone && gone->version > 0) {
                (void)co_await store_.put_state(audit_place, oldest, "", gone->version);
            }
        }
        co_return core::Failure(core::Errc::conflict, "a page of the audit was begun");
    }
    for (const auto& entry : entries) {
        list->push(audit_json(entry));
    }
    const auto written = co_await store_.put_state(audit_place, audit_key(place->page),
                                                   json::write(*list), kept->version);
    if (!written) {
        co_return written.error();
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> AuditTrail::append(std::vector<AuditEntry> entries) {
    core::Result<void> done;
    for (int tries = 0; tries < appends_max; ++tries) {
        done = co_await append_once(entries);
        if (done || !done.error().is(core::Errc::conflict)) {
            break;
        }
    }
    co_return done;
}

sdk::Task<core::Result<AuditPage>> AuditTrail::read(std::optional<std::uint64_t> page) {
    if (!page) {
        const auto newest = co_await find_newest();
        if (!newest) {
            co_return newest.error();
        }
        page = newest->page;
    }
    const auto kept = co_await store_.get_state(audit_place, audit_key(*page));
    if (!kept) {
        co_return kept.error();
    }
    const auto list = audit_list(kept->value);
    if (!list) {
        co_return list.error();
    }
    AuditPage read;
    for (const auto& item : list->items()) {
        read.entries.push_back(audit_entry(item));
    }
    std::reverse(read.entries.begin(), read.entries.end());
    if (*page > 0 && (kept->version > 0)) {
        read.older = *page - 1;
    }
    co_return read;
}

}   // namespace gateway::admin
