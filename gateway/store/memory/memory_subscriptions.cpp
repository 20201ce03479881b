#include "gateway/store/event_ids.hpp"
#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;

ports::Subscription MemoryEngine::Subscribed::counted() const {
    ports::Subscription view = record;
    view.waiting = static_cast<std::uint64_t>(std::count_if(
        calls.begin(), calls.end(), [](const auto& one) { return one.second.due.has_value(); }));
    view.given_up = calls.size() - view.waiting;
    return view;
}

void MemoryEngine::append(const ports::Subscription& subscription,
                          const std::vector<ports::NewEvent>& events) {
    for (const auto& event : events) {
        ports::StoredEvent stored;
        stored.position = events_.size() + 1;
        stored.id = event.id;
        stored.tenant = subscription.tenant;
        stored.system = subscription.system;
        stored.subscription = subscription.id;
        stored.at = event.at;
        stored.name = event.name;
        stored.code = event.code;
        stored.params = event.params;
        stored.sealed_params = event.sealed_params;
        events_.push_back(std::move(stored));
    }
}

bool MemoryEngine::is_closed() {
    return Section(*this).is_closed();
}

void MemoryEngine::tell(const core::TenantId& tenant,
                        const std::vector<ports::FeedStep::Telling>& tellings) {
    Section section(*this);
    for (const auto& telling : tellings) {
        const auto& event = telling.event;
        ports::StoredEvent stored;
        stored.position = events_.size() + 1;
        stored.id = event.id;
        stored.tenant = tenant;
        stored.system = telling.system;
        stored.subject = telling.subject;
        stored.at = event.at;
        stored.name = event.name;
        stored.code = event.code;
        stored.params = event.params;
        stored.sealed_params = event.sealed_params;
        events_.push_back(std::move(stored));
        section.changed();
    }
}

core::Result<std::uint64_t>
MemoryEngine::put_subscription(const ports::SubscriptionChange& change) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto& next = change.subscription;
    const auto found = subscriptions_.find({next.tenant, next.id});
    if (change.expected == 0) {
        if (found != subscriptions_.end()) {
            return Failure(Errc::conflict, "the subscription exists");
        }
        auto& made = subscriptions_[{next.tenant, next.id}];
        made.record = next;
        made.record.changed = change.at;
        made.record.version = 1;
        section.changed();
        return std::uint64_t{1};
    }
    if (found == subscriptions_.end()) {
        return Failure(Errc::not_found, "no such subscription");
    }
    auto& record = found->second.record;
    if (record.version != change.expected) {
        return Failure(Errc::conflict, "another version is there");
    }
    const bool was_enabled = record.enabled;
    record.sealed_settings = next.sealed_settings;
    record.changed = change.at;
    record.enabled = next.enabled;
    record.disabled_code = next.disabled_code;
    ++record.version;
    if (next.enabled && !was_enabled) {
        record.progress.failures = 0;
        record.progress.failing_since.reset();
        record.progress.retry_at.reset();
        for (auto& [position, call] : found->second.calls) {
            if (call.due) {
                call.due = call.since = change.at;
            }
        }
    }
    if (!next.enabled && was_enabled) {
        append(record, change.disabling);
    }
    section.changed();
    return record.version;
}

core::Result<std::vector<ports::Subscription>>
MemoryEngine::list_subscriptions(const std::optional<core::TenantId>& tenant) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::Subscription> list;
    for (const auto& [key, one] : subscriptions_) {
        if (!tenant || key.first == *tenant) {
            list.push_back(one.counted());
        }
    }
    return list;
}

core::Result<std::optional<ports::Subscription>>
MemoryEngine::find_subscription(const core::TenantId& tenant, core::Uuid id) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::Subscription> answer;
    if (const auto found = subscriptions_.find({tenant, id}); found != subscriptions_.end()) {
        answer = found->second.counted();
    }
    return answer;
}

