#include "gateway/alarms/rules.hpp"

#include "gateway/alarms/traffic.hpp"
#include "gateway/alarms/working_days.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

const core::TenantId oslo{"958935420"};
const core::SystemId sender_system{"acos"};
const core::Time noon = core::parse_rfc3339("2026-11-27T12:00:00Z").value();

std::string param_of(const alarms::Sighting& one, const std::string& name) {
    for (const auto& [key, value] : one.params) {
        if (key == name) {
            return value;
        }
    }
    return "none";
}

std::chrono::sys_days day_at(const char* date) {
    return std::chrono::floor<std::chrono::days>(
        core::parse_rfc3339(std::string(date) + "T00:00:00Z").value());
}

ports::FailureCount failing(const char* code, std::uint64_t count) {
    ports::FailureCount one;
    one.kind.tenant = oslo;
    one.kind.code = code;
    one.kind.connection = "altinn-prod";
    one.kind.type = "letter/v1";
    one.count = count;
    return one;
}

ports::MessageCount standing(core::DeliveryState state, std::uint64_t count) {
    ports::MessageCount one;
    one.tenant = oslo;
    one.system = sender_system;
    one.state = state;
    one.count = count;
    return one;
}

/// One letter on each of these days.
alarms::TrafficSight traffic_on(const std::vector<std::chrono::sys_days>& days, const char* today) {
    alarms::TrafficSight sight;
    sight.tenant = oslo;
    sight.today = day_at(today);
    sight.since = day_at("2026-01-01");
    for (const auto day : days) {
        ports::TrafficDay one;
        one.system = sender_system;
        one.type = "letter/v1";
        one.day = day.time_since_epoch().count();
        one.count = 1;
        sight.days.push_back(one);
    }
    return sight;
}

std::vector<std::chrono::sys_days> working_days_of(const char* from, const char* until) {
    std::vector<std::chrono::sys_days> days;
    for (auto day = day_at(from); day <= day_at(until); day += std::chrono::days(1)) {
        if (alarms::is_working_day(day)) {
            days.push_back(day);
        }
    }
    return days;
}

}   // namespace

TEST_CASE("alarms: one for each group of failures, none for what a person holds") {
    const auto found = alarms::judge_failures(
        {failing("maskinporten.mp_200", 41), failing("altinn.reserved", 2), failing("held", 3)});
    REQUIRE(found.size() == 2);
    CHECK(found[0].key.kind == "messages_failed");
    CHECK(found[0].key.tenant == oslo);
    CHECK(found[0].count == 41);
    CHECK(param_of(found[0], "cause") == "maskinporten.mp_200");
    CHECK(found[0].key.subject != found[1].key.subject);
}

TEST_CASE("alarms: failed messages and failures are counted apart and must agree") {
    using State = core::DeliveryState;
    const std::vector states{standing(State::failed, 40), standing(State::held, 1),
                             standing(State::sent, 9)};
    CHECK(alarms::judge_counts(oslo, states, {failing("a.b", 41)}).empty());
    const auto found = alarms::judge_counts(oslo, states, {failing("a.b", 39)});
    REQUIRE(found.size() == 1);
    CHECK(found[0].count == 2);
    CHECK(param_of(found[0], "messages") == "41");
}

TEST_CASE(
    "alarms: what nobody takes is stuck, but for where a circuit is open; what waits is old") {
    core::AlarmsConfig config;
    ports::WaitingMessage one;
    one.connection = "altinn-prod";
    one.created = noon - 5h;
    one.wake = noon - 20min;
    auto found = alarms::judge_waiting(oslo, {one, one}, {}, noon, config);
    REQUIRE(found.size() == 2);
    CHECK(found[0].key.kind == "messages_stuck");
    CHECK(param_of(found[0], "minutes") == "20");
    CHECK(found[0].count == 2);
    CHECK(found[1].key.kind == "backlog_old");
    CHECK(param_of(found[1], "hours") == "5");
    found = alarms::judge_waiting(oslo, {one}, {"altinn-prod"}, noon, config);
    REQUIRE(found.size() == 1);
    CHECK(found[0].key.kind == "backlog_old");
    one.claimed = true;
    one.created = noon - 1h;
    CHECK(alarms::judge_waiting(oslo, {one}, {}, noon, config).empty());
    one.claimed = false;
    one.wake = noon + 1h;
    CHECK(alarms::judge_waiting(oslo, {one}, {}, noon, config).empty());
}

