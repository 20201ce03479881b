#include "gateway/alarms/traffic.hpp"

#include "gateway/alarms/working_days.hpp"

#include <algorithm>
#include <map>

namespace gateway::alarms {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

sys_days day_of(const ports::TrafficDay& one) {
    return sys_days(days(one.day));
}

/// What a rule was set for is not learned too.
bool is_set(const core::TenantId& tenant, const core::SystemId& system, const std::string& type,
            const core::AlarmsConfig& config) {
    return std::any_of(config.traffic.begin(), config.traffic.end(), [&](const auto& rule) {
        return rule.tenant == tenant && rule.system == system &&
               (rule.type.empty() || rule.type == type);
    });
}

Sightings judge_set(const TrafficSight& sight, const core::AlarmsConfig& config) {
    Sightings found;
    for (const auto& rule : config.traffic) {
        // Today is not over: it helps, and is not counted among the days.
        auto first = sight.today;
        for (int left = rule.working_days; left > 0;) {
            first -= days(1);
            left -= is_working_day(first) ? 1 : 0;
        }
        if (rule.tenant != sight.tenant || first < sight.since) {
            continue;
        }
        std::uint64_t count = 0;
        for (const auto& one : sight.days) {
            const bool of_rule =
                one.system == rule.system && (rule.type.empty() || one.type == rule.type);
            count += of_rule && day_of(one) >= first ? one.count : 0;
        }
        if (count >= rule.at_least) {
            continue;
        }
        const std::string type = rule.type.empty() ? "*" : rule.type;
        Sighting one("traffic_below", sight.tenant, rule.system.value + " " + type);
        one.severity = ports::AlarmSeverity::critical;
        one.system = rule.system;
        one.count = count;
        one.params = {{"system", rule.system.value},
                      {"type", type},
                      {"expected", std::to_string(rule.at_least)},
                      {"days", std::to_string(rule.working_days)}};
        found.push_back(std::move(one));
    }
    return found;
}

/// Days with traffic of one system and type, oldest first.
using Busy = std::vector<sys_days>;

std::optional<Sighting> judge_silence(const TrafficSight& sight, const core::SystemId& system,
                                      const std::string& type, const Busy& busy,
                                      const core::AlarmsConfig& config) {
    const auto last = busy.back();
    const auto first = std::lower_bound(busy.begin(), busy.end(), last - days(7 * history_weeks));
    const auto known = last - *first;
    if (std::distance(first, busy.end()) < busy_days_min || known < days(7 * config.learn_weeks)) {
        return std::nullopt;
    }
    int longest = 0;   // working days without, between two with
    for (auto day = first + 1; day != busy.end(); ++day) {
        longest = std::max(longest, working_days_between(*(day - 1), *day - days(1)));
    }
    const int silent = working_days_between(last, sight.today - days(1));
    if (silent < longest + 2 || silent <= 2 * longest) {
        return std::nullopt;
    }
    Sighting one("no_traffic", sight.tenant, system.value + " " + type);
    one.severity = ports::AlarmSeverity::critical;
    one.system = system;
    one.count = static_cast<std::uint64_t>(silent);
    one.params = {{"system", system.value},
                  {"type", type},
                  {"days", std::to_string(silent)},
                  {"usual", std::to_string(longest)}};
    return one;
}

}   // namespace

Sightings judge_traffic(const TrafficSight& sight, const core::AlarmsConfig& config) {
    auto found = judge_set(sight, config);
    if (!config.learn_traffic) {
        return found;
    }
    std::map<std::pair<core::SystemId, std::string>, Busy> all;
    for (const auto& one : sight.days) {
        all[{one.system, one.type}].push_back(day_of(one));
    }
    for (auto& [key, busy] : all) {
        std::sort(busy.begin(), busy.end());
        if (is_set(sight.tenant, key.first, key.second, config)) {
            continue;
        }
        if (auto one = judge_silence(sight, key.first, key.second, busy, config)) {
            found.push_back(std::move(*one));
        }
    }
    return found;
}

}   // namespace gateway::alarms
