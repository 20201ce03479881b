#include "gateway/upstream/token_bucket.hpp"

#include <algorithm>

namespace gateway::upstream {

using core::SteadyTime;

TokenBucket::TokenBucket(int calls, SteadyTime::duration per, SteadyTime now)
    : interval_(per / std::max(calls, 1)),
      burst_(interval_ * (std::max(calls, 1) - 1)),
      free_at_(now) {}

SteadyTime TokenBucket::next(SteadyTime now) const {
    return std::max(now, free_at_ - burst_);
}

SteadyTime TokenBucket::reserve(SteadyTime now) {
    const SteadyTime at = next(now);
    free_at_ = std::max(now, free_at_) + interval_;
    return at;
}

}   // namespace gateway::upstream
