#pragma once

// A system's copy of an inbound item as a row, and its line in the event table.

#include "gateway/ports/store.hpp"
#include "gateway/store/sqlite/engine.hpp"

#include <optional>
#include <string>

namespace gateway::store::sqlite {

/// As inbox_copy.state; below `acknowledged` it is open and holds its order up.
enum class CopyState { dead = -1, received = 1, leased = 2, acknowledged = 3, rejected = 4 };

constexpr int number_of(CopyState state) {
    return static_cast<int>(state);
}
core::InboundState inbound_state(CopyState);
/// Nothing of a state that no copy is in.
std::optional<CopyState> copy_state(core::InboundState);

/// Without what is sealed, unless `whole`.
std::string copy_columns(bool whole);
ports::InboxItem read_copy(const Rows& rows, bool whole);
std::optional<ports::InboxItem> load_copy(Database& db, const core::TenantId& tenant,
                                          const core::SystemId& system, core::InboxId id,
                                          bool whole);

/// The event's code is its name with "inbox." before it.
void append_inbox_event(Engine& engine, const core::TenantId& tenant, const ports::InboxItem& copy,
                        core::EventId id, const std::string& name, core::Time at,
                        const core::Params& params);

/// One copy more, received now.
void insert_copy(Engine& engine, const core::TenantId& tenant, ports::InboxItem copy,
                 const std::string& order_token, core::EventId event);

}   // namespace gateway::store::sqlite
