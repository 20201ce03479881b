#pragma once

// Life events as systems see them, and whether they still may: rights that were taken away hold for
// what was told before, too.

#include "gateway/core/configuration.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/store_types.hpp"

#include <string>

namespace gateway::view {

/// Who reads events, as the configuration and its credential have it now.
struct EventReader {
    const core::Configuration& configuration;
    const core::TenantId& tenant;
    const core::SystemId& system;
    const core::Grants& grants;
};

/// Always of other events. A life event only by the system it was told to, while its purpose has
/// the event and the system's grants let it read for that: also where it may read all messages.
bool may_see(const ports::StoredEvent& event, const EventReader& reader);

/// `data` of its CloudEvent, but for `code`: the handle, of an organisation its number, the
/// purpose, when the register wrote it; of a gap the datasets and why. Never what has changed.
json::Value life_event_data(const ports::StoredEvent& event);

}   // namespace gateway::view
