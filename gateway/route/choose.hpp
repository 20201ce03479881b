#pragma once

// Which connection carries a message, and why. Pure: the same configuration and message give the
// same answer, so a dry run tells what will happen.

#include "gateway/core/configuration.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace gateway::route {

struct Choice {
    std::vector<core::RouteTarget> targets;   // in order of preference, only what serves the tenant
    std::vector<ports::RouteChoice> why;      // one for each target
    std::optional<ports::Refusal> refusal;    // message.no_route: nothing carries it

    Choice() = default;
};

/// The first route of the tenant whose type and `when` fit and that has a usable connection.
/// `message` is normalised content (defaults filled in).
Choice choose(const core::Configuration& configuration, const core::TenantId& tenant,
              const json::Value& message, std::string_view type);

}   // namespace gateway::route
