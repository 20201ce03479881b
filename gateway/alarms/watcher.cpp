#include "gateway/alarms/watcher.hpp"

#include "gateway/alarms/kinds.hpp"
#include "gateway/alarms/rules.hpp"
#include "gateway/alarms/traffic.hpp"
#include "gateway/alarms/working_days.hpp"
#include "gateway/json/value.hpp"
#include "gateway/runtime/crash_point.hpp"

#include <algorithm>

namespace gateway::alarms {
namespace {

// A message has its time before it is durable: what is younger may not be there yet.
constexpr std::chrono::minutes settled_after{2};
constexpr int tally_rounds = 20;   // of a thousand messages each: what is behind catches up
// More than a person looks at: beyond it a figure is a minimum.
constexpr std::size_t quarantined_read_max = 200;
constexpr std::chrono::hours told_for{24 * 30};
constexpr std::chrono::hours kept_for{24 * 180};
constexpr std::chrono::hours traffic_kept_for{24 * 400};
constexpr std::chrono::hours forget_every{6};
// No connection can have this name.
const core::ConnectionId own_state{"@alarms"};

ports::AlarmNotice notice_for(const ports::Alarm& alarm, std::string event, std::string target,
                              core::Time now) {
    ports::AlarmNotice notice;
    notice.alarm = alarm.id;
    notice.event = std::move(event);
    notice.target = std::move(target);
    notice.made = now;
    notice.due = now;
    return notice;
}

void tell_receivers(const std::vector<core::AlarmReceiver>& receivers, const ports::Alarm& alarm,
                    const std::string& event, core::Time now, ports::AlarmStep& step) {
    for (const auto& receiver : receivers) {
        if (concerns(receiver, alarm)) {
            step.notices.push_back(notice_for(alarm, event, receiver.name, now));
        }
    }
}

}   // namespace

Watcher::Watcher(WatcherParts parts)
    : parts_(std::move(parts)),
      teller_(TellerParts{parts_.store, parts_.configuration, parts_.courier, parts_.clock,
                          parts_.log, parts_.metrics}) {}

sdk::Task<void> Watcher::run() {
    for (;;) {
        const auto looked = co_await look();
        parts_.metrics.count("sluse_alarm_looks_total", {{"outcome", looked ? "done" : "failed"}});
        if (!looked) {
            parts_.log.write(sdk::Severity::warning, "alarms_not_looked",
                             {{"why", looked.error().to_string()}});
        }
        const auto pace = parts_.configuration.current()->alarms.look_every;
        co_await parts_.clock.sleep_until(parts_.clock.steady() + pace);
    }
}

sdk::Task<core::Result<void>> Watcher::look() {
    const auto config = parts_.configuration.current();
    const auto now = parts_.clock.now();
    Look seen;
    const auto surrounding = co_await parts_.surroundings.look();
    seen.add(judge_connections(surrounding.connections));
    seen.add(judge_expiry(surrounding.expiring, now));
    seen.add(judge_machine(surrounding, config->alarms));
    if (surrounding.logs_set_back) {
        seen.add(judge_logs(*surrounding.logs_set_back));
    } else {
        for (const auto& [tenant, settings] : config->tenants) {
            seen.blind.emplace("access_log_rolled_back", tenant);
        }
    }
    std::set<std::string> shut;
    for (const auto& connection : surrounding.connections) {
        if (!connection.asked) {
            seen.blind.emplace("adapter_down", connection.owner);
            seen.blind.emplace("poller_silent", connection.owner);
        }
        if (connection.circuit_open) {
            shut.insert(connection.id.value);
        }
    }
    const auto failures =
        co_await ports::failures_of(parts_.store).failures(std::optional<core::TenantId>());
    if (!failures) {
        co_return failures.error();
    }
    seen.add(judge_failures(*failures));
    const auto subscriptions =
        co_await parts_.store.list_subscriptions(std::optional<core::TenantId>());
    if (!subscriptions) {
        co_return subscriptions.error();
    }
    seen.add(judge_webhooks(*subscriptions));
    for (const auto& [tenant, settings] : config->tenants) {
        co_await look_at_tenant(tenant, seen, *failures, shut);
        co_await look_at_traffic(tenant, seen);
    }
    auto kept = co_await keep(std::move(seen));
    if (!kept) {
        co_return kept.error();
    }
    kept = co_await plan_digests();
    if (!kept) {
        co_return kept.error();
    }
    if (!took_over_) {
        kept = co_await teller_.take_over();
        if (!kept) {
            co_return kept.error();
        }
        took_over_ = true;
    }
    co_return co_await teller_.tell_due();
}

void Watcher::blind(Look& look, const core::TenantId& tenant,
                    std::initializer_list<const char*> kinds, const core::Failure& why) {
    for (const char* kind : kinds) {
        look.blind.emplace(kind, tenant);
    }
    parts_.log.write(sdk::Severity::warning, "alarms_blind",
                     {{"tenant", tenant.value}, {"why", why.to_string()}});
}

sdk::Task<void> Watcher::look_at_tenant(core::TenantId tenant, Look& into,
                                        const std::vector<ports::FailureCount>& failures,
                                        const std::set<std::string>& shut) {
    auto& alarms = ports::alarms_of(parts_.store);
    const auto config = parts_.configuration.current();
    const auto now = parts_.clock.now();
    const auto waiting = co_await alarms.waiting(tenant, now);
    if (waiting) {
        into.add(judge_waiting(tenant, *waiting, shut, now, config->alarms));
    } else {
        blind(into, tenant, {"messages_stuck", "backlog_old"}, waiting.error());
    }
    const auto told = co_await alarms.told(tenant, now - told_for);
    if (told) {
        into.add(judge_told(tenant, *told));
    } else {
        blind(into, tenant, {"receipts_overdue", "notice_failed"}, told.error());
    }
    ports::QuarantineQuery unsettled;
    unsettled.tenant = tenant;
    unsettled.limit = quarantined_read_max;
    const auto quarantined = co_await parts_.store.quarantined(std::move(unsettled));
    if (quarantined) {
        into.add(judge_quarantined(tenant, *quarantined));
    } else {
        blind(into, tenant, {"quarantined"}, quarantined.error());
    }
    const auto counts = co_await parts_.store.message_counts(tenant);
    if (counts) {
        into.add(judge_counts(tenant, *counts, failures));
    } else {
        blind(into, tenant, {"counts_differ"}, counts.error());
    }
    if (auto* const retention = ports::retention_store_of(parts_.store)) {
        const auto ending = co_await retention->quarantine_ending(tenant);
        if (ending) {
            into.add(judge_quarantine(tenant, *ending, now));
        } else {
            blind(into, tenant, {"quarantine_ends"}, ending.error());
        }
    }
}

sdk::Task<void> Watcher::look_at_traffic(core::TenantId tenant, Look& into) {
    auto& alarms = ports::alarms_of(parts_.store);
    const auto now = parts_.clock.now();
    ports::TrafficTally tally;
    tally.tenant = tenant;
    tally.until = now - settled_after;
    core::Result<bool> more = true;
    for (int i = 0; i < tally_rounds && more && *more; ++i) {
        more = co_await alarms.tally_traffic(tally);
    }
    if (!more || *more) {
        // Behind: silence may only be what has not been counted.
        const auto why =
            more ? core::Failure(core::Errc::unavailable, "messages are still being counted")
                 : more.error();
        blind(into, tenant, {"no_traffic", "traffic_below"}, why);
        co_return;
    }
    auto by_day = co_await alarms.traffic(tenant);
    const auto since = co_await counted_since(tenant);
    if (!by_day || !since) {
        blind(into, tenant, {"no_traffic", "traffic_below"},
              by_day ? since.error() : by_day.error());
        co_return;
    }
    TrafficSight sight;
    sight.tenant = tenant;
    sight.days = std::move(*by_day);
    sight.today = norwegian_time(now).day;
    sight.since = *since;
    for (const auto& one : sight.days) {
        sight.since = std::min(sight.since, std::chrono::sys_days(std::chrono::days(one.day)));
    }
    into.add(judge_traffic(sight, parts_.configuration.current()->alarms));
}

/// Kept from the first look at a municipality: silence before it says nothing.
sdk::Task<core::Result<std::chrono::sys_days>> Watcher::counted_since(core::TenantId tenant) {
    const std::string key = "counted since " + tenant.value;
    const auto kept = co_await parts_.store.get_state(own_state, key);
    if (!kept) {
        co_return kept.error();
    }
    const auto today = norwegian_time(parts_.clock.now()).day;
    if (kept->version != 0) {
        const auto at = core::parse_rfc3339(kept->value);
        co_return at ? std::chrono::floor<std::chrono::days>(*at) : today;
    }
    const auto put =
        co_await parts_.store.put_state(own_state, key, core::to_rfc3339(core::Time(today)), 0);
    if (!put) {
        co_return put.error();
    }
    co_return today;
}

sdk::Task<core::Result<void>> Watcher::keep(Look seen) {
    auto& alarms = ports::alarms_of(parts_.store);
    const auto config = parts_.configuration.current();
    const auto now = parts_.clock.now();
    const auto open = co_await alarms.open_alarms();
    if (!open) {
        co_return open.error();
    }
    const auto change = incidents_.look(seen, *open, now, config->alarms.resolve_after, parts_.ids);
    ports::AlarmStep step;
    const auto& receivers = config->alarms.receivers;
    for (const auto& alarm : change.opened) {
        step.alarms.push_back(alarm);
        tell_receivers(receivers, alarm, "opened", now, step);
        parts_.log.write(sdk::Severity::warning, "alarm_opened",
                         {{"alarm", alarm.id.to_string()},
                          {"kind", alarm.key.kind},
                          {"tenant", alarm.key.tenant.value},
                          {"subject", alarm.key.subject}});
    }
    for (const auto& alarm : change.worse) {
        step.alarms.push_back(alarm);
        tell_receivers(receivers, alarm, "step-" + std::to_string(alarm.step), now, step);
    }
    step.alarms.insert(step.alarms.end(), change.seen.begin(), change.seen.end());
    for (const auto& alarm : change.over) {
        // Whoever was told of it, and nobody else, is told that it is over.
        const auto told = co_await alarms.notices_of(alarm.id);
        if (!told) {
            co_return told.error();
        }
        std::set<std::string> targets;
        for (const auto& notice : *told) {
            if (notice.state != ports::NoticeState::given_up &&
                targets.insert(notice.target).second) {
                step.notices.push_back(notice_for(alarm, "resolved", notice.target, now));
            }
        }
        step.alarms.push_back(alarm);
        parts_.log.write(sdk::Severity::info, "alarm_over",
                         {{"alarm", alarm.id.to_string()}, {"kind", alarm.key.kind}});
    }
    std::map<std::string, double> by_kind;
    for (const auto& kind : kinds()) {
        by_kind[std::string(kind.name)] = 0;
    }
    for (const auto& alarm : *open) {
        by_kind[alarm.key.kind] += 1;
    }
    for (const auto& alarm : change.opened) {
        by_kind[alarm.key.kind] += 1;
    }
    for (const auto& alarm : change.over) {
        by_kind[alarm.key.kind] -= 1;
    }
    for (const auto& [kind, count] : by_kind) {
        parts_.metrics.gauge("sluse_alarms_open", {{"kind", kind}}, count);
    }
    if (forgot_ + forget_every <= now) {
        forgot_ = now;
        const auto forgotten = co_await alarms.forget_alarms(
            now - kept_for, ports::traffic_day(now - traffic_kept_for));
        if (!forgotten) {
            co_return forgotten.error();
        }
    }
    if (step.alarms.empty() && step.notices.empty()) {
        co_return core::Result<void>();
    }
    const auto put = co_await alarms.put_alarms(std::move(step));
    GATEWAY_CRASH_POINT("alarm.kept");
    if (put && parts_.changed) {
        parts_.changed();
    }
    co_return put;
}

sdk::Task<core::Result<void>> Watcher::plan_digests() {
    const auto config = parts_.configuration.current();
    const auto now = parts_.clock.now();
    const auto local = norwegian_time(now);
    if (local.minute < config->alarms.digest_at || digested_ == local.day) {
        co_return core::Result<void>();
    }
    ports::AlarmStep step;
    const std::string event = std::string(digest_event) + date_of(local.day);
    const ports::Alarm none;
    for (const auto& receiver : config->alarms.digests) {
        step.notices.push_back(notice_for(none, event, receiver.name, now));
    }
    if (!step.notices.empty()) {
        const auto put = co_await ports::alarms_of(parts_.store).put_alarms(std::move(step));
        if (!put) {
            co_return put.error();
        }
    }
    digested_ = local.day;
    co_return core::Result<void>();
}

}   // namespace gateway::alarms
