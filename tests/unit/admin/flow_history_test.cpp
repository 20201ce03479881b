#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::admin;
using namespace std::chrono_literals;

namespace {

const std::string history = "/admin/v1/flow/history?tenant=310001007";

/// Two letters: one delivered after an hour and a half, one that failed at once.
void pass_two_letters(World& world) {
    const auto failed = world.accept_letter("A-1");
    world.end_in(failed, core::DeliveryState::failed);
    const auto delivered = world.accept_letter("A-2");
    world.clock.advance(90min);
    world.end_in(delivered, core::DeliveryState::delivered);
}

std::int64_t total_of(const json::Value& view, const char* figure) {
    return view["totals"][figure].as_int();
}

}   // namespace

TEST_CASE("history: what has passed is told by hour, a day of it when nothing else is asked for") {
    World world;
    pass_two_letters(world);
    const auto view = World::json(world.get(history));
    CHECK(view["step"].as_string() == "hour");
    CHECK(view["figures"]["accepted"].items().size() == 24);
    CHECK(total_of(view, "accepted") == 2);
    CHECK(total_of(view, "handedOver") == 1);
    CHECK(total_of(view, "delivered") == 1);
    CHECK(total_of(view, "failed") == 1);
    CHECK(view["figures"]["delivered"].items().back().as_int() == 1);
    CHECK(view["figures"]["accepted"].items().back().as_int() == 0);
    const auto median = view["totals"]["timeToDelivery"]["medianSeconds"].as_double();
    CHECK(median > 3600);
    CHECK(median <= 7200);
    REQUIRE(view["ways"].items().size() == 1);
    CHECK(view["ways"].items().front()["connection"].as_string() == "altinn-test");
    CHECK(view["countedSince"].is_string());
}

TEST_CASE("history: thirty days are asked for by day or by hour, and of a part of the flow") {
    World world;
    pass_two_letters(world);
    auto view = World::json(world.get(history + "&days=30"));
    CHECK(view["step"].as_string() == "day");
    CHECK(view["figures"]["accepted"].items().size() == 30);
    CHECK(total_of(view, "accepted") == 2);
    view = World::json(world.get(history + "&hours=720&system=byggesak&type=letter/v1"));
    CHECK(view["figures"]["accepted"].items().size() == 720);
    CHECK(total_of(view, "accepted") == 2);
    CHECK(total_of(World::json(world.get(history + "&connection=altinn-test")), "accepted") == 2);
    CHECK(total_of(World::json(world.get(history + "&connection=svarut")), "accepted") == 0);
    CHECK(total_of(World::json(world.get(history + "&system=oppvekst")), "accepted") == 0);
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("altinn-test");
    connection.adapter = "altinn";
    world.configuration->connections.emplace(connection.id, connection);
    CHECK(total_of(World::json(world.get(history + "&adapter=altinn")), "accepted") == 2);
    const std::string other = "/admin/v1/flow/history?tenant=310005002";
    CHECK(total_of(World::json(world.get(other)), "accepted") == 0);
    CHECK(World::json(world.get(other))["countedSince"].is_null());
}

TEST_CASE("history: what is asked for is bounded, and said once") {
    World world;
    for (const auto* wrong :
         {"&hours=0", "&hours=841", "&hours=x", "&hours=", "&days=401", "&days=-1",
          "&days=1&hours=1", "&adapter=none", "&connection=a&adapter=b", "&system=", "&other=1"}) {
        INFO(wrong);
        CHECK(world.get(history + wrong).status == 400);
    }
    CHECK(world.get(history + "&hours=840").status == 200);
    CHECK(world.get(history + "&days=400").status == 200);
    CHECK(world.get("/admin/v1/flow/history").status == 400);
    CHECK(world.get("/admin/v1/flow/history?tenant=958935420").status == 404);
}

TEST_CASE("history: the statistics of one municipality say how long its messages took") {
    World world;
    pass_two_letters(world);
    CHECK_FALSE(World::json(world.get("/admin/v1/statistics")).has("timeToDelivery"));
    const auto view = World::json(world.get("/admin/v1/statistics?tenant=310001007"));
    const auto& times = view["timeToDelivery"];
    CHECK(times["messages"].as_int() == 1);
    CHECK(times["p95Seconds"].as_double() > 3600);
    REQUIRE(times["systems"].items().size() == 1);
    CHECK(times["systems"].items().front()["system"].as_string() == "byggesak");
    const auto none = World::json(world.get("/admin/v1/statistics?tenant=310005002"));
    CHECK(none["timeToDelivery"]["medianSeconds"].is_null());
    CHECK(none["timeToDelivery"]["systems"].items().empty());
}
