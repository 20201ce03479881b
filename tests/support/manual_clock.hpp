#pragma once

// A clock turned by hand: sleepers wake when the test moves it past their point, in order of their
// points.

#include "gateway/sdk/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace tests {

class ManualClock final : public gateway::sdk::Clock {
public:
    /// Starts at 2026-01-15T12:00:00Z.
    ManualClock();
    gateway::core::Time now() const override;
    gateway::core::SteadyTime steady() const override;
    gateway::sdk::Task<void> sleep_until(gateway::core::SteadyTime point) override;

    /// Moves both clocks and wakes who is due.
    void advance(gateway::core::Duration by);
    /// The wall clock alone jumps (time set by hand or by NTP).
    void jump(gateway::core::Duration by);
    /// When the next sleeper is due.
    std::optional<gateway::core::SteadyTime> next() const;
    std::size_t sleepers() const;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;   // a sleeper's cancellation may come after the clock went
};

/// Runs `io` until nothing is ready; then moves the clock to the next sleeper, again and again,
/// until `done` or nobody sleeps. Returns whether `done`. For tests whose whole world is on one
/// io_context.
bool run_until(boost::asio::io_context& io, ManualClock& clock, const std::function<bool()>& done,
               gateway::core::Duration at_most);

}   // namespace tests
