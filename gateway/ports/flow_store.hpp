#pragma once

// How much has passed, by hour and then by day: kept by the store in the transaction that moves a
// message, so a figure is there exactly when what it counts is. Plain numbers, nobody's data.
// Errors as in ports/store.hpp.

#include "gateway/core/assert.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/task.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::ports {

/// Of messages each counts once, except that one which was returned, or failed and was sent anew,
/// counts again for what then became of it.
enum class FlowFigure : std::uint8_t {
    accepted = 1,         // at its first way; when policy chose that later, still at its hour
    handed_over = 2,      // the component has it
    delivered = 3,        // or read: told by a receipt
    failed = 4,           // or expired, and nothing took over
    received = 5,         // a copy for one system of what came in
    retried = 6,          // sent anew by a person, or by a retry of many
    mended = 7,           // handed over after it was sent anew
    delivery_time = 32,   // and on: messages by how long it took from accepted to delivered
};
inline constexpr int flow_counts_end = 8;

/// Upper ends of the buckets that times to delivery are counted in; the last has none. What is
/// kept says a bucket by its number, so these never change: more can only be added at the end.
inline constexpr std::array<std::chrono::seconds, 23> delivery_time_ends{
    std::chrono::seconds(1),     std::chrono::seconds(2),    std::chrono::seconds(5),
    std::chrono::seconds(10),    std::chrono::seconds(20),   std::chrono::seconds(30),
    std::chrono::minutes(1),     std::chrono::minutes(2),    std::chrono::minutes(5),
    std::chrono::minutes(10),    std::chrono::minutes(20),   std::chrono::minutes(30),
    std::chrono::hours(1),       std::chrono::hours(2),      std::chrono::hours(4),
    std::chrono::hours(8),       std::chrono::hours(16),     std::chrono::hours(24),
    std::chrono::hours(48),      std::chrono::hours(24 * 4), std::chrono::hours(24 * 7),
    std::chrono::hours(24 * 14), std::chrono::hours(24 * 30)};
inline constexpr std::size_t delivery_time_buckets = delivery_time_ends.size() + 1;

/// Hours are kept apart for so long, and are days then.
inline constexpr std::chrono::days flow_hours_kept{35};
inline constexpr std::size_t flow_ways_max = 200;

/// Hours since 1970.
inline std::int64_t flow_hour(core::Time at) {
    return std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count();
}
/// A day of Norwegian standard time, as traffic_day() has it, and its first hour.
inline std::int64_t flow_day(std::int64_t hour) {
    return (hour + 1) / 24;
}
inline std::int64_t first_hour(std::int64_t day) {
    return day * 24 - 1;
}

struct FlowQuery {
    core::TenantId tenant;
    std::optional<core::SystemId> system;
    std::optional<std::string> type;
    std::vector<std::string> connections;   // none: of all, and what has none yet
    std::int64_t from = 0;                  // hours, inclusive
    std::int64_t until = 0;                 // exclusive
    bool by_day = false;                    // of days: whole ones

    FlowQuery() = default;
};

struct FlowPoint {
    std::int64_t hour = 0;   // of a day its first
    int figure = 0;          // FlowFigure; of times to delivery plus the bucket
    std::int64_t count = 0;

    FlowPoint() = default;
    FlowPoint(std::int64_t when, int what, std::int64_t number)
        : hour(when), figure(what), count(number) {}
    friend bool operator==(const FlowPoint&, const FlowPoint&) = default;
};

struct FlowSeries {
    std::vector<FlowPoint> points;       // by hour and figure; none is of nought
    std::optional<std::int64_t> first;   // the first hour there is anything of the tenant

    FlowSeries() = default;
};

/// A system, a type and a connection in the time that was asked for.
struct FlowWay {
    core::SystemId system;
    std::string type;
    std::string connection;   // empty: not chosen yet
    int figure = 0;
    std::int64_t count = 0;

    FlowWay() = default;
    friend bool operator==(const FlowWay&, const FlowWay&) = default;
};

class FlowStore {
public:
    virtual ~FlowStore() = default;

    virtual sdk::Task<sdk::Result<FlowSeries>> flow_series(FlowQuery query) = 0;
    /// In order of system, type, connection and figure.
    virtual sdk::Task<sdk::Result<std::vector<FlowWay>>> flow_ways(FlowQuery query) = 0;
    /// Hours of days before `apart` become days, one day of one tenant a call; true when it did,
    /// and there may be more. When there is none, days before `forget` go.
    virtual sdk::Task<sdk::Result<bool>> keep_flow(std::int64_t apart, std::int64_t forget) = 0;
};

/// Every store keeps them too.
inline FlowStore& flow_store_of(Store& store) {
    auto* const flow = dynamic_cast<FlowStore*>(&store);
    GATEWAY_ASSERT(flow != nullptr);
    return *flow;
}

}   // namespace gateway::ports
