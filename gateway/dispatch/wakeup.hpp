#pragma once

// A bell: rung from any thread, heard by one sleeper, remembered while nobody sleeps.

#include "gateway/sdk/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace gateway::dispatch {

class Wakeup {
public:
    explicit Wakeup(boost::asio::any_io_executor executor);
    ~Wakeup();
    /// Any thread, also after the sleeper has gone.
    void ring();
    /// Until rung or until `latest`. One sleeper at a time.
    sdk::Task<void> wait(sdk::Clock& clock, core::SteadyTime latest);
    /// Rings it, whatever became of the Wakeup: for hints that outlive it.
    std::function<void()> hint() const;

private:
    struct Bell;
    std::shared_ptr<Bell> bell_;   // hints held by the store may come after us
};

}   // namespace gateway::dispatch
