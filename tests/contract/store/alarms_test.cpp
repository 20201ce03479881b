#include "gateway/ports/alarm_store.hpp"
#include "worlds.hpp"

using namespace tests;

namespace {

template <class Kind>
ports::AlarmStore& of(World<Kind>& world) {
    return ports::alarms_of(*world.store);
}

template <class Kind>
ports::Alarm alarm(World<Kind>& world, const core::TenantId& tenant, const char* subject) {
    ports::Alarm one;
    one.id = world.ids->uuid();
    one.key = ports::AlarmKey("adapter_down", tenant, subject);
    one.opened = world.now();
    one.last_seen = world.now();
    one.count = 3;
    one.params = {{"connection", subject}};
    return one;
}

template <class Kind>
void put(World<Kind>& world, std::vector<ports::Alarm> alarms,
         std::vector<ports::AlarmNotice> notices = {}) {
    ports::AlarmStep step;
    step.alarms = std::move(alarms);
    step.notices = std::move(notices);
    world.ok(of(world).put_alarms(std::move(step)));
}

ports::AlarmNotice notice_of(const ports::Alarm& alarm, const char* event, const char* target) {
    ports::AlarmNotice one;
    one.alarm = alarm.id;
    one.event = event;
    one.target = target;
    one.made = alarm.last_seen;
    one.due = alarm.last_seen;
    return one;
}

template <class Kind>
ports::AcceptCommand sent_at(World<Kind>& world, core::Time at, const core::SystemId& system) {
    auto letter = world.letter(oslo);
    letter.system = system;
    letter.at = at;
    world.accept(letter);
    return letter;
}

}   // namespace

TEMPLATE_TEST_CASE("store: alarms stay as they were written, the newest first by page",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto first = alarm(world, oslo, "altinn-prod");
    world.clock.advance(1s);
    const auto second = alarm(world, core::TenantId(), "disk");
    world.clock.advance(1s);
    auto third = alarm(world, bergen, "svarut-prod");
    put(world, {first, second, third});
    CHECK(world.run(of(world).open_alarms()).value() == std::vector{first, second, third});
    CHECK(world.run(of(world).find_alarm(second.id)).value() == second);

    third.resolved = world.now();
    third.step = 2;
    put(world, {third});
    CHECK(world.run(of(world).open_alarms()).value() == std::vector{first, second});

    ports::AlarmQuery query;
    query.limit = 2;
    CHECK(world.run(of(world).alarms(query)).value() == std::vector{third, second});
    query.after = std::pair(second.opened, second.id);
    CHECK(world.run(of(world).alarms(query)).value() == std::vector{first});
    query.after.reset();
    query.tenants = {oslo};
    CHECK(world.run(of(world).alarms(query)).value() == std::vector{second, first});
    query.tenants.clear();
    query.open = false;
    CHECK(world.run(of(world).alarms(query)).value() == std::vector{third});
}

TEMPLATE_TEST_CASE("store: an alarm is acknowledged once, and the watcher does not undo it",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto one = alarm(world, oslo, "altinn-prod");
    put(world, {one});
    ports::AlarmAcknowledgement how;
    how.by = "root";
    how.why = "varslet Digdir";
    how.at = world.now();
    world.ok(of(world).acknowledge_alarm(one.id, how));
    CHECK(world.run(of(world).acknowledge_alarm(one.id, how)).error().is(Errc::conflict));
    CHECK(
        world.run(of(world).acknowledge_alarm(world.ids->uuid(), how)).error().is(Errc::not_found));
    one.count = 9;
    put(world, {one});
    const auto kept = world.run(of(world).find_alarm(one.id)).value();
    REQUIRE(kept);
    CHECK(kept->acknowledged == how);
    CHECK(kept->count == 9);
}

