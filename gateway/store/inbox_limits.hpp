#pragma once

#include <cstdint>

namespace gateway::store {

/// Of sealed content handed out by one lease: once so much is taken, the rest waits for the next.
/// An item has at most 1 MiB.
inline constexpr std::uint64_t inbox_bytes_max = 8U << 20U;

}   // namespace gateway::store
