#pragma once

// The states of a delivery (contract.md "States") and the rules of their order. The state of a
// message is that of its newest delivery.

#include <optional>
#include <string_view>

namespace gateway::core {

enum class DeliveryState : unsigned char {
    queued = 1,    // due now or later (back-off, notBefore, order)
    sending = 2,   // an attempt, or the look-up after an unknown outcome, is under way
    pending = 3,   // a step is done and its progress kept; the next step is due
    sent = 4,
    delivered = 5,
    read = 6,
    failed = 7,
    expired = 8,
    cancelled = 9,
    held = 10,   // only a person, or a lifted pause, moves it on
};

std::string_view to_string(DeliveryState) noexcept;
std::optional<DeliveryState> parse_delivery_state(std::string_view) noexcept;

/// Nothing more is attempted. `sent` and `delivered` are not terminal: receipts still come.
bool is_terminal(DeliveryState) noexcept;
/// Handed over: no attempt may follow.
bool is_handed_over(DeliveryState) noexcept;

/// Why a delivered message may still fail.
enum class FailureCause : unsigned char { none = 0, returned = 1, refused = 2 };

/// The state after a receipt says `reached`, or nothing when the receipt is only an event: rank
/// sent < delivered < read, `delivered -> failed` only when returned or refused, and no receipt
/// moves a cancelled or expired delivery, except that proof of delivery wins over `held` and
/// `failed` is never undone.
std::optional<DeliveryState> after_receipt(DeliveryState now, DeliveryState reached,
                                           FailureCause cause) noexcept;

/// The states of a system's copy of an inbound item. Numbers apart from DeliveryState's: both stand
/// in events.
enum class InboundState : unsigned char {
    received = 33,
    leased = 34,
    acknowledged = 35,
    rejected = 36,
    dead = 37,          // handed out as often as may be; only a person moves it on
    quarantined = 38,   // not in the inbox; only a person moves it on
};

std::string_view to_string(InboundState) noexcept;
std::optional<InboundState> parse_inbound_state(std::string_view) noexcept;

/// What dispatch does with a delivery next.
enum class Work : unsigned char {
    send = 1,
    look_up = 2,    // the outcome of an attempt is unknown
    receipts = 3,   // ask the component for news
    cancel = 4,
    none = 5,
    choose = 6,   // no connection yet: policy is to choose one, which may need a register
};

}   // namespace gateway::core
