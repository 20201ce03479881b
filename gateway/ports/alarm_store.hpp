#pragma once

// Alarms as they are kept: one for each incident, whom it was told to, and what alarms are judged
// by that nothing else keeps. One watcher writes them; persons acknowledge. Errors as in
// ports/store.hpp.

#include "gateway/core/assert.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/state.hpp"
#include "gateway/core/time.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/task.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::ports {

/// What an incident is known by: at most one of a key is open.
struct AlarmKey {
    std::string kind;        // "adapter_down"
    core::TenantId tenant;   // empty: the installation's
    std::string subject;     // a connection, a group of failures, a certificate; never personal

    AlarmKey() = default;
    AlarmKey(std::string what, core::TenantId whose, std::string of)
        : kind(std::move(what)), tenant(std::move(whose)), subject(std::move(of)) {}
    friend auto operator<=>(const AlarmKey&, const AlarmKey&) = default;
};

enum class AlarmSeverity : std::uint8_t { notice = 1, warning = 2, critical = 3 };

struct AlarmAcknowledgement {
    std::string by;
    std::string why;
    core::Time at{};

    AlarmAcknowledgement() = default;
    friend bool operator==(const AlarmAcknowledgement&, const AlarmAcknowledgement&) = default;
};

struct Alarm {
    core::Uuid id;
    AlarmKey key;
    AlarmSeverity severity = AlarmSeverity::warning;
    core::SystemId system;   // empty: of none in particular
    core::Time opened{};
    core::Time last_seen{};
    std::optional<core::Time> resolved;
    std::optional<AlarmAcknowledgement> acknowledged;   // put_alarms() leaves it alone
    std::uint64_t count = 0;
    int step = 0;   // grows as it gets worse: each is told once
    core::Params params;

    Alarm() = default;
    friend bool operator==(const Alarm&, const Alarm&) = default;
};

enum class NoticeState : std::uint8_t {
    waiting = 1,
    begun = 2,   // an attempt was begun, and what came of it is not known
    told = 3,
    given_up = 4,
};

/// Something to tell one receiver, once.
struct AlarmNotice {
    core::Uuid alarm;     // all zeros: of none, a digest
    std::string event;    // "opened", "step-7", "resolved", "digest-2026-11-27"
    std::string target;   // the receiver's name in the configuration
    NoticeState state = NoticeState::waiting;
    int attempts = 0;
    core::Time made{};
    core::Time due{};
    core::Code code;   // why the last attempt failed

    AlarmNotice() = default;
    friend bool operator==(const AlarmNotice&, const AlarmNotice&) = default;
};

/// Alarms new or changed, and notices; those that are there already stay as they are.
struct AlarmStep {
    std::vector<Alarm> alarms;
    std::vector<AlarmNotice> notices;

    AlarmStep() = default;
};

struct AlarmQuery {
    std::vector<core::TenantId> tenants;   // none: all. The installation's are always among them
    std::optional<bool> open;
    std::size_t limit = 50;
    std::optional<std::pair<core::Time, core::Uuid>> after;   // behind this one, newest first

    AlarmQuery() = default;
};

/// Messages that a system sent of a type within one day.
struct TrafficDay {
    core::SystemId system;
    std::string type;
    std::int64_t day = 0;   // since 1970, of Norwegian standard time
    std::uint64_t count = 0;

    TrafficDay() = default;
    friend bool operator==(const TrafficDay&, const TrafficDay&) = default;
};

struct TrafficTally {
    core::TenantId tenant;
    core::Time until{};   // messages made before; later ones may not all be there yet
    std::size_t limit = 1000;

    TrafficTally() = default;
};

/// A message that is not handed over, as its newest delivery stands.
struct WaitingMessage {
    core::SystemId system;
    std::string type;
    std::string connection;   // empty: to be chosen
    core::Time created{};     // of the message
    int attempts = 0;
    std::optional<core::Time> wake;   // when it can be claimed
    bool claimed = false;

    WaitingMessage() = default;
};

/// An event that an alarm is judged by, and how its message stands now.
struct ToldEvent {
    core::MessageId message;
    core::SystemId system;
    std::string type;
    std::string connection;
    std::string name;   // "overdue" | "notice_alarm"
    core::Time at{};
    core::DeliveryState state = core::DeliveryState::queued;
    bool newest = false;   // the delivery it was about still is its message's

    ToldEvent() = default;
};

inline constexpr std::size_t alarms_open_max = 2000;
inline constexpr std::size_t waiting_read_max = 2000;
inline constexpr std::size_t told_read_max = 2000;

/// A day of Norwegian standard time.
inline std::int64_t traffic_day(core::Time at) {
    return std::chrono::floor<std::chrono::days>(at + std::chrono::hours(1))
        .time_since_epoch()
        .count();
}

class AlarmStore {
public:
    virtual ~AlarmStore() = default;

    /// All that are open, oldest first; at most alarms_open_max.
    virtual sdk::Task<sdk::Result<std::vector<Alarm>>> open_alarms() = 0;
    /// Newest first.
    virtual sdk::Task<sdk::Result<std::vector<Alarm>>> alarms(AlarmQuery query) = 0;
    virtual sdk::Task<sdk::Result<std::optional<Alarm>>> find_alarm(core::Uuid id) = 0;
    virtual sdk::Task<sdk::Result<void>> put_alarms(AlarmStep step) = 0;
    /// not_found | conflict: it has been acknowledged, or is resolved.
    virtual sdk::Task<sdk::Result<void>> acknowledge_alarm(core::Uuid id,
                                                           AlarmAcknowledgement how) = 0;
    /// Waiting or begun, and due; the first due first.
    virtual sdk::Task<sdk::Result<std::vector<AlarmNotice>>> notices_due(core::Time now,
                                                                         std::size_t limit) = 0;
    /// What is told of one alarm, in the order it was made.
    virtual sdk::Task<sdk::Result<std::vector<AlarmNotice>>> notices_of(core::Uuid alarm) = 0;
    /// How a notice stands now. not_found.
    virtual sdk::Task<sdk::Result<void>> put_notice(AlarmNotice notice) = 0;
    /// Alarms resolved before, and notices made before that are settled; traffic of days before.
    virtual sdk::Task<sdk::Result<void>> forget_alarms(core::Time before,
                                                       std::int64_t traffic_before) = 0;

    /// Counts messages that have not been counted, each once; true when there are more.
    virtual sdk::Task<sdk::Result<bool>> tally_traffic(TrafficTally tally) = 0;
    /// By system, type and day.
    virtual sdk::Task<sdk::Result<std::vector<TrafficDay>>> traffic(core::TenantId tenant) = 0;

    /// What waits, the oldest first of each state, without what has a first attempt still to come;
    /// of the oldest waiting_read_max of each.
    virtual sdk::Task<sdk::Result<std::vector<WaitingMessage>>> waiting(core::TenantId tenant,
                                                                        core::Time now) = 0;
    /// Overdue receipts and notices that failed, told since; at most told_read_max, newest first.
    virtual sdk::Task<sdk::Result<std::vector<ToldEvent>>> told(core::TenantId tenant,
                                                                core::Time since) = 0;
};

/// Every store keeps alarms too.
inline AlarmStore& alarms_of(Store& store) {
    auto* const alarms = dynamic_cast<AlarmStore*>(&store);
    GATEWAY_ASSERT(alarms != nullptr);
    return *alarms;
}

}   // namespace gateway::ports
