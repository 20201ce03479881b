#pragma once

// Follows what changes in registers: for each running connection that tells of it, and each tenant
// it serves, from the cursor that the store has, for ever. A register that fails is asked again
// later and later; where nothing can be told from the cursor on, all that is held of the register
// is marked as outdated and the feed goes on from now: nothing held is believed that may have
// changed unseen.

#include "gateway/records/feed_changes.hpp"
#include "gateway/records/feed_load.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <set>

namespace gateway::records {

/// start() once; any thread. stop() is awaited before it goes: what was not written down by then is
/// told again after the next start.
class FeedFollower {
public:
    FeedFollower(FollowerParts parts, boost::asio::any_io_executor executor);
    ~FeedFollower();

    void start();
    sdk::Task<void> stop();

    /// The register is loaded whole before the feed's next turn. False: there is no such feed, or
    /// it is being loaded already.
    bool load(const ports::FeedPlace& place);
    /// Nothing: not since the start.
    std::optional<LoadProgress> loading(const ports::FeedPlace& place) const;

private:
    struct Going {
        int failures = 0;   // in a row
        bool said = false;
        int good = 0;                                // answers in a row while a gap is open
        std::optional<core::SteadyTime> gap_until;   // so long a gap is shown
    };

    sdk::Task<void> supervise();
    sdk::Task<void> follow(ports::FeedPlace place);
    /// How long to wait before the next.
    sdk::Task<core::Duration> turn(ports::FeedPlace place, Going& going);
    sdk::Task<core::Duration> ask(ports::FeedPlace place, Going& going, FeedState state);
    sdk::Task<std::optional<ports::FeedTrouble>> start_over(ports::FeedPlace place, FeedState state,
                                                            std::string cursor,
                                                            std::optional<core::Code> gap);
    sdk::Task<std::optional<ports::FeedTrouble>> close_gap(ports::FeedPlace place, Going& going,
                                                           FeedState& state);
    /// What systems are told of it, with the cursor of this version.
    sdk::Task<core::Result<std::vector<ports::FeedStep::Telling>>>
    tell_of_gap(ports::FeedPlace place, FeedState state, core::Code why, bool closed);
    sdk::Task<core::Duration> mend(ports::FeedPlace place, Going& going, FeedState state,
                                   core::Code why);
    sdk::Task<void> load_now(ports::FeedPlace place, FeedState state);
    core::Duration failed(const ports::FeedPlace& place, Going& going, ports::FeedTrouble trouble,
                          bool passing, std::optional<std::chrono::seconds> retry_after);
    void succeeded(const ports::FeedPlace& place, Going& going, core::Duration behind);
    bool is_there(const ports::FeedPlace& place) const;
    bool take_wish(const ports::FeedPlace& place);

    FollowerParts parts_;
    boost::asio::strand<boost::asio::any_io_executor> strand_;
    runtime::TaskGroup group_;
    std::set<ports::FeedPlace> followed_;   // on the strand
    mutable std::mutex mutex_;
    std::map<ports::FeedPlace, std::shared_ptr<LoadProgress>> loads_;
    std::set<ports::FeedPlace> wished_;
};

}   // namespace gateway::records
