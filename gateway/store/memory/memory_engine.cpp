#include "gateway/store/memory/memory_engine.hpp"

#include "gateway/ports/search_by_id.hpp"
#include "gateway/store/search_cursor.hpp"

#include <algorithm>

namespace gateway::store {

using core::Errc;
using core::Failure;

Failure closing() {
    return Failure(Errc::unavailable, "the store is closing");
}

MemoryEngine::Section::~Section() {
    std::vector<std::function<void()>> hints;
    if (changed_) {
        ++engine_.flushes_;
        if (engine_.events_.size() != events_) {
            hints = engine_.event_hints_;
        }
        if (work_) {
            hints.insert(hints.end(), engine_.work_hints_.begin(), engine_.work_hints_.end());
        }
    }
    lock_.unlock();
    for (const auto& hint : hints) {
        hint();
    }
}

DeliveryRecord* MemoryEngine::find(const core::TenantId& tenant, core::DeliveryId delivery) {
    const auto found = deliveries_.find({tenant, delivery});
    return found == deliveries_.end() ? nullptr : &found->second;
}

DeliveryRecord* MemoryEngine::find_claimed(const ports::DeliveryKey& key, core::Fence fence) {
    auto* record = find(key.tenant, key.delivery);
    return record != nullptr && holds_claim(*record, fence) ? record : nullptr;
}

void MemoryEngine::add_delivery(DeliveryRecord record, bool in_place_of_another) {
    record.number = ++numbers_;
    if (!in_place_of_another) {
        record.place = record.number;
    }
    if (!record.order_token.empty()) {
        const auto first = places_.lower_bound(Place(record.tenant, record.order_token, 0));
        const bool open = first != places_.end() && std::get<0>(first->first) == record.tenant &&
                          std::get<1>(first->first) == record.order_token;
        record.blocked = open && std::get<2>(first->first) < record.place;
        if (open && !record.blocked) {
            auto* later = find(record.tenant, first->second);
            later->blocked = true;
            save(*later, true);
        }
    }
    messages_.at({record.tenant, record.row.message}).deliveries.push_back(record.row.id);
    const std::pair key(record.tenant, record.row.id);
    save(deliveries_[key] = std::move(record), false);
}

void MemoryEngine::save(DeliveryRecord& record, bool kept_place) {
    const std::pair key(record.tenant, record.row.id);
    if (wake(record) || expiry(record)) {
        waiting_.insert(key);
    } else {
        waiting_.erase(key);
    }
    auto& message = messages_.at({record.tenant, record.row.message});
    if (message.deliveries.back() == record.row.id) {
        message.changed = record.row.changed;
    }
    const Place place(record.tenant, record.order_token, record.place);
    if (keeps_place(record)) {
        places_[place] = record.row.id;
        return;
    }
    if (!kept_place) {
        return;
    }
    places_.erase(place);
    const auto next = places_.lower_bound(Place(record.tenant, record.order_token, 0));
    if (next != places_.end() && std::get<0>(next->first) == record.tenant &&
        std::get<1>(next->first) == record.order_token) {
        auto* freed = find(record.tenant, next->second);
        freed->blocked = false;
        save(*freed, true);
    }
}

void MemoryEngine::append(const DeliveryRecord& record,
                          const std::vector<ports::NewEvent>& events) {
    for (const auto& event : events) {
        ports::StoredEvent stored;
        stored.position = events_.size() + 1;
        stored.id = event.id;
        stored.tenant = record.tenant;
        stored.system = record.system;
        stored.message = record.row.message;
        stored.delivery = record.row.id;
        stored.connection = record.row.connection;
        stored.state = record.row.state;
        stored.at = event.at;
        stored.name = event.name;
        stored.code = event.code;
        stored.params = event.params;
        stored.sealed_params = event.sealed_params;
        stored.next = record.row.due;
        stored.wrapped_key = messages_.at({record.tenant, record.row.message}).wrapped_key;
        events_.push_back(std::move(stored));
    }
}

bool MemoryEngine::open_instead(const DeliveryRecord& old, const ports::TakeOver& take_over,
                                core::Time at) {
    const auto& message = messages_.at({old.tenant, old.row.message});
    if (message.deliveries.back() != old.row.id ||
        find(old.tenant, take_over.delivery.id) != nullptr) {
        return false;
    }
    auto next = opened_instead(take_over.delivery, old, at);
    const auto tenant = next.tenant;
    const bool kept = keeps_place_of(old, next);
    add_delivery(std::move(next), kept);
    append(*find(tenant, take_over.delivery.id), take_over.events);
    return true;
}

ports::AcceptAnswer MemoryEngine::judge_accept(const ports::AcceptCommand& command) const {
    ports::AcceptAnswer answer;
    answer.message = command.message;
    if (command.idempotency) {
        const auto found =
            idempotency_.find({command.tenant, command.system, command.idempotency->key_token});
        if (found != idempotency_.end()) {
            const bool same = found->second.fingerprint == command.idempotency->fingerprint;
            answer.result = same ? ports::Accepted::same : ports::Accepted::conflict;
            answer.message = found->second.message;
            return answer;
        }
    }
    for (const auto& hash : command.documents) {
        if (!documents_.contains({command.tenant, hash})) {
            answer.result = ports::Accepted::unknown_document;
            answer.unknown_document = hash;
            return answer;
        }
    }
    return answer;
}

bool MemoryEngine::is_id_taken(const ports::AcceptCommand& command) const {
    return messages_.contains({command.tenant, command.message}) ||
           deliveries_.contains({command.tenant, command.delivery.id});
}

void MemoryEngine::write_accepted(const ports::AcceptCommand& command, DeliveryRecord record,
                                  bool keeps_place) {
    if (command.idempotency) {
        ports::IdempotencyEntry entry;
        entry.message = command.message;
        entry.fingerprint = command.idempotency->fingerprint;
        idempotency_.emplace(
            std::tuple(command.tenant, command.system, command.idempotency->key_token),
            std::move(entry));
    }
    Message message;
    message.system = command.system;
    message.type = command.type;
    message.created = command.at;
    message.changed = command.at;
    message.sealed_content = command.sealed_content;
    message.wrapped_key = command.wrapped_key;
    message.documents = command.documents;
    for (const auto& token : command.tokens) {
        message.tokens.emplace(token.kind, token.token);
    }
    for (const auto& hash : command.documents) {
        documents_.at({command.tenant, hash}).readers.insert(command.system);
    }
    messages_.emplace(std::pair(command.tenant, command.message), std::move(message));
    add_delivery(std::move(record), keeps_place);
    const auto& opened_now = *find(command.tenant, command.delivery.id);
    const FlowKey flow(command.tenant, command.at, command.system, command.type,
                       opened_now.row.connection);
    flow_.count(flow.of(ports::FlowFigure::accepted), 1);
    append(opened_now, command.events);
}

core::Result<ports::AcceptAnswer> MemoryEngine::accept(const ports::AcceptCommand& command) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto answer = judge_accept(command);
    if (answer.result != ports::Accepted::accepted) {
        return answer;
    }
    if (is_id_taken(command)) {
        return Failure(Errc::conflict, "the id is taken");
    }
    write_accepted(
        command,
        opened(command.delivery, command.tenant, command.system, command.message, command.at),
        false);
    section.changed();
    if (is_soon_due(command.delivery, command.at)) {
        section.made_work();
    }
    return answer;
}

