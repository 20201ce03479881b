#pragma once

// scrypt (RFC 7914): makes guessing what a person remembers slow and costly in memory.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::crypto {

struct ScryptCost {
    std::uint64_t n = 1U << 15U;   // 32 MiB with r = 8
    std::uint64_t r = 8;
    std::uint64_t p = 3;

    ScryptCost() = default;
};

/// Blocks for some hundred milliseconds with the usual cost. Throws when memory runs out, or when
/// the cost is none that scrypt knows.
std::string scrypt(std::string_view password, std::string_view salt, std::size_t bytes,
                   const ScryptCost& cost);

}   // namespace gateway::crypto
