#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;
using core::InboundState;

core::Result<std::optional<ports::InboxItem>>
MemoryEngine::find_inbox(const core::TenantId& tenant, const std::optional<core::SystemId>& system,
                         core::InboxId id) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::InboxItem> item;
    for (const auto& key : copies_of(tenant, id)) {
        if (!item && (!system || std::get<1>(key) == *system)) {
            item = whole(copies_.at(key), tenant);
        }
    }
    return item;
}

core::Result<std::vector<ports::InboxItem>>
MemoryEngine::list_inbox(const ports::InboxQuery& query) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::InboxItem> items;
    for (const auto& [key, copy] : copies_) {
        const bool fits = std::get<0>(key) == query.tenant &&
                          (!query.system || copy.system == *query.system) &&
                          (!query.state || copy.state == *query.state) &&
                          (query.before == 0 || copy.number < query.before);
        if (fits) {
            items.push_back(whole(copy, query.tenant));
            items.back().sealed_content.clear();
            items.back().wrapped_key.clear();
            items.back().sealed_answer.clear();
        }
    }
    std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
        return a.number != b.number ? a.number > b.number : a.system < b.system;
    });
    items.resize(std::min(items.size(), query.limit));
    return items;
}

core::Result<std::vector<ports::InboxCount>>
MemoryEngine::inbox_counts(const core::TenantId& tenant,
                           const std::optional<core::SystemId>& system, core::Time from,
                           core::Time until) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto within = [&](core::Time at) { return at >= from && at < until; };
    // Ordered as the other store orders its numbers: dead first.
    const auto rank = [](InboundState state) {
        return state == InboundState::dead ? -1 : static_cast<int>(state);
    };
    std::map<std::tuple<core::SystemId, std::string, int>, ports::InboxCount> found;
    const auto add = [&](const core::SystemId& who, const std::string& type, InboundState state) {
        auto& count = found[std::tuple(who, type, rank(state))];
        count.system = who;
        count.type = type;
        count.state = state;
        ++count.count;
    };
    for (const auto& [key, copy] : copies_) {
        if (std::get<0>(key) == tenant && within(copy.at) && (!system || copy.system == *system)) {
            add(copy.system, copy.type, copy.state);
        }
    }
    for (const auto& [key, inbound] : inbound_) {
        const auto& item = inbound.item;
        if (key.first == tenant && within(item.at) && !system && item.copies.empty() &&
            item.type != "oddity") {
            add(core::SystemId(), item.type, InboundState::quarantined);
        }
    }
    std::vector<ports::InboxCount> counts;
    for (auto& [key, count] : found) {
        counts.push_back(std::move(count));
    }
    return counts;
}

core::Result<std::vector<ports::Settlement>>
MemoryEngine::claim_settlements(const ports::SettlementClaim& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<std::pair<core::Time, std::pair<core::TenantId, core::InboxId>>> due;
    for (const auto& [key, telling] : tellings_) {
        if (telling.due && *telling.due <= command.now) {
            due.emplace_back(*telling.due, key);
        }
    }
    std::sort(due.begin(), due.end());
    due.resize(std::min(due.size(), command.limit));
    auto ids = command.event_ids;
    std::vector<ports::Settlement> settlements;
    for (const auto& [when, key] : due) {
        auto& telling = tellings_.at(key);
        const auto& inbound = inbound_.at(key);
        ports::Settlement settlement;
        if (!telling.kind) {
            settlement.overdue_now = true;
            settle_item(telling, ports::SettlementKind::overdue, command.now, core::SystemId());
            for (const auto& copy_key : copies_of(key.first, key.second)) {
                const auto& copy = copies_.at(copy_key);
                const bool settled = copy.state == InboundState::acknowledged ||
                                     copy.state == InboundState::rejected;
                if (!settled && !ids.empty()) {
                    append(key.first, copy, ids.back(), "overdue", command.now, {});
                    ids.pop_back();
                }
            }
        }
        telling.due = command.again_at;
        settlement.tenant = key.first;
        settlement.id = key.second;
        settlement.connection = inbound.item.connection;
        settlement.type = inbound.item.type;
        settlement.dedupe_key = inbound.item.dedupe_key;
        settlement.sealed_content = inbound.item.sealed_content;
        settlement.wrapped_key = inbound.item.wrapped_key;
        settlement.kind = *telling.kind;
        settlement.at = telling.at;
        settlement.system = telling.system;
        settlement.failures = telling.failures;
        const auto lies = quarantine_.find(key);
        if (lies != quarantine_.end() && !lies->second.resolved) {
            settlement.quarantined = true;
            settlement.code = lies->second.code;
        }
        const auto copy = copies_.find(CopyKey(key.first, telling.system, inbound.number));
        if (copy != copies_.end()) {
            settlement.sealed_answer = copy->second.sealed_answer;
        }
        settlements.push_back(std::move(settlement));
        section.changed();
    }
    return settlements;
}

MemoryEngine::Nothing MemoryEngine::finish_settlement(const ports::SettlementDone& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = tellings_.find({command.tenant, command.id});
    if (found == tellings_.end() || !found->second.kind) {
        return Failure(Errc::not_found, "nothing to tell of it");
    }
    found->second.due = command.again_at;
    found->second.failures = command.again_at ? found->second.failures + 1 : 0;
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::release_quarantined(const ports::ReleaseCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = quarantine_.find({command.tenant, command.id});
    if (found == quarantine_.end()) {
        return Failure(Errc::not_found, "no such item");
    }
    auto& item = found->second;
    if (item.resolved || item.type == "oddity") {
        return Failure(Errc::conflict, "has been settled, or is no message");
    }
    if (command.systems.empty() || command.event_ids.size() != command.systems.size()) {
        return Failure(Errc::invalid_argument, "systems, and an event id for each");
    }
    auto& inbound = inbound_.at({command.tenant, command.id});
    inbound.item.copies = command.systems;
    for (std::size_t i = 0; i < command.systems.size(); ++i) {
        add_copy(inbound, command.systems[i], command.at, command.event_ids[i]);
    }
    if (const auto told = tellings_.find({command.tenant, command.id});
        told != tellings_.end() && !told->second.kind) {
        told->second.open = command.systems.size();
    }
    item.resolved = command.at;
    item.resolved_by = command.who;
    item.sealed_reason = command.sealed_reason;
    section.changed();
    return {};
}

}   // namespace gateway::store
