#pragma once

// Alarms as text/event-stream: those that are open, then each that is opened, changes or is over,
// as it does.

#include "gateway/admin/api.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace gateway::admin {

using AlarmsSeen = std::function<bool(const ports::Alarm&)>;

/// Of these tenants and the installation, or of all when there are none, those that are `seen`.
/// `news` tells of changes, as a hint. Ends when `stopping` says so, and by the connection's end.
std::unique_ptr<sdk::ByteSource> make_alarm_stream(const AdminParts& parts, runtime::Signal& news,
                                                   const std::atomic<bool>& stopping,
                                                   std::vector<core::TenantId> tenants,
                                                   AlarmsSeen seen, texts::Language language);

/// Where links of alarms lead, on the same listener.
inline constexpr std::string_view console_of_ours = "/console";

}   // namespace gateway::admin
