#pragma once

// Which systems receive what came in. Pure.

#include "gateway/core/configuration.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/inbound_message.hpp"

namespace gateway::route {

struct Arrival {
    const core::ConnectionId& connection;
    const std::string& adapter;
    const std::string& type;
    const sdk::InboundFacts& facts;
    const json::Value& content;
};

/// The first of the tenant's inbox routes of which all that is set holds; nullptr when none does.
const core::InboxRouteConfig* inbox_route(const core::TenantConfig& tenant, const Arrival& arrival);

}   // namespace gateway::route
