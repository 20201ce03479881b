#pragma once

#include <cstdint>
#include <span>

namespace gateway::core {

/// Where random bytes come from: the operating system in the program, the seed in simulation. Any
/// thread may call.
class Randomness {
public:
    virtual ~Randomness() = default;
    virtual void random(std::span<std::uint8_t> out) = 0;
};

}   // namespace gateway::core
