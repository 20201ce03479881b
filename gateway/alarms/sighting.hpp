#pragma once

// What a rule finds to be wrong at this moment. Whether it is an incident, and whether it is new,
// is decided by incidents.

#include "gateway/ports/alarm_store.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gateway::alarms {

struct Sighting {
    ports::AlarmKey key;
    ports::AlarmSeverity severity = ports::AlarmSeverity::warning;
    core::SystemId system;   // empty: of none in particular
    std::uint64_t count = 1;
    int step = 0;   // grows as it gets worse
    core::Params params;

    Sighting() = default;
    Sighting(std::string kind, core::TenantId tenant, std::string subject)
        : key(std::move(kind), std::move(tenant), std::move(subject)) {}
};

using Sightings = std::vector<Sighting>;

/// A look at everything. What could not be looked at is neither wrong nor mended.
struct Look {
    Sightings seen;
    std::set<std::pair<std::string, core::TenantId>> blind;   // kind, tenant

    Look() = default;
    void add(Sightings found) {
        seen.insert(seen.end(), std::make_move_iterator(found.begin()),
                    std::make_move_iterator(found.end()));
    }
};

}   // namespace gateway::alarms
