#pragma once

#include "gateway/app/gateway.hpp"

#include <string>

namespace gateway::app {

/// The sandbox system's API key: the one in `file` when the store still knows it, else a new one,
/// written there (mode 0600).
sdk::Task<core::Result<std::string>> sandbox_api_key(Gateway& gateway, std::string file,
                                                     core::TenantId tenant, core::SystemId system);

}   // namespace gateway::app
