#pragma once

// The operators' API over a running gateway: for GatewayOptions::make_admin.

#include "gateway/app/gateway.hpp"

#include <memory>

namespace gateway::app {

/// Destroyed before the gateway's own parts. Any strand may call it.
std::unique_ptr<OperatorsApi> make_admin_api(Gateway& gateway);

}   // namespace gateway::app
