#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;

namespace {

bool contains(const std::vector<core::ConnectionId>& excluded,
              const std::optional<core::ConnectionId>& connection) {
    return connection && std::find(excluded.begin(), excluded.end(), *connection) != excluded.end();
}

Failure stale() {
    return Failure(Errc::stale_fence, "the claim is over");
}

}   // namespace

ports::ClaimedDelivery MemoryEngine::with_message(const DeliveryRecord& record) const {
    const auto& message = messages_.at({record.tenant, record.row.message});
    ports::ClaimedDelivery item;
    item.tenant = record.tenant;
    item.system = record.system;
    item.type = message.type;
    item.accepted_at = message.created;
    item.sealed_content = message.sealed_content;
    item.wrapped_key = message.wrapped_key;
    item.documents = message.documents;
    item.row = record.row;
    return item;
}

core::Result<std::vector<ports::ClaimedDelivery>>
MemoryEngine::claim(const ports::ClaimCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    using Due = std::pair<std::pair<bool, core::Time>, DeliveryRecord*>;   // expired ones first
    std::map<core::TenantId, std::vector<Due>> due;
    for (const auto& key : waiting_) {
        auto& record = deliveries_.at(key);
        const auto expires = expiry(record);
        const auto wakes = lane(record) == command.lane ? wake(record) : std::nullopt;
        if (command.lane == ports::Lane::attempts && expires && *expires <= command.now) {
            due[key.first].emplace_back(std::pair(false, *expires), &record);
        } else if (wakes && *wakes <= command.now &&
                   !contains(command.excluded, record.row.connection)) {
            due[key.first].emplace_back(std::pair(true, *wakes), &record);
        }
    }
    std::vector<core::TenantId> tenants;
    for (auto& [tenant, own] : due) {
        std::sort(own.begin(), own.end(), [](const Due& a, const Due& b) {
            return std::pair(a.first, a.second->number) < std::pair(b.first, b.second->number);
        });
        tenants.push_back(tenant);
    }
    auto& turns = turns_.at(static_cast<std::size_t>(command.lane) - 1);
    std::vector<std::pair<core::TenantId, std::vector<Due>>> candidates;
    for (const auto& tenant : turns.order(tenants)) {
        candidates.emplace_back(tenant, std::move(due.at(tenant)));
    }
    std::vector<ports::ClaimedDelivery> claimed;
    for (const auto& [when, record] : turns.pick(std::move(candidates), command.limit)) {
        const bool was_interrupted = store::claim(*record, command.lease_until);
        save(*record, keeps_place(*record));
        auto item = with_message(*record);
        item.was_interrupted = was_interrupted;
        item.fence = record->fence;
        claimed.push_back(std::move(item));
        section.changed();
    }
    return claimed;
}

core::Result<std::optional<core::Time>>
MemoryEngine::next_due(ports::Lane asked, const std::vector<core::ConnectionId>& excluded) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<core::Time> next;
    for (const auto& key : waiting_) {
        const auto& record = deliveries_.at(key);
        const bool asked_for = lane(record) == asked && !contains(excluded, record.row.connection);
        const auto wakes = asked_for ? wake(record) : std::nullopt;
        const auto expires = asked == ports::Lane::attempts ? expiry(record) : std::nullopt;
        for (const auto& when : {wakes, expires}) {
            if (when && (!next || *when < *next)) {
                next = when;
            }
        }
    }
    return next;
}

MemoryEngine::Nothing MemoryEngine::extend(const ports::DeliveryKey& key, core::Fence fence,
                                           core::Time lease_until) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find_claimed(key, fence);
    if (record == nullptr) {
        return stale();
    }
    record->lease_until = lease_until;
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::begin_attempt(const ports::BeginAttempt& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find_claimed(command.key, command.fence);
    if (record == nullptr || !begin(*record, command)) {
        return stale();
    }
    save(*record, keeps_place(*record));
    append(*record, command.events);
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::remember(const ports::DeliveryKey& key, core::Fence fence,
                                             std::string sealed_progress,
                                             const std::vector<ports::NewEvent>& events) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find_claimed(key, fence);
    if (record == nullptr) {
        return stale();
    }
    record->row.sealed_progress = std::move(sealed_progress);
    append(*record, events);
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::finish(const ports::FinishCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find_claimed(command.key, command.fence);
    if (record == nullptr) {
        return stale();
    }
    const auto before = *record;
    store::finish(*record, command);
    if (!command.sealed_upstream_reference.empty()) {
        record->row.sealed_upstream_reference = command.sealed_upstream_reference;
    }
    if (command.sealed_progress) {
        record->row.sealed_progress = *command.sealed_progress;
    }
    if (command.exchanges) {
        keep_exchanges(*record, *command.exchanges, command.at);
    }
    auto& message = messages_.at({record->tenant, record->row.message});
    for (const auto& token : command.tokens) {
        message.tokens.emplace(token.kind, token.token);
    }
    save(*record, keeps_place(before));
    append(*record, command.events);
    const bool taken_over = takes_over(before, *record, command) &&
                            open_instead(*record, *command.take_over, command.at);
    count_moved(before, *record, command.at, taken_over);
    section.changed();
    section.made_work();
    return {};
}

core::Result<ports::ReceiptAnswer>
MemoryEngine::apply_receipt(const ports::ReceiptCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find(command.key.tenant, command.key.delivery);
    if (command.fence && (record == nullptr || !holds_claim(*record, *command.fence))) {
        return stale();
    }
    if (record == nullptr) {
        return Failure(Errc::not_found, "no such delivery");
    }
    ports::ReceiptAnswer answer;
    answer.duplicate =
        !receipts_.emplace(command.key.tenant, command.key.delivery, command.dedupe_id).second;
    if (!answer.duplicate) {
        const auto before = *record;
        if (receive(*record, command)) {
            save(*record, keeps_place(before));
            section.made_work();
        }
        if (!command.sealed_result.empty()) {
            record->row.sealed_result = command.sealed_result;
        }
        auto& found_by = messages_.at({command.key.tenant, record->row.message}).tokens;
        for (const auto& token : command.tokens) {
            found_by.emplace(token.kind, token.token);
        }
        append(*record, command.events);
        if (takes_over(before, *record, command)) {
            answer.taken_over = open_instead(*record, *command.take_over, command.at);
        }
        count_moved(before, *record, command.at, answer.taken_over);
        section.changed();
    }
    answer.state = record->row.state;
    return answer;
}

core::Result<std::optional<ports::ClaimedDelivery>>
MemoryEngine::find_delivery(const std::vector<core::TenantId>& tenants, core::DeliveryId delivery) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::ClaimedDelivery> found;
    for (const auto& tenant : tenants) {
        if (const auto* record = find(tenant, delivery)) {
            found = with_message(*record);
            break;
        }
    }
    return found;
}

