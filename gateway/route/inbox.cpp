#include "gateway/route/inbox.hpp"

#include <algorithm>

namespace gateway::route {
namespace {

bool fits(const std::string& asked, const std::string& has) {
    return asked.empty() || asked == has;
}

bool holds(const core::InboxRouteConfig& route, const Arrival& arrival) {
    const auto& facts = arrival.facts;
    const bool origin = fits(route.type, arrival.type) && fits(route.adapter, arrival.adapter) &&
                        (!route.connection || *route.connection == arrival.connection);
    const bool said = fits(route.account, facts.account) && fits(route.resource, facts.resource) &&
                      fits(route.app, facts.app) && fits(route.message_type, facts.message_type) &&
                      fits(route.sender, facts.sender);
    return origin && said &&
           std::all_of(route.when.begin(), route.when.end(), [&](const auto& condition) {
               const json::Value* found = arrival.content.at(condition.first);
               return found != nullptr && json::write(*found) == condition.second;
           });
}

}   // namespace

const core::InboxRouteConfig* inbox_route(const core::TenantConfig& tenant,
                                          const Arrival& arrival) {
    const auto found =
        std::find_if(tenant.inbox_routes.begin(), tenant.inbox_routes.end(),
                     [&](const core::InboxRouteConfig& route) { return holds(route, arrival); });
    return found == tenant.inbox_routes.end() ? nullptr : &*found;
}

}   // namespace gateway::route
