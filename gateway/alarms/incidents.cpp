#include "gateway/alarms/incidents.hpp"

#include "gateway/alarms/kinds.hpp"

#include <algorithm>

namespace gateway::alarms {
namespace {

// That it is still there is written so often, when nothing else of it is new.
constexpr std::chrono::minutes seen_every{1};

ports::Alarm opened_of(const Sighting& sighting, core::Time now, sdk::Ids& ids) {
    ports::Alarm alarm;
    alarm.id = ids.uuid();
    alarm.key = sighting.key;
    alarm.severity = sighting.severity;
    alarm.system = sighting.system;
    alarm.opened = now;
    alarm.last_seen = now;
    alarm.count = sighting.count;
    alarm.step = sighting.step;
    alarm.params = sighting.params;
    return alarm;
}

bool is_news(const ports::Alarm& alarm, const Sighting& sighting, core::Time now) {
    return alarm.severity != sighting.severity || alarm.count != sighting.count ||
           alarm.params != sighting.params || alarm.last_seen + seen_every <= now;
}

}   // namespace

Incidents::Change Incidents::look(const Look& look, const std::vector<ports::Alarm>& open,
                                  core::Time now, std::chrono::seconds resolve_after,
                                  sdk::Ids& ids) {
    Change change;
    std::map<ports::AlarmKey, const Sighting*> seen;
    for (const auto& sighting : look.seen) {
        seen.emplace(sighting.key, &sighting);
    }
    std::set<ports::AlarmKey> known;
    for (const auto& alarm : open) {
        known.insert(alarm.key);
        const auto found = seen.find(alarm.key);
        if (found == seen.end()) {
            if (look.blind.contains({alarm.key.kind, alarm.key.tenant})) {
                continue;
            }
            const auto since = gone_.try_emplace(alarm.key, now).first->second;
            if (since + resolve_after <= now) {
                auto over = alarm;
                over.resolved = now;
                change.over.push_back(std::move(over));
                gone_.erase(alarm.key);
            }
            continue;
        }
        gone_.erase(alarm.key);
        const auto& sighting = *found->second;
        auto next = alarm;
        next.severity = sighting.severity;
        next.count = sighting.count;
        next.params = sighting.params;
        next.last_seen = now;
        if (sighting.step > alarm.step) {
            next.step = sighting.step;
            change.worse.push_back(std::move(next));
        } else if (is_news(alarm, sighting, now)) {
            change.seen.push_back(std::move(next));
        }
    }
    std::erase_if(lasting_, [&](const auto& entry) {
        return !seen.contains(entry.first) || known.contains(entry.first);
    });
    std::erase_if(gone_, [&](const auto& entry) { return !known.contains(entry.first); });
    for (const auto& [key, sighting] : seen) {
        if (known.contains(key)) {
            continue;
        }
        const auto* kind = find_kind(key.kind);
        const auto since = lasting_.try_emplace(key, now).first->second;
        if (kind == nullptr || since + kind->lasts <= now) {
            change.opened.push_back(opened_of(*sighting, now, ids));
            lasting_.erase(key);
        }
    }
    return change;
}

bool concerns(const core::AlarmReceiver& receiver, const ports::Alarm& alarm) {
    const auto& tenant = alarm.key.tenant;
    return static_cast<int>(alarm.severity) >= receiver.severity_min &&
           (receiver.kinds.empty() || receiver.kinds.contains(alarm.key.kind)) &&
           (receiver.tenants.empty() || receiver.tenants.contains(tenant));
}

}   // namespace gateway::alarms
