#pragma once

#include "gateway/core/code.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/sdk/ids.hpp"

namespace gateway::notify {

/// Tells a system that its subscription is disabled, and why; `more` beside its id.
ports::NewEvent disabled_event(sdk::Ids& ids, core::Time at, const core::Code& why,
                               const core::Uuid& subscription, core::Params more = {});

}   // namespace gateway::notify
