#include "gateway/dispatch/traffic.hpp"

#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using ports::Lane;

const core::ConnectionId altinn("altinn");
const core::ConnectionId paper("paper");

struct World {
    tests::ManualClock clock;
    tests::RecordingLog log;
    tests::NoMetrics metrics;
    core::DispatchConfig rules;
    dispatch::Traffic traffic{clock, log, metrics};

    World() {
        rules.breaker_failures = 2;
        rules.breaker_pause = 10s;
    }
    std::optional<dispatch::Place> enter(const core::ConnectionId& id, Lane lane = Lane::attempts) {
        return traffic.enter(id, lane, 4, rules);
    }
};

}   // namespace

TEST_CASE("traffic: a lane has its places, and a place comes back when it is let go") {
    World world;
    std::vector<dispatch::Place> places;
    for (int i = 0; i < 4; ++i) {
        places.push_back(std::move(*world.enter(altinn)));
    }
    CHECK_FALSE(world.enter(altinn));
    CHECK(world.traffic.shut(Lane::attempts) == std::vector{altinn});
    CHECK(world.traffic.shut(Lane::receipts).empty());
    CHECK(world.enter(paper));
    CHECK(world.enter(altinn, Lane::receipts));
    places.pop_back();
    CHECK(world.enter(altinn));
    CHECK(world.traffic.in_flight(altinn, Lane::attempts) == 3);
}

TEST_CASE("traffic: receipts get half the places, at least one") {
    World world;
    const auto a = world.enter(altinn, Lane::receipts);
    const auto b = world.enter(altinn, Lane::receipts);
    CHECK(b);
    CHECK_FALSE(world.enter(altinn, Lane::receipts));
    CHECK(world.traffic.enter(paper, Lane::receipts, 1, world.rules));
}

TEST_CASE("traffic: a moved place is one place") {
    World world;
    auto a = world.enter(altinn);
    dispatch::Place b = std::move(*a);
    a.reset();
    CHECK(world.traffic.in_flight(altinn, Lane::attempts) == 1);
    b = dispatch::Place();
    CHECK(world.traffic.in_flight(altinn, Lane::attempts) == 0);
    CHECK_FALSE(b);
}

TEST_CASE("traffic: faults in a row shut both lanes of the connection and no other") {
    World world;
    for (int i = 0; i < 2; ++i) {
        world.enter(altinn)->tell(true);
    }
    CHECK(world.log.holds("circuit_opened"));
    CHECK(world.traffic.is_circuit_open(altinn));
    CHECK_FALSE(world.enter(altinn));
    CHECK_FALSE(world.enter(altinn, Lane::receipts));
    CHECK(world.enter(paper));
    CHECK(world.traffic.next_probe() == world.clock.steady() + 10s);
}

TEST_CASE("traffic: a probe that tells nothing leaves the next one its chance") {
    World world;
    for (int i = 0; i < 2; ++i) {
        world.enter(altinn)->tell(true);
    }
    world.clock.advance(10s);
    CHECK_FALSE(world.traffic.next_probe());
    {
        const auto probe = world.enter(altinn);
        REQUIRE(probe);
        CHECK_FALSE(world.enter(altinn));
        CHECK(world.traffic.shut(Lane::receipts) == std::vector{altinn});
    }
    auto probe = world.enter(altinn);
    REQUIRE(probe);
    probe->tell(false);
    probe->tell(true);
    CHECK(world.log.holds("circuit_closed"));
    CHECK(world.enter(altinn));
}
