#pragma once

// How much has passed, hour by hour or day by day, and how long it took. Pure.

#include "gateway/core/time.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/flow_store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace gateway::view {

/// Messages by how long it took from accepted to delivered.
struct DeliveryTimes {
    std::array<std::uint64_t, ports::delivery_time_buckets> buckets{};

    /// Takes a figure of the store; others are none of its.
    void add(int figure, std::int64_t count);
    std::uint64_t messages() const;
    /// Seconds that this share of them took at most, evenly spread within a bucket; nothing when
    /// there are none. Longer than the longest is said as the longest.
    std::optional<double> seconds(double share) const;
};
json::Value delivery_times_view(const DeliveryTimes& times);

/// What is shown, and of when.
struct FlowHistory {
    ports::FlowQuery query;
    core::Time now{};
    ports::FlowSeries series;
    std::vector<ports::FlowWay> ways;

    FlowHistory() = default;
};
json::Value flow_history_view(const FlowHistory& history);

/// Of one tenant, and of each of its systems.
json::Value time_to_delivery_view(const std::vector<ports::FlowWay>& ways, std::int64_t from,
                                  std::int64_t until);

}   // namespace gateway::view
