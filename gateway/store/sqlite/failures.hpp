#pragma once

// What fails, by kind: kept beside the deliveries, in the same transactions.

#include "gateway/ports/failure_store.hpp"
#include "gateway/store/delivery_rules.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <optional>
#include <vector>

namespace gateway::store::sqlite {

using core::Result;

/// Nothing when it does not stand there.
void remove_failure(Database&, const core::TenantId&, core::DeliveryId);
/// Nothing when it is not the newest of its message.
void add_failure(Database&, const DeliveryRecord&);

Result<std::vector<ports::FailureCount>> failures(Database&, const std::optional<core::TenantId>&);
Result<std::vector<ports::FailedDelivery>> failed(Database&, const ports::FailureQuery&);

}   // namespace gateway::store::sqlite
