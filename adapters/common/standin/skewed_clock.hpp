#pragma once

// The stand-in's own time: the machine's clocks plus a skew that tests set. The `Date` header and
// every rule follow it.

#include "gateway/sdk/clock.hpp"

namespace gateway::standin {

/// One thread.
class SkewedClock final : public sdk::Clock {
public:
    core::Time now() const override;
    core::SteadyTime steady() const override;
    sdk::Task<void> sleep_until(core::SteadyTime point) override;

    void set_skew(core::Duration skew) { skew_ = skew; }
    core::Duration skew() const { return skew_; }

private:
    core::Duration skew_{0};
};

/// Whole seconds since 1970, as in JWT claims.
std::int64_t seconds(core::Time time);

}   // namespace gateway::standin
