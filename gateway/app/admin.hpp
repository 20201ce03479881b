#pragma once

// The operators' API over a running gateway: for GatewayOptions::make_admin.

#include "gateway/http/message.hpp"

#include <memory>

namespace gateway::app {

class Gateway;

/// Destroyed before the gateway's own parts. Any strand may call it.
std::unique_ptr<http::Handler> make_admin_api(Gateway& gateway);

}   // namespace gateway::app
