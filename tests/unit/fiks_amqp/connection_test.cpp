#include "adapters/fiks_io/amqp/amqp_connection.hpp"
#include "tests/support/amqp_broker.hpp"
#include "tests/support/fake_roles.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace gateway::fiks_io::amqp;
using namespace std::chrono_literals;
using gateway::core::Errc;
using gateway::core::Failure;
namespace told = tests::amqp;
namespace sdk = gateway::sdk;

namespace {

struct World {
    boost::asio::io_context io;
    tests::ManualClock clock;
    tests::ScriptedStreams streams{clock};
    tests::MemorySpools spools;
    gateway::runtime::TaskGroup tasks{io.get_executor()};
    std::shared_ptr<BodyBudget> budget = std::make_shared<BodyBudget>();
    tests::AmqpBroker broker{streams.add()};
    std::unique_ptr<Connection> connection;
    Ended why;

    World() = default;
    ~World() {
        connection.reset();
        tests::run(io, tasks.stop());
    }
    template <class T>
    std::optional<T> wait(sdk::Task<T> task, std::chrono::seconds at_most = 100s) {
        std::optional<T> value;
        boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, T result) {
            REQUIRE(!error);
            value.emplace(std::move(result));
        });
        io.restart();
        tests::run_until(
            io, clock, [&] { return value.has_value(); }, at_most);
        return value;
    }
    bool open(std::chrono::seconds within = 30s) {
        Surroundings around(streams, spools, clock, tasks, budget);
        sdk::StreamTarget target("io.example", 5671, true);
        Login login;
        login.user = "integration";
        login.password = "password token";
        auto opening =
            wait(Connection::open(around, target, login, SessionLimits(), clock.in(within)));
        REQUIRE(opening.has_value());
        connection = std::move(opening->connection);
        why = opening->why;
        return connection != nullptr;
    }
    template <class T>
    std::optional<T> next(std::chrono::seconds at_most = 100s) {
        auto event = wait(connection->next(), at_most);
        if (!event || !std::holds_alternative<T>(*event)) {
            return std::nullopt;
        }
        return std::get<T>(std::move(*event));
    }
    void settle() {
        io.restart();
        io.poll();
    }
    void consume(const std::string& queue) {
        REQUIRE(connection->consume(queue, 10).has_value());
        REQUIRE(next<Consuming>());
    }
    std::string read(const Body& body) {
        const auto source = body.open();
        auto bytes = wait(sdk::read_all(*source, 10U << 20U));
        return **bytes;
    }
};

told::Told message(std::string body, std::uint64_t tag = 1) {
    told::Told told;
    told.queue = "q";
    told.tag = tag;
    told.headers = {{"type", "t"}};
    told.body = std::move(body);
    return told;
}

}   // namespace

TEST_CASE("amqp connection: logs in, consumes, and acknowledges what it was given") {
    World world;
    REQUIRE(world.open());
    CHECK(world.streams.asked[0].host == "io.example");
    CHECK(world.streams.asked[0].tls);
    world.consume("q");
    world.broker.end().push(told::deliver(1, message("the body")));
    auto got = world.next<Message>();
    REQUIRE(got);
    CHECK(got->queue == "q");
    CHECK(world.read(got->body) == "the body");
    CHECK(world.budget->held == 8);
    world.connection->acknowledge(got->tag);
    world.settle();
    CHECK(world.broker.count(60, 80) == 1);
    got.reset();
    CHECK(world.budget->held == 0);
    CHECK(world.spools.made == 0);
}

TEST_CASE("amqp connection: large bodies, and all beyond the room in memory, lie in spools") {
    World world;
    REQUIRE(world.open());
    world.consume("q");
    const std::string large(3U << 20U, 'L');
    world.broker.end().push(told::deliver(1, message(large)));
    auto got = world.next<Message>();
    REQUIRE(got);
    CHECK(world.spools.made == 1);
    CHECK(world.budget->held == 0);
    CHECK(got->body.size() == large.size());
    CHECK(world.read(got->body) == large);
    world.budget->bytes_max = 5;
    world.broker.end().push(told::deliver(1, message("small", 2)) +
                            told::deliver(1, message("small", 3)));
    const auto first = world.next<Message>();
    const auto second = world.next<Message>();
    REQUIRE((first && second));
    CHECK(world.read(first->body) == "small");
    CHECK(world.read(second->body) == "small");
    CHECK(world.spools.made == 2);
}