MemoryEngine::Nothing MemoryEngine::remove_subscription(const core::TenantId& tenant,
                                                        core::Uuid id) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    if (subscriptions_.erase({tenant, id}) == 0) {
        return Failure(Errc::not_found, "no such subscription");
    }
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::advance_subscription(const ports::SubscriptionStep& step) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = subscriptions_.find({step.tenant, step.subscription});
    if (found == subscriptions_.end()) {
        return Failure(Errc::not_found, "no such subscription");
    }
    auto& [record, calls] = found->second;
    if (record.progress.position != step.expected) {
        return Failure(Errc::conflict, "the position has been moved");
    }
    record.progress = step.progress;
    for (const auto position : step.settled) {
        calls.erase(position);
    }
    for (const auto& call : step.waiting) {
        calls[call.position] = call;
    }
    if (!step.disable.empty() && record.enabled) {
        record.enabled = false;
        record.disabled_code = step.disable;
        record.changed = step.at;
        ++record.version;
        append(record, step.disabling);
    }
    section.changed();
    return {};
}

core::Result<std::vector<ports::WaitingCall>>
MemoryEngine::waiting_calls(const core::TenantId& tenant, core::Uuid subscription,
                            std::size_t limit) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::WaitingCall> waiting;
    const auto found = subscriptions_.find({tenant, subscription});
    if (found == subscriptions_.end()) {
        return waiting;
    }
    for (const auto& [position, call] : found->second.calls) {
        if (call.due) {
            waiting.push_back(call);
        }
    }
    std::stable_sort(waiting.begin(), waiting.end(),
                     [](const auto& a, const auto& b) { return *a.due < *b.due; });
    waiting.resize(std::min(limit, waiting.size()));
    return waiting;
}

MemoryEngine::Nothing MemoryEngine::replay(const ports::ReplayCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = subscriptions_.find({command.tenant, command.subscription});
    if (found == subscriptions_.end()) {
        return Failure(Errc::not_found, "no such subscription");
    }
    auto& [record, calls] = found->second;
    auto& position = record.progress.position;
    if (command.after && *command.after < position) {
        position = *command.after;
        calls.erase(calls.upper_bound(position), calls.end());
    }
    if (command.given_up) {
        for (auto& [place, call] : calls) {
            if (!call.due) {
                call.due = call.since = command.at;
                call.attempts = 0;
            }
        }
    }
    for (const auto one : command.positions) {
        if (one <= position) {
            ports::WaitingCall call;
            call.position = one;
            call.due = call.since = command.at;
            calls[one] = std::move(call);
        }
    }
    record.progress.retry_at.reset();
    section.changed();
    return {};
}

core::Result<std::vector<ports::StoredEvent>>
MemoryEngine::events_at(const core::TenantId& tenant, const std::vector<std::uint64_t>& positions) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::StoredEvent> events;
    const std::set<std::uint64_t> places(positions.begin(), positions.end());
    for (const auto place : places) {
        if (place >= 1 && place <= events_.size() && events_[place - 1].tenant == tenant) {
            events.push_back(events_[place - 1]);
        }
    }
    return events;
}

core::Result<std::vector<ports::StoredEvent>>
MemoryEngine::find_events(const core::TenantId& tenant, const std::optional<core::SystemId>& system,
                          const std::vector<core::EventId>& ids) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::StoredEvent> events;
    for (const auto& event : events_) {
        if (event.tenant == tenant && (!system || event.system == *system) &&
            std::find(ids.begin(), ids.end(), event.id) != ids.end()) {
            events.push_back(event);
        }
    }
    return events;
}

core::Result<std::uint64_t> MemoryEngine::position_before(const core::TenantId& tenant,
                                                          core::Time at) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto least = least_id_of(at);
    for (const auto& event : events_) {
        if (event.tenant == tenant && event.id.uuid >= least) {
            return event.position - 1;
        }
    }
    return std::uint64_t{events_.size()};
}

core::Result<std::uint64_t> MemoryEngine::count_events_after(const ports::EventQuery& query) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::uint64_t count = 0;
    for (const auto& event : events_) {
        if (event.tenant == query.tenant && event.position > query.after &&
            (!query.system || event.system == *query.system) && count < query.limit) {
            ++count;
        }
    }
    return count;
}

}   // namespace gateway::store
