#pragma once

// Everything that keeps a letter from being delivered by DPI and can be known beforehand, all at
// once: what corner 2's schemas refuse, and what only the operators refuse, later. Pure.

#include "adapters/digital_post/dpi_settings.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/delivery.hpp"

#include <span>
#include <vector>

namespace gateway::digital_post {

std::vector<core::Problem> check_letter(const json::Value& letter, Service service,
                                        std::span<const core::DocumentRef> documents);

}   // namespace gateway::digital_post
