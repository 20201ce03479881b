#pragma once

#include "gateway/sdk/clock.hpp"

#include <memory>

namespace gateway::runtime {

/// The machine's clocks. Any thread.
std::unique_ptr<sdk::Clock> make_system_clock();

}   // namespace gateway::runtime
