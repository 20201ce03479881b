#include "gateway/route/choose.hpp"

#include <string>

namespace gateway::route {
namespace {

/// Equal as JSON: 1 and 1.0 are the same number.
bool equal(const json::Value& a, const json::Value& b) {
    if (a.is_number() && b.is_number() && !(a.is_int() && b.is_int())) {
        return a.as_double() == b.as_double();
    }
    return a == b;
}

/// A member that is absent equals null only.
bool fits(const core::RouteConfig& route, const json::Value& message) {
    for (const auto& [pointer, wanted_text] : route.when) {
        const auto wanted = json::parse(wanted_text);
        if (!wanted) {
            return false;
        }
        const json::Value* found = message.at(pointer);
        const json::Value absent;
        if (!equal(found == nullptr ? absent : *found, *wanted)) {
            return false;
        }
    }
    return true;
}

bool serves(const core::Configuration& configuration, const core::ConnectionId& id,
            const core::TenantId& tenant) {
    const auto found = configuration.connections.find(id);
    return found != configuration.connections.end() && found->second.tenants.contains(tenant);
}

void add(Choice& choice, const core::RouteConfig& route, const core::RouteTarget& target) {
    ports::RouteChoice why;
    why.connection = target.connection;
    const auto position = choice.targets.size() + 1;
    if (position == 1) {
        why.why = core::Code("route.first_choice");
    } else {
        why.why = core::Code("route.fall_back");
        why.params.emplace_back("position", std::to_string(position));
    }
    why.params.emplace_back("route", route.id);
    choice.targets.push_back(target);
    choice.why.push_back(std::move(why));
}

}   // namespace

Choice choose(const core::Configuration& configuration, const core::TenantId& tenant,
              const json::Value& message, std::string_view type) {
    Choice choice;
    const auto owner = configuration.tenants.find(tenant);
    if (owner != configuration.tenants.end()) {
        for (const auto& route : owner->second.routes) {
            if (route.type != type || !fits(route, message)) {
                continue;
            }
            for (const auto& target : route.use) {
                if (serves(configuration, target.connection, tenant)) {
                    add(choice, route, target);
                }
            }
            if (!choice.targets.empty()) {
                return choice;
            }
        }
    }
    core::Params params{{"type", std::string(type)}};
    choice.refusal.emplace(core::Code("message.no_route"), std::move(params));
    return choice;
}

}   // namespace gateway::route
