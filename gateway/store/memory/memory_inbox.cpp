#include "gateway/store/inbox_limits.hpp"
#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;
using core::InboundState;

namespace {

bool is_open(const ports::InboxItem& copy) {
    return copy.state == InboundState::received || copy.state == InboundState::leased;
}

/// It holds up the later ones of its order.
bool holds_up(const ports::InboxItem& copy) {
    return is_open(copy) || copy.state == InboundState::dead;
}

}   // namespace

void MemoryEngine::append(const core::TenantId& tenant, const ports::InboxItem& copy,
                          core::EventId id, const std::string& name, core::Time at,
                          core::Params params) {
    ports::StoredEvent stored;
    stored.position = events_.size() + 1;
    stored.id = id;
    stored.tenant = tenant;
    stored.system = copy.system;
    stored.message = core::MessageId(copy.id.uuid);
    stored.connection = copy.connection;
    stored.inbound = copy.state;
    stored.at = at;
    stored.name = name;
    stored.code = core::Code("inbox." + name);
    stored.params = std::move(params);
    events_.push_back(std::move(stored));
}

void MemoryEngine::add_copy(const Inbound& inbound, const core::SystemId& system, core::Time at,
                            core::EventId event) {
    const auto& item = inbound.item;
    ports::InboxItem copy;
    copy.id = item.id;
    copy.system = system;
    copy.number = inbound.number;
    copy.connection = item.connection;
    copy.type = item.type;
    copy.at = item.at;
    copy.changed = at;
    for (const auto& hash : item.documents) {
        documents_.at({item.tenant, hash}).readers.insert(system);
    }
    append(item.tenant, copy, event, "received", at, {{"type", item.type}});
    const FlowKey flow(item.tenant, at, system, item.type, item.connection);
    flow_.count(flow.of(ports::FlowFigure::received), 1);
    copies_.emplace(CopyKey(item.tenant, system, inbound.number), std::move(copy));
}

ports::InboundAnswer MemoryEngine::what_became_of(const core::TenantId& tenant,
                                                  core::InboxId id) const {
    const auto& inbound = inbound_.at({tenant, id});
    ports::InboundAnswer answer;
    answer.result = ports::Inbounded::duplicate;
    answer.id = id;
    answer.quarantined = inbound.item.copies.empty();
    answer.wrapped_key = inbound.item.wrapped_key;
    if (const auto told = tellings_.find({tenant, id}); told != tellings_.end()) {
        answer.settled = told->second.kind;
        const auto copy = copies_.find(CopyKey(tenant, told->second.system, inbound.number));
        if (copy != copies_.end()) {
            answer.sealed_answer = copy->second.sealed_answer;
        }
    }
    const auto aside = quarantine_.find({tenant, id});
    if (aside != quarantine_.end() && !aside->second.resolved) {
        answer.code = aside->second.code;
    }
    return answer;
}

core::Result<ports::InboundAnswer>
MemoryEngine::store_inbound(const ports::InboundCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::InboundAnswer answer;
    answer.id = command.id;
    answer.quarantined = command.copies.empty();
    const std::tuple key(command.tenant, command.connection, command.dedupe_key);
    if (const auto known = inbound_keys_.find(key); known != inbound_keys_.end()) {
        return what_became_of(command.tenant, known->second);
    }
    for (const auto& hash : command.documents) {
        if (!documents_.contains({command.tenant, hash})) {
            return Failure(Errc::not_found, "a document of it is not there");
        }
    }
    if (command.event_ids.size() != command.copies.size()) {
        return Failure(Errc::invalid_argument, "an event id for each copy");
    }
    if (inbound_.contains({command.tenant, command.id})) {
        return Failure(Errc::conflict, "the id is taken");
    }
    inbound_keys_.emplace(key, command.id);
    const Inbound inbound{command, ++numbers_};
    if (command.copies.empty()) {
        for (const auto& hash : command.documents) {
            documents_.at({command.tenant, hash}).readers.insert(core::SystemId());
        }
        put_in_quarantine(command, inbound.number);
    }
    for (std::size_t i = 0; i < command.copies.size(); ++i) {
        add_copy(inbound, command.copies[i], command.at, command.event_ids[i]);
    }
    if (command.telling) {
        Telling telling;
        telling.answer_by = command.telling->answer_by;
        telling.due = telling.answer_by;
        telling.open = command.copies.size();
        if (command.telling->at_once) {
            settle_item(telling, ports::SettlementKind::stored, command.at, core::SystemId());
        }
        tellings_[{command.tenant, command.id}] = telling;
    }
    inbound_[{command.tenant, command.id}] = inbound;
    section.changed();
    return answer;
}

ports::InboxItem MemoryEngine::whole(const ports::InboxItem& copy,
                                     const core::TenantId& tenant) const {
    auto item = copy;
    const auto& inbound = inbound_.at({tenant, copy.id}).item;
    item.sealed_content = inbound.sealed_content;
    item.wrapped_key = inbound.wrapped_key;
    if (const auto telling = tellings_.find({tenant, copy.id}); telling != tellings_.end()) {
        item.answer_by = telling->second.answer_by;
    }
    return item;
}

