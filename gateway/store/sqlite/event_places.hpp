#pragma once

// Where events lie whose ids were made within a second. Two events a message made an index of ids
// grow by two rows at places of its own; this is a row or two for all that a transaction holds.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace gateway::store::sqlite {

/// A row of event_place.
struct EventPlace {
    core::TenantId tenant;
    std::uint64_t second = 0;
    std::uint64_t run = 0;

    EventPlace(core::TenantId whose, core::EventId id, std::uint64_t position);
    friend auto operator<=>(const EventPlace&, const EventPlace&) = default;
};

void write_places(Database& database, const std::set<EventPlace>& places);

/// The positions of those that are there, in order; at most one for each id.
std::vector<std::uint64_t> positions_of(Database& database, const core::TenantId& tenant,
                                        const std::vector<core::EventId>& ids);
/// Of the first event, in order of positions, whose id was made at `at` or later.
std::optional<std::uint64_t> first_position_from(Database& database, const core::TenantId& tenant,
                                                 core::Time at);

}   // namespace gateway::store::sqlite
