#include "gateway/records/log_reading.hpp"

#include "gateway/records/sealing.hpp"

#include <algorithm>

namespace gateway::records {
namespace {

constexpr const char* grant = "access-log:read";

sdk::Task<ports::LogPage> refuse(ServiceParts& parts, const Visit& visit,
                                 const std::optional<ports::Subject>& subject, ports::Refusal why) {
    ports::LogPage page;
    auto entry = visit.entry(ports::LogKind::refused);
    if (subject) {
        entry.subject = subject->handle;
    }
    entry.code = why.code;
    std::vector<ports::NewLogEntry> entries;
    entries.push_back(std::move(entry));
    const auto written = co_await write_log(parts.store, visit.tenant_id(), std::move(entries));
    if (written.has_error()) {
        page.refusal = refusal_of(written.error());
    } else {
        page.refusal = std::move(why);
    }
    co_return page;
}

}   // namespace

ports::ReadEntry shown(const Visit& visit, const ports::Subject& subject,
                       const ports::LogEntry& entry) {
    ports::ReadEntry one;
    one.entry = entry;
    const auto& purposes = visit.tenant().purposes;
    if (const auto purpose = purposes.find(entry.entry.purpose); purpose != purposes.end()) {
        one.purpose_name = purpose->second.name;
        one.legal_basis = purpose->second.legal_basis;
    }
    if (entry.entry.system.value.starts_with(operator_prefix)) {
        one.reason = open_reason(visit.vault(), subject.handle, entry.entry.sealed_detail);
        return one;
    }
    const auto detail = open_detail(visit.vault(), subject, entry.entry.sealed_detail);
    one.actor = detail["actor"].as_string();
    one.case_reference = detail["case"].as_string();
    return one;
}

sdk::Task<core::Result<std::vector<ports::ReadEntry>>>
read_log_of(ports::RecordStore& store, const Visit& visit, std::vector<ports::Subject> all,
            std::uint64_t after, std::size_t limit) {
    std::vector<ports::ReadEntry> entries;
    for (const auto& subject : all) {
        ports::LogQuery query;
        query.tenant = visit.tenant_id();
        query.subject = subject.handle;
        query.after = after;
        query.limit = limit;
        const auto own = co_await store.read_log(std::move(query));
        if (!own) {
            co_return own.error();
        }
        for (const auto& entry : *own) {
            entries.push_back(shown(visit, subject, entry));
        }
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.entry.number < b.entry.number; });
    entries.resize(std::min(entries.size(), limit));
    co_return entries;
}

sdk::Task<ports::LogPage> read_access_log(ServiceParts& parts, ports::LogReading reading) {
    ports::LogPage page;
    const Visit visit(parts, reading.asker);
    page.refusal = visit.refusal();
    if (page.refusal) {
        co_return page;
    }
    const auto subject = co_await parts.store.find_subject(visit.tenant_id(), reading.handle);
    if (!subject) {
        page.refusal = refusal_of(subject.error());
        co_return page;
    }
    if (!reading.asker.caller.may(grant)) {
        const ports::Refusal denied("auth.not_granted", {{"grant", grant}});
        co_return co_await refuse(parts, visit, *subject, denied);
    }
    if (!subject->has_value()) {
        co_return co_await refuse(parts, visit, *subject, ports::Refusal("records.not_found"));
    }
    auto all = co_await parts.store.linked_subjects(visit.tenant_id(), reading.handle);
    if (!all) {
        page.refusal = refusal_of(all.error());
        co_return page;
    }
    auto entries =
        co_await read_log_of(parts.store, visit, std::move(*all), reading.after, reading.limit);
    if (!entries) {
        page.refusal = refusal_of(entries.error());
        co_return page;
    }
    auto read = visit.entry(ports::LogKind::log_read, **subject, parts.ids);
    if (!read) {
        page.refusal = refusal_of(read.error());
        co_return page;
    }
    std::vector<ports::NewLogEntry> log;
    log.push_back(std::move(*read));
    const auto written = co_await write_log(parts.store, visit.tenant_id(), std::move(log));
    if (written.has_error()) {
        page.refusal = refusal_of(written.error());
        co_return page;
    }
    page.entries = std::move(*entries);
    co_return page;
}

}   // namespace gateway::records
