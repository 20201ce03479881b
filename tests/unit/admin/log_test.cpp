#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::admin;

TEST_CASE("admin: the access log is verified by tenant, and what is wrong is said in words") {
    World world;
    world.log_view.entries = 12;
    world.log_view.proved = 10;
    world.log_view.checkpoints = 3;
    world.log_view.public_key = "key";
    auto answer = World::json(world.post("/admin/v1/log/verify", "{}"));
    CHECK(answer["sound"].as_bool());
    CHECK(world.checked_logs == std::vector<std::string>{World::first, World::second});
    REQUIRE(answer["tenants"].items().size() == 2);
    const auto& one = answer["tenants"].items().front();
    CHECK(one["tenant"].as_string() == World::first);
    CHECK(one["sound"].as_bool());
    CHECK(one["entries"].as_int() == 12);
    CHECK(one["proved"].as_int() == 10);
    CHECK(one["checkpoints"].as_int() == 3);
    CHECK(one["publicKey"].as_string() == "key");
    CHECK(one["faults"].items().empty());
    world.checked_logs.clear();
    world.log_view.found = 1;
    world.log_view.faults.resize(1);
    auto& fault = world.log_view.faults.front();
    fault.code = "log.cut_off";
    fault.from = 11;
    fault.to = 12;
    fault.params = {{"from", "11"}, {"to", "12"}, {"at", "2026-11-26T12:00:00.000Z"}};
    answer = World::json(world.post("/admin/v1/log/verify", R"({"tenant":"310005002"})"));
    CHECK_FALSE(answer["sound"].as_bool());
    CHECK(world.checked_logs == std::vector<std::string>{World::second});
    const auto& said = answer["tenants"].items().front()["faults"].items().front();
    CHECK(said["code"].as_string() == "log.cut_off");
    CHECK(said["from"].as_int() == 11);
    CHECK(said["to"].as_int() == 12);
    CHECK(said["title"].as_string() == "Slutten av loggen er borte");
    CHECK(said["detail"].as_string().find("oppføring 11 til 12") != std::string::npos);
}

TEST_CASE("admin: a log that is nobody's is not verified") {
    World world;
    CHECK(world.post("/admin/v1/log/verify", R"({"tenant":"958935420"})").status == 404);
    CHECK(world.post("/admin/v1/log/verify", R"({"tenant":7})").status == 400);
    CHECK(world.post("/admin/v1/log/verify", R"({"other":"x"})").status == 400);
    CHECK(world.checked_logs.empty());
}

TEST_CASE("admin: the access log is read for a purpose, says nothing of whom, and that it was read "
          "stands in it and in the audit first") {
    World world;
    const core::TenantId tenant{World::first};
    for (int i = 0; i < 5; ++i) {
        ports::NewLogEntry entry;
        entry.at = world.clock.now();
        entry.system = core::SystemId("byggesak");
        entry.purpose = core::PurposeId("barnehage");
        entry.dataset = "person";
        entry.fields = {"name"};
        entry.subject = world.ids->uuid();
        std::vector<ports::NewLogEntry> entries;
        entries.push_back(std::move(entry));
        run(world.io, world.store->records().write_log(tenant, std::move(entries))).value();
    }
    const std::string target = "/admin/v1/log/entries";
    CHECK(world.post(target, R"({"tenant":"310001007"})").status == 400);
    CHECK(world.post(target, R"({"tenant":"310001007","why":"om 21883649874"})").status == 400);
    CHECK(world.post(target, R"({"why":"tilsyn"})").status == 400);   // of which municipality
    CHECK(world.post(target, R"({"tenant":"310001007","why":"tilsyn","limit":0})").status == 400);
    const auto first = World::json(
        world.post(target, R"({"tenant":"310001007","why":"tilsyn 2026/4","limit":3})"));
    REQUIRE(first["items"].items().size() == 3);
    const auto& newest = first["items"].items().front();
    CHECK(newest["number"].as_int() == 5);
    CHECK(newest["kind"].as_string() == "read");
    CHECK(newest["purpose"].as_string() == "barnehage");
    CHECK(newest["ofOne"].as_bool());
    CHECK(json::write(newest).find("subject") == std::string::npos);
    CHECK(first["next"].as_int() == 3);
    const auto second = World::json(
        world.post(target, R"({"tenant":"310001007","why":"tilsyn 2026/4","limit":3,"before":3})"));
    REQUIRE(second["items"].items().size() == 2);
    CHECK(second["next"].is_null());
    const auto again =
        World::json(world.post(target, R"({"tenant":"310001007","why":"tilsyn 2026/4"})"));
    REQUIRE(again["items"].items().size() == 7);
    CHECK(again["items"].items().front()["kind"].as_string() == "log_read");
    CHECK(again["items"].items().front()["fields"].items().front().as_string() == "1-2");
    const auto audit = World::json(world.get("/admin/v1/audit?tenant=310001007"));
    const auto& kept = audit["items"].items().front();
    CHECK(kept["act"].as_string() == "access_log_read");
    CHECK(kept["fields"]["why"].as_string() == "tilsyn 2026/4");
    CHECK(World::json(world.post(target, R"({"tenant":"310005002","why":"tilsyn"})"))["items"]
              .items()
              .empty());
}
