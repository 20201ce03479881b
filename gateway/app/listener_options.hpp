#pragma once

#include "gateway/core/configuration.hpp"
#include "gateway/http/server.hpp"

namespace gateway::app {

/// What a listener of the configuration asks of its server; certificate, key and callers' roots are
/// read from where they lie. Fails when one cannot be.
core::Result<http::ServerOptions> listener_options(const core::ListenConfig& listen,
                                                   const core::Limits& limits);

}   // namespace gateway::app
