#include "gateway/core/delivery_machine.hpp"

#include <algorithm>

namespace gateway::core {

std::chrono::milliseconds backoff(const RetryPolicy& policy, int failures, std::uint64_t random) {
    auto base = std::min(policy.first, policy.max);
    for (int i = 0; i < failures && base < policy.max; ++i) {
        base = std::min(base * 2, policy.max);
    }
    const auto half = base / 2;
    const auto spread = static_cast<std::uint64_t>((base - half).count()) + 1;
    return half + std::chrono::milliseconds(static_cast<std::int64_t>(random % spread));
}

std::chrono::milliseconds backoff(const RetryPolicy& policy, int failures, std::uint64_t random,
                                  std::optional<std::chrono::seconds> retry_after) {
    const auto wait = backoff(policy, failures, random);
    if (!retry_after || retry_after->count() <= 0) {
        return wait;
    }
    const std::chrono::milliseconds asked =
        std::min(std::chrono::ceil<std::chrono::seconds>(policy.max), *retry_after);
    return std::max(wait, asked);
}

bool DeliveryMachine::is_unknown() const {
    return now_.was_interrupted || now_.state == DeliveryState::sending ||
           now_.work == Work::look_up;
}

Opening DeliveryMachine::open() const {
    const bool reads_on = now_.state == DeliveryState::read && now_.work == Work::receipts;
    if ((is_terminal(now_.state) && !reads_on) || now_.state == DeliveryState::held) {
        return {Work::none, MachineEvent::idle};
    }
    const bool taken_back = now_.work == Work::cancel && !now_.was_interrupted;
    if (is_unknown() && !taken_back) {
        if (traits_.answers_lookup) {
            return {Work::look_up, std::nullopt};
        }
        return {Work::none, MachineEvent::interrupted};
    }
    // Who has read it has answered the wish to cancel; the rest of what was told then is asked for.
    if (!reads_on && (now_.cancel_requested || now_.work == Work::cancel)) {
        if (traits_.can_cancel) {
            return {Work::cancel, std::nullopt};
        }
        return {Work::none, MachineEvent::withdraw_refused};
    }
    if (now_.is_expired && !is_handed_over(now_.state)) {
        return {Work::none, now_.outcome_unknown ? MachineEvent::undecided : MachineEvent::expired};
    }
    const bool told_by_itself = now_.work == Work::receipts && traits_.receipts_are_pushed;
    if (now_.work == Work::none || told_by_itself) {
        return {Work::none, MachineEvent::idle};
    }
    return {now_.work, std::nullopt};
}

bool DeliveryMachine::asks_for_receipts() const {
    return traits_.receipts_arrive_later && !traits_.receipts_are_pushed;
}

Step DeliveryMachine::handed_over() const {
    if (!traits_.receipts_arrive_later) {
        return {DeliveryState::sent, Work::none, When::never, false, false};
    }
    if (traits_.receipts_are_pushed) {
        return {DeliveryState::sent, Work::none, When::never, false, false, true};
    }
    return {DeliveryState::sent, Work::receipts, When::first_receipt, false, false, true};
}

/// Nobody can tell whether it is there: for a person, unless it is to be taken back anyway.
Step DeliveryMachine::undecidable() const {
    if (now_.cancel_requested && traits_.can_cancel) {
        return {DeliveryState::sending, Work::cancel, When::now, false, false};
    }
    return {DeliveryState::held, Work::none, When::never, false, false};
}

/// Sent, and no answer: looked up if the component can, repeated only if somebody deduplicates,
/// else undecidable.
Step DeliveryMachine::lost() const {
    if (traits_.answers_lookup) {
        return {DeliveryState::sending, Work::look_up, When::backoff, true, false};
    }
    if (traits_.upstream_deduplicates) {
        return {DeliveryState::queued, Work::send, When::backoff, true, false};
    }
    return undecidable();
}

/// The state stays and the work is what that state asks for: a cancel may have taken its place.
Step DeliveryMachine::as_before() const {
    switch (now_.state) {
    case DeliveryState::queued:
    case DeliveryState::pending: return {now_.state, Work::send, When::now, false, false};
    case DeliveryState::sending: {
        DeliveryMachine kept = *this;
        kept.now_.cancel_requested = false;   // it was answered
        return kept.lost();
    }
    case DeliveryState::sent:
    case DeliveryState::delivered:
        if (asks_for_receipts()) {
            return {now_.state, Work::receipts, When::soon, false, false};
        }
        break;
    default: break;
    }
    return {now_.state, Work::none, When::never, false, false};
}

Step DeliveryMachine::resume(MachineEvent event) const {
    switch (event) {
    case MachineEvent::accepted:
    case MachineEvent::found: return handed_over();
    case MachineEvent::accepted_for_good:
        return {DeliveryState::delivered, Work::none, When::never, false, false};
    case MachineEvent::progressed:
        return {DeliveryState::pending, Work::send, When::soon, false, false};
    case MachineEvent::refused:
        return {DeliveryState::failed, Work::none, When::never, false, false};
    case MachineEvent::postponed:
        return {DeliveryState::queued, Work::send, When::backoff, true, false};
    case MachineEvent::lost:
    case MachineEvent::interrupted: return lost();
    case MachineEvent::not_found:
        if (traits_.upstream_deduplicates || traits_.lookup_is_final) {
            return {DeliveryState::queued, Work::send, When::backoff, true, false};
        }
        return undecidable();
    case MachineEvent::lookup_failed:
        return {DeliveryState::sending, Work::look_up, When::backoff, true, false};
    case MachineEvent::expired:
        return {DeliveryState::expired, Work::none, When::never, false, false};
    case MachineEvent::withdrawn:
        return {DeliveryState::cancelled, Work::none, When::never, false, true};
    case MachineEvent::withdraw_refused: {
        Step step = as_before();
        step.cancel_answered = true;
        return step;
    }
    case MachineEvent::withdraw_failed:
        if (is_handed_over(now_.state) && asks_for_receipts() &&
            now_.failures + 1 >= cancel_tries_max) {
            return resume(MachineEvent::withdraw_refused);
        }
        if (!is_handed_over(now_.state) && now_.is_expired) {
            Step step =
                resume(now_.outcome_unknown ? MachineEvent::undecided : MachineEvent::expired);
            step.cancel_answered = true;
            return step;
        }
        return {now_.state, Work::cancel, When::backoff, true, false};
    case MachineEvent::unusable:
        if (is_handed_over(now_.state)) {
            return {now_.state, now_.work, When::backoff, true, false};
        }
        // Released by a person, an unknown outcome is looked up first; anything else is sent.
        return {DeliveryState::held, is_unknown() ? Work::look_up : Work::none, When::never, false,
                false};
    case MachineEvent::undecided:
        return {DeliveryState::held, Work::none, When::never, false, false};
    case MachineEvent::idle: return {now_.state, Work::none, When::never, false, false};
    }
    return {DeliveryState::held, Work::none, When::never, false, false};
}

}   // namespace gateway::core
