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
    std::vector<ports::BenefitCount> counts;
    const auto add = [&counts](const core::Params& labels, std::string how, std::uint64_t number) {
        ports::BenefitKey key;
        key.tenant = core::TenantId(label(labels, "tenant"));
        key.system = core::SystemId(label(labels, "system"));
        key.how = std::move(how);
        counts.emplace_back(std::move(key), number);
    };
    for (const auto& [labels, number] : answers) {
        add(labels, label(labels, "how"), number);
    }
    for (const auto& [labels, number] : events) {
        add(labels, std::string(ports::told_event), number);
    }
    return benefits_of(counts);
}

std::vector<SystemBenefit> benefits_of(const std::vector<ports::BenefitCount>& counts) {
    std::map<std::pair<core::TenantId, core::SystemId>, SystemBenefit> systems;
    for (const auto& [key, number] : counts) {
        auto& system = systems[{key.tenant, key.system}];
        system.tenant = key.tenant;
        system.system = key.system;
        if (key.how == ports::told_event) {
            system.events += number;
            continue;
        }
        system.answers += number;
        if (key.how == "fetched") {
            system.fetched += number;
        } else if (key.how == "failed") {
            system.failed += number;
        } else if (key.how == "stale") {
            system.stale += number;
        } else {
            system.spared += number;
            system.shared += key.how == "shared" ? number : 0;
            system.published += key.how == "published" ? number : 0;
        }
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
