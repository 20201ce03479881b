#pragma once

// W3C trace context: 00-<32 hex>-<16 hex>-<2 hex>.

#include "gateway/core/randomness.hpp"

#include <string>
#include <string_view>

namespace gateway::view {

/// The caller's trace goes on; else a new one. 32 hexadecimal characters.
std::string trace_of(std::string_view traceparent, core::Randomness& random);
/// A span of ours in that trace.
std::string traceparent_of(const std::string& trace, core::Randomness& random);

}   // namespace gateway::view
