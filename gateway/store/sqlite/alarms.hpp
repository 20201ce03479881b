#pragma once

// Alarms, what was told of them, and what they are judged by.

#include "gateway/ports/alarm_store.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <optional>
#include <vector>

namespace gateway::store::sqlite {

using core::Result;

Result<std::vector<ports::Alarm>> open_alarms(Database&);
Result<std::vector<ports::Alarm>> alarms(Database&, const ports::AlarmQuery&);
Result<std::optional<ports::Alarm>> find_alarm(Database&, const core::Uuid&);
Result<void> put_alarms(Database&, const ports::AlarmStep&);
Result<void> acknowledge_alarm(Database&, const core::Uuid&, const ports::AlarmAcknowledgement&);
Result<std::vector<ports::AlarmNotice>> notices_due(Database&, core::Time now, std::size_t limit);
Result<std::vector<ports::AlarmNotice>> notices_of(Database&, const core::Uuid& alarm);
Result<void> put_notice(Database&, const ports::AlarmNotice&);
Result<void> forget_alarms(Database&, core::Time before, std::int64_t traffic_before);

Result<bool> tally_traffic(Database&, const ports::TrafficTally&);
Result<std::vector<ports::TrafficDay>> traffic(Database&, const core::TenantId&);
Result<std::vector<ports::WaitingMessage>> waiting(Database&, const core::TenantId&,
                                                   core::Time now);
Result<std::vector<ports::ToldEvent>> told(Database&, const core::TenantId&, core::Time since);

}   // namespace gateway::store::sqlite
