#pragma once

// Byte streams of one connection, behind sdk::Streams.

#include "gateway/core/failure.hpp"
#include "gateway/sdk/streams.hpp"

#include <memory>
#include <string>

namespace gateway::upstream {

/// Roots from `ca_pem`, or the system's when empty; `invalid_argument` when it is bad. `clock`
/// outlives it. Calls come from one strand.
core::Result<std::unique_ptr<sdk::Streams>> make_streams(sdk::Clock& clock,
                                                         const std::string& ca_pem);

}   // namespace gateway::upstream
