#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

// Content that is kept no longer, of messages and inbox items.

namespace gateway::store {

using core::DeliveryState;
using core::Errc;
using core::Failure;
using core::InboundState;
using ports::KeptKind;

bool MemoryEngine::is_erased(const core::TenantId& tenant, KeptKind kind, core::Uuid id) const {
    return erased_.contains({tenant, kind, id});
}

std::optional<ports::KeptContent> MemoryEngine::judge(const core::TenantId& tenant, KeptKind kind,
                                                      core::Uuid id) const {
    ports::KeptContent found;
    found.id = id;
    found.held = content_holds_.contains({tenant, kind, id});
    if (kind == KeptKind::message) {
        const auto message = messages_.find({tenant, core::MessageId(id)});
        if (message == messages_.end()) {
            return std::nullopt;
        }
        const auto& newest = deliveries_.at({tenant, message->second.deliveries.back()});
        const auto& row = newest.row;
        found.changed = message->second.changed;
        found.sealed_content = message->second.sealed_content;
        found.wrapped_key = message->second.wrapped_key;
        found.finished = row.state == DeliveryState::delivered ||
                         row.state == DeliveryState::read || row.state == DeliveryState::cancelled;
        const bool ended = found.finished || row.state == DeliveryState::failed ||
                           row.state == DeliveryState::expired || row.state == DeliveryState::sent;
        const bool waits =
            row.overdue_at || row.unread_at || wake(newest) || newest.lease_until.has_value();
        found.open = !ended || waits || row.work != core::Work::none;
        return found;
    }
    const auto item = inbound_.find({tenant, core::InboxId(id)});
    const auto copies = copies_of(tenant, core::InboxId(id));
    if (item == inbound_.end() || copies.empty()) {
        return std::nullopt;   // none, or quarantined: a person decides about it
    }
    found.sealed_content = item->second.item.sealed_content;
    found.wrapped_key = item->second.item.wrapped_key;
    found.copies = copies.size();
    found.finished = true;
    for (const auto& key : copies) {
        const auto& copy = copies_.at(key);
        found.changed = std::max(found.changed, copy.changed);
        found.finished = found.finished && (copy.state == InboundState::acknowledged ||
                                            copy.state == InboundState::rejected);
    }
    const auto telling = tellings_.find({tenant, core::InboxId(id)});
    found.open = !found.finished || (telling != tellings_.end() && telling->second.due);
    return found;
}

core::Result<ports::RetentionPage>
MemoryEngine::retention_page(const ports::RetentionQuery& query) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    ports::RetentionPage page;
    const auto add = [&](core::Uuid id, std::optional<core::Time> looked_for) {
        auto found = judge(query.tenant, query.kind, id);
        if (found && !is_erased(query.tenant, query.kind, id)) {
            found->looked_for = looked_for;
            page.items.push_back(std::move(*found));
        }
    };
    std::size_t left = query.limit;
    if (!query.from) {
        for (const auto& [tenant, kind, type, at, id] : retention_later_) {
            if (tenant == query.tenant && kind == query.kind && type == query.type &&
                at <= query.now && left > 0) {
                add(id, at);
                --left;
            }
        }
    }
    using Met = std::tuple<core::Time, std::uint64_t, core::Uuid>;
    std::vector<Met> places;
    if (query.kind == KeptKind::message) {
        for (const auto& [key, message] : messages_) {
            if (key.first == query.tenant && message.type == query.type) {
                places.emplace_back(message.created, 0, key.second.uuid);
            }
        }
    } else {
        for (const auto& [key, item] : inbound_) {
            if (key.first == query.tenant && item.item.type == query.type) {
                places.emplace_back(item.item.at, item.number, key.second.uuid);
            }
        }
    }
    std::sort(places.begin(), places.end());
    ports::RetentionMark mark;
    if (query.from) {
        mark = *query.from;
    } else if (const auto known = retention_marks_.find({query.tenant, query.kind, query.type});
               known != retention_marks_.end()) {
        mark = known->second;
    }
    const bool by_number = query.kind == KeptKind::inbox_item;
    page.more = left == 0;
    for (const auto& [at, number, id] : places) {
        const bool behind = by_number ? std::pair(at, number) > std::pair(mark.at, mark.number)
                                      : std::pair(at, id) > std::pair(mark.at, mark.owner);
        if (!behind || at >= query.before) {
            continue;
        }
        if (left == 0) {
            page.more = true;
            break;
        }
        --left;
        add(id, std::nullopt);
        mark.at = at;
        mark.number = number;
        mark.owner = id;
        page.mark = mark;
    }
    return page;
}