core::Result<std::optional<ports::IdempotencyEntry>>
MemoryEngine::find_idempotency(const core::TenantId& tenant, const core::SystemId& system,
                               const std::string& key_token) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = idempotency_.find({tenant, system, key_token});
    std::optional<ports::IdempotencyEntry> entry;
    if (found != idempotency_.end()) {
        entry = found->second;
    }
    return entry;
}

ports::MessageView MemoryEngine::view(core::MessageId id, const Message& message) const {
    ports::MessageView view;
    view.id = id;
    view.system = message.system;
    view.type = message.type;
    view.created = message.created;
    view.changed = message.changed;
    view.sealed_content = message.sealed_content;
    view.wrapped_key = message.wrapped_key;
    view.replaces = message.replaces;
    view.replaced_by = message.replaced_by;
    return view;
}

core::Result<std::optional<ports::MessageView>> MemoryEngine::get(const core::TenantId& tenant,
                                                                  core::MessageId id) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<ports::MessageView> answer;
    const auto found = messages_.find({tenant, id});
    if (found != messages_.end()) {
        answer = view(id, found->second);
        for (const auto& delivery : found->second.deliveries) {
            answer->deliveries.push_back(deliveries_.at({tenant, delivery}).row);
        }
        answer->state = answer->deliveries.back().state;
    }
    return answer;
}

