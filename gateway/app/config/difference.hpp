#pragma once

// What two configurations differ in that a running gateway cannot take over.

#include "gateway/app/config/mistake.hpp"
#include "gateway/core/configuration.hpp"

#include <vector>

namespace gateway::app {

/// One sentence for each change that waits for a restart.
std::vector<Said> needs_restart(const core::Configuration& before, const core::Configuration& next);

}   // namespace gateway::app
