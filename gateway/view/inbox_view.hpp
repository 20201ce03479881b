#pragma once

// An inbound item as its system, and operators, see it.

#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/store_inbox_types.hpp"

#include <optional>
#include <string>

namespace gateway::view {

/// Ids, state and times: what needs no unsealing.
json::Value inbox_line(const ports::InboxItem& item);
/// All of it. What does not open is left out: `content` is null then.
json::Value inbox_item(const ports::InboxItem& item, const crypto::Vault& vault);

/// Leases as callers carry them: opaque to them.
std::string write_lease(core::Fence lease);
std::optional<core::Fence> read_lease(std::string_view text);

/// One day's counts for reconciliation: {"date","items":[{"system","type","total","states":{}}]}.
json::Value inbox_counts(std::string_view date, const std::vector<ports::InboxCount>& counts);
/// The day's beginning (UTC) of "2026-11-26"; nothing when it is no date.
std::optional<core::Time> day_of(std::string_view date);

}   // namespace gateway::view
