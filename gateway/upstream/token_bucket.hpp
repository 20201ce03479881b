#pragma once

// A rate budget: `calls` at once, refilled evenly over `per`. Pure.

#include "gateway/core/time.hpp"

#include <cstdint>

namespace gateway::upstream {

class TokenBucket {
public:
    /// `calls` of at least one.
    TokenBucket(int calls, core::SteadyTime::duration per, core::SteadyTime now);

    /// When a call may be made that asks now; takes its place in the queue.
    core::SteadyTime reserve(core::SteadyTime now);
    /// When reserve() would let a call go.
    core::SteadyTime next(core::SteadyTime now) const;

private:
    core::SteadyTime::duration interval_;   // of one call
    core::SteadyTime::duration burst_;
    core::SteadyTime
        free_at_;   // when the bucket would be full again (generic cell rate algorithm)
};

}   // namespace gateway::upstream
