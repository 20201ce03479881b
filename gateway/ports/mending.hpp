#pragma once

// Whether a corrected message may take the place of one that failed. Asked before a person edits,
// and again by the store in the transaction that does it. What may have arrived is never sent again
// in other words: then the recipient would have both.

#include "gateway/core/state.hpp"
#include "gateway/ports/store_types.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace gateway::ports {

/// The code of a row whose last attempt may have taken effect, while it waits to be sent again.
inline constexpr const char* unknown_outcome_mark = "attempt_unknown";
/// And of one that nobody can decide but a person.
inline constexpr const char* undecided_code = "delivery.unknown_outcome";

enum class Obstacle {
    none,
    in_flight,   // it is on its way
    delivered,   // it has been handed over, by this delivery or an earlier one
    ambiguous,   // it may have arrived
    withdrawn,   // somebody took it back: what is not wanted is not corrected
    replaced     // a correction of it is there already
};

/// Nobody knows whether its last attempt arrived. A person's wish stands in place of what was known
/// before it: then any attempt counts.
inline bool may_have_arrived(const DeliveryRow& row) {
    const std::string_view code = row.code.value;
    const bool unknown = code == unknown_outcome_mark || code == undecided_code || code == "held";
    return row.attempts > 0 && unknown;
}

/// `deliveries`: all of the message, oldest first.
inline Obstacle obstacle_to_replacing(const std::vector<DeliveryRow>& deliveries) {
    using core::DeliveryState;
    if (deliveries.empty()) {
        return Obstacle::in_flight;
    }
    const auto handed_over = [](const auto& row) { return core::is_handed_over(row.state); };
    if (std::any_of(deliveries.begin(), deliveries.end(), handed_over)) {
        return Obstacle::delivered;
    }
    for (auto earlier = deliveries.begin(); earlier + 1 != deliveries.end(); ++earlier) {
        if (!core::is_terminal(earlier->state)) {
            return Obstacle::in_flight;
        }
        if (may_have_arrived(*earlier)) {
            return Obstacle::ambiguous;
        }
    }
    const auto& newest = deliveries.back();
    switch (newest.state) {
    case DeliveryState::cancelled: return Obstacle::withdrawn;
    case DeliveryState::held: {
        const bool asks = newest.work == core::Work::look_up || newest.work == core::Work::cancel;
        const bool open = asks || newest.cancel_requested || newest.attempts > 0;
        return open ? Obstacle::ambiguous : Obstacle::none;
    }
    case DeliveryState::failed:
    case DeliveryState::expired:
        return may_have_arrived(newest) ? Obstacle::ambiguous : Obstacle::none;
    default: return Obstacle::in_flight;
    }
}

}   // namespace gateway::ports
