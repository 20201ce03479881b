#include "tests/unit/fiks_receiver/receiver_world.hpp"

#include <catch2/catch.hpp>

using namespace receiver_world;

TEST_CASE("fiks_io receiver: a virtual host that is not ours is told as that") {
    World world;
    world.add_broker().refuses_host = 530;
    world.start();
    CHECK(world.receiver->health().code == "fiks_io.vhost_refused");
}

TEST_CASE(
    "fiks_io receiver: a message that the inbox can keep in no form is set aside as it came") {
    World world;
    world.begin();
    auto& inbound = world.fake.inbound;
    inbound.failure = core::Failure(core::Errc::invalid_argument);
    inbound.on_call = [&] {
        if (inbound.calls > 1) {   // of the message alone
            inbound.failure.reset();
        }
    };
    world.deliver(Wishes());
    REQUIRE(world.until([&] { return world.broker().acknowledged() == 1; }));
    REQUIRE(inbound.oddities.size() == 1);
    CHECK(inbound.oddities[0].code == "fiks_io.not_storable");
    CHECK(inbound.oddities[0].raw == "envelope");
}
