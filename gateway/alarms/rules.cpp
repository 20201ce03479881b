#include "gateway/alarms/rules.hpp"

#include "gateway/alarms/working_days.hpp"
#include "gateway/core/params.hpp"
#include "gateway/failures/groups.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace gateway::alarms {
namespace {

using Severity = ports::AlarmSeverity;

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

template <class Unit>
std::string whole(core::Duration length) {
    return std::to_string(std::chrono::floor<Unit>(length).count());
}

/// How many, and the oldest.
struct Heap {
    std::uint64_t count = 0;
    core::Time oldest = core::Time::max();

    void add(core::Time at) {
        ++count;
        oldest = std::min(oldest, at);
    }
};

Sightings of_heaps(const char* kind, const char* unit, const core::TenantId& tenant,
                   const std::map<std::string, Heap>& heaps, core::Time now) {
    Sightings found;
    for (const auto& [connection, heap] : heaps) {
        Sighting one(kind, tenant, or_dash(connection));
        one.severity = Severity::critical;
        one.count = heap.count;
        const auto age = now - heap.oldest;
        const bool in_hours = std::string_view(unit) == "hours";
        one.params = {
            {"count", number(heap.count)},
            {"connection", or_dash(connection)},
            {unit, in_hours ? whole<std::chrono::hours>(age) : whole<std::chrono::minutes>(age)}};
        found.push_back(std::move(one));
    }
    return found;
}

struct ExpiryStage {
    int days;
    Severity severity;
};
constexpr std::array<ExpiryStage, 6> expiry_stages{{{60, Severity::warning},
                                                    {30, Severity::warning},
                                                    {14, Severity::warning},
                                                    {7, Severity::critical},
                                                    {1, Severity::critical},
                                                    {-1, Severity::critical}}};

}   // namespace

Sightings judge_failures(const std::vector<ports::FailureCount>& counts) {
    Sightings found;
    for (const auto& group : failures::groups_of(counts)) {
        if (group.cause.press == texts::Press::release) {
            continue;   // held
        }
        const auto& kind = group.kinds.front();
        Sighting one("messages_failed", kind.tenant, group.id);
        one.count = group.count;
        one.params = {{"count", number(group.count)},
                      {"connection", or_dash(kind.connection)},
                      {"type", kind.type},
                      {"cause", group.cause.id}};
        found.push_back(std::move(one));
    }
    return found;
}

Sightings judge_counts(const core::TenantId& tenant, const std::vector<ports::MessageCount>& states,
                       const std::vector<ports::FailureCount>& failures) {
    std::uint64_t messages = 0;
    for (const auto& one : states) {
        messages += one.tenant == tenant && ports::is_failure(one.state) ? one.count : 0;
    }
    std::uint64_t failing = 0;
    for (const auto& one : failures) {
        failing += one.kind.tenant == tenant ? one.count : 0;
    }
    // A list that was cut off says nothing.
    if (messages == failing || failures.size() >= ports::failure_kinds_max) {
        return {};
    }
    Sighting one("counts_differ", tenant, "failures");
    one.severity = Severity::critical;
    one.count = messages > failing ? messages - failing : failing - messages;
    one.params = {{"messages", number(messages)}, {"failures", number(failing)}};
    return {one};
}

Sightings judge_waiting(const core::TenantId& tenant,
                        const std::vector<ports::WaitingMessage>& waiting,
                        const std::set<std::string>& shut, core::Time now,
                        const core::AlarmsConfig& config) {
    std::map<std::string, Heap> stuck;
    std::map<std::string, Heap> old;
    for (const auto& one : waiting) {
        const bool due_long = one.wake && *one.wake + config.stuck_after <= now && !one.claimed;
        if (due_long && !shut.contains(one.connection)) {
            stuck[one.connection].add(*one.wake);
        }
        if (one.created + config.backlog_age_max <= now) {
            old[one.connection].add(one.created);
        }
    }
    auto found = of_heaps("messages_stuck", "minutes", tenant, stuck, now);
    for (auto& one : of_heaps("backlog_old", "hours", tenant, old, now)) {
        one.severity = Severity::warning;
        found.push_back(std::move(one));
    }
    return found;
}

Sightings judge_told(const core::TenantId& tenant, const std::vector<ports::ToldEvent>& told) {
    using State = core::DeliveryState;
    std::map<std::string, std::set<core::MessageId>> overdue;
    std::map<core::SystemId, std::set<core::MessageId>> unnoticed;
    for (const auto& one : told) {
        if (!one.newest) {
            continue;   // it has been sent anew: what became of this one concerns nobody
        }
        if (one.name == "overdue") {
            if (one.state == State::sent) {
                overdue[one.connection].insert(one.message);
            }
        } else if (one.state != State::read) {
            unnoticed[one.system].insert(one.message);
        }
    }
    Sightings found;
    for (const auto& [connection, messages] : overdue) {
        Sighting one("receipts_overdue", tenant, or_dash(connection));
        one.count = messages.size();
        one.params = {{"count", number(one.count)}, {"connection", or_dash(connection)}};
        found.push_back(std::move(one));
    }
    for (const auto& [system, messages] : unnoticed) {
        Sighting one("notice_failed", tenant, system.value);
        one.severity = Severity::critical;
        one.system = system;
        one.count = messages.size();
        one.params = {{"count", number(one.count)}};
        found.push_back(std::move(one));
    }
    return found;
}

