#pragma once

// Configurations, letters and people for the tests of policy.

#include "gateway/route/choose.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace json = gateway::json;
namespace route = gateway::route;

inline const core::TenantId oslo("958935420");
inline const core::TenantId bergen("964338531");
/// A Tuesday in 2026.
inline const core::Time today = core::parse_rfc3339("2026-02-03T07:00:00Z").value();

core::RouteTarget target(const char* connection, const char* with = "{}",
                         core::Channel channel = core::Channel::digital);
/// As it stands in a configuration: digital mailbox, then print, then Altinn.
std::vector<core::RouteTarget> mailbox_print_altinn();
core::RouteConfig a_route(const char* id, std::map<std::string, std::string> when,
                          std::vector<core::RouteTarget> use);
/// Connections dpi, print, altinn and paper serve Oslo; bergens-own serves Bergen.
core::Configuration configured(std::vector<core::RouteConfig> routes);

json::Value message(const char* text);
/// A letter to a person with these members besides.
json::Value letter_to_person(const std::string& members = {});

/// Registered, with a mailbox, may be notified, not reserved.
route::Contact citizen();

/// "print" or "-", and why.
std::string chosen(const route::Decision& decision);
std::string why(const route::Decision& decision);
/// "dpi:route.passed_reserved print:route.paper_reserved ..."
std::string told(const route::Decision& decision);

}   // namespace tests
