#pragma once

// What of a delivery's moves is counted in the history of the flow. Pure, and the same in every
// store.

#include "gateway/core/state.hpp"
#include "gateway/ports/flow_store.hpp"
#include "gateway/ports/store_types.hpp"

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace gateway::store {

/// What one figure is of.
struct FlowKey {
    core::TenantId tenant;
    std::int64_t hour = 0;
    core::SystemId system;
    std::string type;
    std::string connection;
    int figure = 0;

    FlowKey(core::TenantId whose, core::Time at, core::SystemId from, std::string what,
            const std::optional<core::ConnectionId>& by)
        : tenant(std::move(whose)),
          hour(ports::flow_hour(at)),
          system(std::move(from)),
          type(std::move(what)),
          connection(by ? by->value : std::string()) {}
    friend auto operator<=>(const FlowKey&, const FlowKey&) = default;

    FlowKey of(ports::FlowFigure what) const { return of(static_cast<int>(what)); }
    FlowKey of(int what) const {
        auto key = *this;
        key.figure = what;
        return key;
    }
};

/// The figure of a message that took so long from accepted to delivered.
int delivery_time_figure(core::Duration took);

/// What became of a delivery by one command.
struct FlowMove {
    bool handed_over = false;
    bool delivered = false;
    bool failed = false;

    explicit operator bool() const { return handed_over || delivered || failed; }
};
/// `taken_over`: another was opened instead.
FlowMove flow_move(core::DeliveryState before, core::DeliveryState after, bool taken_over);

/// A first delivery that has got its connection, or another: what was accepted is its.
bool moves_accepted(const ports::DeliveryRow& before, const ports::DeliveryRow& after);

}   // namespace gateway::store
