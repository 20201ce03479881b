#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;

void MemoryEngine::put_in_quarantine(const ports::InboundCommand& command, std::uint64_t number) {
    ports::QuarantinedItem item;
    item.tenant = command.tenant;
    item.tenant_known = command.tenant_known;
    item.id = command.id;
    item.number = number;
    item.connection = command.connection;
    item.type = command.type;
    item.at = command.at;
    item.code = command.code;
    item.params = command.params;
    item.media_type = command.media_type;
    item.content_bytes = command.content_bytes;
    quarantine_[{command.tenant, command.id}] = std::move(item);
}

/// What waits for a person, and what its adapter has not been told yet, may need any of them.
bool MemoryEngine::keeps_documents(const core::TenantId& tenant) const {
    const bool quarantined =
        std::any_of(quarantine_.begin(), quarantine_.end(), [&](const auto& entry) {
            return entry.first.first == tenant && !entry.second.resolved;
        });
    return quarantined || std::any_of(tellings_.begin(), tellings_.end(), [&](const auto& entry) {
               return entry.first.first == tenant && entry.second.kind && entry.second.due;
           });
}

core::Result<std::vector<ports::QuarantinedItem>>
MemoryEngine::quarantined(const ports::QuarantineQuery& query) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::QuarantinedItem> items;
    for (const auto& [key, item] : quarantine_) {
        const bool before = query.before == 0 || item.number < query.before;
        if (key.first == query.tenant && item.resolved.has_value() == query.resolved && before) {
            items.push_back(item);
        }
    }
    std::sort(items.begin(), items.end(),
              [](const auto& a, const auto& b) { return a.number > b.number; });
    items.resize(std::min(items.size(), query.limit));
    return items;
}

core::Result<std::optional<ports::QuarantinedItem>>
MemoryEngine::find_quarantined(const core::TenantId& tenant, core::InboxId id) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::QuarantinedItem> item;
    if (const auto found = quarantine_.find({tenant, id}); found != quarantine_.end()) {
        const auto& stored = inbound_.at({tenant, id}).item;
        item = found->second;
        item->sealed_content = stored.sealed_content;
        item->sealed_raw = stored.sealed_raw;
        item->wrapped_key = stored.wrapped_key;
    }
    return item;
}

MemoryEngine::Nothing MemoryEngine::resolve_quarantined(const ports::ResolveCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = quarantine_.find({command.tenant, command.id});
    if (found == quarantine_.end()) {
        return Failure(Errc::not_found, "no such item");
    }
    if (found->second.resolved) {
        return Failure(Errc::conflict, "has been settled");
    }
    found->second.resolved = command.at;
    found->second.resolved_by = command.who;
    found->second.sealed_reason = command.sealed_reason;
    section.changed();
    return {};
}

}   // namespace gateway::store
