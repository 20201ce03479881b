#pragma once

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

namespace gateway::store {

/// Ids of version 7 begin with the milliseconds since 1970 (RFC 9562): none made at `at` or later
/// is below this.
inline core::Uuid least_id_of(core::Time at) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
    core::Uuid id;
    for (std::size_t i = 0; i < 6; ++i) {
        const auto shift = 8U * static_cast<unsigned>(5 - i);
        id.bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(since) >> shift);
    }
    return id;
}

}   // namespace gateway::store
