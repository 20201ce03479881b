#include "gateway/receipt/finishing.hpp"

#include "gateway/ports/failure_store.hpp"

#include <algorithm>

namespace gateway::receipt {
namespace {

using core::DeliveryState;
using core::MachineEvent;
using sdk::Verdict;

constexpr std::chrono::seconds soon{1};

MachineEvent event_of_look_up(const sdk::Outcome& outcome) {
    switch (outcome.verdict) {
    case Verdict::accepted:
        return outcome.delivered_already ? MachineEvent::accepted_for_good : MachineEvent::found;
    case Verdict::pending: return MachineEvent::progressed;
    case Verdict::not_found: return MachineEvent::not_found;
    case Verdict::rejected: return MachineEvent::refused;
    case Verdict::try_later:
    case Verdict::unknown: break;
    }
    return MachineEvent::lookup_failed;
}

MachineEvent event_of_cancel(const sdk::Outcome& outcome) {
    switch (outcome.verdict) {
    case Verdict::accepted: return MachineEvent::withdrawn;
    case Verdict::rejected:
    case Verdict::not_found: return MachineEvent::withdraw_refused;
    default: return MachineEvent::withdraw_failed;
    }
}

MachineEvent event_of_send(const sdk::Outcome& outcome) {
    switch (outcome.verdict) {
    case Verdict::accepted:
        return outcome.delivered_already ? MachineEvent::accepted_for_good : MachineEvent::accepted;
    case Verdict::pending: return MachineEvent::progressed;
    case Verdict::rejected: return MachineEvent::refused;
    case Verdict::try_later: return MachineEvent::postponed;
    case Verdict::not_found:   // of look_up only: an adapter that answers so has not kept its word
    case Verdict::unknown: break;
    }
    return MachineEvent::lost;
}

core::Time due_by(const Finishing& with, core::When when, const sdk::Outcome& outcome) {
    const core::Time now = with.events.now;
    const core::RetryPolicy policy{with.rules.backoff_first, with.rules.backoff_max};
    switch (when) {
    case core::When::soon: {
        const auto asked = outcome.retry_after.value_or(soon);
        const auto most = std::chrono::ceil<std::chrono::seconds>(policy.max);
        return now + std::clamp(asked, soon, std::max(soon, most));
    }
    case core::When::backoff:
        return now + core::backoff(policy, with.claimed.row.failures,
                                   with.events.ids.random_number(), outcome.retry_after);
    case core::When::first_receipt:
        return now + at_pace(with.first_receipt_after, with.rules.receipt_pace);
    case core::When::now:
    case core::When::never: break;
    }
    return now;
}

/// The line that tells of the new state itself, if this event has one.
std::string_view state_line(MachineEvent event, const core::Step& step) {
    if (step.state == DeliveryState::held) {
        return "held";
    }
    switch (event) {
    case MachineEvent::accepted:
    case MachineEvent::found: return "sent";
    case MachineEvent::accepted_for_good: return "delivered";
    case MachineEvent::refused: return "failed";
    case MachineEvent::expired: return "expired";
    case MachineEvent::withdrawn: return "cancelled";
    default: break;
    }
    return step.state == DeliveryState::expired ? "expired" : std::string_view{};
}

/// Why it is in its new state, as the row keeps it.
core::Code row_code(MachineEvent event, const core::Step& step, const sdk::Outcome& outcome) {
    const bool effect_unknown = event == MachineEvent::lost || event == MachineEvent::interrupted ||
                                event == MachineEvent::lookup_failed;
    if (step.state == DeliveryState::held && event != MachineEvent::unusable) {
        return core::Code(ports::undecided_code);
    }
    if (effect_unknown) {
        return core::Code(unknown_outcome_mark);
    }
    if (outcome.code.empty() && ports::is_failure(step.state)) {
        return core::Code(std::string(state_line(event, step)));   // that is all there is to say
    }
    return outcome.code;
}

/// The line that tells what the attempt, look-up or cancel came to, before the state's own.
std::string_view outcome_line(MachineEvent event, const core::Step& step) {
    switch (event) {
    case MachineEvent::progressed: return "attempt_progressed";
    case MachineEvent::postponed: return "attempt_postponed";
    case MachineEvent::lost: return unknown_outcome_mark;
    case MachineEvent::interrupted: return "attempt_interrupted";
    case MachineEvent::found:
    case MachineEvent::not_found: return "looked_up";
    case MachineEvent::lookup_failed: return unknown_outcome_mark;
    case MachineEvent::withdraw_refused: return "cancel_refused";
    case MachineEvent::withdraw_failed:
        return step.cancel_answered && step.state != DeliveryState::expired ? "cancel_refused" : "";
    default: return {};
    }
}

/// Waiting for a scan or a dead component repeats itself: told once, not at every poll.
bool is_said_before(const Finishing& with, MachineEvent event, const core::Code& code,
                    const sdk::Outcome& outcome) {
    if (event == MachineEvent::lookup_failed) {
        return code == with.claimed.row.code;
    }
    if (event != MachineEvent::progressed) {
        return false;
    }
    return with.claimed.row.code == code && with.claimed.row.params == outcome.params;
}

void add_events(ports::FinishCommand& command, const Finishing& with, MachineEvent event,
                const core::Step& step, const sdk::Outcome& outcome) {
    const auto first = outcome_line(event, step);
    const auto second = state_line(event, step);
    const bool second_tells = !second.empty() && event != MachineEvent::lost;
    if (!first.empty() && !is_said_before(with, event, command.code, outcome)) {
        core::Code code = second_tells ? core::Code() : outcome.code;
        core::Params params = second_tells ? core::Params{} : outcome.params;
        if (code.empty() && event == MachineEvent::postponed && command.due) {
            params.emplace_back("until", core::to_rfc3339(*command.due));
        }
        const auto& said = second_tells ? std::string() : outcome.upstream_text;
        command.events.push_back(with.events.make(first, std::move(code), std::move(params), said));
    }
    if (second.empty()) {
        return;
    }
    if (step.state == DeliveryState::held && event != MachineEvent::unusable) {
        command.events.push_back(with.events.make(
            second, core::Code("delivery.unknown_outcome"), {},
            second_tells ? std::string_view(outcome.upstream_text) : std::string_view{}));
        return;
    }
    command.events.push_back(
        with.events.make(second, outcome.code, outcome.params, outcome.upstream_text));
}

}   // namespace

core::Duration at_pace(std::chrono::seconds wait, double pace) {
    constexpr core::Duration least{100'000};
    constexpr double slowest = 0.001;
    const double micros =
        static_cast<double>(core::Duration(wait).count()) / std::max(slowest, pace);
    return std::max(least, core::Duration(static_cast<std::int64_t>(micros)));
}

MachineEvent event_of(const sdk::Outcome& outcome, core::Work work) {
    switch (work) {
    case core::Work::look_up: return event_of_look_up(outcome);
    case core::Work::cancel: return event_of_cancel(outcome);
    default: return event_of_send(outcome);
    }
}

ports::FinishCommand finish(const Finishing& with, MachineEvent event, const core::Step& step,
                            const sdk::Outcome& outcome) {
    ports::FinishCommand command;
    command.key = ports::DeliveryKey(with.claimed.tenant, with.claimed.row.id);
    command.fence = with.claimed.fence;
    command.at = with.events.now;
    command.state = step.state;
    command.work = step.work;
    if (step.when != core::When::never) {
        command.due = due_by(with, step.when, outcome);
    }
    command.failures = step.failure_counts ? with.claimed.row.failures + 1 : 0;
    command.cancel_answered = step.cancel_answered;
    const bool only_cancel_told =
        step.state == with.claimed.row.state &&
        (event == MachineEvent::withdraw_refused || event == MachineEvent::withdraw_failed);
    if (only_cancel_told) {
        command.code = with.claimed.row.code;
        command.params = with.claimed.row.params;
    } else {
        command.code = row_code(event, step, outcome);
        if (command.code == outcome.code) {
            command.params = outcome.params;
        }
    }
    if (step.state == DeliveryState::sent && step.receipt_expected &&
        !with.claimed.row.overdue_at && !core::is_handed_over(with.claimed.row.state)) {
        command.overdue_at =
            with.events.now + (outcome.receipt_due ? core::Duration(*outcome.receipt_due)
                                                   : core::Duration(with.rules.receipt_overdue));
    }
    if (!outcome.upstream_reference.empty()) {
        command.sealed_upstream_reference =
            with.events.seal("upstream", outcome.upstream_reference);
        if (with.vault != nullptr) {
            const auto kind = crypto::TokenKind::upstream_id;
            command.tokens.emplace_back(static_cast<std::uint8_t>(kind),
                                        with.vault->token(kind, outcome.upstream_reference));
        }
    }
    add_events(command, with, event, step, outcome);
    return command;
}

ports::FinishCommand give_back(const ports::ClaimedDelivery& claimed, core::Time now,
                               core::Time due) {
    ports::FinishCommand command;
    command.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
    command.fence = claimed.fence;
    command.at = now;
    command.state = claimed.row.state;
    command.work = claimed.row.work;
    command.due = due;
    command.failures = claimed.row.failures;
    command.code = claimed.row.code;
    command.params = claimed.row.params;
    return command;
}

}   // namespace gateway::receipt
