#pragma once

// "Something changed, look again": wakes all who wait. A notification between a look and the wait
// is not lost when the waiter took its `count()` before it looked.

#include "gateway/sdk/clock.hpp"

#include <cstdint>
#include <memory>

namespace gateway::runtime {

/// Any thread. Waiters return to their own executor.
class Signal {
public:
    Signal();
    ~Signal();   // wakes who still waits
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    void notify();
    std::uint64_t count() const;
    /// True once count() has passed `seen`; false at the deadline. The caller's cancellation passes
    /// through.
    sdk::Task<bool> wait(sdk::Clock& clock, std::uint64_t seen, sdk::Deadline deadline);

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}   // namespace gateway::runtime
