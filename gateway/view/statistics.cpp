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

std::string label(const core::Params& labels, std::string_view name) {
    for (const auto& [key, value] : labels) {
        if (key == name) {
            return value;
        }
    }
    return {};
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

std::vector<SystemBenefit> benefits_of(const Counted& answers, const Counted& events) {
    std::map<std::pair<core::TenantId, core::SystemId>, SystemBenefit> systems;
    const auto of = [&systems](const core::Params& labels) -> SystemBenefit& {
        const core::TenantId tenant(label(labels, "tenant"));
        const core::SystemId system(label(labels, "system"));
        auto& one = systems[{tenant, system}];
        one.tenant = tenant;
        one.system = system;
        return one;
    };
    for (const auto& [labels, number] : answers) {
        auto& system = of(labels);
        const auto how = label(labels, "how");
        system.answers += number;
        if (how == "fetched") {
            system.fetched += number;
        } else if (how == "failed") {
            system.failed += number;
        } else if (how == "stale") {
            system.stale += number;
        } else {
            system.spared += number;
            system.shared += how == "shared" ? number : 0;
            system.published += how == "published" ? number : 0;
        }
    }
    for (const auto& [labels, number] : events) {
        of(labels).events += number;
    }
    std::vector<SystemBenefit> found;
    for (auto& [key, system] : systems) {
        found.push_back(std::move(system));
    }
    return found;
}

json::Value benefits_view(const std::vector<SystemBenefit>& benefits,
                          const std::optional<core::TenantId>& tenant, core::Time since) {
    json::Value items = json::Value::array();
    for (const auto& system : benefits) {
        if (tenant && system.tenant != *tenant) {
            continue;
        }
        json::Value one = json::Value::object();
        one.set("tenant", system.tenant.value)
            .set("system", system.system.value)
            .set("answers", system.answers)
            .set("withoutRegisterCall", system.spared)
            .set("shared", system.shared)
            .set("published", system.published)
            .set("stale", system.stale)
            .set("fetched", system.fetched)
            .set("failed", system.failed)
            .set("events", system.events);
        items.push(std::move(one));
    }
    json::Value view = json::Value::object();
    view.set("since", core::to_rfc3339(since)).set("items", std::move(items));
    return view;
}

}   // namespace gateway::view
