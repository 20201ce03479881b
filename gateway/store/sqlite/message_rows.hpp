#pragma once

#include "gateway/ports/store_types.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <optional>

namespace gateway::store::sqlite {

/// A message with all its deliveries, oldest first.
std::optional<ports::MessageView> load_message(Database& database, const core::TenantId& tenant,
                                               core::MessageId id);

}   // namespace gateway::store::sqlite
