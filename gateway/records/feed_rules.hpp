#pragma once

// What a change in a register means here: which of what is held it touches, who may be told of it
// for which purpose, and what they are told: never what has changed, only that something has. Pure.

#include "gateway/core/configuration.hpp"
#include "gateway/ports/record_types.hpp"
#include "gateway/sdk/feed.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::records {

/// "organisation.roles" is asked for anew when "organisation" has changed.
bool goes_with(std::string_view held, std::string_view changed);

/// A system that is told, and why it may know.
struct Knower {
    core::SystemId system;
    core::PurposeId purpose;

    Knower() = default;
    Knower(core::SystemId who, core::PurposeId why)
        : system(std::move(who)), purpose(std::move(why)) {}
    friend bool operator==(const Knower&, const Knower&) = default;
};

/// Systems that may be told for this purpose (core/life_events.hpp) and know whom it is about:
/// something of what is held was fetched for the purpose, or published by the system itself.
std::vector<Knower> who_may_know(const core::TenantConfig& tenant,
                                 const core::PurposeConfig& purpose, std::string_view event,
                                 const std::vector<ports::RecordRow>& held);
/// The same for all purposes of the tenant; each system once, with the first purpose that lets it.
std::vector<Knower> who_may_know(const core::TenantConfig& tenant, std::string_view event,
                                 const std::vector<ports::RecordRow>& held);

/// Who lives by events of these datasets, each once: told when some may have passed untold.
std::vector<Knower> who_follows(const core::TenantConfig& tenant,
                                const std::vector<std::string>& datasets);

/// What a change is known by, however often it is told: 64 characters that say nothing.
std::string telling_id(const core::ConnectionId& connection, const std::string& change,
                       std::string_view event, core::Uuid subject);

/// The event of one system: its type, the purpose, when the register wrote it; of an organisation
/// also its number.
ports::FeedStep::Telling telling_of(const core::ConnectionId& connection, const sdk::Change& change,
                                    const std::string& event, const ports::Subject& subject,
                                    const Knower& knower, core::EventId id, core::Time now);

/// What stands in the place of a feed's cursor: while a gap is open its reason stands before it, so
/// that whoever goes on after a restart knows of it.
std::string kept_cursor(const std::string& gap, const std::string& cursor);
/// Gap and cursor of it.
std::pair<std::string, std::string> split_cursor(const std::string& kept);

/// A feed that could not be followed without a gap.
struct FeedGap {
    core::ConnectionId connection;
    std::vector<std::string> datasets;
    core::Code why;
    core::Uuid feed;                    // the handle that stands for the feed itself
    std::uint64_t cursor_version = 0;   // told once for each
    bool closed = false;                // the register tells again

    FeedGap() = default;
};
ports::FeedStep::Telling telling_of_gap(const FeedGap& gap, const Knower& knower, core::EventId id,
                                        core::Time now);

}   // namespace gateway::records