core::Result<std::vector<ports::StoredEvent>>
MemoryEngine::timeline(const core::TenantId& tenant, core::MessageId message, std::size_t limit) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::StoredEvent> events;
    for (const auto& event : events_) {
        if (event.tenant == tenant && event.message == message && events.size() < limit) {
            events.push_back(event);
        }
    }
    return events;
}

core::Result<std::vector<ports::MessageCount>>
MemoryEngine::message_counts(const std::optional<core::TenantId>& tenant) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    using Key = std::tuple<core::TenantId, core::SystemId, int, core::DeliveryState>;
    std::map<Key, ports::MessageCount> found;
    for (const auto& [key, message] : messages_) {
        if (tenant && key.first != *tenant) {
            continue;
        }
        const auto& newest = deliveries_.at({key.first, message.deliveries.back()}).row;
        const int channel = newest.channel ? static_cast<int>(*newest.channel) : 0;
        auto& count = found[{key.first, message.system, channel, newest.state}];
        count.tenant = key.first;
        count.system = message.system;
        count.channel = newest.channel;
        count.state = newest.state;
        ++count.count;
    }
    std::vector<ports::MessageCount> counts;
    for (auto& [key, count] : found) {
        counts.push_back(std::move(count));
    }
    return counts;
}

core::Result<ports::SearchPage> MemoryEngine::search(const ports::SearchQuery& query) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::optional<SearchCursor> after;
    if (!query.cursor.empty()) {
        auto cursor = SearchCursor::read(query.cursor);
        if (!cursor) {
            return cursor.error();
        }
        after = *cursor;
    }
    const ports::TokenOrId named(query.token.value_or(ports::SearchToken()));
    std::vector<std::pair<std::pair<core::Time, core::MessageId>, const Message*>> found;
    for (const auto& [key, message] : messages_) {
        const auto& newest = deliveries_.at({key.first, message.deliveries.back()}).row;
        const std::pair place(message.created, key.second);
        const bool fits = key.first == query.tenant &&
                          (!query.system || *query.system == message.system) &&
                          (!query.token || named.id == key.second ||
                           message.tokens.contains({named.token.kind, named.token.token})) &&
                          (!query.type || *query.type == message.type) &&
                          (!query.state || *query.state == newest.state) &&
                          (!query.connection || query.connection == newest.connection) &&
                          (!query.from || message.created >= *query.from) &&
                          (!query.until || message.created < *query.until) &&
                          (!after || place < std::pair(after->created, after->message));
        if (fits) {
            found.emplace_back(place, &message);
        }
    }
    std::sort(found.begin(), found.end(),
              [](const auto& a, const auto& b) { return a.first > b.first; });
    ports::SearchPage page;
    for (const auto& [place, message] : found) {
        if (page.items.size() == query.limit) {
            const auto& last = page.items.back();
            page.next = SearchCursor(last.created, last.id).write();
            break;
        }
        auto item = view(place.second, *message);
        for (const auto& delivery : message->deliveries) {
            item.deliveries.push_back(deliveries_.at({query.tenant, delivery}).row);
        }
        item.state = item.deliveries.back().state;
        page.items.push_back(std::move(item));
    }
    return page;
}

core::Result<ports::EventPage> MemoryEngine::events_after(const ports::EventQuery& query) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::EventPage page;
    page.last = std::max<std::uint64_t>(query.after, events_.size());
    for (std::size_t at = query.after; at < events_.size(); ++at) {
        const auto& event = events_[at];
        if (event.tenant != query.tenant || (query.system && *query.system != event.system)) {
            continue;
        }
        page.items.push_back(event);
        if (page.items.size() >= query.limit) {
            page.last = event.position;
            break;
        }
    }
    return page;
}

core::Result<std::uint64_t> MemoryEngine::last_position() {
    Section section(*this);
    return section.is_closed() ? core::Result<std::uint64_t>(closing())
                               : core::Result<std::uint64_t>(events_.size());
}

void MemoryEngine::on_events(std::function<void()> hint) {
    const std::lock_guard lock(mutex_);
    event_hints_.push_back(std::move(hint));
}

void MemoryEngine::on_work(std::function<void()> hint) {
    const std::lock_guard lock(mutex_);
    work_hints_.push_back(std::move(hint));
}

}   // namespace gateway::store
