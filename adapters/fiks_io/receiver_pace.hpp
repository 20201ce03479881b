#pragma once

// When to connect again: KS asks clients not to churn connections. Pure.
// Facts: ks-no/fiks-io-client-dotnet, RateLimitConfiguration.cs.

#include "gateway/core/time.hpp"

#include <chrono>
#include <cstdint>

namespace gateway::fiks_io {

/// Five at once, and one every two seconds.
class ConnectBudget {
public:
    static constexpr int at_once = 5;
    static constexpr std::chrono::seconds each{2};

    /// When the next may connect; it is taken.
    core::SteadyTime reserve(core::SteadyTime now);

private:
    core::SteadyTime full_at_{};   // the bucket is full again
};

/// One second doubled each time, a minute at most; what only a person mends (a refused login): half
/// a minute, five at most. A quarter more or less by chance, so that many do not come at once.
class ConnectPause {
public:
    core::Duration next(bool needs_person, std::uint64_t chance);
    void reset() { failures_ = 0; }

private:
    int failures_ = 0;   // in a row
};

}   // namespace gateway::fiks_io