TEST_CASE("amqp connection: a body for which there is no room comes without it, and says so") {
    World world;
    REQUIRE(world.open());
    world.consume("q");
    world.spools.failure = Failure(Errc::storage_full);
    world.broker.end().push(told::deliver(1, message(std::string(2U << 20U, 'L'))));
    const auto got = world.next<Message>();
    REQUIRE(got);
    REQUIRE(got->body_lost);
    CHECK(got->body_lost->is(Errc::storage_full));
    world.connection->requeue(got->tag);
    world.settle();
    CHECK(world.broker.count(60, 120) == 1);
}

TEST_CASE("amqp connection: one that cannot be reached, or never answers, is said to be so") {
    World away;
    away.streams.failure = Failure(Errc::tls_untrusted);
    CHECK_FALSE(away.open());
    CHECK(away.why.failure.is(Errc::tls_untrusted));
    World mute;
    mute.broker.hushed = true;
    CHECK_FALSE(mute.open());
    CHECK(mute.why.failure.is(Errc::timed_out));
    mute.settle();
    CHECK(mute.broker.end().closed);
    World refused;
    refused.broker.refuses_login = 403;
    CHECK_FALSE(refused.open());
    CHECK(refused.why.why == Ending::login_refused);
}

TEST_CASE(
    "amqp connection: the end comes after what came before it, and again for who asks again") {
    World world;
    REQUIRE(world.open());
    world.consume("q");
    world.broker.end().push(told::deliver(1, message("last")));
    world.broker.end().push(told::connection_close(320, "CONNECTION_FORCED"));
    REQUIRE(world.next<Message>());
    const auto ended = world.next<Ended>();
    REQUIRE(ended);
    CHECK(ended->why == Ending::closed);
    CHECK(world.next<Ended>());
    CHECK(world.connection->ended());
    world.settle();
    CHECK(world.broker.end().closed);
    CHECK(world.broker.count(10, 51) == 1);
}

TEST_CASE("amqp connection: a wire that breaks while we read or write is its end") {
    World read;
    REQUIRE(read.open());
    read.broker.end().end();
    REQUIRE(read.next<Ended>());
    World write;
    REQUIRE(write.open());
    write.consume("q");
    write.broker.end().push(told::deliver(1, message("x")));
    const auto got = write.next<Message>();
    write.broker.end().write_failure = Failure(Errc::unreachable);
    write.connection->acknowledge(got->tag);
    const auto ended = write.next<Ended>();
    REQUIRE(ended);
    CHECK(ended->why == Ending::lost);
}

TEST_CASE("amqp connection: heartbeats are sent, and a broker that falls silent is left") {
    World world;
    REQUIRE(world.open());
    const auto began = world.clock.steady();
    const auto ended = world.next<Ended>();
    REQUIRE(ended);
    CHECK(ended->why == Ending::silent);
    CHECK(world.clock.steady() - began == 40s);
    std::size_t beats = 0;
    for (const auto& one : world.broker.said) {
        beats += one.type == 8 ? 1U : 0U;
    }
    CHECK(beats >= 3);
}

TEST_CASE("amqp connection: destroyed, it says goodbye, and waits for no broker for long") {
    World world;
    REQUIRE(world.open());
    world.connection.reset();
    world.settle();
    CHECK(world.broker.count(10, 50) == 1);
    CHECK(world.broker.end().closed);
    World mute;
    REQUIRE(mute.open());
    mute.broker.hushed = true;
    mute.connection.reset();
    mute.settle();
    CHECK_FALSE(mute.broker.end().closed);
    mute.clock.advance(3s);
    mute.settle();
    CHECK(mute.broker.end().closed);
}

TEST_CASE("amqp connection: what is consumed no more is told, with the broker's reason") {
    World world;
    REQUIRE(world.open());
    world.consume("q");
    world.broker.end().push(told::channel_close(1, 403, "ACCESS_REFUSED - queue"));
    const auto lost = world.next<ConsumerLost>();
    REQUIRE(lost);
    CHECK((lost->queue == "q" && lost->code == 403));
    world.broker.end().push(told::method(0, 10, 60, told::short_text("low on memory")));
    CHECK(world.next<Blocking>()->blocked);
}
