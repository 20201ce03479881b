#pragma once

// How much has passed, by hour and day. What is counted is gathered by the Engine and written once
// a transaction for each figure, however many messages moved it.

#include "gateway/ports/flow_store.hpp"
#include "gateway/store/delivery_rules.hpp"
#include "gateway/store/sqlite/engine.hpp"

namespace gateway::store::sqlite {

using core::Result;

// Inside the writer's transaction, beside what they count.
void count_accepted(Engine&, const DeliveryRecord&, const std::string& type);
void count_received(Engine&, const core::TenantId&, const ports::InboxItem& copy);
/// `old`: what the new delivery replaces.
void count_retried(Engine&, const DeliveryRecord& old,
                   const std::optional<core::ConnectionId>& connection, core::Time at);
/// What a command did to a delivery; `taken_over`: another was opened instead.
void count_moved(Engine&, const DeliveryRecord& before, const DeliveryRecord& after, core::Time at,
                 bool taken_over);

Result<ports::FlowSeries> flow_series(Database&, const ports::FlowQuery&);
Result<std::vector<ports::FlowWay>> flow_ways(Database&, const ports::FlowQuery&);
Result<bool> keep_flow(Database&, std::int64_t apart, std::int64_t forget);

}   // namespace gateway::store::sqlite
