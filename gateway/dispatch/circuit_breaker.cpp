#include "gateway/dispatch/circuit_breaker.hpp"

#include <algorithm>

namespace gateway::dispatch {
namespace {

constexpr int pause_growth_max = 16;
constexpr std::chrono::minutes doubt_time{1};

}   // namespace

CircuitBreaker::CircuitBreaker(int failures_max, core::Duration pause)
    : failures_max_(std::max(1, failures_max)),
      pause_first_(std::max(core::Duration{1}, pause)),
      pause_(pause_first_) {}

CircuitBreaker::State CircuitBreaker::state(core::SteadyTime now) const {
    if (!shut_until_) {
        return State::closed;
    }
    return now < *shut_until_ ? State::open : State::half_open;
}

bool CircuitBreaker::is_shut(core::SteadyTime now) const {
    const State current = state(now);
    return current == State::open || (current == State::half_open && probe_out_);
}

bool CircuitBreaker::is_in_doubt(core::SteadyTime now) const {
    return shut_until_ && (probe_out_ || now < *shut_until_ + doubt_time);
}

std::optional<core::SteadyTime> CircuitBreaker::opens_at() const {
    return shut_until_;
}

bool CircuitBreaker::try_enter(core::SteadyTime now) {
    if (is_shut(now)) {
        return false;
    }
    if (state(now) == State::half_open) {
        probe_out_ = true;
    }
    return true;
}

CircuitBreaker::Change CircuitBreaker::answered() {
    const bool was_open = shut_until_.has_value();
    failures_ = 0;
    probe_out_ = false;
    shut_until_.reset();
    pause_ = pause_first_;
    return was_open ? Change::closed : Change::none;
}

CircuitBreaker::Change CircuitBreaker::faulted(core::SteadyTime now) {
    ++failures_;
    if (!shut_until_) {
        if (failures_ < failures_max_) {
            return Change::none;
        }
        shut_until_ = now + pause_;
        return Change::opened;
    }
    // Late ends of calls from before it opened do not lengthen the pause; a failed probe does.
    if (probe_out_ && now >= *shut_until_) {
        probe_out_ = false;
        pause_ = std::min(pause_ * 2, pause_first_ * pause_growth_max);
        shut_until_ = now + pause_;
    }
    return Change::none;
}

void CircuitBreaker::abandoned() {
    probe_out_ = false;
}

}   // namespace gateway::dispatch
