#include "tests/unit/fiks_receiver/receiver_world.hpp"

#include <catch2/catch.hpp>

// Fiks delivers a message three times and no more. A fault of ours costs one of them at most,
// however long it lasts and whatever the broker does meanwhile.

using namespace receiver_world;
using namespace std::chrono_literals;
using core::Errc;
using core::Failure;

namespace {

const std::string queue_a = "fiksio.konto." + account_a;
constexpr unsigned waited_too_long = 406;   // as RabbitMQ says after its consumer_timeout

/// How often any queue was asked for, on all connections.
std::size_t consumed(const World& world) {
    std::size_t times = 0;
    for (const auto& broker : world.brokers) {
        times += broker->count(60, 20);
    }
    return times;
}

Wishes again(int id) {
    Wishes wishes;
    wishes.id = uuid(id);
    wishes.redelivered = true;
    return wishes;
}

}   // namespace

TEST_CASE("fiks_io limit: what the broker takes back while the store is full is not delivered "
          "again before there is room") {
    World world;
    world.begin();
    world.fake.inbound.failure = Failure(Errc::storage_full);
    world.deliver(Wishes());
    world.pass(1800s);
    world.broker().close_channel(queue_a, waited_too_long);
    world.pass(6h);
    CHECK(consumed(world) == 2);   // each queue once, at the beginning
    CHECK(world.receiver->health().code == "fiks_io.holding");
    CHECK(world.broker().acknowledged() == 0);
    world.fake.inbound.failure.reset();
    REQUIRE(world.alive_until([&] { return world.broker().is_consumed(queue_a); }));
    CHECK(world.fake.inbound.messages.size() == 1);   // kept from what we still had of it
    world.deliver(again(1));
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.broker().acknowledged() == 1);
    CHECK(world.desk.answers.empty());
    CHECK(world.receiver->health().condition == sdk::Condition::ready);
}

TEST_CASE("fiks_io limit: while a message is tried again and again nothing else is asked for in "
          "between") {
    World world;
    world.begin();
    world.fake.inbound.failure = Failure(Errc::unavailable);   // the scanner is down
    world.deliver(Wishes());
    world.pass(600s);
    CHECK(world.fake.inbound.calls > 10);
    CHECK(world.broker().count(60, 30) == 2);   // paused once, and not resumed
    CHECK(consumed(world) == 2);
}

TEST_CASE("fiks_io limit: a connection that breaks while the store is full is made again when "
          "there is room, however often brokers would take us") {
    World world;
    world.begin();
    world.fake.inbound.failure = Failure(Errc::storage_full);
    world.deliver(Wishes());
    world.deliver(Wishes());
    world.brokers[0]->end().end();
    world.add_broker();
    CHECK_FALSE(world.until([&] { return world.fake.streams.asked.size() > 1; }, 3h));
    CHECK(world.receiver->health().code == "fiks_io.holding");
    world.fake.inbound.failure.reset();
    REQUIRE(world.until([&] { return world.broker().is_consumed(queue_a); }));
    CHECK(world.fake.inbound.messages.size() == 2);
    world.deliver(again(1));
    world.deliver(again(2));
    CHECK(world.fake.inbound.messages.size() == 2);
    CHECK(world.broker().acknowledged() == 2);
}

TEST_CASE("fiks_io limit: started on a disk without room it takes nothing before there is some") {
    World world;
    world.fake.spools.failure = Failure(Errc::storage_full);
    world.add_broker();
    world.start();
    CHECK_FALSE(world.until([&] { return !world.fake.streams.asked.empty(); }, 1h));
    CHECK(world.receiver->health().code == "service.storage_full");
    world.fake.spools.failure.reset();
    REQUIRE(world.until([&] { return world.broker().is_consumed(queue_a); }));
    CHECK(world.fake.spools.open == 0);
}

TEST_CASE("fiks_io limit: bodies for which there was no room are asked for when there is room for "
          "all of them") {
    World world;
    world.begin();
    world.fake.spools.room = 1000;
    for (int i = 0; i < 3; ++i) {
        Wishes wishes;
        wishes.body = std::string(3U << 20U, 'x');
        world.deliver(wishes);
    }
    world.fake.spools.room = 7U << 20U;   // for two of the three
    world.pass(3600s);
    CHECK(world.broker().requeued() == 0);
    world.fake.spools.room = 9U << 20U;
    REQUIRE(world.alive_until([&] { return world.broker().requeued() == 3; }));
    CHECK(world.broker().acknowledged() == 0);
    world.settle();
    CHECK(world.fake.spools.held == 0);
    CHECK(world.receiver->health().condition == sdk::Condition::ready);
}

TEST_CASE("fiks_io limit: a payload that Fiks withholds is waited for while none of its services "
          "answers, and holds up nobody for ever when they do") {
    World world;
    world.begin();
    world.desk.is_away = true;
    world.desk.elsewhere[uuid(9000)] = "a large envelope";
    Wishes wishes;
    wishes.elsewhere = uuid(9000);
    wishes.body = "";
    world.deliver(wishes);
    world.pass(1800s);
    world.broker().close_channel(queue_a, waited_too_long);
    world.pass(2h);
    CHECK(consumed(world) == 2);
    SECTION("away, and back: nothing was lost to it") {
        world.desk.is_away = false;
        REQUIRE(world.alive_until([&] { return world.broker().is_consumed(queue_a); }));
        CHECK(world.fake.inbound.messages.size() == 1);
    }
    SECTION("back, but not for this message: the others come in") {
        world.desk.is_away = false;
        world.desk.refuses = true;
        REQUIRE(world.alive_until([&] { return world.broker().is_consumed(queue_a); }));
        CHECK(world.fake.inbound.messages.empty());
        world.deliver(Wishes());
        CHECK(world.fake.inbound.messages.size() == 1);
    }
}
