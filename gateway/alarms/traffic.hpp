#pragma once

// No traffic where there should be. Set: so many of a type within so many working days. Learned: a
// system that has been heard for some weeks is silent for more than twice as long as it ever was in
// the twelve weeks before its silence began, and for at least two working days more. The silence
// itself is never learned from, so three months of it stay three months of alarm. Pure.

#include "gateway/alarms/sighting.hpp"
#include "gateway/core/alarms_config.hpp"

#include <chrono>
#include <optional>

namespace gateway::alarms {

struct TrafficSight {
    core::TenantId tenant;
    std::vector<ports::TrafficDay> days;
    std::chrono::sys_days today;
    /// Since when it has been counted; a rule says nothing of the time before.
    std::chrono::sys_days since;

    TrafficSight() = default;
};

inline constexpr int history_weeks = 12;
inline constexpr int busy_days_min = 5;   // days with traffic before anything is learned

Sightings judge_traffic(const TrafficSight& sight, const core::AlarmsConfig& config);

}   // namespace gateway::alarms
