#pragma once

#include "tests/simulation/life.hpp"

#include <string>
#include <vector>

namespace simulation {

/// What is wrong in the end, in words; empty when every promise held.
std::vector<std::string> broken_promises(World& world, Life& life);

}   // namespace simulation
