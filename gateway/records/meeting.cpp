#include "gateway/records/meeting.hpp"

#include "gateway/records/sealing.hpp"

namespace gateway::records {

using ports::Refusal;

ports::RecordAsker asker_of(const ports::PersonWish& which, const ports::Keeper& keeper) {
    ports::RecordAsker asker;
    asker.caller.tenant = which.tenant;
    asker.caller.system = core::SystemId(std::string(operator_prefix) + keeper.who);
    return asker;
}

sdk::Task<Met> meet(ServiceParts& parts, const Visit& visit, const ports::PersonWish& which) {
    core::Result<std::optional<ports::Subject>> found = std::optional<ports::Subject>();
    if (which.handle) {
        found = co_await parts.store.find_subject(visit.tenant_id(), *which.handle);
    } else {
        const auto kind = core::RecordKeyKind::person;
        const auto checked = check_key(kind, which.person, visit.configuration().records);
        if (checked.refusal) {
            co_return Met(*checked.refusal);
        }
        auto token = key_token(visit.vault(), kind, checked.key);
        found =
            co_await parts.store.find_subject_by_token(visit.tenant_id(), kind, std::move(token));
    }
    if (!found) {
        co_return Met(refusal_of(found.error()));
    }
    if (!found->has_value() || (*found)->kind != core::RecordKeyKind::person) {
        co_return Met(Refusal("records.not_found"));
    }
    Met met;
    met.subject = std::move(**found);
    auto all = co_await parts.store.linked_subjects(visit.tenant_id(), met.subject.handle);
    if (!all) {
        co_return Met(refusal_of(all.error()));
    }
    met.all = std::move(*all);
    co_return met;
}

ports::NewLogEntry entry_of(const ServiceParts& parts, const Visit& visit, ports::LogKind kind,
                            core::Uuid handle, const std::string& why) {
    auto entry = visit.entry(kind);
    entry.subject = handle;
    entry.sealed_detail = seal_reason(visit.vault(), parts.ids, handle, why);
    return entry;
}

sdk::Task<Refusal> refuse(ServiceParts& parts, const Visit& visit, const Met& met, Refusal why) {
    auto entry = visit.entry(ports::LogKind::refused);
    if (!met.refusal) {
        entry.subject = met.subject.handle;
    }
    entry.code = why.code;
    std::vector<ports::NewLogEntry> entries;
    entries.push_back(std::move(entry));
    const auto written = co_await write_log(parts.store, visit.tenant_id(), std::move(entries));
    if (written.has_error()) {
        co_return refusal_of(written.error());
    }
    co_return why;
}

}   // namespace gateway::records
