#pragma once

// What is wrong, one rule a question. Pure: everything they judge is given, and so is the time.

#include "gateway/alarms/sighting.hpp"
#include "gateway/alarms/surroundings.hpp"
#include "gateway/core/alarms_config.hpp"
#include "gateway/core/message_retention.hpp"
#include "gateway/ports/failure_store.hpp"
#include "gateway/ports/retention_store.hpp"

#include <set>

namespace gateway::alarms {

/// One for each group of failures. What a person holds is no failure.
Sightings judge_failures(const std::vector<ports::FailureCount>& counts);
/// Failed messages and failures are kept apart and must agree.
Sightings judge_counts(const core::TenantId& tenant, const std::vector<ports::MessageCount>& states,
                       const std::vector<ports::FailureCount>& failures);
/// By connection: what nobody takes though it is due, and what has waited for too long. Where a
/// circuit is open nothing is taken, and that is an alarm of its own.
Sightings judge_waiting(const core::TenantId& tenant,
                        const std::vector<ports::WaitingMessage>& waiting,
                        const std::set<std::string>& shut, core::Time now,
                        const core::AlarmsConfig& config);
/// Receipts that are still missing, and decisions whose notice did not arrive and of which nothing
/// has come since.
Sightings judge_told(const core::TenantId& tenant, const std::vector<ports::ToldEvent>& told);
Sightings judge_connections(const std::vector<ConnectionSight>& connections);
/// Told at 60, 30, 14, 7 and 1 days, and when it is over.
Sightings judge_expiry(const std::vector<ExpirySight>& expiring, core::Time now);
Sightings judge_machine(const Surrounding& machine, const core::AlarmsConfig& config);
/// One for each municipality whose log was set back, of the furthest entry that was lost.
Sightings judge_logs(const std::vector<LogSight>& set_back);
/// What waits in quarantine and is soon kept no longer.
Sightings judge_quarantine(const core::TenantId& tenant, const ports::QuarantineEnding& ending,
                           core::Time now);
/// What lies in quarantine, by connection: nobody else will ever look at it.
Sightings judge_quarantined(const core::TenantId& tenant,
                            const std::vector<ports::QuarantinedItem>& waiting);
/// What its owner has not wished to be off.
Sightings judge_webhooks(const std::vector<ports::Subscription>& subscriptions);

}   // namespace gateway::alarms
