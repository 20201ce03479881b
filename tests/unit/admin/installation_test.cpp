#include "gateway/ports/benefit_store.hpp"
#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

using tests::run;
using tests::admin::World;
namespace core = gateway::core;

namespace {

const gateway::json::Value* check_named(const gateway::json::Value& view, const char* name) {
    for (const auto& check : view["checks"].items()) {
        if (check["name"].as_string() == name) {
            return &check;
        }
    }
    return nullptr;
}

}   // namespace

TEST_CASE("admin: readiness says what is wrong, and why") {
    World world;
    CHECK(World::json(world.get("/readyz"))["ready"].as_bool());

    world.system.listeners[0].up = false;
    auto response = world.get("/readyz");
    CHECK(response.status == 503);
    auto view = World::json(response);
    CHECK((*check_named(view, "listener public"))["code"].as_string() == "ready.listener_down");
    CHECK((*check_named(view, "store"))["ok"].as_bool());

    world.system.listeners[0].up = true;
    world.system.free_bytes = 1000;
    view = World::json(world.get("/readyz"));
    CHECK_FALSE((*check_named(view, "disk"))["ok"].as_bool());
    world.system.free_bytes.reset();
    view = World::json(world.get("/readyz"));
    CHECK((*check_named(view, "disk"))["code"].as_string() == "ready.disk_unreadable");

    world.system.free_bytes = 1ULL << 40U;
    world.system.draining = true;
    CHECK(world.get("/readyz").status == 503);
    CHECK(world.get("/healthz").status == 200);
}

TEST_CASE("admin: a store that cannot be written makes it unready, and is asked anew soon") {
    World world;
    REQUIRE(world.get("/readyz").status == 200);
    run(world.io, world.store->close()).value();
    CHECK(world.get("/readyz").status == 200);   // asked a moment ago
    world.clock.advance(std::chrono::seconds(3));
    CHECK(world.get("/readyz").status == 503);
}

TEST_CASE("admin: the metrics count deliveries by state") {
    World world;
    world.accept_letter("A-1");
    const auto response = world.get("/metrics");
    CHECK(response.body.find("sluse_deliveries{state=\"queued\"} 1") != std::string::npos);
    CHECK(response.body.find("sluse_deliveries{state=\"held\"} 0") != std::string::npos);
    CHECK(response.body.find("sluse_oldest_waiting_seconds") != std::string::npos);
    CHECK(world.call({.method = "POST", .target = "/metrics"}).status == 405);
}

TEST_CASE("admin: a configuration is applied and undone with who and why") {
    World world;
    CHECK(world.post("/admin/v1/config/apply", R"({"why":"ny rute"})").status == 200);
    CHECK(world.post("/admin/v1/config/undo", R"({"why":"angrer"})").status == 200);
    REQUIRE(world.config_authors.size() == 2);
    CHECK(world.config_authors[0].who == "root");
    CHECK(world.config_authors[0].why == "ny rute");

    world.config_answer = {};
    world.config_answer.refused = "tjenesten er på vei ned";
    const auto refused = world.post("/admin/v1/config/apply", R"({"why":"x"})");
    CHECK(refused.status == 409);
    CHECK(World::json(refused)["detail"].as_string().find("på vei ned") != std::string::npos);

    gateway::admin::ConfigMistake mistake;
    mistake.file = "sluse.toml";
    mistake.line = 12;
    mistake.column = 5;
    mistake.reason = "ukjent nøkkel";
    world.config_answer.mistakes.push_back(mistake);
    const auto mistakes = world.post("/admin/v1/config/apply", R"({"why":"x"})");
    CHECK(mistakes.status == 422);
    CHECK(World::json(mistakes)["code"].as_string() == "admin.config_refused");
    CHECK(World::json(mistakes)["mistakes"].items()[0]["line"].as_int() == 12);
}

TEST_CASE("admin: a backup goes to an absolute folder, and a store that cannot says so") {
    World world;
    CHECK(world.post("/admin/v1/store/backup", R"({"folder":"kopi","why":"x"})").status == 400);
    CHECK(world.post("/admin/v1/store/backup", R"({"why":"x"})").status == 400);
    CHECK(world.post("/admin/v1/store/backup", R"({"folder":"/tmp/x","why":"x"})").status >= 500);
}

TEST_CASE("admin: the store and the documents are verified on request") {
    World world;
    world.accept_letter("A-1");
    const auto view = World::json(world.post("/admin/v1/store/verify", ""));
    CHECK(view["sound"].as_bool());
    CHECK(view["documents"].as_bool());
    CHECK(World::json(world.get("/admin/v1/store/counts"))["deliveries"]["queued"].as_int() == 1);
}

