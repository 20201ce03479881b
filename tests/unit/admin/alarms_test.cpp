#include "gateway/ports/alarm_store.hpp"
#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

using namespace tests::admin;

namespace {

ports::Alarm put_alarm(World& world, const std::string& tenant, const char* kind,
                       const char* subject, core::Params params) {
    ports::Alarm alarm;
    alarm.id = world.ids->uuid();
    alarm.key = ports::AlarmKey(kind, core::TenantId(tenant), subject);
    alarm.severity = ports::AlarmSeverity::critical;
    alarm.opened = world.clock.now();
    alarm.last_seen = alarm.opened;
    alarm.count = 3;
    alarm.params = std::move(params);
    ports::AlarmStep step;
    step.alarms.push_back(alarm);
    run(world.io, ports::alarms_of(*world.store).put_alarms(std::move(step))).value();
    world.clock.advance(std::chrono::seconds(1));
    return alarm;
}

ports::Alarm put_down(World& world, const std::string& tenant = {}) {
    return put_alarm(world, tenant, "adapter_down", "altinn-test",
                     {{"connection", "altinn-test"}, {"reason", "circuit.open"}});
}

std::string path_of(const ports::Alarm& alarm) {
    return "/admin/v1/alarms/" + alarm.id.to_string() + "/acknowledge";
}

}   // namespace

TEST_CASE("admin: an alarm says what, since when, how many, who owns it, what to do and where") {
    World world;
    const auto alarm = put_down(world);
    const auto items = World::json(world.get("/admin/v1/alarms"))["items"];
    REQUIRE(items.items().size() == 1);
    const auto& one = items.items()[0];
    CHECK(one["id"].as_string() == alarm.id.to_string());
    CHECK(one["kind"].as_string() == "adapter_down");
    CHECK(one["tenant"].is_null());
    CHECK(one["subject"].as_string() == "altinn-test");
    CHECK(one["severity"].as_string() == "critical");
    CHECK(one["count"].as_int() == 3);
    CHECK(one["openedAt"].as_string() == core::to_rfc3339(alarm.opened));
    CHECK(one["resolvedAt"].is_null());
    CHECK(one["acknowledged"].is_null());
    CHECK(one["owner"].as_string() == "us");
    CHECK(one["title"].as_string() == "Forbindelsen virker ikke");
    CHECK(one["what"].as_string().find("altinn-test") != std::string::npos);
    CHECK_FALSE(one["action"].as_string().empty());
    CHECK(one["link"].as_string() == "/console/#/doctor");
    const auto english =
        world.call({.target = "/admin/v1/alarms", .headers = {{"Accept-Language", "en"}}});
    CHECK(World::json(english)["items"].items()[0]["title"].as_string() ==
          "The connection does not work");
}

TEST_CASE("admin: what a group of failures is about is said by its cause") {
    World world;
    put_alarm(world, World::first, "messages_failed", "3f9a2c41d07be6559a1c0e8b72d4f613",
              {{"count", "3"},
               {"connection", "altinn-test"},
               {"type", "letter/v1"},
               {"cause", "maskinporten.mp_200"}});
    const auto one = World::json(world.get("/admin/v1/alarms"))["items"].items()[0];
    CHECK(one["what"].as_string().find("scope") != std::string::npos);
    CHECK(one["link"].as_string() == "/console/#/failures/3f9a2c41d07be6559a1c0e8b72d4f613");
}

TEST_CASE("admin: alarms come by page, by tenant with those of all, open or over") {
    World world;
    const auto ours = put_down(world, World::first);
    const auto theirs = put_down(world, World::second);
    auto everybodys = put_down(world);
    const auto first = World::json(world.get("/admin/v1/alarms?limit=2"));
    CHECK(first["items"].items().size() == 2);
    const auto rest =
        World::json(world.get("/admin/v1/alarms?limit=2&cursor=" + first["next"].as_string()));
    CHECK(rest["items"].items().size() == 1);
    CHECK(rest["next"].is_null());
    const auto answer = world.get("/admin/v1/alarms?tenant=310001007");
    INFO(answer.body);
    const auto of_first = World::json(answer)["items"];
    REQUIRE(of_first.items().size() == 2);
    CHECK(of_first.items()[1]["id"].as_string() == ours.id.to_string());

    everybodys.resolved = world.clock.now();
    ports::AlarmStep step;
    step.alarms.push_back(everybodys);
    run(world.io, ports::alarms_of(*world.store).put_alarms(std::move(step))).value();
    CHECK(World::json(world.get("/admin/v1/alarms?open=true"))["items"].items().size() == 2);
    const auto over = World::json(world.get("/admin/v1/alarms?open=false"))["items"];
    REQUIRE(over.items().size() == 1);
    CHECK_FALSE(over.items()[0]["resolvedAt"].is_null());
    CHECK(world.get("/admin/v1/alarms?open=maybe").status == 400);
    CHECK(world.get("/admin/v1/alarms?cursor=x").status == 400);
    CHECK(world.get("/admin/v1/alarms?tenant=999999999").status == 404);
}

TEST_CASE("admin: an alarm is acknowledged once, with a reason, by somebody who is named") {
    World world;
    const auto alarm = put_down(world);
    CHECK(world.post(path_of(alarm), "{}").status == 400);
    const auto done = world.post(path_of(alarm), R"({"why":"Digdir er varslet"})");
    REQUIRE(done.status == 200);
    const auto how = World::json(done)["acknowledged"];
    CHECK(how["reason"].as_string() == "Digdir er varslet");
    CHECK(how["by"].as_string() == "root");
    CHECK(how["at"].as_string() == core::to_rfc3339(world.clock.now()));
    const auto again = world.post(path_of(alarm), R"({"why":"en gang til"})");
    CHECK(again.status == 409);
    CHECK(World::json(again)["code"].as_string() == "alarm.not_open");
    ports::Alarm unknown;
    CHECK(world.post(path_of(unknown), R"({"why":"x"})").status == 404);
    CHECK(world.post("/admin/v1/alarms/x/acknowledge", R"({"why":"x"})").status == 404);
}

TEST_CASE("admin: alarms are streamed: those that are open, then each as it changes and when it is "
          "over") {
    World world;
    auto alarm = put_down(world, World::first);
    put_down(world, World::second);
    const auto response = world.call({.target = "/admin/v1/alarms?tenant=310001007",
                                      .headers = {{"Accept", "text/event-stream"}}});
    REQUIRE(response.status == 200);
    REQUIRE(response.stream);
    std::array<char, 8192> block{};
    const auto read = [&] {
        const auto size = run(world.io, response.stream->read(block)).value();
        return std::string(block.data(), size);
    };
    const auto first = read();
    CHECK(first.find(alarm.id.to_string()) != std::string::npos);
    CHECK(first.find("event: alarm\n", 1) ==
          std::string::npos);   // the other tenant's is not there
    REQUIRE(world.post(path_of(alarm), R"({"why":"Digdir er varslet"})").status == 200);
    CHECK(read().find("Digdir er varslet") != std::string::npos);
    alarm.resolved = world.clock.now();
    ports::AlarmStep step;
    step.alarms.push_back(alarm);
    run(world.io, ports::alarms_of(*world.store).put_alarms(std::move(step))).value();
    world.alarm_news.notify();
    CHECK(read().find("\"resolvedAt\":\"") != std::string::npos);
    world.api->begin_drain();
    CHECK(read().empty());
}
