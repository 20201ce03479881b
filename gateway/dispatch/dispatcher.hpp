#pragma once

// Keeps deliveries moving: claims what is due in three lanes (attempts, news of what was handed
// over, and choices of a channel), so that sending never waits behind polling or a slow register.
// Everything it knows is in the store: killed at any point, the next one goes on.

#include "gateway/dispatch/claim_lane.hpp"

#include <memory>

namespace gateway::dispatch {

/// Built and owned in app/. start() once; stop() before it goes. `executor` may run on many
/// threads.
class Dispatcher {
public:
    Dispatcher(Services services, Traffic& traffic, Carrier& carrier,
               boost::asio::any_io_executor executor);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// Subscribes to the store's hints and begins to claim.
    void start();
    /// Looks at the store now (a reload, a lifted pause).
    void wake();
    /// Claims nothing more, lets what is under way end until `patience` has passed, then cancels
    /// it: progress is kept and an attempt cut off is looked up after the next start. Safe twice,
    /// safe without start.
    sdk::Task<void> stop(core::Duration patience);
    int running() const;

private:
    Services services_;
    runtime::TaskGroup carryings_;
    runtime::TaskGroup loops_;
    ClaimLane attempts_;
    ClaimLane receipts_;
    ClaimLane choices_;
    boost::asio::any_io_executor executor_;
    bool started_ = false;
};

}   // namespace gateway::dispatch
