#pragma once

// What happens to a delivery after each thing that can happen to it, as a plain class: stepped in
// tests without socket or clock. Dispatch performs the actions; every branch is here.

#include "gateway/core/code.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace gateway::core {

/// What the connection promises about this message type.
struct DeliveryTraits {
    bool upstream_deduplicates = false;   // by the component, or by the receiver's protocol
    bool answers_lookup = false;
    bool lookup_is_final = false;   // "not found" means it never will be there
    bool receipts_arrive_later = false;
    bool receipts_are_pushed = false;   // they come by themselves: nobody asks
    bool can_cancel = false;
};

struct RetryPolicy {
    std::chrono::milliseconds first{2'000};
    std::chrono::milliseconds max{3'600'000};
};

/// Exponential with jitter over the upper half: base = min(max, first * 2^failures); wait in
/// [base/2, base] by `random`.
std::chrono::milliseconds backoff(const RetryPolicy& policy, int failures, std::uint64_t random);

/// The back-off, but never before the component said (`retry_after`), which counts for `policy.max`
/// at most.
std::chrono::milliseconds backoff(const RetryPolicy& policy, int failures, std::uint64_t random,
                                  std::optional<std::chrono::seconds> retry_after);

enum class MachineEvent {
    accepted,            // the component has it
    accepted_for_good,   // and no receipt will come
    progressed,          // pending: a step is done
    refused,             // permanent
    postponed,           // passing: nothing took effect
    lost,                // unknown outcome
    found,               // look-up: it is there
    not_found,           // look-up: it is not
    lookup_failed,       // look-up did not answer
    expired,             // its time ran out before it was sent
    withdrawn,           // cancel succeeded
    withdraw_refused,    // too late, or there is no cancel
    withdraw_failed,     // cancel did not answer
    interrupted,         // an earlier holder died in the middle of an attempt
    unusable,            // what is stored cannot be read, or nobody can carry it
    undecided,           // its time ran out while a sent attempt's outcome cannot be learned
    idle,                // claimed with nothing to do
};

enum class When {
    now,
    soon,   // the next step of a delivery in progress: what the component asked for, else a second
    backoff,         // by RetryPolicy
    first_receipt,   // when the component may have news
    never,
};

struct Step {
    DeliveryState state = DeliveryState::queued;
    Work work = Work::none;
    When when = When::never;
    bool failure_counts = false;     // for the next back-off; otherwise the count starts again
    bool cancel_answered = false;    // the wish to cancel is settled
    bool receipt_expected = false;   // from now on one that does not come is missed
    friend bool operator==(const Step&, const Step&) = default;
};

/// What is known of a delivery when it is claimed.
struct Situation {
    DeliveryState state = DeliveryState::queued;
    Work work = Work::send;
    int failures = 0;   // in a row
    bool was_interrupted = false;
    bool cancel_requested = false;
    bool is_expired = false;
    bool outcome_unknown = false;   // queued again after a lost answer, without a look-up
};

/// What to do with it: call the component (`work` is send, look_up, receipts or cancel), or
/// `settle` at once by an event.
struct Opening {
    Work work = Work::none;
    std::optional<MachineEvent> settle;
    friend bool operator==(const Opening&, const Opening&) = default;
};

/// After hand-over, a cancel that got no answer this many times counts as refused where receipts
/// are asked for: asked again, they tell the truth. Where nobody can be asked it is tried on.
/// Before hand-over nothing is sent until the wish is settled.
inline constexpr int cancel_tries_max = 8;

class DeliveryMachine {
public:
    DeliveryMachine(DeliveryTraits traits, Situation situation)
        : traits_(traits), now_(situation) {}

    /// An unknown outcome is cleared up before anything else, by taking it back where that is
    /// wanted and nothing else tells; then a wish to cancel; then expiry; then the work itself.
    Opening open() const;
    Step resume(MachineEvent event) const;

private:
    bool is_unknown() const;
    bool asks_for_receipts() const;
    Step handed_over() const;
    Step undecidable() const;
    Step lost() const;
    Step as_before() const;

    DeliveryTraits traits_;
    Situation now_;
};

}   // namespace gateway::core
