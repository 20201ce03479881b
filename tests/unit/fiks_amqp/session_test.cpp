#include "tests/unit/fiks_amqp/session_world.hpp"

using namespace session_world;

TEST_CASE("amqp session: a login goes step by step, each with its word") {
    World world;
    auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].rest == std::string("AMQP\x00\x00\x09\x01", 8));
    world.hear(told::start());
    said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(10, 11));
    CHECK(said[0].rest.find("authentication_failure_close") != std::string::npos);
    CHECK(said[0].rest.find("consumer_cancel_notify") != std::string::npos);
    CHECK(said[0].rest.find("connection_name") != std::string::npos);
    world.hear(told::tune(100, 0, 20));
    said = world.said();
    REQUIRE(said.size() == 2);
    CHECK(said[0].is(10, 31));
    CHECK(said[0].rest == told::u16(100) + told::u32(131'072) + told::u16(20));
    CHECK(said[1].is(10, 40));
    CHECK(told::short_text_at(said[1].rest, 0) == "/");
    CHECK(world.events().empty());
    world.hear(told::open_ok());
    CHECK(world.only<LoggedIn>());
    CHECK(world.said().empty());
}

TEST_CASE("amqp session: every byte of the way may come alone") {
    World world;
    const std::string all = told::start() + told::tune() + told::open_ok() + told::frame(8, 0, "");
    for (const char byte : all) {
        world.hear(std::string(1, byte));
    }
    CHECK(world.only<LoggedIn>());
}

TEST_CASE("amqp session: a message comes with its headers, its body, and a tag to acknowledge it") {
    World world;
    world.log_in();
    world.consume("q");
    told::Told message{"q", 5, true, {{"type", "t"}}, {}, "60000", std::string(300'000, 'b')};
    world.hear(told::deliver(1, message));
    auto events = world.events();
    REQUIRE(events.size() == 5);
    const auto began = std::get<MessageBegan>(events[0]);
    CHECK(began.queue == "q");
    CHECK(began.redelivered);
    CHECK(began.routing_key == "q");
    CHECK(began.head.header("type") == "t");
    CHECK(began.head.expiration == "60000");
    CHECK_FALSE(began.too_large);
    std::size_t bytes = 0;
    for (std::size_t i = 1; i < 4; ++i) {
        bytes += std::get<BodyPart>(events[i]).bytes.size();
    }
    CHECK(bytes == 300'000);
    CHECK(std::holds_alternative<MessageEnded>(events[4]));
    world.session.acknowledge(began.tag);
    auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK((said[0].is(60, 80) && said[0].rest == told::u64(5) + told::u8(0)));
    world.session.requeue(began.tag);
    said = world.said();
    REQUIRE(said.size() == 1);
    // nack: not multiple, but requeue.
    CHECK((said[0].is(60, 120) && said[0].rest == told::u64(5) + told::u8(2)));
}

TEST_CASE("amqp session: messages of two channels may come interleaved") {
    World world;
    world.log_in();
    world.consume("a", 1);
    world.consume("b", 2);
    const auto cut = [](const std::string& bytes) {
        std::vector<std::string> frames;
        for (std::size_t at = 0; at < bytes.size();) {
            const auto size = static_cast<std::size_t>(told::number(bytes, at + 3, 4)) + 8;
            frames.push_back(bytes.substr(at, size));
            at += size;
        }
        return frames;
    };
    const auto one = cut(told::deliver(1, {"a", 1, false, {}, {}, {}, "aaaa", 2}));
    const auto two = cut(told::deliver(2, {"b", 1, false, {}, {}, {}, "bbbb", 2}));
    REQUIRE(one.size() == 4);
    for (std::size_t i = 0; i < one.size(); ++i) {
        world.hear(one[i] + two[i]);
    }
    std::map<int, std::string> bodies;
    for (const auto& event : world.events()) {
        if (const auto* part = std::get_if<BodyPart>(&event)) {
            bodies[part->channel] += part->bytes;
        }
    }
    CHECK(bodies[1] == "aaaa");
    CHECK(bodies[2] == "bbbb");
}

TEST_CASE("amqp session: a body above the limit is let pass, and said to be too large") {
    SessionLimits limits;
    limits.body_bytes_max = 1000;
    World world(limits);
    world.log_in();
    world.consume("q");
    world.hear(told::deliver(1, {"q", 1, false, {}, {}, {}, std::string(1001, 'b'), 400}));
    world.hear(told::deliver(1, {"q", 2, false, {}, {}, {}, std::string(1000, 'b'), 400}));
    const auto events = world.events();
    REQUIRE(events.size() == 7);
    CHECK(std::get<MessageBegan>(events[0]).too_large);
    CHECK(std::holds_alternative<MessageEnded>(events[1]));
    CHECK_FALSE(std::get<MessageBegan>(events[2]).too_large);
}

TEST_CASE("amqp session: heartbeats go out when nothing else does, and silence is the end") {
    World world;
    world.log_in(20);
    CHECK(world.session.tick_at() == start_time + 10s);
    world.now += 10s;
    world.session.tick(world.now);
    auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].type == 8);
    CHECK(world.session.tick_at() == start_time + 20s);
    world.now += 9s;
    world.session.tick(world.now);
    CHECK(world.said().empty());
    world.hear(told::frame(8, 0, ""));
    world.now += 39s;
    world.session.tick(world.now);
    CHECK(world.events().empty());
    world.now += 1s;
    world.session.tick(world.now);
    CHECK(ends(world, Ending::silent));
    CHECK(world.session.tick_at() == SteadyTime::max());
}

TEST_CASE(
    "amqp session: the shorter heartbeat holds, and none where the broker wants none of ours") {
    for (const auto& [theirs, held] : {std::pair(60, 30), {10, 10}, {0, 30}}) {
        World world;
        world.log_in(static_cast<unsigned>(theirs));
        CHECK(world.session.tick_at() == start_time + std::chrono::seconds(held) / 2);
    }
}

TEST_CASE("amqp session: a refused login is told from every other end") {
    World refused;
    refused.hear(told::start());
    refused.said();
    refused.hear(told::connection_close(403, "ACCESS_REFUSED"));
    const auto said = refused.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(10, 51));
    CHECK(ends(refused, Ending::login_refused));

    World hung_up;   // a broker that does not know authentication_failure_close
    hung_up.hear(told::start());
    hung_up.session.take_end(Failure(Errc::closed));
    CHECK(ends(hung_up, Ending::login_refused));

    World cut;
    cut.hear(told::start());
    cut.session.take_end(Failure(Errc::answer_lost));
    CHECK(ends(cut, Ending::lost));

    World elsewhere;
    elsewhere.hear(told::start() + told::tune());
    elsewhere.hear(told::connection_close(530, "NOT_ALLOWED - vhost"));
    CHECK(ends(elsewhere, Ending::vhost_refused));

    World later;
    later.log_in();
    later.hear(told::connection_close(320, "CONNECTION_FORCED"));
    const auto ended = later.only<Ended>();
    REQUIRE(ended);
    CHECK((ended->why == Ending::closed && ended->code == 320));

    World no_plain;
    no_plain.hear(told::start("EXTERNAL"));
    CHECK(ends(no_plain, Ending::protocol));
}

TEST_CASE("amqp session: a lost wire is told at every step, once") {
    const std::vector<std::string> steps{told::start(), told::tune(), told::open_ok(), ""};
    for (std::size_t count = 0; count < steps.size(); ++count) {
        World world;
        for (std::size_t i = 0; i < count; ++i) {
            world.hear(steps[i]);
        }
        world.events();
        world.session.take_end(Failure(Errc::answer_lost));
        world.session.take_end(Failure(Errc::answer_lost));
        CHECK(ends(world, Ending::lost));
        world.hear(told::start());
        CHECK(world.events().empty());
    }
}

TEST_CASE("amqp session: what is out of its place ends the connection, never the program") {
    const std::vector<std::string> wrong{told::open_ok(),
                                         told::tune(),
                                         told::start(),
                                         told::consume_ok(1, "q"),
                                         told::channel_open_ok(9),
                                         told::frame(2, 1, "head"),
                                         told::frame(3, 1, "body"),
                                         told::frame(8, 1, ""),
                                         told::frame(8, 0, "x"),
                                         told::frame(1, 0, ""),
                                         told::method(1, 60, 40),
                                         "garbage"};
    for (const auto& bytes : wrong) {
        World fresh;
        if (bytes != told::start()) {
            fresh.hear(bytes);
            CHECK(ends(fresh, Ending::protocol));
        }
        World working;
        working.log_in();
        if (bytes != told::frame(8, 0, "")) {
            working.hear(bytes);
            CHECK(ends(working, Ending::protocol));
        }
    }
    World world;   // a method in the middle of a message, and a body longer than it said
    world.log_in();
    world.consume("q");
    const std::string begun = told::deliver(1, {"q", 1, false, {}, {}, {}, "body", 100});
    world.hear(begun.substr(0, begun.size() - 12));
    world.events();
    world.hear(told::consume_ok(1, "q"));
    CHECK(ends(world, Ending::protocol));
    World longer;
    longer.log_in();
    longer.consume("q");
    longer.hear(begun.substr(0, begun.size() - 12) + told::frame(3, 1, "bodies"));
    longer.session.next_event();
    CHECK(ends(longer, Ending::protocol));
}

TEST_CASE("amqp session: frames smaller than AMQP allows, or larger than agreed, end it") {
    World small;
    small.hear(told::start() + told::tune(0, 1024, 0));
    CHECK(ends(small, Ending::protocol));
    World large;
    large.hear(told::start() + told::tune(0, 8192, 0) + told::open_ok());
    large.events();
    large.hear(told::frame(3, 1, std::string(8192, 'x')));
    CHECK(ends(large, Ending::protocol));
}

TEST_CASE("amqp session: a broker short of memory says so, and when it is over") {
    World world;
    world.log_in();
    world.hear(told::method(0, 10, 60, told::short_text("low on disk")));
    CHECK(world.only<Blocking>()->blocked);
    world.hear(told::method(0, 10, 61));
    CHECK_FALSE(world.only<Blocking>()->blocked);
}

TEST_CASE("amqp session: a goodbye is said and waited for; what still comes is let be") {
    World world;
    world.log_in();
    world.consume("q");
    world.session.close();
    const auto said = world.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].is(10, 50));
    world.hear(told::deliver(1, {"q", 1, false, {}, {}, {}, "late", 10}));
    world.hear(told::channel_close(1, 406, "late too"));
    CHECK(world.events().empty());
    world.hear(told::method(0, 10, 51));
    CHECK(ends(world, Ending::ours));
    CHECK(world.session.consume("q", 1).error().is(Errc::closed));
}