void MemoryEngine::erase_content(const ports::RetentionStep& step,
                                 const ports::ContentErasure& one) {
    for (auto& event : events_) {
        if (event.tenant == step.tenant && event.message.uuid == one.id) {
            event.sealed_params.clear();
            event.wrapped_key.clear();
        }
    }
    const auto release = [&](const std::vector<core::Sha256>& documents,
                             const core::SystemId& reader) {
        for (const auto& hash : documents) {
            auto& readers = documents_.at({step.tenant, hash}).readers;
            if (const auto found = readers.find(reader); found != readers.end()) {
                readers.erase(found);
            }
        }
    };
    if (step.kind == KeptKind::message) {
        auto& message = messages_.at({step.tenant, core::MessageId(one.id)});
        message.sealed_content.clear();
        message.wrapped_key.clear();
        release(message.documents, message.system);
        message.documents.clear();
        for (const auto& id : message.deliveries) {
            auto& row = deliveries_.at({step.tenant, id}).row;
            row.sealed_upstream_reference.clear();
            row.sealed_progress.clear();
            row.sealed_result.clear();
        }
        remove_exchanges(step.tenant, core::MessageId(one.id));
        auto& newest = deliveries_.at({step.tenant, message.deliveries.back()});
        ports::NewEvent event;
        event.id = one.event_ids.front();
        event.at = step.at;
        event.name = "content_erased";
        event.code = step.why;
        newest.row.due.reset();
        append(newest, {event});
    } else {
        auto& item = inbound_.at({step.tenant, core::InboxId(one.id)}).item;
        item.sealed_content.clear();
        item.sealed_raw.clear();
        item.wrapped_key.clear();
        std::size_t next = 0;
        for (const auto& key : copies_of(step.tenant, core::InboxId(one.id))) {
            auto& copy = copies_.at(key);
            copy.sealed_answer.clear();
            release(item.documents, copy.system);
            append(step.tenant, copy, one.event_ids.at(next++), "content_erased", step.at, {});
        }
        item.documents.clear();
    }
    auto& erased = erased_[{step.tenant, step.kind, one.id}];
    erased.at = step.at;
    erased.type = step.type;
}

core::Result<std::size_t> MemoryEngine::retain(const ports::RetentionStep& step,
                                               const KnownPersons& known_persons,
                                               std::vector<ports::NewLogEntry>& log) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::size_t erased = 0;
    const auto looked = [&](core::Uuid id, const std::optional<core::Time>& at) {
        if (at) {
            retention_later_.erase({step.tenant, step.kind, step.type, *at, id});
        }
    };
    for (const auto& one : step.erase) {
        const auto now = judge(step.tenant, step.kind, one.id);
        looked(one.id, one.looked_for);
        if (!now || is_erased(step.tenant, step.kind, one.id)) {
            continue;
        }
        const auto persons = known_persons(one.persons);
        if (now->open || now->held || now->changed != one.changed || !persons ||
            one.event_ids.size() < now->copies) {
            retention_later_.insert({step.tenant, step.kind, step.type, step.look_again, one.id});
            continue;
        }
        erase_content(step, one);
        std::vector<ports::NewLogEntry> entries(std::max<std::size_t>(persons->size(), 1), one.log);
        for (std::size_t i = 0; i < persons->size(); ++i) {
            entries[i].subject = (*persons)[i];
        }
        log.insert(log.end(), entries.begin(), entries.end());
        ++erased;
    }
    for (const auto& one : step.later) {
        looked(one.id, one.looked_for);
        retention_later_.insert({step.tenant, step.kind, step.type, one.look_at, one.id});
    }
    if (step.mark) {
        retention_marks_[{step.tenant, step.kind, step.type}] = *step.mark;
    }
    section.changed();
    return erased;
}

MemoryEngine::Nothing MemoryEngine::hold_content(const core::TenantId& tenant, KeptKind kind,
                                                 core::Uuid id, bool held,
                                                 const std::vector<ports::NewEvent>& events) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    if (!judge(tenant, kind, id)) {
        return Failure(Errc::not_found, "no such message");
    }
    if (held) {
        content_holds_.insert({tenant, kind, id});
    } else {
        content_holds_.erase({tenant, kind, id});
    }
    if (kind == KeptKind::message) {
        const auto& message = messages_.at({tenant, core::MessageId(id)});
        append(deliveries_.at({tenant, message.deliveries.back()}), events);
    }
    section.changed();
    return {};
}

/// All at once: there is no end to it but the whole.
MemoryEngine::Nothing MemoryEngine::sweep_erased() {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    for (const auto& [place, erased] : erased_) {
        const auto& [tenant, kind, id] = place;
        if (kind != KeptKind::message) {
            continue;
        }
        if (const auto message = messages_.find({tenant, core::MessageId(id)});
            message != messages_.end()) {
            message->second.tokens.clear();
        }
        for (auto key = idempotency_.begin(); key != idempotency_.end();) {
            const bool its =
                std::get<0>(key->first) == tenant && key->second.message == core::MessageId(id);
            if (its && erased.removed) {
                key = idempotency_.erase(key);
                continue;
            }
            if (its) {
                key->second.fingerprint.clear();
            }
            ++key;
        }
    }
    section.changed();
    return {};
}

}   // namespace gateway::store
