#include "gateway/store/flow_rules.hpp"

#include <algorithm>

namespace gateway::store {
namespace {

using core::DeliveryState;

bool is_delivered(DeliveryState state) {
    return state == DeliveryState::delivered || state == DeliveryState::read;
}

bool has_failed(DeliveryState state) {
    return state == DeliveryState::failed || state == DeliveryState::expired;
}

}   // namespace

int delivery_time_figure(core::Duration took) {
    const auto& ends = ports::delivery_time_ends;
    // A clock that was set back makes none shorter than nothing.
    const auto bucket = std::lower_bound(ends.begin(), ends.end(), took) - ends.begin();
    return static_cast<int>(ports::FlowFigure::delivery_time) + static_cast<int>(bucket);
}

FlowMove flow_move(DeliveryState before, DeliveryState after, bool taken_over) {
    FlowMove move;
    move.handed_over = !core::is_handed_over(before) && core::is_handed_over(after);
    move.delivered = !is_delivered(before) && is_delivered(after);
    move.failed = !has_failed(before) && has_failed(after) && !taken_over;
    return move;
}

bool moves_accepted(const ports::DeliveryRow& before, const ports::DeliveryRow& after) {
    return !after.replaces && before.connection != after.connection;
}

}   // namespace gateway::store