core::Result<ports::CancelAnswer> MemoryEngine::cancel(const ports::CancelCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto message = messages_.find({command.tenant, command.message});
    if (message == messages_.end() ||
        (command.system && *command.system != message->second.system)) {
        return ports::CancelAnswer::not_found;
    }
    auto& record = *find(command.tenant, message->second.deliveries.back());
    const bool kept = keeps_place(record);
    const auto effect = store::cancel(record, command);
    if (effect.changed) {
        save(record, kept);
        append(record, command.requested);
        if (effect.answer == ports::CancelAnswer::cancelled) {
            append(record, command.cancelled);
        }
        section.changed();
        section.made_work();
    }
    return effect.answer;
}

MemoryEngine::Nothing MemoryEngine::hold(const core::TenantId& tenant, core::DeliveryId delivery,
                                         core::Time at,
                                         const std::vector<ports::NewEvent>& events) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find(tenant, delivery);
    if (record == nullptr) {
        return Failure(Errc::not_found, "no such delivery");
    }
    if (!store::hold(*record, at)) {
        return Failure(Errc::conflict, "cannot be held in this state");
    }
    record->row.code = events.empty() ? core::Code() : events.back().code;
    record->row.params.clear();
    save(*record, keeps_place(*record));
    append(*record, events);
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::release(const core::TenantId& tenant, core::DeliveryId delivery,
                                            core::Time at,
                                            const std::vector<ports::NewEvent>& events) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* record = find(tenant, delivery);
    if (record == nullptr) {
        return Failure(Errc::not_found, "no such delivery");
    }
    if (!store::release(*record, at)) {
        return Failure(Errc::conflict, "is not held");
    }
    save(*record, keeps_place(*record));
    append(*record, events);
    section.changed();
    section.made_work();
    return {};
}

MemoryEngine::Nothing MemoryEngine::retry(const ports::RetryCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto* old = find(command.tenant, command.old);
    if (old == nullptr) {
        return Failure(Errc::not_found, "no such delivery");
    }
    const auto& newest = messages_.at({command.tenant, old->row.message}).deliveries.back();
    if (newest != command.old || find(command.tenant, command.delivery.id) != nullptr) {
        return Failure(Errc::conflict, "has been retried already");
    }
    if (is_erased(command.tenant, ports::KeptKind::message, old->row.message.uuid)) {
        return Failure(Errc::conflict, "its content has been erased");
    }
    if (command.seen_changed && *command.seen_changed != old->row.changed) {
        return Failure(Errc::conflict, "is not as it was seen");
    }
    if (messages_.at({command.tenant, old->row.message}).replaced_by) {
        return Failure(Errc::conflict, "another message has taken its place");
    }
    auto next = opened_instead(command.delivery, *old, command.at);
    const bool same_order = keeps_place_of(*old, next);
    const bool kept = keeps_place(*old);
    auto closed = *old;
    if (!store::close(closed, command.at)) {
        return Failure(Errc::conflict, "has not ended and is not held");
    }
    *old = std::move(closed);
    save(*old, kept);
    append(*old, command.closing);
    const auto& message = messages_.at({command.tenant, old->row.message});
    const FlowKey flow(command.tenant, command.at, old->system, message.type,
                       command.delivery.connection);
    flow_.count(flow.of(ports::FlowFigure::retried), 1);
    add_delivery(std::move(next), same_order);
    append(*find(command.tenant, command.delivery.id), command.events);
    section.changed();
    section.made_work();
    return {};
}

}   // namespace gateway::store