TEMPLATE_TEST_CASE("store: a notice is made once, and is due until it is told or given up",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto one = alarm(world, oslo, "altinn-prod");
    auto notice = notice_of(one, "opened", "drift");
    put(world, {one}, {notice});
    notice.state = ports::NoticeState::begun;
    notice.attempts = 1;
    notice.due = world.now() + 60s;
    world.ok(of(world).put_notice(notice));
    put(world, {}, {notice_of(one, "opened", "drift"), notice_of(one, "opened", "vakt")});
    CHECK(world.run(of(world).notices_due(world.now(), 10)).value().size() == 1);
    world.clock.advance(60s);
    const auto due = world.run(of(world).notices_due(world.now(), 10)).value();
    REQUIRE(due.size() == 2);
    CHECK(due[1] == notice);
    notice.state = ports::NoticeState::told;
    world.ok(of(world).put_notice(notice));
    CHECK(world.run(of(world).notices_due(world.now(), 10)).value().size() == 1);
    CHECK(world.run(of(world).notices_of(one.id)).value().size() == 2);
    notice.target = "ingen";
    CHECK(world.run(of(world).put_notice(notice)).error().is(Errc::not_found));
}

TEMPLATE_TEST_CASE("store: what is over and told is forgotten, what is open stays", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    auto over = alarm(world, oslo, "altinn-prod");
    over.resolved = world.now();
    const auto open = alarm(world, oslo, "svarut-prod");
    auto told = notice_of(open, "opened", "drift");
    told.state = ports::NoticeState::told;
    put(world, {over, open}, {told});
    world.clock.advance(24h);
    world.ok(of(world).forget_alarms(world.now(), 0));
    CHECK_FALSE(world.run(of(world).find_alarm(over.id)).value());
    CHECK(world.run(of(world).find_alarm(open.id)).value());
    CHECK(world.run(of(world).notices_of(open.id)).value().size() == 1);
}

TEMPLATE_TEST_CASE("store: each message is counted once, on the day it was made", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto start = world.now();
    for (int i = 0; i < 3; ++i) {
        sent_at(world, start + i * 1s, visma);
    }
    sent_at(world, start + 24h, gerica);
    ports::TrafficTally tally;
    tally.tenant = oslo;
    tally.until = start + 48h;
    tally.limit = 3;
    CHECK(world.run(of(world).tally_traffic(tally)).value());
    CHECK_FALSE(world.run(of(world).tally_traffic(tally)).value());
    CHECK_FALSE(world.run(of(world).tally_traffic(tally)).value());
    const auto days = world.run(of(world).traffic(oslo)).value();
    REQUIRE(days.size() == 2);
    CHECK(days[0].system == gerica);
    CHECK(days[0].count == 1);
    CHECK(days[1].count == 3);
    CHECK(days[1].day == ports::traffic_day(start));
    CHECK(days[0].day == days[1].day + 1);
    world.ok(of(world).forget_alarms(start, days[0].day));
    CHECK(world.run(of(world).traffic(oslo)).value().size() == 1);
}

TEMPLATE_TEST_CASE("store: what waits is there, but for what has its first attempt to come",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto now_due = world.letter(oslo);
    world.accept(now_due);
    auto later = world.letter(oslo);
    later.delivery.due = world.now() + 48h;
    world.accept(later);
    auto waiting = world.run(of(world).waiting(oslo, world.now())).value();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].attempts == 0);
    CHECK_FALSE(waiting[0].claimed);
    CHECK(waiting[0].created == now_due.at);
    CHECK(world.run(of(world).waiting(bergen, world.now())).value().empty());
    waiting = world.run(of(world).waiting(oslo, world.now() + 49h)).value();
    CHECK(waiting.size() == 2);
}

TEMPLATE_TEST_CASE("store: what alarms are judged by is found among the events", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto claimed = world.begun(letter);
    auto end = world.finish(claimed, DeliveryState::sent, Work::receipts);
    end.events.push_back(world.event("overdue"));
    world.ok(world.store->finish(end));
    const auto told = world.run(of(world).told(oslo, world.now() - 1h)).value();
    REQUIRE(told.size() == 1);
    CHECK(told[0].message == letter.message);
    CHECK(told[0].name == "overdue");
    CHECK(told[0].state == DeliveryState::sent);
    CHECK(told[0].newest);
    CHECK(world.run(of(world).told(oslo, world.now() + 1h)).value().empty());
}
