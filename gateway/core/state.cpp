#include "gateway/core/state.hpp"

#include <array>
#include <utility>

namespace gateway::core {
namespace {

constexpr std::array<std::pair<DeliveryState, std::string_view>, 10> names{{
    {DeliveryState::queued, "queued"},
    {DeliveryState::sending, "sending"},
    {DeliveryState::pending, "pending"},
    {DeliveryState::sent, "sent"},
    {DeliveryState::delivered, "delivered"},
    {DeliveryState::read, "read"},
    {DeliveryState::failed, "failed"},
    {DeliveryState::expired, "expired"},
    {DeliveryState::cancelled, "cancelled"},
    {DeliveryState::held, "held"},
}};

constexpr std::array<std::pair<InboundState, std::string_view>, 6> inbound_names{{
    {InboundState::received, "received"},
    {InboundState::leased, "leased"},
    {InboundState::acknowledged, "acknowledged"},
    {InboundState::rejected, "rejected"},
    {InboundState::dead, "dead"},
    {InboundState::quarantined, "quarantined"},
}};

int rank(DeliveryState state) {
    switch (state) {
    case DeliveryState::sent: return 1;
    case DeliveryState::delivered: return 2;
    case DeliveryState::read: return 3;
    default: return 0;
    }
}

}   // namespace

std::string_view to_string(DeliveryState state) noexcept {
    for (const auto& [value, name] : names) {
        if (value == state) {
            return name;
        }
    }
    return "unknown";
}

std::optional<DeliveryState> parse_delivery_state(std::string_view text) noexcept {
    for (const auto& [value, name] : names) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

std::string_view to_string(InboundState state) noexcept {
    for (const auto& [value, name] : inbound_names) {
        if (value == state) {
            return name;
        }
    }
    return "unknown";
}

std::optional<InboundState> parse_inbound_state(std::string_view text) noexcept {
    for (const auto& [value, name] : inbound_names) {
        if (name == text) {
            return value;
        }
    }
    return std::nullopt;
}

bool is_terminal(DeliveryState state) noexcept {
    return state == DeliveryState::read || state == DeliveryState::failed ||
           state == DeliveryState::expired || state == DeliveryState::cancelled;
}

bool is_handed_over(DeliveryState state) noexcept {
    return rank(state) > 0;
}

std::optional<DeliveryState> after_receipt(DeliveryState now, DeliveryState reached,
                                           FailureCause cause) noexcept {
    if (now == DeliveryState::failed || now == DeliveryState::cancelled ||
        now == DeliveryState::expired) {
        return std::nullopt;
    }
    if (reached == DeliveryState::failed) {
        const bool may_fail =
            rank(now) < rank(DeliveryState::delivered) || cause != FailureCause::none;
        return may_fail && now != DeliveryState::read ? std::optional(DeliveryState::failed)
                                                      : std::nullopt;
    }
    if (reached == DeliveryState::cancelled) {
        return rank(now) < rank(DeliveryState::delivered) ? std::optional(DeliveryState::cancelled)
                                                          : std::nullopt;
    }
    return rank(reached) > rank(now) ? std::optional(reached) : std::nullopt;
}

}   // namespace gateway::core
