#pragma once

// Claims due work of one lane in batches, when rung or when the next is due, and starts each on a
// strand of its own as soon as its connection has a place. What was claimed beyond a connection's
// places waits here, leased, and nothing more is claimed for that connection until it has gone.

#include "gateway/dispatch/carrier.hpp"
#include "gateway/dispatch/services.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/runtime/task_group.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <memory>

namespace gateway::dispatch {

/// All but wake(), running() and stop() belongs to run()'s strand. Owned by Dispatcher; outlives
/// the tasks it starts.
class ClaimLane {
public:
    ClaimLane(ports::Lane lane, Services services, Traffic& traffic, Carrier& carrier,
              runtime::TaskGroup& carryings, boost::asio::any_io_executor executor);

    /// Until stop(); then gives back what it had not begun.
    sdk::Task<void> run();
    void stop();
    void wake() { bell_->notify(); }
    /// Wakes it, whatever became of it: the store may hold a hint for longer.
    std::function<void()> hint() const;
    int running() const { return running_.load(); }

    /// Looks at the store at least so often, should a hint be lost.
    static constexpr std::chrono::seconds look_again{5};

private:
    int free_places() const;
    int connection_places(const core::ConnectionId& connection) const;
    std::vector<core::ConnectionId> closed() const;
    void admit(ports::ClaimedDelivery claimed);
    bool try_start(const core::ConnectionId& connection, ports::ClaimedDelivery& claimed);
    void start(ports::ClaimedDelivery claimed, Place place);
    void start_waiting();
    sdk::Task<bool> claim_batch();
    sdk::Task<void> rest(bool found_nothing);
    sdk::Task<void> give_back_waiting();
    sdk::Task<void> carry_one(ports::ClaimedDelivery claimed, Place place);

    ports::Lane lane_;
    Services services_;
    Traffic& traffic_;
    Carrier& carrier_;
    runtime::TaskGroup& carryings_;
    boost::asio::any_io_executor executor_;
    std::shared_ptr<runtime::Signal> bell_ = std::make_shared<runtime::Signal>();
    std::uint64_t heard_ = 0;   // of the bell, before the last look at the store
    std::atomic<bool> stopping_{false};
    std::atomic<int> running_{0};
    std::map<core::ConnectionId, std::deque<ports::ClaimedDelivery>> waiting_;
    std::map<core::DeliveryId, core::Time> leased_until_;   // of those waiting
};

}   // namespace gateway::dispatch
