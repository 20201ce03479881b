// What retention would do, asked for by operators; and a legal hold of a message.

#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::admin;
using namespace std::chrono_literals;

TEST_CASE("admin: what retention would do now is asked for by type, and says what holds back") {
    World world;
    CHECK(World::json(world.get("/admin/v1/retention"))["items"].items().empty());
    auto& rule = world.retentions[core::TenantId(World::first)]["letter/v1"];
    rule.content = 24h * 30;
    rule.record = 24h * 90;
    world.accept_letter("SAK-1");   // queued
    world.clock.advance(24h * 31);
    const auto answer = World::json(world.get("/admin/v1/retention"));
    REQUIRE(answer["items"].items().size() == 2);
    const auto& messages = answer["items"].items().front();
    CHECK(messages["tenant"].as_string() == World::first);
    CHECK(messages["type"].as_string() == "letter/v1");
    CHECK(messages["kind"].as_string() == "message");
    CHECK(messages["rule"]["contentDays"].as_int() == 30);
    CHECK(messages["rule"]["recordDays"].as_int() == 90);
    CHECK_FALSE(messages["rule"].has("unfinishedDays"));
    CHECK(messages["content"]["due"].as_int() == 0);
    CHECK(messages["content"]["heldBack"]["open"].as_int() == 1);
    CHECK(messages["record"]["due"].as_int() == 0);
    CHECK(messages["complete"].as_bool());
    CHECK(answer["items"].items().back()["kind"].as_string() == "inboxItem");
    const auto other = world.get(std::string("/admin/v1/retention?tenant=") + World::second);
    CHECK(World::json(other)["items"].items().empty());
    CHECK(world.get("/admin/v1/retention?tenant=999999999").status >= 400);
    CHECK(world.get("/admin/v1/retention?type=letter").status == 400);
}

TEST_CASE("admin: what stands in quarantine is in the dry run, where it has a term") {
    World world;
    CHECK(World::json(world.get("/admin/v1/retention"))["quarantine"].items().empty());
    world.configuration->tenants.at(core::TenantId(World::first)).quarantine_kept = 24h * 30;
    const auto answer = World::json(world.get("/admin/v1/retention"))["quarantine"];
    REQUIRE(answer.items().size() == 1);
    const auto& sight = answer.items().front();
    CHECK(sight["tenant"].as_string() == World::first);
    CHECK(sight["quarantineDays"].as_int() == 30);
    CHECK(sight["due"].as_int() == 0);
    CHECK(sight["heldBack"]["legalHold"].as_int() == 0);
    CHECK(sight["toTell"].as_int() == 0);
    CHECK(sight["told"].as_int() == 0);
    CHECK_FALSE(sight.has("firstTold"));
    CHECK(sight["complete"].as_bool());
    const auto other = world.get(std::string("/admin/v1/retention?tenant=") + World::second);
    CHECK(World::json(other)["quarantine"].items().empty());
}

TEST_CASE(
    "admin: a legal hold of a message is set and lifted with a reason, on its timeline and in "
    "the log") {
    World world;
    const auto id = world.accept_letter("SAK-2");
    const auto path = "/admin/v1/messages/" + id.to_string() + "/legal-hold";
    CHECK(world.post(path, R"({"held":true})").status == 400);
    auto answer = World::json(world.post(path, R"({"why":"klagesak"})"));
    CHECK(answer["legalHold"].as_bool());
    answer = World::json(world.post(path, R"({"held":false,"why":"avgjort"})"));
    CHECK_FALSE(answer["legalHold"].as_bool());
    std::vector<std::string> names;
    for (const auto& event : world.timeline(id)) {
        names.push_back(event["event"].as_string());
    }
    REQUIRE(names.size() >= 2);
    CHECK(names[names.size() - 2] == "legal_hold_set");
    CHECK(names.back() == "legal_hold_lifted");
    ports::LogQuery query;
    query.tenant = core::TenantId(World::first);
    const auto log = run(world.io, world.store->records().read_log(query)).value();
    REQUIRE(log.size() == 2);
    CHECK(log.front().entry.kind == ports::LogKind::held);
    CHECK(log.front().entry.code.value == "hold.set");
    CHECK(log.back().entry.code.value == "hold.lifted");
}