TEST_CASE("admin: a body that is no JSON object is refused before anything is done") {
    World world;
    for (const auto* body : {"[]", "{", "{\"why\":1,\"why\":2}", "\"x\""}) {
        CHECK(world.post("/admin/v1/config/apply", body).status == 400);
    }
    CHECK(world.post("/admin/v1/config/apply", "{\"why\":\"" + std::string(70'000, 'x') + "\"}")
              .status == 413);
    CHECK(world.post("/admin/v1/config/apply", "{\"why\":\"" + std::string(2'000, 'x') + "\"}")
              .status == 400);
    CHECK(world.config_authors.empty());
    CHECK(world.call({.method = "DELETE", .target = "/admin/v1/keys"}).status == 405);
    CHECK(world.get("/admin/v1/nothing").status == 404);
    CHECK(world.get("/other").status == 404);
}

TEST_CASE("admin: a connection that is configured and not running is shown as down") {
    World world;
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("altinn-test");
    connection.adapter = "altinn";
    world.configuration->connections.emplace(connection.id, connection);
    const auto view = World::json(world.get("/admin/v1/connections"));
    REQUIRE(view["items"].items().size() == 1);
    const auto& one = view["items"].items()[0];
    CHECK(one["health"].as_string() == "down");
    CHECK(one["circuit"].as_string() == "closed");
    CHECK(one["reason"]["code"].as_string() == "connection.not_running");
}

TEST_CASE("admin: what storing data once has spared is told by system, and since when it counts") {
    World world;
    world.clock.advance(std::chrono::hours(1));
    const auto count = [&](const char* tenant, const char* how, std::uint64_t by) {
        for (const char* dataset : {"person", "contact"}) {
            world.metrics.count(
                "sluse_records_answers_total",
                {{"tenant", tenant}, {"system", "byggesak"}, {"dataset", dataset}, {"how", how}},
                by);
        }
    };
    count(World::first, "held", 90);
    count(World::first, "shared", 5);
    count(World::first, "published", 1);
    count(World::first, "fetched", 3);
    count(World::first, "stale", 2);
    count(World::first, "failed", 4);
    count(World::second, "held", 7);
    world.metrics.count(
        "sluse_life_events_total",
        {{"tenant", World::first}, {"system", "byggesak"}, {"event", "person.died"}}, 6);
    auto answer = World::json(world.get("/admin/v1/statistics/records"));
    CHECK(core::parse_rfc3339(answer["since"].as_string()).value() ==
          world.clock.now() - std::chrono::hours(1));
    REQUIRE(answer["items"].items().size() == 2);
    const auto& one = answer["items"].items().front();
    CHECK(one["tenant"].as_string() == World::first);
    CHECK(one["system"].as_string() == "byggesak");
    CHECK(one["answers"].as_int() == 210);
    CHECK(one["withoutRegisterCall"].as_int() == 192);
    CHECK(one["shared"].as_int() == 10);
    CHECK(one["published"].as_int() == 2);
    CHECK(one["fetched"].as_int() == 6);
    CHECK(one["stale"].as_int() == 4);
    CHECK(one["failed"].as_int() == 8);
    CHECK(one["events"].as_int() == 6);
    answer = World::json(world.get("/admin/v1/statistics/records?tenant=310005002"));
    CHECK(answer["items"].items().size() == 1);
    CHECK(world.get("/admin/v1/statistics/records?tenant=958935420").status == 404);
    CHECK(world.get("/admin/v1/statistics/records?system=x").status == 400);
    // Of days: as the store has them.
    ports::BenefitKey key;
    key.tenant = core::TenantId(World::first);
    key.system = core::SystemId("byggesak");
    key.what = "person";
    key.how = "held";
    const auto day = std::chrono::floor<std::chrono::days>(world.clock.now());
    for (int ago = 3; ago > 0; --ago) {
        std::vector<ports::BenefitCount> counts{{key, static_cast<std::uint64_t>(ago * 10)}};
        run(world.io,
            ports::benefit_store_of(*world.store)
                .add_benefits(day - std::chrono::days(ago), counts, day - std::chrono::days(400)))
            .value();
    }
    const auto at = [&](int ago) {
        return core::to_rfc3339(day - std::chrono::days(ago)).substr(0, 10);
    };
    const std::string path = "/admin/v1/statistics/records?from=";
    answer = World::json(world.get(path + at(2) + "&to=" + at(1)));
    REQUIRE(answer["items"].items().size() == 1);
    CHECK(answer["items"].items().front()["answers"].as_int() == 30);
    CHECK(answer["since"].as_string().starts_with(at(2)));
    CHECK(World::json(world.get("/admin/v1/statistics/records"))["since"].as_string().starts_with(
        at(3)));
    CHECK(world.get(path + "yesterday").status == 400);
    CHECK(World::json(world.get(path + at(1) + "&to=" + at(2)))["code"].as_string() ==
          "request.from_after_to");
}
