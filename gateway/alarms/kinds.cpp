#include "gateway/alarms/kinds.hpp"

#include <algorithm>

namespace gateway::alarms {

using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> table{
        {"messages_failed", "/failures", seconds(0)},
        {"receipts_overdue", "/messages", seconds(0)},
        {"messages_stuck", "/flow", seconds(0)},
        {"backlog_old", "/flow", seconds(0)},
        {"no_traffic", "/flow", seconds(0)},
        {"traffic_below", "/flow", seconds(0)},
        {"counts_differ", "/flow", minutes(2)},   // the two are not read at the same moment
        {"notice_failed", "/messages", seconds(0)},
        {"adapter_down", "/doctor", minutes(2)},
        {"poller_silent", "/doctor", seconds(0)},
        {"quarantined", "/quarantine", seconds(0)},
        {"scanner_down", "/doctor", seconds(0)},
        {"certificate_expiring", "/certificates", seconds(0)},
        {"secret_expiring", "/certificates", seconds(0)},
        {"disk_low", "/flow", minutes(1)},
        {"clock_skew", "/flow", minutes(2)},
        {"housekeeping_failed", "/flow", minutes(5)},
        {"webhook_disabled", "/systems", seconds(0)},
        {"quarantine_ends", "/quarantine", seconds(0)},
        {"access_log_rolled_back", "/reuse", seconds(0)}};
    return table;
}

const Kind* find_kind(std::string_view name) {
    const auto found = std::find_if(kinds().begin(), kinds().end(),
                                    [&](const Kind& kind) { return kind.name == name; });
    return found == kinds().end() ? nullptr : &*found;
}

core::Code code_of(std::string_view kind) {
    return core::Code("alarm." + std::string(kind));
}

std::string_view name(ports::AlarmSeverity severity) {
    switch (severity) {
    case ports::AlarmSeverity::notice: return "notice";
    case ports::AlarmSeverity::warning: return "warning";
    case ports::AlarmSeverity::critical: break;
    }
    return "critical";
}

}   // namespace gateway::alarms
