#pragma once

// What happens to a delivery after each thing that can happen to it, as a plain class: stepped in
// tests without socket or clock. The dispatcher performs the actions; every branch is here.

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
    bool receipts_arrive_later = false;
    bool can_cancel = false;
};

struct RetryPolicy {
    std::chrono::milliseconds first{2'000};
    std::chrono::milliseconds max{3'600'000};
};

/// Exponential with full jitter over the upper half: base = min(max, first * 2^failures); wait in
/// [base/2, base] by `random`.
std::chrono::milliseconds backoff(const RetryPolicy& policy, int failures, std::uint64_t random);

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
    expired,
    withdrawn,          // cancel succeeded
    withdraw_refused,   // too late
    interrupted,        // an earlier holder died in the middle of an attempt
};

struct Step {
    DeliveryState state = DeliveryState::queued;
    Work work = Work::none;
    enum class When { now, backoff, first_receipt, never } when = When::never;
    bool failure_counts = false;   // for back-off
};

class DeliveryMachine {
public:
    DeliveryMachine(DeliveryTraits traits, bool cancel_requested)
        : traits_(traits), cancel_requested_(cancel_requested) {}
    Step resume(MachineEvent event) const;

private:
    DeliveryTraits traits_;
    bool cancel_requested_;
};

}   // namespace gateway::core
