#pragma once

// What the gateway itself does for an operator with a connection that follows a register, beside
// what its adapter does: `load` begins to load the register whole, `load-progress` tells how far
// that has come. Both take `tenant`; without it, all that the connection serves.

#include "gateway/ports/callbacks.hpp"
#include "gateway/ports/feeds.hpp"
#include "gateway/records/feed_follower.hpp"

namespace gateway::app {

/// Any strand may call.
class FeedActs final : public ports::Acts {
public:
    FeedActs(records::FeedFollower& follower, const ports::Feeds& feeds, ports::Acts& adapters)
        : follower_(follower), feeds_(feeds), adapters_(adapters) {}

    sdk::Task<sdk::ActAnswer> act(core::ConnectionId connection, sdk::Act act,
                                  sdk::Deadline deadline) override;

private:
    std::vector<ports::FeedPlace> places(const core::ConnectionId& connection,
                                         const std::string& tenant) const;
    sdk::ActAnswer load(const std::vector<ports::FeedPlace>& places);
    sdk::ActAnswer progress(const std::vector<ports::FeedPlace>& places) const;

    records::FeedFollower& follower_;
    const ports::Feeds& feeds_;
    ports::Acts& adapters_;
};

}   // namespace gateway::app