std::vector<MemoryEngine::CopyKey> MemoryEngine::due_copies(const ports::InboxLease& command) {
    std::vector<CopyKey> due;
    std::set<std::string> waiting_orders;   // an earlier item of the order is unsettled
    const CopyKey first(command.tenant, command.system, 0);
    for (auto found = copies_.lower_bound(first); found != copies_.end(); ++found) {
        const auto& [key, copy] = *found;
        if (std::get<0>(key) != command.tenant || std::get<1>(key) != command.system) {
            break;
        }
        if (!holds_up(copy)) {
            continue;
        }
        const auto& order = inbound_.at({command.tenant, copy.id}).item.order_token;
        const bool leads = order.empty() || waiting_orders.insert(order).second;
        const bool free = is_open(copy) && copy.lease_until <= command.now;
        const auto type = copy.type.substr(0, copy.type.find('/'));
        const bool wanted =
            std::find(command.types.begin(), command.types.end(), type) != command.types.end();
        if (leads && free && wanted && due.size() < command.limit) {
            due.push_back(key);
        }
    }
    return due;
}

core::Result<ports::InboxBatch> MemoryEngine::lease_inbox(const ports::InboxLease& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::InboxBatch batch;
    std::uint64_t bytes = 0;
    for (const auto& key : due_copies(command)) {
        if (bytes >= inbox_bytes_max) {
            break;
        }
        auto& copy = copies_.at(key);
        const bool dies = copy.deliveries >= command.deliveries_max;
        if (dies && batch.dead.size() == command.event_ids.size()) {
            continue;
        }
        section.changed();
        copy.changed = command.now;
        if (dies) {
            copy.state = InboundState::dead;
            append(command.tenant, copy, command.event_ids[batch.dead.size()], "dead", command.now,
                   {{"deliveries", std::to_string(copy.deliveries)}});
            batch.dead.push_back(copy);
            continue;
        }
        copy.state = InboundState::leased;
        copy.lease_until = command.until;
        ++copy.lease.value;
        ++copy.deliveries;
        batch.items.push_back(whole(copy, command.tenant));
        bytes += batch.items.back().sealed_content.size();
    }
    return batch;
}

core::Result<bool> MemoryEngine::has_inbox(const ports::InboxLease& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    return !due_copies(command).empty();
}

void MemoryEngine::settle_item(Telling& telling, ports::SettlementKind kind, core::Time at,
                               const core::SystemId& system) {
    if (!telling.kind) {
        telling.kind = kind;
        telling.at = at;
        telling.system = system;
        telling.due = at;
    }
}

MemoryEngine::Nothing MemoryEngine::settle_inbox(const ports::InboxSettle& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto item = inbound_.find({command.tenant, command.id});
    if (item == inbound_.end()) {
        return Failure(Errc::not_found, "no such item");
    }
    const auto found = copies_.find(CopyKey(command.tenant, command.system, item->second.number));
    if (found == copies_.end()) {
        return Failure(Errc::not_found, "no such item");
    }
    const auto wanted = command.acknowledged ? InboundState::acknowledged : InboundState::rejected;
    auto& copy = found->second;
    if (copy.state == wanted) {
        return {};
    }
    const bool unsettled = copy.state == InboundState::leased || copy.state == InboundState::dead;
    if (!unsettled || copy.lease != command.lease) {
        return Failure(Errc::conflict, "leased by another since, or settled otherwise");
    }
    copy.state = wanted;
    copy.reason = command.reason;
    copy.sealed_answer = command.sealed_answer;
    copy.changed = command.at;
    append(command.tenant, copy, command.event_id, std::string(core::to_string(wanted)), command.at,
           {});
    if (const auto told = tellings_.find({command.tenant, command.id}); told != tellings_.end()) {
        auto& telling = told->second;
        if (!command.acknowledged) {
            settle_item(telling, ports::SettlementKind::rejected, command.at, command.system);
        } else if (!telling.kind && telling.open > 0 && --telling.open == 0) {
            settle_item(telling, ports::SettlementKind::acknowledged, command.at, command.system);
        }
    }
    section.changed();
    return {};
}

std::vector<MemoryEngine::CopyKey> MemoryEngine::copies_of(const core::TenantId& tenant,
                                                           core::InboxId id) const {
    std::vector<CopyKey> keys;
    for (const auto& [key, copy] : copies_) {
        if (std::get<0>(key) == tenant && copy.id == id) {
            keys.push_back(key);
        }
    }
    return keys;
}

core::Result<std::size_t> MemoryEngine::replay_inbox(const ports::InboxReplay& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<CopyKey> again;
    bool is_there = false;
    for (const auto& key : copies_of(command.tenant, command.id)) {
        const bool wanted = !command.system || std::get<1>(key) == *command.system;
        is_there = is_there || wanted;
        if (wanted && !is_open(copies_.at(key))) {
            again.push_back(key);
        }
    }
    if (!is_there) {
        return Failure(Errc::not_found, "no such item");
    }
    if (again.empty()) {
        return Failure(Errc::conflict, "nothing of it is dead or settled");
    }
    if (is_erased(command.tenant, ports::KeptKind::inbox_item, command.id.uuid)) {
        return Failure(Errc::conflict, "its content has been erased");
    }
    if (again.size() > command.event_ids.size()) {
        return Failure(Errc::invalid_argument, "an event id for each copy");
    }
    for (std::size_t i = 0; i < again.size(); ++i) {
        auto& copy = copies_.at(again[i]);
        copy.state = InboundState::received;
        ++copy.lease.value;
        copy.lease_until = {};
        copy.deliveries = 0;
        copy.changed = command.at;
        copy.reason = {};
        copy.sealed_answer.clear();
        append(command.tenant, copy, command.event_ids[i], "replayed", command.at, command.params);
    }
    section.changed();
    return again.size();
}

}   // namespace gateway::store
