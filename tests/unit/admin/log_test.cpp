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
