#pragma once

#include "gateway/app/cli/context.hpp"
#include "gateway/app/gateway.hpp"

namespace gateway::app {

/// Says why it did not start; gives the exit code.
int say_fault(const StartFault& fault, const Context& context);

/// Runs the gateway until a signal; gives the exit code.
int serve(GatewayOptions options, bool ready_json, const Context& context);

}   // namespace gateway::app
