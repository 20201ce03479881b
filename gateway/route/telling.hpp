#pragma once

// A decision as it stands on the timeline, and which failures may be got around. Pure but for ids.

#include "gateway/ports/store_types.hpp"
#include "gateway/route/choose.hpp"
#include "gateway/sdk/ids.hpp"

#include <optional>
#include <vector>

namespace gateway::route {

/// What was passed over before the chosen choice, each with its reason, then the choice; without
/// one, everything that was passed over.
std::vector<ports::NewEvent> events_of(const Decision& decision, sdk::Ids& ids, core::Time now);

/// Whether another channel may carry what this one did not: as its outcome says, else by the owner
/// of the code.
bool other_channel_may(const std::optional<bool>& said, const core::Code& code);

}   // namespace gateway::route
