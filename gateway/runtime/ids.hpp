#pragma once

#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/ids.hpp"

#include <cstdint>
#include <memory>

namespace gateway::runtime {

/// Random bytes from the operating system; UUIDv7 by `clock`. Any thread.
std::unique_ptr<sdk::Ids> make_system_ids(sdk::Clock& clock);

/// The same sequence for the same seed (tests and simulation). Any thread.
std::unique_ptr<sdk::Ids> make_seeded_ids(sdk::Clock& clock, std::uint64_t seed);

}   // namespace gateway::runtime
