#pragma once

#include "gateway/ports/store_types.hpp"
#include "gateway/store/sqlite/database.hpp"

namespace gateway::store::sqlite {

/// What read_event() reads, with the tables it comes from; a WHERE follows.
inline constexpr const char* event_columns =
    "SELECT e.position, e.id, e.system, e.message, e.delivery, e.connection, e.state, e.at, "
    "e.name, e.code, e.params, e.sealed_params, e.next, k.wrapped, e.subscription, "
    "e.subject FROM event e LEFT JOIN content_key k ON k.tenant = e.tenant AND k.kind = 1 AND "
    "k.owner = e.message ";

ports::StoredEvent read_event(const Rows& rows, const core::TenantId& tenant);

}   // namespace gateway::store::sqlite
