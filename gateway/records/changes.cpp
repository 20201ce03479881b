#include "gateway/records/publishing.hpp"
#include "gateway/records/sealing.hpp"

namespace gateway::records {
namespace {

/// Which of the page's records are gone: removed by their owner, or erased.
sdk::Task<core::Result<void>> mark_removed(ServiceParts& parts, core::TenantId tenant,
                                           std::vector<ports::RecordChange>& changes) {
    std::vector<ports::RecordWish> wishes;
    for (const auto& change : changes) {
        wishes.emplace_back(change.subject, change.dataset);
    }
    const auto rows = co_await parts.store.records(std::move(tenant), std::move(wishes));
    if (!rows) {
        co_return rows.error();
    }
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& row = (*rows)[i];
        changes[i].removed = changes[i].removed || !row || row->absent;
    }
    co_return core::Result<void>();
}

/// Of an organisation or a plain key; empty when it is a person's, or forgotten.
sdk::Task<core::Result<std::string>> shown_key(ServiceParts& parts, const Visit& visit,
                                               const ports::RecordChange& change) {
    const auto subject = co_await parts.store.find_subject(visit.tenant_id(), change.subject);
    if (!subject) {
        co_return subject.error();
    }
    if (!subject->has_value() || (*subject)->kind == core::RecordKeyKind::person) {
        co_return std::string();
    }
    const auto key = open_key(visit.vault(), **subject);
    if (!key && key.error().is(core::Errc::not_found)) {
        co_return std::string();
    }
    co_return key;
}

}   // namespace

sdk::Task<ports::ChangesPage> list_changes(ServiceParts& parts, ports::ChangesQuery query) {
    ports::ChangesPage page;
    const Visit visit(parts, query.asker);
    page.refusal = visit.refusal();
    if (page.refusal) {
        co_return page;
    }
    const auto permission = authorise(visit.tenant(), query.asker, query.dataset, std::nullopt);
    page.refusal = permission.refusal;
    auto entry = visit.entry(ports::LogKind::read);
    entry.dataset = permission.dataset_id;
    if (page.refusal) {
        entry.kind = ports::LogKind::refused;
        entry.code = page.refusal->code;
    } else {
        auto changes = co_await parts.store.record_changes(visit.tenant_id(), query.dataset,
                                                           query.after, query.limit);
        if (!changes) {
            page.refusal = refusal_of(changes.error());
            co_return page;
        }
        const auto marked = co_await mark_removed(parts, visit.tenant_id(), *changes);
        if (marked.has_error()) {
            page.refusal = refusal_of(marked.error());
            co_return page;
        }
        for (auto& change : *changes) {
            ports::ChangesPage::Change one;
            const auto key = co_await shown_key(parts, visit, change);
            if (!key) {
                page.refusal = refusal_of(key.error());
                page.changes.clear();
                co_return page;
            }
            one.key = *key;
            one.change = std::move(change);
            page.changes.push_back(std::move(one));
        }
    }
    std::vector<ports::NewLogEntry> entries;
    entries.push_back(std::move(entry));
    const auto written = co_await write_log(parts.store, visit.tenant_id(), std::move(entries));
    if (written.has_error()) {
        page.changes.clear();
        page.refusal = refusal_of(written.error());
    }
    co_return page;
}

}   // namespace gateway::records
