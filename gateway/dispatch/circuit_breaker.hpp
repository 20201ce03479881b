#pragma once

// Spares a component that is down, and us: after so many faults in a row nothing is tried for a
// pause, then one probe at a time. Pure: time is given. One thread at a time; owned by Traffic.

#include "gateway/core/time.hpp"

#include <optional>

namespace gateway::dispatch {

class CircuitBreaker {
public:
    enum class State { closed, open, half_open };
    enum class Change { none, opened, closed };

    /// Opens after `failures_max` faults in a row; each pause that ends in a fault doubles the
    /// next, up to sixteen times the first.
    CircuitBreaker(int failures_max, core::Duration pause);

    /// May one more call start? While half open only the probe may, and this takes its place.
    bool try_enter(core::SteadyTime now);
    /// A call that was let in ended: the component answered, or it was at fault.
    Change answered();
    Change faulted(core::SteadyTime now);
    /// A call that was let in ended without telling anything.
    void abandoned();

    State state(core::SteadyTime now) const;
    /// Nothing may start now.
    bool is_shut(core::SteadyTime now) const;
    /// Open, or so lately that nobody knows better yet: a probe is out, or was let in a moment ago.
    /// Not for ever: where nothing is to be sent, no probe tells that it works again.
    bool is_in_doubt(core::SteadyTime now) const;
    /// When a probe may start, while open.
    std::optional<core::SteadyTime> opens_at() const;

private:
    int failures_max_;
    core::Duration pause_first_;
    core::Duration pause_;
    int failures_ = 0;
    bool probe_out_ = false;
    std::optional<core::SteadyTime> shut_until_;
};

}   // namespace gateway::dispatch
