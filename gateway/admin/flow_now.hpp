#pragma once

// The flow of one municipality as it is now: from systems by routes and connections to national
// components, how much goes and where it stands still.

#include "gateway/admin/api.hpp"

namespace gateway::admin {

/// As GET /admin/v1/flow says it. Costs the same in any backlog.
sdk::Task<core::Result<json::Value>> flow_now(const AdminParts& parts, core::TenantId tenant);

/// Leaves of that what is of these systems.
void keep_systems(json::Value& flow, const std::set<std::string, std::less<>>& systems);

}   // namespace gateway::admin
