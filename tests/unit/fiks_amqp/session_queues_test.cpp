#include "tests/unit/fiks_amqp/session_world.hpp"

using namespace session_world;

TEST_CASE(
    "amqp session: the queue is consumed with acknowledgements, a prefetch, its own channel") {
    World world;
    world.log_in();
    REQUIRE(world.session.consume("fiksio.konto.a", 25).has_value());
    REQUIRE(world.session.consume("fiksio.konto.b", 7).has_value());
    const auto said = world.said();
    REQUIRE(said.size() == 6);
    CHECK((said[0].is(20, 10) && said[0].channel == 1));
    CHECK((said[1].is(60, 10) && said[1].rest == told::u32(0) + told::u16(25) + told::u8(0)));
    CHECK(said[2].is(60, 20));
    CHECK(told::short_text_at(said[2].rest, 2) == "fiksio.konto.a");
    // no-local, no-ack, exclusive, no-wait: none of them.
    const std::size_t flags = 2 + 2 * (1 + std::string("fiksio.konto.a").size());
    CHECK(told::number(said[2].rest, flags, 1) == 0);
    CHECK((said[3].is(20, 10) && said[3].channel == 2));
    CHECK(world.session.consume("fiksio.konto.a", 25).error().is(Errc::conflict));
}

TEST_CASE("amqp session: a channel that the broker closes ends its queue alone") {
    World world;
    world.log_in();
    world.consume("a", 1);
    world.consume("b", 2);
    world.hear(told::deliver(1, {"a", 9, false, {}, {}, {}, "", 10}));
    const auto tag = std::get<MessageBegan>(world.events()[0]).tag;
    CHECK(world.session.holds(tag));
    world.hear(told::channel_close(1, 404, "NOT_FOUND"));
    const auto lost = world.only<ConsumerLost>();
    REQUIRE(lost);
    CHECK((lost->queue == "a" && lost->code == 404));
    CHECK_FALSE(world.session.holds(tag));
    auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK((said[0].is(20, 41) && said[0].channel == 1));
    world.session.acknowledge(tag);
    CHECK(world.said().empty());
    // Consumed again on another channel; a tag of the old one names nothing there.
    REQUIRE(world.session.consume("a", 10).has_value());
    said = world.said();
    CHECK(said[0].channel == 3);
    world.hear(told::deliver(2, {"b", 1, false, {}, {}, {}, "", 10}));
    CHECK(world.events().size() == 2);
}

TEST_CASE(
    "amqp session: a consumer that the broker cancels keeps its channel for acknowledgements") {
    World world;
    world.log_in();
    world.consume("q");
    world.hear(told::deliver(1, {"q", 3, false, {}, {}, {}, "", 10}));
    const auto tag = std::get<MessageBegan>(world.events()[0]).tag;
    world.hear(told::method(1, 60, 30, told::short_text("q") + told::u8(1)));
    const auto lost = world.only<ConsumerLost>();
    REQUIRE(lost);
    CHECK(lost->code == 0);
    world.session.acknowledge(tag);
    auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(60, 80));
    REQUIRE(world.session.consume("q", 10).has_value());
    said = world.said();
    REQUIRE(said.size() == 1);
    CHECK((said[0].is(60, 20) && said[0].channel == 1));
}

TEST_CASE(
    "amqp session: a paused queue gives nothing new, and what was given can be acknowledged") {
    World world;
    world.log_in();
    world.consume("q");
    world.session.pause("q");
    world.session.pause("q");
    auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(60, 30));
    world.session.resume("q");   // before the broker has answered
    CHECK(world.said().empty());
    world.hear(told::method(1, 60, 31, told::short_text("q")));
    said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(60, 20));
    world.session.pause("q");
    CHECK(world.said().empty());
    world.hear(told::consume_ok(1, "q"));
    said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(60, 30));
    world.hear(told::method(1, 60, 31, told::short_text("q")));
    CHECK(world.said().empty());
    world.session.resume("q");
    CHECK(world.said().size() == 1);
}

TEST_CASE("amqp session: no more queues than the broker has channels for us") {
    World world;
    world.hear(told::start() + told::tune(2, 0, 0) + told::open_ok());
    REQUIRE(world.session.consume("a", 1).has_value());
    REQUIRE(world.session.consume("b", 1).has_value());
    CHECK(world.session.consume("c", 1).error().is(Errc::too_large));
}
