#pragma once

// A provider of OpenID Connect that people sign in at: as the test asks for it.

#include "gateway/admin/api.hpp"
#include "gateway/json/value.hpp"

#include <string>

namespace tests::e2e {

using namespace gateway;

core::OidcConfig provider_asked_for(const json::Value& asked, const std::string& tenant);
core::Result<gateway::admin::OidcReach> reach_provider(sdk::Clock& clock,
                                                       const core::OidcConfig& config);

}   // namespace tests::e2e
