#pragma once

// One round of a subscription's worker: what is due and what is new, the calls, what they came to.

#include "gateway/notify/notifier.hpp"

namespace gateway::notify {

/// How far the log has been looked at beyond the position written: events that nobody wants are
/// passed over without writing that each time.
struct Notifier::Cursor {
    std::uint64_t written = 0;
    std::uint64_t looked = 0;

    Cursor() = default;
};

/// Shared by the worker and its lanes, of which a cancelled one may end last.
struct Notifier::Round {
    struct Item {
        ports::StoredEvent event;
        ports::WaitingCall call;
        bool waited = false;   // not from the log
        std::optional<CallResult> result;

        Item() = default;
    };

    explicit Round(ports::Subscription one) : subscription(std::move(one)) {
        progress = subscription.progress;
        progress.retry_at.reset();   // it has passed
    }

    ports::Subscription subscription;
    Settings settings;
    std::shared_ptr<const core::Configuration> config;
    std::vector<Item> items;
    std::vector<std::uint64_t> vanished;   // waited for events that are there no longer
    std::uint64_t log_end = 0;             // position when all is taken
    std::optional<core::Time> next_due;    // of what waits and is not due
    bool more = false;                     // the log has more
    ports::SubscriptionProgress progress;
    std::size_t taken = 0;
    std::size_t items_max = 0;
    int lanes = 0;
    bool stop = false;
    bool gone = false;
    core::SteadyTime until{};
    runtime::Signal ended;
};

}   // namespace gateway::notify
