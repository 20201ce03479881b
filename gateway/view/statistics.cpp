#include "gateway/view/statistics.hpp"

#include <map>

namespace gateway::view {
namespace {

using core::DeliveryState;

std::uint64_t& outcome_of(SystemStatistics& system, const ports::MessageCount& count) {
    if (core::is_handed_over(count.state)) {
        return count.channel == core::Channel::paper ? system.paper : system.digital;
    }
    switch (count.state) {
    case DeliveryState::failed:
    case DeliveryState::expired: return system.failed;
    case DeliveryState::held: return system.held;
    case DeliveryState::cancelled: return system.cancelled;
    default: return system.under_way;
    }
}

}   // namespace

std::vector<std::pair<std::string_view, std::uint64_t>> SystemStatistics::outcomes() const {
    return {{"digital", digital}, {"paper", paper},         {"failed", failed},
            {"held", held},       {"cancelled", cancelled}, {"underWay", under_way}};
}

std::vector<SystemStatistics> statistics_of(const std::vector<ports::MessageCount>& counts) {
    std::map<std::pair<core::TenantId, core::SystemId>, SystemStatistics> systems;
    for (const auto& count : counts) {
        auto& system = systems[{count.tenant, count.system}];
        system.tenant = count.tenant;
        system.system = count.system;
        outcome_of(system, count) += count.count;
    }
    std::vector<SystemStatistics> found;
    for (auto& [key, system] : systems) {
        found.push_back(std::move(system));
    }
    return found;
}

json::Value statistics_view(const std::vector<SystemStatistics>& statistics) {
    json::Value items = json::Value::array();
    for (const auto& system : statistics) {
        json::Value one = json::Value::object();
        one.set("tenant", system.tenant.value).set("system", system.system.value);
        for (const auto& [name, number] : system.outcomes()) {
            one.set(name, number);
        }
        items.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    return view;
}

}   // namespace gateway::view
