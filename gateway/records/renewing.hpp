#pragma once

// A batch that asks a register anyway renews what ends soon in the same call. A system that goes
// through its persons every night would else find many that end minutes later, and each of them
// would be asked for by itself the next day.

#include "gateway/core/time.hpp"

#include <chrono>
#include <cstddef>

namespace gateway::records {

inline constexpr std::size_t renewing_batch_min = 10;
inline constexpr std::chrono::hours renewing_ahead{6};

/// When records must still be fresh that so many are asked for with.
inline core::Time fresh_until(core::Time now, std::size_t asked) {
    return asked >= renewing_batch_min ? now + renewing_ahead : now;
}

}   // namespace gateway::records
