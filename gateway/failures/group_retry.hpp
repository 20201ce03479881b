#pragma once

// One retry of a group: one message first, then ten, then the rest. A stage that fails anew stops
// it: the cause is not mended, and nobody is sent to in vain. Pure; `next` says what to do, and
// what came of it is told.

#include "gateway/core/failure.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/failure_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gateway::failures {

enum class RetryState { running, paused, cancelled, stopped, done };

/// What is opened: a new delivery for what has ended, the same one again for what is held.
struct Reopened {
    enum class Progress { planned, opened, went, failed, skipped };

    core::MessageId message;
    core::DeliveryId old;
    core::DeliveryId next;   // made before it is opened: tells after a crash what was done
    bool release = false;    // then `next` is `old`
    Progress progress = Progress::planned;

    Reopened() = default;
};

struct GroupRetry {
    std::string id;
    std::string group;
    std::string who;
    std::string sealed_why;
    std::string wrapped_key;
    core::Time started{};
    core::Time until{};   // what failed later is not of it
    std::optional<core::Time> ended;
    std::vector<ports::FailureKind> kinds;
    std::uint64_t total = 0;

    RetryState state = RetryState::running;
    int stage = 0;
    std::vector<Reopened> batch;
    std::optional<std::pair<core::Time, core::DeliveryId>> after;
    std::uint64_t opened = 0;
    std::uint64_t went = 0;      // handed over, of those that were waited for
    std::uint64_t failed = 0;    // anew, likewise
    std::uint64_t skipped = 0;   // could not be opened, or had been by somebody else

    enum class Next { plan, open, look, none };

    GroupRetry() = default;
    core::TenantId tenant() const;
    Next next() const;
    /// How many the next batch holds.
    std::size_t batch_size() const;
    /// Nothing is left: it is done.
    void plan(const std::vector<ports::FailedDelivery>& found,
              const std::vector<core::DeliveryId>& ids, core::Time now);
    void was_opened(std::size_t index, bool done);
    void was_seen(std::size_t index, core::DeliveryState state);
    /// After each round: goes on to the next stage, or stops.
    void judge(core::Time now);

    /// False when it is not in a state for that.
    bool pause();
    bool resume();
    bool cancel(core::Time now);

    json::Value to_json() const;
    static std::optional<GroupRetry> from_json(const json::Value& value);
};

std::string_view name(RetryState state);

inline constexpr std::size_t canary_first = 1;
inline constexpr std::size_t canary_second = 10;
inline constexpr std::size_t rest_batch = 50;

}   // namespace gateway::failures
