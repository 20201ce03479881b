#pragma once

// Delivers events to subscribers, each at least once: a worker for each enabled subscription reads
// the log from its position, calls, and writes what came of it in one step. What failed waits by
// itself with a time of its own, so one event that a receiver cannot take holds up no other. Killed
// at any point, the next start goes on from the last step written.

#include "gateway/notify/call.hpp"
#include "gateway/notify/parts.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <memory>
#include <set>

namespace gateway::notify {

/// Runs on a strand of its own over `executor`. start() once; stop() before it goes.
class Notifier {
public:
    Notifier(Parts parts, boost::asio::any_io_executor executor);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// `news` tells of new events, as a hint.
    void start(runtime::Signal& news);
    /// A subscription, or the configuration, has changed. Any strand.
    void look_again();
    /// Begins no call; those under way may end until `patience` has passed. Safe twice, safe
    /// without start.
    sdk::Task<void> stop(core::Duration patience);

    /// One call, within the limit of calls at once. Any strand.
    sdk::Task<CallResult> call(Settings settings, json::Value event);
    int calls_running() const { return in_flight_.load(); }

private:
    struct Round;
    struct Cursor;
    class Slot;

    sdk::Task<void> supervise();
    sdk::Task<void> pass_on(runtime::Signal& news);
    sdk::Task<void> work(core::TenantId tenant, core::Uuid id);
    /// When to look again; nothing: at once.
    sdk::Task<std::optional<core::Time>> go_round(ports::Subscription subscription, Cursor& cursor);
    sdk::Task<core::Result<void>> gather(Round& round, const Cursor& cursor);
    sdk::Task<void> lane(std::shared_ptr<Round> round);
    sdk::Task<core::Result<void>> write_down(const Round& round);
    sdk::Task<CallResult> call_here(Settings settings, json::Value event);
    core::Result<std::shared_ptr<sdk::HttpClient>> client();

    Parts parts_;
    boost::asio::any_io_executor strand_;
    runtime::TaskGroup loops_;
    runtime::TaskGroup lanes_;
    runtime::Signal wake_;
    runtime::Signal changed_;
    runtime::Signal freed_;   // a place for a call
    std::set<core::Uuid> running_;
    std::atomic<int> working_{0};   // workers, for who is not on the strand
    std::shared_ptr<const core::Configuration> http_for_;
    std::shared_ptr<sdk::HttpClient> http_;   // shared with the calls under way
    std::atomic<int> in_flight_{0};
    std::atomic<bool> stopping_{false};
};

}   // namespace gateway::notify