Sightings judge_connections(const std::vector<ConnectionSight>& connections) {
    Sightings found;
    for (const auto& connection : connections) {
        const auto& health = connection.health;
        const auto& name = connection.id.value;
        if (health.code.value == "receiver.silent") {
            Sighting silent("poller_silent", connection.owner, name);
            silent.severity = Severity::critical;
            silent.params = {{"connection", name},
                             {"minutes", or_dash(core::param_of(health.params, "minutes"))}};
            found.push_back(std::move(silent));
        }
        const bool down = health.condition == sdk::Condition::down;
        if (connection.circuit_open || down) {
            Sighting one("adapter_down", connection.owner, name);
            one.severity = Severity::critical;
            const std::string said = health.code.value.empty() ? "down" : health.code.value;
            one.params = {{"connection", name},
                          {"reason", down ? said : std::string("upstream.circuit_open")}};
            found.push_back(std::move(one));
        }
    }
    return found;
}

Sightings judge_expiry(const std::vector<ExpirySight>& expiring, core::Time now) {
    Sightings found;
    for (const auto& one : expiring) {
        const auto days = std::chrono::floor<std::chrono::days>(one.at - now).count();
        int step = -1;
        for (std::size_t i = 0; i < expiry_stages.size(); ++i) {
            step = days <= expiry_stages[i].days ? static_cast<int>(i) : step;
        }
        if (step < 0) {
            continue;
        }
        Sighting sighting(one.certificate ? "certificate_expiring" : "secret_expiring", {},
                          one.name);
        sighting.step = step;
        sighting.severity = expiry_stages[static_cast<std::size_t>(step)].severity;
        sighting.params = {{"name", one.name},
                           {"days", std::to_string(days)},
                           {"date", date_of(std::chrono::floor<std::chrono::days>(one.at))}};
        found.push_back(std::move(sighting));
    }
    return found;
}

Sightings judge_machine(const Surrounding& machine, const core::AlarmsConfig& config) {
    Sightings found;
    if (machine.free_bytes && (machine.disk_full || *machine.free_bytes < config.disk_free_min)) {
        Sighting one("disk_low", {}, "data");
        one.severity = machine.disk_full ? Severity::critical : Severity::warning;
        one.step = machine.disk_full ? 1 : 0;
        one.params = {{"free_mib", number(*machine.free_bytes >> 20U)}};
        found.push_back(std::move(one));
    }
    if (machine.clock_skew && std::chrono::abs(*machine.clock_skew) > config.clock_skew_max) {
        Sighting one("clock_skew", {}, "clock");
        one.severity = Severity::critical;
        one.params = {{"seconds", std::to_string(machine.clock_skew->count())}};
        found.push_back(std::move(one));
    }
    if (machine.scanner_down) {
        Sighting one("scanner_down", {}, "scanner");
        one.severity = Severity::critical;
        found.push_back(std::move(one));
    }
    for (const auto& job : machine.jobs) {
        if (job.failed) {
            Sighting one("housekeeping_failed", {}, job.name);
            one.params = {{"job", job.name}};
            found.push_back(std::move(one));
        }
    }
    return found;
}

Sightings judge_logs(const std::vector<LogSight>& set_back) {
    std::map<core::TenantId, std::uint64_t> furthest;
    for (const auto& one : set_back) {
        auto& entry = furthest[one.tenant];
        entry = std::max(entry, one.entry);
    }
    Sightings found;
    for (const auto& [tenant, entry] : furthest) {
        Sighting one("access_log_rolled_back", tenant, "access-log");
        one.severity = Severity::critical;
        one.params = {{"entry", number(entry)}};
        found.push_back(std::move(one));
    }
    return found;
}

Sightings judge_quarantine(const core::TenantId& tenant, const ports::QuarantineEnding& ending,
                           core::Time now) {
    if (ending.count == 0) {
        return {};
    }
    const auto left = ending.told + core::quarantine_notice - now;
    const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
    Sighting one("quarantine_ends", tenant, "quarantine");
    one.count = ending.count;
    one.params = {{"count", number(ending.count)},
                  {"days", std::to_string(std::max<std::int64_t>(days, 0))}};
    return {one};
}

Sightings judge_quarantined(const core::TenantId& tenant,
                            const std::vector<ports::QuarantinedItem>& waiting) {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& one : waiting) {
        ++counts[one.connection.value];
    }
    Sightings found;
    for (const auto& [connection, count] : counts) {
        Sighting one("quarantined", tenant, connection);
        one.count = count;
        one.params = {{"count", number(count)}, {"connection", connection}};
        found.push_back(std::move(one));
    }
    return found;
}

Sightings judge_webhooks(const std::vector<ports::Subscription>& subscriptions) {
    Sightings found;
    for (const auto& one : subscriptions) {
        if (one.enabled || one.disabled_code.value.empty()) {
            continue;
        }
        Sighting sighting("webhook_disabled", one.tenant, one.id.to_string());
        sighting.system = one.system;
        sighting.params = {{"system", one.system.value}, {"reason", one.disabled_code.value}};
        found.push_back(std::move(sighting));
    }
    return found;
}

}   // namespace gateway::alarms
