#include "gateway/store/memory/memory_engine.hpp"

#include <algorithm>

namespace gateway::store {
namespace {

std::pair<core::Time, core::Uuid> alarm_place(const ports::Alarm& alarm) {
    return {alarm.opened, alarm.id};
}

std::vector<ports::Alarm> sorted_alarms(const std::map<core::Uuid, ports::Alarm>& alarms) {
    std::vector<ports::Alarm> all;
    for (const auto& [id, alarm] : alarms) {
        all.push_back(alarm);
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return alarm_place(a) < alarm_place(b); });
    return all;
}

}   // namespace

core::Result<std::vector<ports::Alarm>> MemoryEngine::open_alarms() {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto all = sorted_alarms(alarms_);
    std::erase_if(all, [](const auto& alarm) { return alarm.resolved.has_value(); });
    return all;
}

core::Result<std::vector<ports::Alarm>> MemoryEngine::alarms(const ports::AlarmQuery& query) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    auto all = sorted_alarms(alarms_);
    std::reverse(all.begin(), all.end());
    std::erase_if(all, [&](const auto& alarm) {
        const bool seen = query.tenants.empty() || alarm.key.tenant.value.empty() ||
                          std::find(query.tenants.begin(), query.tenants.end(), alarm.key.tenant) !=
                              query.tenants.end();
        return !seen || (query.open && *query.open == alarm.resolved.has_value()) ||
               (query.after && !(alarm_place(alarm) < *query.after));
    });
    if (all.size() > query.limit) {
        all.resize(query.limit);
    }
    return all;
}

core::Result<std::optional<ports::Alarm>> MemoryEngine::find_alarm(const core::Uuid& id) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = alarms_.find(id);
    return found == alarms_.end() ? std::nullopt : std::optional(found->second);
}

MemoryEngine::Nothing MemoryEngine::put_alarms(const ports::AlarmStep& step) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    for (const auto& alarm : step.alarms) {
        const auto [there, is_new] = alarms_.try_emplace(alarm.id, alarm);
        auto& kept = there->second;
        if (is_new) {
            kept.acknowledged.reset();
            continue;
        }
        kept.severity = alarm.severity;
        kept.last_seen = alarm.last_seen;
        kept.resolved = alarm.resolved;
        kept.count = alarm.count;
        kept.step = alarm.step;
        kept.params = alarm.params;
    }
    for (const auto& notice : step.notices) {
        notices_.try_emplace(std::tuple(notice.alarm, notice.event, notice.target), notice);
    }
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::acknowledge_alarm(const core::Uuid& id,
                                                      const ports::AlarmAcknowledgement& how) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = alarms_.find(id);
    if (found == alarms_.end()) {
        return core::Failure(core::Errc::not_found, "no such alarm");
    }
    if (found->second.acknowledged || found->second.resolved) {
        return core::Failure(core::Errc::conflict, "acknowledged or resolved");
    }
    found->second.acknowledged = how;
    section.changed();
    return {};
}

core::Result<std::vector<ports::AlarmNotice>> MemoryEngine::notices_due(core::Time now,
                                                                        std::size_t limit) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::AlarmNotice> found;
    for (const auto& [key, notice] : notices_) {
        if (notice.state < ports::NoticeState::told && notice.due <= now) {
            found.push_back(notice);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.due < b.due; });
    if (found.size() > limit) {
        found.resize(limit);
    }
    return found;
}

core::Result<std::vector<ports::AlarmNotice>> MemoryEngine::notices_of(const core::Uuid& alarm) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::AlarmNotice> found;
    for (const auto& [key, notice] : notices_) {
        if (notice.alarm == alarm) {
            found.push_back(notice);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.made < b.made; });
    return found;
}

MemoryEngine::Nothing MemoryEngine::put_notice(const ports::AlarmNotice& notice) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    const auto found = notices_.find(std::tuple(notice.alarm, notice.event, notice.target));
    if (found == notices_.end()) {
        return core::Failure(core::Errc::not_found, "no such notice");
    }
    found->second.state = notice.state;
    found->second.attempts = notice.attempts;
    found->second.due = notice.due;
    found->second.code = notice.code;
    section.changed();
    return {};
}

