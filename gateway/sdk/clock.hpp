#pragma once

#include "gateway/core/time.hpp"
#include "gateway/sdk/task.hpp"

namespace gateway::sdk {

/// A point on the steady clock after which a wait is given up. Made once at the edge, passed down,
/// never restarted.
struct Deadline {
    core::SteadyTime at;

    explicit Deadline(core::SteadyTime point) : at(point) {}
};

/// Time as a seam: real in the program, turned by hand in tests, driven by the seed in simulation.
/// Any thread may call.
class Clock {
public:
    virtual ~Clock() = default;
    virtual core::Time now() const = 0;
    virtual core::SteadyTime steady() const = 0;
    /// Returns at `point`, or throws the caller's cancellation through (asio operation_aborted).
    virtual Task<void> sleep_until(core::SteadyTime point) = 0;

    Deadline in(core::Duration wait) const { return Deadline(steady() + wait); }
};

}   // namespace gateway::sdk