TEST_CASE(
    "alarms: a receipt is overdue until it comes, a notice of a decision until it is mended") {
    ports::ToldEvent one;
    one.message = core::MessageId(core::Uuid{});
    one.system = sender_system;
    one.connection = "altinn-prod";
    one.name = "overdue";
    one.state = core::DeliveryState::sent;
    one.newest = true;
    const auto overdue = alarms::judge_told(oslo, {one, one});
    REQUIRE(overdue.size() == 1);
    CHECK(overdue[0].key.kind == "receipts_overdue");
    CHECK(overdue[0].count == 1);
    one.state = core::DeliveryState::delivered;
    CHECK(alarms::judge_told(oslo, {one}).empty());
    one.name = "notice_alarm";
    const auto unnoticed = alarms::judge_told(oslo, {one});
    REQUIRE(unnoticed.size() == 1);
    CHECK(unnoticed[0].key.kind == "notice_failed");
    CHECK(unnoticed[0].system == sender_system);
    one.newest = false;
    CHECK(alarms::judge_told(oslo, {one}).empty());
}

TEST_CASE("alarms: a connection that is down, one whose circuit is open, and one that is silent") {
    alarms::ConnectionSight open;
    open.id = core::ConnectionId("altinn-prod");
    open.circuit_open = true;
    alarms::ConnectionSight down;
    down.id = core::ConnectionId("krr");
    down.owner = oslo;
    down.health = sdk::Health(sdk::Condition::down, core::Code("connection.not_started"));
    alarms::ConnectionSight silent;
    silent.id = core::ConnectionId("fiks");
    silent.health =
        sdk::Health(sdk::Condition::degraded, core::Code("receiver.silent"), {{"minutes", "15"}});
    alarms::ConnectionSight well;
    well.id = core::ConnectionId("echo");
    const auto found = alarms::judge_connections({open, down, silent, well});
    REQUIRE(found.size() == 3);
    CHECK(found[0].key == ports::AlarmKey("adapter_down", {}, "altinn-prod"));
    CHECK(param_of(found[0], "reason") == "upstream.circuit_open");
    CHECK(found[1].key == ports::AlarmKey("adapter_down", oslo, "krr"));
    CHECK(param_of(found[1], "reason") == "connection.not_started");
    CHECK(found[2].key.kind == "poller_silent");
    CHECK(param_of(found[2], "minutes") == "15");
}

TEST_CASE("alarms: what expires is told at 60, 30, 14, 7 and 1 days, and when it is over") {
    const auto step_at = [](int days) {
        alarms::ExpirySight one;
        one.name = "connection.altinn-prod";
        one.at = noon + std::chrono::days(days) + 1h;
        const auto found = alarms::judge_expiry({one}, noon);
        return found.empty() ? -1 : found[0].step;
    };
    CHECK(step_at(61) == -1);
    CHECK(step_at(60) == 0);
    CHECK(step_at(31) == 0);
    CHECK(step_at(30) == 1);
    CHECK(step_at(14) == 2);
    CHECK(step_at(7) == 3);
    CHECK(step_at(2) == 3);
    CHECK(step_at(1) == 4);
    CHECK(step_at(-1) == 5);
    alarms::ExpirySight secret;
    secret.name = "KS";
    secret.certificate = false;
    secret.at = noon + 24h * 10;
    const auto found = alarms::judge_expiry({secret}, noon);
    REQUIRE(found.size() == 1);
    CHECK(found[0].key.kind == "secret_expiring");
    CHECK(param_of(found[0], "date") == "2026-12-07");
}

TEST_CASE("alarms: the machine's disk, clock and housekeeping, and a webhook that is off") {
    core::AlarmsConfig config;
    alarms::Surrounding machine;
    machine.free_bytes = 5ULL << 30U;
    machine.clock_skew = 4s;
    machine.jobs.emplace_back("collect_documents", false);
    CHECK(alarms::judge_machine(machine, config).empty());
    machine.free_bytes = 1ULL << 30U;
    machine.clock_skew = -31s;
    machine.scanner_down = true;
    machine.jobs.emplace_back("collect_uploads", true);
    const auto found = alarms::judge_machine(machine, config);
    REQUIRE(found.size() == 4);
    CHECK(param_of(found[0], "free_mib") == "1024");
    CHECK(param_of(found[1], "seconds") == "-31");
    CHECK(found[2].key.kind == "scanner_down");
    CHECK(found[3].key.subject == "collect_uploads");

    CHECK(alarms::judge_logs({}).empty());
    alarms::LogSight near;
    near.tenant = oslo;
    near.entry = 6;
    auto far = near;
    far.entry = 9;
    const auto back = alarms::judge_logs({far, near});
    REQUIRE(back.size() == 1);
    CHECK(back[0].key == ports::AlarmKey("access_log_rolled_back", oslo, "access-log"));
    CHECK(param_of(back[0], "entry") == "9");

    CHECK(alarms::judge_quarantined(oslo, {}).empty());
    ports::QuarantinedItem odd;
    odd.connection = core::ConnectionId("altinn-forms");
    const auto aside = alarms::judge_quarantined(oslo, {odd, odd});
    REQUIRE(aside.size() == 1);
    CHECK(aside[0].key == ports::AlarmKey("quarantined", oslo, "altinn-forms"));
    CHECK(param_of(aside[0], "count") == "2");

    ports::Subscription off;
    off.tenant = oslo;
    off.system = sender_system;
    off.enabled = false;
    CHECK(alarms::judge_webhooks({off}).empty());   // its owner's wish
    off.disabled_code = core::Code("subscription.failing");
    CHECK(alarms::judge_webhooks({off}).size() == 1);
}