MemoryEngine::Nothing MemoryEngine::forget_alarms(core::Time before, std::int64_t traffic_before) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::erase_if(notices_, [&](const auto& entry) {
        const auto alarm = alarms_.find(entry.second.alarm);
        const bool open = alarm != alarms_.end() && !alarm->second.resolved;
        return entry.second.state >= ports::NoticeState::told && entry.second.made < before &&
               !open;
    });
    std::erase_if(alarms_, [&](const auto& entry) {
        const bool told = std::any_of(notices_.begin(), notices_.end(), [&](const auto& notice) {
            return notice.second.alarm == entry.first;
        });
        return entry.second.resolved && *entry.second.resolved < before && !told;
    });
    std::erase_if(traffic_,
                  [&](const auto& entry) { return std::get<3>(entry.first) < traffic_before; });
    section.changed();
    return {};
}

core::Result<bool> MemoryEngine::tally_traffic(const ports::TrafficTally& tally) {
    Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    using CountedUpTo = std::pair<core::Time, core::MessageId>;
    auto& counted = traffic_counted_[tally.tenant];
    std::vector<std::pair<CountedUpTo, const Message*>> next;
    for (const auto& [key, message] : messages_) {
        const CountedUpTo place(message.created, key.second);
        if (key.first == tally.tenant && place > counted && message.created < tally.until) {
            next.emplace_back(place, &message);
        }
    }
    std::sort(next.begin(), next.end());
    if (next.size() > tally.limit) {
        next.resize(tally.limit);
    }
    for (const auto& [place, message] : next) {
        const auto day = ports::traffic_day(place.first);
        ++traffic_[std::tuple(tally.tenant, message->system, message->type, day)];
        counted = place;
    }
    if (next.empty()) {
        return false;
    }
    section.changed();
    return next.size() == tally.limit;
}

core::Result<std::vector<ports::TrafficDay>> MemoryEngine::traffic(const core::TenantId& tenant) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::TrafficDay> found;
    for (const auto& [key, count] : traffic_) {
        if (std::get<0>(key) != tenant) {
            continue;
        }
        ports::TrafficDay one;
        one.system = std::get<1>(key);
        one.type = std::get<2>(key);
        one.day = std::get<3>(key);
        one.count = count;
        found.push_back(std::move(one));
    }
    return found;
}

core::Result<std::vector<ports::WaitingMessage>> MemoryEngine::waiting(const core::TenantId& tenant,
                                                                       core::Time now) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    using State = core::DeliveryState;
    std::vector<std::pair<std::tuple<State, core::Time, core::MessageId>, ports::WaitingMessage>>
        all;
    for (const auto& [key, message] : messages_) {
        const auto& record = deliveries_.at({key.first, message.deliveries.back()});
        const auto state = record.row.state;
        const bool waits =
            state == State::queued || state == State::sending || state == State::pending;
        const auto woken = wake(record);
        const bool due = record.row.attempts > 0 || !woken || *woken <= now;
        if (key.first != tenant || !waits || !due) {
            continue;
        }
        ports::WaitingMessage one;
        one.system = message.system;
        one.type = message.type;
        one.connection = record.row.connection ? record.row.connection->value : std::string();
        one.created = message.created;
        one.attempts = record.row.attempts;
        one.wake = woken;
        one.claimed = record.lease_until.has_value();
        all.emplace_back(std::tuple(state, message.created, key.second), std::move(one));
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<ports::WaitingMessage> found;
    for (auto& [place, one] : all) {
        found.push_back(std::move(one));
    }
    return found;
}

core::Result<std::vector<ports::ToldEvent>> MemoryEngine::told(const core::TenantId& tenant,
                                                               core::Time since) {
    const Section section(*this);
    if (section.is_closed()) {
        return closing();
    }
    std::vector<ports::ToldEvent> found;
    for (const auto& event : events_) {
        const auto message = messages_.find({event.tenant, event.message});
        if (event.tenant != tenant || event.at < since || message == messages_.end() ||
            (event.name != "overdue" && event.name != "notice_alarm")) {
            continue;
        }
        const auto newest = message->second.deliveries.back();
        ports::ToldEvent one;
        one.message = event.message;
        one.system = event.system;
        one.type = message->second.type;
        one.connection = event.connection ? event.connection->value : std::string();
        one.name = event.name;
        one.at = event.at;
        one.state = deliveries_.at({tenant, newest}).row.state;
        one.newest = event.delivery == newest;
        found.push_back(std::move(one));
    }
    std::reverse(found.begin(), found.end());
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return b.at < a.at; });
    if (found.size() > ports::told_read_max) {
        found.resize(ports::told_read_max);
    }
    return found;
}

}   // namespace gateway::store
