#pragma once

// Waiting for a stand-in: it is asked again until it says what is waited for, for a minute at most.
// How often that is depends on the machine, so it is the clock that ends it.

#include <chrono>

namespace patience {

/// Whether it came to hold.
template <class Holds>
bool until(Holds holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
    }
    return true;
}

}   // namespace patience
