#include "gateway/core/assert.hpp"
#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

// What is left of messages and inbox items whose content was erased, and the end of the quarantine.

namespace gateway::store {

using ports::KeptKind;

/// Why it stays, counted; true: it may go.
bool MemoryEngine::count_bare(const ErasedKey& key, ports::BareRemoved& counted) const {
    if (content_holds_.contains(key)) {
        ++counted.held;
        return false;
    }
    const auto& [tenant, kind, id] = key;
    for (const auto& event : events_) {
        if (event.tenant != tenant || event.message.uuid != id) {
            continue;
        }
        for (const auto& [where, one] : subscriptions_) {
            const auto call = one.calls.find(event.position);
            if (where.first == tenant && one.record.enabled && one.record.system == event.system &&
                (event.position > one.record.progress.position ||
                 (call != one.calls.end() && call->second.due))) {
                ++counted.unread;
                return false;
            }
        }
    }
    ++counted.removed;
    return true;
}

void MemoryEngine::remove_rows(const ErasedKey& key) {
    const auto& [tenant, kind, id] = key;
    for (auto& event : events_) {
        if (event.tenant == tenant && event.message.uuid == id) {
            for (auto& [where, one] : subscriptions_) {
                if (where.first == tenant) {
                    one.calls.erase(event.position);
                }
            }
            // Its place stays, so that positions do; it is nobody's.
            const auto position = event.position;
            event = ports::StoredEvent();
            event.position = position;
        }
    }
    if (kind == KeptKind::message) {
        const auto message = messages_.find({tenant, core::MessageId(id)});
        GATEWAY_ASSERT(message != messages_.end());
        for (const auto& delivery : message->second.deliveries) {
            deliveries_.erase({tenant, delivery});
            std::erase_if(receipts_, [&](const auto& receipt) {
                return std::get<0>(receipt) == tenant && std::get<1>(receipt) == delivery;
            });
        }
        messages_.erase(message);
        return;
    }
    const core::InboxId item(id);
    for (const auto& copy : copies_of(tenant, item)) {
        copies_.erase(copy);
    }
    const auto& said = inbound_.at({tenant, item}).item;
    inbound_keys_.erase({tenant, said.connection, said.dedupe_key});
    tellings_.erase({tenant, item});
    quarantine_.erase({tenant, item});
    inbound_.erase({tenant, item});
}

core::Result<ports::BareRemoved> MemoryEngine::bare(const ports::BareRemoval& command, bool remove,
                                                    std::vector<ports::NewLogEntry>& log) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::BareRemoved done;
    std::vector<ErasedKey> due;
    for (const auto& [key, one] : erased_) {
        if (std::get<0>(key) == command.tenant && std::get<1>(key) == command.kind &&
            one.type == command.type && !one.removed && one.at < command.erased_before &&
            (!remove || one.look_at <= command.at) && due.size() < command.limit) {
            due.push_back(key);
        }
    }
    done.more = due.size() >= command.limit;
    for (const auto& key : due) {
        const bool may_go = count_bare(key, done);
        if (!remove) {
            continue;
        }
        if (!may_go) {
            erased_.at(key).look_at = command.look_again;
            continue;
        }
        remove_rows(key);
        if (command.kind == KeptKind::message) {
            erased_.at(key).removed = command.at;
        } else {
            erased_.erase(key);
        }
        log.push_back(command.log);
        log.back().fields.push_back(core::MessageId(std::get<2>(key)).to_string());
    }
    if (remove) {
        section.changed();
    }
    return done;
}

core::Result<std::size_t> MemoryEngine::forget_removed(core::Time before) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    section.changed();
    return std::erase_if(erased_, [&](const auto& one) {
        return one.second.removed && *one.second.removed < before;
    });
}

core::Result<ports::QuarantineTurn>
MemoryEngine::quarantine_term(const ports::QuarantineTerm& term, bool held, bool retire,
                              std::vector<ports::NewLogEntry>& log) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::QuarantineTurn done;
    for (auto& [key, item] : quarantine_) {
        const auto uuid = key.second.uuid;
        auto& stored = inbound_.at(key).item;
        if (key.first != term.tenant || is_erased(key.first, KeptKind::inbox_item, uuid) ||
            !copies_of(key.first, key.second).empty()) {
            continue;
        }
        const auto told = quarantine_told_.find(key);
        if (!item.resolved && told == quarantine_told_.end() && item.at < term.told_before) {
            if (retire) {
                quarantine_told_[key] = term.at;
            }
            ++done.told;
            continue;
        }
        const bool waits_no_longer = !item.resolved && told != quarantine_told_.end() &&
                                     told->second <= term.told_until && item.at < term.came_before;
        const bool settled = item.resolved && *item.resolved < term.came_before;
        if (!waits_no_longer && !settled) {
            continue;
        }
        if (held) {
            ++done.held;
            continue;
        }
        ++done.erased;
        if (!retire) {
            continue;
        }
        if (!item.resolved) {
            item.resolved = term.at;
            item.resolved_by = term.log.system.value;
        }
        item.sealed_reason.clear();
        stored.sealed_content.clear();
        stored.sealed_raw.clear();
        stored.wrapped_key.clear();
        for (const auto& hash : stored.documents) {
            auto& readers = documents_.at({key.first, hash}).readers;
            if (const auto nobody = readers.find(core::SystemId()); nobody != readers.end()) {
                readers.erase(nobody);
            }
        }
        stored.documents.clear();
        auto& erased = erased_[{key.first, KeptKind::inbox_item, uuid}];
        erased.at = term.at;
        erased.type = stored.type;
        log.push_back(term.log);
        log.back().fields.push_back(key.second.to_string());
    }
    if (retire) {
        section.changed();
    }
    return done;
}

core::Result<ports::QuarantineEnding>
MemoryEngine::quarantine_ending(const core::TenantId& tenant) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::QuarantineEnding ending;
    for (const auto& [key, told] : quarantine_told_) {
        const auto item = quarantine_.find(key);
        if (key.first == tenant && item != quarantine_.end() && !item->second.resolved) {
            ending.told = ending.count == 0 ? told : std::min(ending.told, told);
            ++ending.count;
        }
    }
    return ending;
}

}   // namespace gateway::store