TEST_CASE("alarms: Norwegian working days know Easter, Whitsun and the seventeenth of May") {
    for (const char* holiday :
         {"2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-17",
          "2026-05-25", "2026-12-25", "2027-03-25", "2027-01-01", "2026-11-28", "2026-11-29"}) {
        INFO(holiday);
        CHECK_FALSE(alarms::is_working_day(day_at(holiday)));
    }
    for (const char* day : {"2026-04-01", "2026-04-07", "2026-05-18", "2026-12-24"}) {
        INFO(day);
        CHECK(alarms::is_working_day(day_at(day)));
    }
    CHECK(alarms::working_days_between(day_at("2026-04-01"), day_at("2026-04-07")) == 1);
    const auto winter = alarms::norwegian_time(noon);
    CHECK(winter.minute == 13h);
    const auto summer = alarms::norwegian_time(core::parse_rfc3339("2026-07-01T22:30:00Z").value());
    CHECK(summer.day == day_at("2026-07-02"));
    CHECK(summer.minute == 30min);
}

TEST_CASE("alarms: a system that sends fewer than it is set to is an alarm, holidays aside") {
    core::AlarmsConfig config;
    config.learn_traffic = false;
    core::TrafficRule rule;
    rule.tenant = oslo;
    rule.system = sender_system;
    rule.type = "letter/v1";
    config.traffic.push_back(rule);
    // Wednesday before Easter, looked at on Wednesday after it: Tuesday and Wednesday are worked
    // on.
    const auto sight = traffic_on({day_at("2026-04-01")}, "2026-04-08");
    CHECK(alarms::judge_traffic(sight, config).empty());
    const auto later = traffic_on({day_at("2026-04-01")}, "2026-04-10");
    const auto found = alarms::judge_traffic(later, config);
    REQUIRE(found.size() == 1);
    CHECK(found[0].key.subject == "acos letter/v1");
    CHECK(found[0].system == sender_system);
    auto young = later;
    young.since = day_at("2026-04-09");
    CHECK(alarms::judge_traffic(young, config).empty());
}

TEST_CASE(
    "alarms: a system that falls silent for longer than it ever did is an alarm, for months") {
    const core::AlarmsConfig config;
    const auto busy = working_days_of("2026-01-05", "2026-03-13");
    CHECK(alarms::judge_traffic(traffic_on(busy, "2026-03-17"), config).empty());
    const auto found = alarms::judge_traffic(traffic_on(busy, "2026-03-18"), config);
    REQUIRE(found.size() == 1);
    CHECK(found[0].key.kind == "no_traffic");
    CHECK(param_of(found[0], "days") == "2");
    CHECK(param_of(found[0], "usual") == "0");
    CHECK(alarms::judge_traffic(traffic_on(busy, "2026-06-30"), config).size() == 1);
    // Once a week is its way: one missed week is none yet.
    std::vector<std::chrono::sys_days> weekly;
    for (auto day = day_at("2026-01-07"); day <= day_at("2026-03-11");
         day += std::chrono::days(7)) {
        weekly.push_back(day);
    }
    CHECK(alarms::judge_traffic(traffic_on(weekly, "2026-03-20"), config).empty());
    CHECK(alarms::judge_traffic(traffic_on(weekly, "2026-03-26"), config).size() == 1);
    // Three weeks are too short to learn from.
    const auto young = working_days_of("2026-02-23", "2026-03-13");
    CHECK(alarms::judge_traffic(traffic_on(young, "2026-04-30"), config).empty());
}

TEST_CASE(
    "alarms: what waits in quarantine and is soon kept no longer is told of, with the days left") {
    ports::QuarantineEnding ending;
    const core::TenantId whose("310001007");
    const auto told = core::Time(24h * 20'000);
    CHECK(alarms::judge_quarantine(whose, ending, told).empty());
    ending.count = 3;
    ending.told = told;
    const auto found = alarms::judge_quarantine(whose, ending, told + 24h * 4);
    REQUIRE(found.size() == 1);
    CHECK(found.front().key.kind == "quarantine_ends");
    CHECK(found.front().count == 3);
    CHECK(found.front().params == core::Params{{"count", "3"}, {"days", "10"}});
    // Past its term, and held back: it is still told of.
    CHECK(alarms::judge_quarantine(whose, ending, told + 24h * 40).front().params ==
          core::Params{{"count", "3"}, {"days", "0"}});
}
