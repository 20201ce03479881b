#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

// A failed message sent on by another way: one that policy allows, as it was seen, once.

using tests::run;
using tests::admin::World;
namespace core = gateway::core;
namespace json = gateway::json;
namespace ports = gateway::ports;

namespace {

ports::OtherWay way_said(const std::string& id, bool usable, bool tried = false) {
    ports::OtherWay way;
    way.id = id;
    way.connection = core::ConnectionId("svarut-test");
    way.channel = core::Channel::paper;
    way.why = usable ? "route.first_choice" : "route.passed_must_be_digital";
    way.tried = tried;
    if (usable) {
        way.chosen.emplace();
        way.chosen->connection = way.connection;
        way.chosen->settings = R"({"service":"print"})";
        way.chosen->channel = way.channel;
        way.chosen->choice = "{}";
    }
    return way;
}

std::string resent(core::MessageId id, const std::string& rest = "/resend") {
    return "/admin/v1/messages/" + id.to_string() + rest;
}

std::string body_of(World& world, core::MessageId id, const std::string& way,
                    const std::string& confirm = {}) {
    const auto ways = World::json(world.get(resent(id, "/ways")));
    json::Value body = json::Value::object();
    body.set("why", "har ingen postkasse").set("version", ways["version"]).set("way", way);
    if (!confirm.empty()) {
        body.set("confirm", confirm);
    }
    return json::write(body);
}

std::string code_told(const gateway::http::Response& response) {
    return World::json(response)["code"].as_string();
}

}   // namespace

TEST_CASE("admin: a failed message goes on by the chosen way as a new delivery with its own key") {
    World world;
    world.other_ways.said = {way_said("brev/1", true, true), way_said("brev/2", true)};
    const auto id = world.accept_letter("A-1");
    world.end_in(id, core::DeliveryState::failed, "altinn.corr_01044");
    const auto old = world.message(id).deliveries.back();
    const auto body = body_of(world, id, "brev/2");
    REQUIRE(world.post(resent(id), body).status == 202);
    const auto view = world.message(id);
    REQUIRE(view.deliveries.size() == 2);
    const auto& next = view.deliveries.back();
    CHECK(next.replaces == old.id);
    CHECK(next.connection == core::ConnectionId("svarut-test"));
    CHECK(next.settings == R"({"service":"print"})");
    CHECK(next.channel == core::Channel::paper);
    CHECK(next.work == core::Work::send);
    CHECK(next.upstream_key == next.id.to_string());
    CHECK(code_told(world.post(resent(id), body)) == "message.cannot_resend");
    CHECK(world.message(id).deliveries.size() == 2);
    const auto last = world.timeline(id).back();
    CHECK(last["event"].as_string() == "resent");
    CHECK(last["why"].as_string() == "har ingen postkasse");
    const auto audit = World::json(world.get("/admin/v1/audit?tenant=310001007"));
    CHECK(audit["items"].items().front()["act"].as_string() == "resent");
}

TEST_CASE("admin: only a way that may be used, and was not tried last, is taken") {
    World world;
    world.other_ways.said = {way_said("brev/1", true, true), way_said("brev/2", false)};
    const auto id = world.accept_letter("A-1");
    world.end_in(id, core::DeliveryState::failed, "altinn.corr_01044");
    for (const auto* way : {"brev/1", "brev/2", "brev/3", ""}) {
        CHECK(code_told(world.post(resent(id), body_of(world, id, way))) == "message.no_such_way");
    }
    const auto ways = World::json(world.get(resent(id, "/ways")))["items"].items();
    REQUIRE(ways.size() == 2);
    CHECK_FALSE(ways[0]["usable"].as_bool());
    CHECK_FALSE(ways[1]["usable"].as_bool());
    CHECK_FALSE(ways[1]["why"].as_string().empty());
    CHECK(world.message(id).deliveries.size() == 1);
}

TEST_CASE("admin: what may have arrived goes another way only when that is said in words") {
    World world;
    world.other_ways.said = {way_said("brev/2", true)};
    const auto id = world.accept_letter("A-1");
    ports::ClaimCommand claim;
    claim.now = world.clock.now();
    claim.lease_until = world.clock.now() + std::chrono::minutes(1);
    claim.limit = 1;
    const auto claimed = run(world.io, world.store->claim(claim)).value().front();
    ports::BeginAttempt begin;
    begin.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
    begin.fence = claimed.fence;
    begin.at = world.clock.now();
    begin.connection = core::ConnectionId("altinn-test");
    run(world.io, world.store->begin_attempt(begin)).value();
    CHECK(code_told(world.post(resent(id), body_of(world, id, "brev/2", "may arrive twice"))) ==
          "message.cannot_resend");   // under way
    ports::FinishCommand held;
    held.key = begin.key;
    held.fence = claimed.fence;
    held.at = world.clock.now();
    held.state = core::DeliveryState::held;
    held.code = "delivery.unknown_outcome";
    run(world.io, world.store->finish(held)).value();
    CHECK(World::json(world.get(resent(id, "/ways")))["confirmable"].as_bool());
    CHECK(code_told(world.post(resent(id), body_of(world, id, "brev/2"))) ==
          "message.may_have_arrived");
    CHECK(code_told(world.post(resent(id), body_of(world, id, "brev/2", "ja"))) ==
          "message.may_have_arrived");
    CHECK(world.post(resent(id), body_of(world, id, "brev/2", "may arrive twice")).status == 202);
    CHECK(world.message(id).deliveries.size() == 2);
}
