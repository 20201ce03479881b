#include "gateway/store/delivery_rules.hpp"

#include <algorithm>
#include <utility>

namespace gateway::store {
namespace {

using core::DeliveryState;
using core::Work;

void stop(DeliveryRecord& record) {
    record.row.work = Work::none;
    record.row.due.reset();
    record.row.overdue_at.reset();
    record.row.unread_at.reset();
}

bool is_sending_work(Work work) {
    return work == Work::send || work == Work::choose;
}

bool waits_to_be_sent(const DeliveryRecord& record) {
    const auto state = record.row.state;
    return is_sending_work(record.row.work) &&
           (state == DeliveryState::queued || state == DeliveryState::pending);
}

/// A delivery without a connection needs one before it can be sent.
Work first_work(const ports::DeliveryRow& row) {
    return row.connection ? Work::send : Work::choose;
}

/// Polling does not sleep past the moment the unread rule applies.
void wake_for_unread(ports::DeliveryRow& row, core::Time now) {
    if (row.work == Work::receipts && row.unread_at && *row.unread_at > now) {
        row.due = row.due ? std::min(*row.due, *row.unread_at) : row.unread_at;
    }
}

/// What a holder says about a delivery that receipts may have moved since it was claimed.
DeliveryState after_finish(DeliveryState now, DeliveryState said) {
    if (core::is_terminal(now)) {
        return now;
    }
    if (!core::is_handed_over(now) || said == now) {
        return said;
    }
    const auto moved = core::after_receipt(now, said, core::FailureCause::none);
    return moved.value_or(now);
}

}   // namespace

DeliveryRecord opened(const ports::NewDelivery& delivery, core::TenantId tenant,
                      core::SystemId system, core::MessageId message, core::Time at) {
    DeliveryRecord record;
    record.tenant = std::move(tenant);
    record.system = std::move(system);
    record.order_token = delivery.order_token;
    record.row.id = delivery.id;
    record.row.message = message;
    record.row.connection = delivery.connection;
    record.row.settings = delivery.settings;
    record.row.channel = delivery.channel;
    record.row.choice = delivery.choice;
    record.row.work = first_work(record.row);
    record.row.created = at;
    record.row.changed = at;
    record.row.due = delivery.due;
    record.row.expires_at = delivery.expires_at;
    record.row.upstream_key = delivery.upstream_key;
    record.row.replaces = delivery.replaces;
    return record;
}

bool is_soon_due(const ports::NewDelivery& delivery, core::Time at) {
    constexpr std::chrono::seconds told_ahead{10};
    return delivery.due <= at + told_ahead;
}

ports::Lane lane(const DeliveryRecord& record) {
    switch (record.row.work) {
    case Work::receipts:
    case Work::none: return ports::Lane::receipts;
    case Work::choose: return ports::Lane::choices;
    default: return ports::Lane::attempts;
    }
}

std::optional<core::Time> wake(const DeliveryRecord& record) {
    const auto& row = record.row;
    const bool still_asked = row.state == DeliveryState::read && row.work == Work::receipts;
    if (core::is_terminal(row.state) && !still_asked) {
        return std::nullopt;
    }
    if (record.lease_until) {
        return record.lease_until;
    }
    if (row.state == DeliveryState::held) {
        return std::nullopt;
    }
    if (lane(record) != ports::Lane::receipts) {
        return record.blocked && is_sending_work(row.work) ? std::nullopt : row.due;
    }
    auto wakes = row.work == Work::receipts ? row.due : row.unread_at;
    if (row.overdue_at) {
        wakes = wakes ? std::min(*wakes, *row.overdue_at) : row.overdue_at;
    }
    return wakes;
}

std::optional<core::Time> expiry(const DeliveryRecord& record) {
    return waits_to_be_sent(record) && !record.lease_until ? record.row.expires_at : std::nullopt;
}

bool keeps_place(const DeliveryRecord& record) {
    const auto state = record.row.state;
    return !record.order_token.empty() && !core::is_terminal(state) && !core::is_handed_over(state);
}

bool holds_claim(const DeliveryRecord& record, core::Fence fence) {
    return record.lease_until && record.fence == fence;
}

bool claim(DeliveryRecord& record, core::Time lease_until) {
    const bool interrupted = record.lease_until && record.row.state == DeliveryState::sending;
    record.lease_until = lease_until;
    ++record.fence.value;
    if (record.cancel == CancelWish::asked) {
        record.cancel = CancelWish::given;
    }
    return interrupted;
}

bool begin(DeliveryRecord& record, const ports::BeginAttempt& command) {
    auto& row = record.row;
    const bool handed_over = core::is_handed_over(row.state);
    if (core::is_terminal(row.state) || (handed_over && row.work != Work::cancel)) {
        return false;
    }
    if (!handed_over) {
        row.state = DeliveryState::sending;
    }
    row.attempts += command.counts ? 1 : 0;
    row.connection = command.connection;
    row.settings = command.settings;
    row.changed = command.at;
    return true;
}

void finish(DeliveryRecord& record, const ports::FinishCommand& command) {
    auto& row = record.row;
    const auto state = after_finish(row.state, command.state);
    const bool as_said = state == command.state;
    // Who asks for receipts and hears nothing new has changed nothing that anybody sees.
    const bool asked_in_vain = core::is_handed_over(row.state) && state == row.state &&
                               command.events.empty() && !command.cancel_answered;
    record.lease_until.reset();
    row.state = state;
    row.changed = asked_in_vain ? row.changed : command.at;
    row.failures = command.failures;
    row.work = command.work;
    row.due = command.due;
    if (as_said) {
        row.code = command.code;
        row.params = command.params;
        row.overdue_at = command.overdue_at ? command.overdue_at : row.overdue_at;
    }
    if (command.overdue_said && as_said) {
        row.overdue_at.reset();
    }
    if (command.unread_settled) {
        row.unread_at.reset();
    } else if (command.unread_at && as_said && state == DeliveryState::delivered) {
        row.unread_at = command.unread_at;
    }
    if (command.chosen && as_said && state == DeliveryState::queued) {
        row.connection = command.chosen->connection;
        row.settings = command.chosen->settings;
        row.channel = command.chosen->channel;
        row.choice = command.chosen->choice;
        row.expires_at = command.chosen->expires_at ? command.chosen->expires_at : row.expires_at;
    }
    const bool still_asked = state == DeliveryState::read && command.work == Work::receipts;
    if (core::is_terminal(state) && !still_asked) {
        stop(record);
        return;
    }
    const bool would_send = command.work == Work::send || command.work == Work::look_up;
    if (core::is_handed_over(state) && would_send) {
        row.work = Work::receipts;   // a receipt proved it meanwhile: ask for the rest
        row.due = command.at;
    }
    if (command.cancel_answered) {
        record.cancel = CancelWish::none;
        row.cancel_requested = false;
    } else if (record.cancel == CancelWish::asked && state == DeliveryState::held) {
        row.state = DeliveryState::sending;   // as when it was asked of one that is held already
        row.work = Work::cancel;
        row.due = command.at;
    } else if (record.cancel != CancelWish::none && state != DeliveryState::held &&
               state != DeliveryState::sending && state != DeliveryState::read) {
        const bool during_the_claim = record.cancel == CancelWish::asked;
        row.work = Work::cancel;
        row.due = during_the_claim ? command.at : command.due.value_or(command.at);
    }
    wake_for_unread(row, command.at);
}

bool takes_over(const DeliveryRecord& before, const DeliveryRecord& after,
                const ports::FinishCommand& command) {
    if (!command.take_over || after.cancel != CancelWish::none) {
        return false;
    }
    if (command.unread_settled) {
        return before.row.unread_at.has_value() && after.row.state == DeliveryState::delivered;
    }
    const auto state = after.row.state;
    return !core::is_terminal(before.row.state) && state == command.state &&
           (state == DeliveryState::failed || state == DeliveryState::expired);
}

bool takes_over(const DeliveryRecord& before, const DeliveryRecord& after,
                const ports::ReceiptCommand& command) {
    return command.take_over && after.cancel == CancelWish::none &&
           before.row.state != DeliveryState::held && before.row.state != after.row.state &&
           after.row.state == DeliveryState::failed;
}

DeliveryRecord opened_instead(const ports::NewDelivery& delivery, const DeliveryRecord& old,
                              core::Time at) {
    auto next = opened(delivery, old.tenant, old.system, old.row.message, at);
    next.row.replaces = old.row.id;
    next.place = old.place;
    return next;
}

bool keeps_place_of(const DeliveryRecord& old, const DeliveryRecord& next) {
    return !next.order_token.empty() && next.order_token == old.order_token;
}

bool receive(DeliveryRecord& record, const ports::ReceiptCommand& command) {
    auto& row = record.row;
    const auto before = row.state;
    const auto after = command.reached
                           ? core::after_receipt(before, *command.reached, command.cause)
                           : std::nullopt;
    if (!after) {
        return false;
    }
    row.state = *after;
    row.changed = command.at;
    row.code = command.code;
    row.params = command.params;
    const bool waits = *after == DeliveryState::sent || *after == DeliveryState::delivered;
    if (command.overdue_at && waits) {
        row.overdue_at = command.overdue_at;
    } else if (*after != DeliveryState::sent) {
        row.overdue_at.reset();
    }
    if (*after == DeliveryState::delivered) {
        row.unread_at = command.unread_at ? command.unread_at : row.unread_at;
    }
    if (is_sending_work(row.work) && before != DeliveryState::sending) {
        record.lease_until.reset();   // claimed, but not begun: it must not begin
    }
    // Its holder may have more news of the same answer, and says at the end whether it asks on.
    const bool more_may_come =
        *after == DeliveryState::read && row.work == Work::receipts && command.fence.has_value();
    if (more_may_come) {
        row.unread_at.reset();
    } else if (core::is_terminal(*after)) {
        stop(record);
    } else if (is_sending_work(row.work) || row.work == Work::look_up) {
        row.work = Work::receipts;
        row.due = command.at;
    }
    wake_for_unread(row, command.at);
    return true;
}

CancelEffect cancel(DeliveryRecord& record, const ports::CancelCommand& command) {
    using ports::CancelAnswer;
    auto& row = record.row;
    if (core::is_terminal(row.state)) {
        return {CancelAnswer::terminal, false};
    }
    const bool waits = row.state == DeliveryState::queued || row.state == DeliveryState::held;
    if (waits && row.attempts == 0) {
        row.state = DeliveryState::cancelled;
        row.changed = command.at;
        row.code = command.cancelled.empty() ? core::Code() : command.cancelled.back().code;
        row.params.clear();
        record.lease_until.reset();   // a holder that has not begun must not begin
        stop(record);
        return {CancelAnswer::cancelled, true};
    }
    if (!command.component_can) {
        return {CancelAnswer::not_possible, false};
    }
    if (record.cancel != CancelWish::none) {
        return {CancelAnswer::requested, false};
    }
    record.cancel = CancelWish::asked;
    row.cancel_requested = true;
    row.changed = command.at;
    if (!record.lease_until) {
        row.work = row.work == Work::look_up ? Work::look_up : Work::cancel;
        row.due = command.at;
        row.state = row.state == DeliveryState::held ? DeliveryState::sending : row.state;
    }
    return {CancelAnswer::requested, true};
}

bool hold(DeliveryRecord& record, core::Time at) {
    auto& row = record.row;
    const bool open = row.state == DeliveryState::queued || row.state == DeliveryState::pending ||
                      row.state == DeliveryState::sending;
    if (!open || (record.lease_until && *record.lease_until > at)) {
        return false;
    }
    if (row.state == DeliveryState::sending && row.work == Work::send) {
        row.work = Work::look_up;   // its holder vanished in the middle
    }
    record.lease_until.reset();
    row.state = DeliveryState::held;
    row.changed = at;
    return true;
}

bool release(DeliveryRecord& record, core::Time at) {
    auto& row = record.row;
    if (row.state != DeliveryState::held) {
        return false;
    }
    if (row.work == Work::look_up || row.work == Work::cancel) {
        row.state = DeliveryState::sending;
    } else {
        row.state = DeliveryState::queued;
        row.work = first_work(row);
    }
    row.due = at;
    row.changed = at;
    row.failures = 0;
    row.code = core::Code();
    row.params.clear();
    return true;
}

void close_replaced(DeliveryRecord& record, core::Time at, const core::MessageId& by) {
    auto& row = record.row;
    row.state = DeliveryState::cancelled;
    row.changed = at;
    row.code = "replaced";
    row.params = {{"replacedBy", by.to_string()}};
    record.lease_until.reset();
    stop(record);
}

bool close(DeliveryRecord& record, core::Time at) {
    auto& row = record.row;
    if (row.state == DeliveryState::held) {
        row.state = DeliveryState::failed;
        row.changed = at;
        record.lease_until.reset();
        stop(record);
        return true;
    }
    return row.state == DeliveryState::failed || row.state == DeliveryState::expired ||
           row.state == DeliveryState::cancelled;
}

}   // namespace gateway::store
