#pragma once

// A world through its power cuts, to its end.

#include "tests/simulation/promises.hpp"

#include <functional>

namespace simulation {

/// Lives that the seed cuts off, one that ends by itself after everything has healed, and what is
/// then wrong.
std::vector<std::string> live_through(World& world, core::Duration last_life,
                                      std::vector<std::string> (*judge)(World&, Life&));

/// Seed after seed as SLUSE_SEED and SLUSE_SEEDS say, else `many`.
void for_each_seed(std::uint64_t many,
                   const std::function<std::vector<std::string>(std::uint64_t)>& simulate);

}   // namespace simulation
