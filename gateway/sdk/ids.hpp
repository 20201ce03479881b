#pragma once

#include "gateway/core/ids.hpp"
#include "gateway/core/randomness.hpp"

#include <span>

namespace gateway::sdk {

/// Where ids and random bytes come from; seeded in simulation. Any thread may call.
class Ids : public core::Randomness {
public:
    /// UUID version 7, increasing within a process.
    virtual core::Uuid uuid() = 0;

    template <class I>
    I next() {
        return I(uuid());
    }
    std::uint64_t random_number() {
        std::uint8_t bytes[8];
        random(bytes);
        std::uint64_t value = 0;
        for (const auto byte : bytes) {
            value = (value << 8U) | byte;
        }
        return value;
    }
};

}   // namespace gateway::sdk
