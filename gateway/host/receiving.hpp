#pragma once

// Runs an adapter's Receiver: under a named lease, so that one node at a time receives for a
// connection; again, with back-off, when it throws; watched, so that silence is told.

#include "gateway/core/ids.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/sdk/host.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

namespace gateway::host {

struct ReceivingParts {
    ports::Store& store;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;           // of the connection
    sdk::Metrics& metrics;   // of the connection
};

/// Started and stopped once each, in this order; stop() is awaited before it goes, also when it was
/// not started. Everything else runs on the strand.
class Receiving {
public:
    Receiving(ReceivingParts parts, core::ConnectionId connection,
              std::chrono::minutes silent_after, boost::asio::any_io_executor strand);

    /// Never blocks. The receiver outlives stop().
    void start(sdk::Receiver& receiver);
    /// Cancels the receiver, waits for its end and lets the lease go. Safe twice.
    sdk::Task<void> stop() { return group_.stop(); }
    /// The component answered. On the strand.
    void alive();
    /// It receives here, and the component has not answered for longer than it may. Any thread.
    bool is_silent() const { return silent_; }

private:
    sdk::Task<void> run(sdk::Receiver& receiver);
    sdk::Task<void> receive_again_and_again(sdk::Receiver& receiver,
                                            std::optional<core::Fence>& lease);
    sdk::Task<bool> receive_until_it_ends(sdk::Receiver& receiver, core::Fence lease);
    sdk::Task<std::optional<core::Fence>> take_lease();
    sdk::Task<void> hold_lease(core::Fence lease);
    sdk::Task<void> drop_lease(std::optional<core::Fence>& lease);
    sdk::Task<void> pause(core::Duration time);
    sdk::Task<void> watch();
    void judge();
    void say_silent(bool silent);

    ReceivingParts parts_;
    core::ConnectionId connection_;
    std::chrono::minutes silent_after_;
    std::string owner_;                          // of the lease
    std::optional<core::SteadyTime> heard_at_;   // or began here; nothing: another node receives
    int faults_ = 0;                             // in a row
    std::atomic<bool> silent_{false};
    runtime::TaskGroup group_;   // first to go: its tasks use all above
};

}   // namespace gateway::host
