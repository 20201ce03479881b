#pragma once

// Who may call which component now: places per connection and lane, and each connection's circuit.
// A slow or dead component fills its own places only. Any thread; no lock is held while anything
// waits.

#include "gateway/core/configuration.hpp"
#include "gateway/dispatch/circuit_breaker.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/sdk/host.hpp"

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace gateway::dispatch {

class Traffic;

/// The right to make one call to a component; goes back when destroyed. Tell what the call came to,
/// so that the circuit learns of it.
class Place {
public:
    Place() = default;
    Place(Traffic& traffic, core::ConnectionId connection, ports::Lane lane);
    Place(Place&&) noexcept;
    Place& operator=(Place&&) noexcept;
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    explicit operator bool() const { return traffic_ != nullptr; }
    /// The component answered, or was at fault. Only the first word counts.
    void tell(bool target_at_fault);

private:
    void leave() noexcept;

    Traffic* traffic_ = nullptr;
    core::ConnectionId connection_;
    ports::Lane lane_ = ports::Lane::attempts;
    bool told_ = false;
};

class Traffic {
public:
    Traffic(sdk::Clock& clock, sdk::Log& log, sdk::Metrics& metrics);

    /// A place for one call, or none: the connection is full in this lane or its circuit is open.
    /// `in_flight_max` is the connection's; the lane of receipts gets half of it, at least one.
    std::optional<Place> enter(const core::ConnectionId& connection, ports::Lane lane,
                               int in_flight_max, const core::DispatchConfig& rules);
    /// Connections that are full in this lane or whose circuit lets nobody in: claim nothing for
    /// them.
    std::vector<core::ConnectionId> shut(ports::Lane lane) const;
    bool is_circuit_open(const core::ConnectionId& connection) const;
    /// Open, or between a pause and what its probe tells: for whoever judges by looking now and
    /// then.
    bool is_circuit_in_doubt(const core::ConnectionId& connection) const;
    /// When the next circuit lets a probe in.
    std::optional<core::SteadyTime> next_probe() const;
    int in_flight(const core::ConnectionId& connection, ports::Lane lane) const;

private:
    friend class Place;
    struct Way {
        explicit Way(CircuitBreaker circuit) : breaker(circuit) {}
        CircuitBreaker breaker;
        std::array<int, 2> inside{};
        std::array<int, 2> places{1, 1};
    };
    void leave(const core::ConnectionId& connection, ports::Lane lane, bool told);
    void tell(const core::ConnectionId& connection, bool target_at_fault);
    void say(const core::ConnectionId& connection, CircuitBreaker::Change change);

    sdk::Clock& clock_;
    sdk::Log& log_;
    sdk::Metrics& metrics_;
    mutable std::mutex mutex_;
    std::map<core::ConnectionId, Way> ways_;
};

}   // namespace gateway::dispatch
