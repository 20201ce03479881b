#include "adapters/fiks_io/amqp/amqp_connection.hpp"
#include "adapters/fiks_io/standin/broker/publisher.hpp"
#include "adapters/fiks_io/standin/broker/rabbit_broker.hpp"
#include "gateway/http/server.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/with_deadline.hpp"
#include "gateway/upstream/streams.hpp"
#include "tests/support/fake_roles.hpp"
#include "tests/support/http_harness.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/test_certificates.hpp"

#include <catch2/catch.hpp>

// Our client and a real broker, over TLS: what the unit tests' broker says may be our own belief.

namespace tests {

namespace http = gateway::http;
namespace amqp = gateway::fiks_io::amqp;
namespace standin = gateway::fiks_io::standin;
using namespace std::chrono_literals;

namespace {

/// Who may log in and read, as RabbitMQ asks it.
class Door final : public http::Handler {
public:
    sdk::Task<http::Response> handle(http::Request& request) override {
        const auto body = co_await sdk::read_all(*request.body, 10'000);
        const bool user = request.path == "/door/user";
        const bool in = !user || (body && body->find("password=sesam") != std::string::npos);
        co_return http::Response(200, "text/plain", in ? "allow" : "deny");
    }
    http::Response refuse(int status, std::string_view, std::string_view) override {
        return http::Response(status);
    }
};

constexpr const char* queue = "fiksio.konto.a";

sdk::Task<bool> let_go(std::unique_ptr<amqp::Connection> connection) {
    connection.reset();
    co_return true;
}

sdk::Task<bool> acknowledge(amqp::Connection& connection, amqp::MessageTag tag) {
    connection.acknowledge(tag);
    co_return true;
}

sdk::Task<bool> consume(amqp::Connection& connection, std::string name, std::uint16_t prefetch) {
    co_return connection.consume(name, prefetch).has_value();
}

/// Takes and acknowledges `count` messages; what their bodies were.
sdk::Task<std::vector<std::string>> take(amqp::Connection& connection, std::size_t count) {
    std::vector<std::string> bodies;
    while (bodies.size() < count) {
        auto event = co_await connection.next();
        auto* message = std::get_if<amqp::Message>(&event);
        if (message == nullptr) {
            if (std::holds_alternative<amqp::Ended>(event)) {
                break;
            }
            continue;
        }
        const auto source = message->body.open();
        auto bytes = co_await sdk::read_all(*source, 10U << 20U);
        bodies.push_back(bytes ? *bytes : std::string("unreadable"));
        connection.acknowledge(message->tag);
    }
    co_return bodies;
}

sdk::Task<core::Result<amqp::Event>> next_event(amqp::Connection& connection) {
    co_return co_await connection.next();
}

struct World {
    ScratchFolder folder;
    std::unique_ptr<sdk::Clock> clock = gateway::runtime::make_system_clock();
    Door door;
    Loop loop;
    http::Server server;
    CertificateAuthority authority;
    std::optional<standin::RabbitBroker> broker;
    standin::Publisher publisher{standin::OwnLogin{"own", "sesam"}, 3};
    MemorySpools spools;
    std::unique_ptr<sdk::Streams> streams;
    gateway::runtime::TaskGroup tasks;
    std::shared_ptr<amqp::BodyBudget> budget = std::make_shared<amqp::BodyBudget>();

    World()
        : server(loop.io().get_executor(), *clock, http::ServerOptions(), door),
          tasks(loop.io().get_executor()) {
        REQUIRE(server.start().has_value());
        const auto identity = authority.issue();
        standin::BrokerSettings settings;
        settings.folder = (folder.path() / "broker").string();
        settings.auth_url = server.url() + "/door";
        settings.certificate_pem = identity.certificate_pem;
        settings.key_pem = identity.key_pem;
        settings.ca_pem = authority.root_pem();
        broker.emplace(settings, *clock);
        broker->start();
        publisher.use(broker->plain_port());
        publisher.know(queue);
        streams = *gateway::upstream::make_streams(*clock, authority.root_pem());
    }
    ~World() { loop.run(tasks.stop()); }

    amqp::Opening open(const std::string& password = "sesam") {
        amqp::Surroundings around(*streams, spools, *clock, tasks, budget);
        sdk::StreamTarget target("localhost", broker->tls_port(), true);
        amqp::Login login;
        login.user = "integration";
        login.password = password;
        login.connection_name = "sluse test";
        return loop.run(
            amqp::Connection::open(around, target, login, amqp::SessionLimits(), clock->in(60s)));
    }
    void publish(const std::vector<std::string>& bodies) {
        std::vector<standin::Letter> letters;
        for (const auto& body : bodies) {
            standin::Letter letter;
            letter.queue = queue;
            letter.headers.emplace_back("melding-id", "text");
            letter.headers.emplace_back("number", "17", standin::HeaderKind::number);
            letter.headers.emplace_back("truth", "true", standin::HeaderKind::truth);
            letter.body = body;
            letters.push_back(std::move(letter));
        }
        REQUIRE(loop.run(publisher.publish(std::move(letters))));
    }
    /// The next event of the kind, others passed over.
    template <class T>
    std::optional<T> next(amqp::Connection& connection) {
        for (int i = 0; i < 1000; ++i) {
            auto event = loop.run(
                gateway::runtime::with_deadline(*clock, clock->in(30s), next_event(connection)));
            if (!event) {
                return std::nullopt;
            }
            if (auto* found = std::get_if<T>(&*event)) {
                return std::move(*found);
            }
        }
        return std::nullopt;
    }
};

}   // namespace

TEST_CASE("amqp against RabbitMQ: over TLS, headers of all kinds, acknowledged once and gone") {
    World world;
    world.publish({"the body", std::string(3U << 20U, 'L'), ""});
    auto opening = world.open();
    REQUIRE(opening.connection);
    auto& connection = *opening.connection;
    REQUIRE(world.loop.run(consume(connection, queue, 10)));
    const auto first = world.next<amqp::Message>(connection);
    REQUIRE(first);
    CHECK(first->head.header("melding-id") == "text");
    CHECK(first->head.odd.size() >= 2);
    CHECK(first->routing_key == queue);
    CHECK_FALSE(first->redelivered);
    CHECK(first->body.size() == 8);
    const auto second = world.next<amqp::Message>(connection);
    REQUIRE(second);
    CHECK(second->body.size() == 3U << 20U);
    const auto third = world.next<amqp::Message>(connection);
    REQUIRE(third);
    CHECK(third->body.size() == 0);
    REQUIRE(world.loop.run(acknowledge(connection, first->tag)));
    REQUIRE(world.loop.run(acknowledge(connection, third->tag)));
    REQUIRE(world.loop.run(let_go(std::move(opening.connection))));
    // What was not acknowledged comes again, and only that.
    auto again = world.open();
    REQUIRE(again.connection);
    REQUIRE(world.loop.run(consume(*again.connection, queue, 10)));
    const auto redelivered = world.next<amqp::Message>(*again.connection);
    REQUIRE(redelivered);
    CHECK(redelivered->redelivered);
    CHECK(redelivered->body.size() == 3U << 20U);
    REQUIRE(world.loop.run(let_go(std::move(again.connection))));
}

TEST_CASE("amqp against RabbitMQ: a wrong password is told, a missing queue ends nothing else") {
    World world;
    world.publish({"one"});
    const auto refused = world.open("gjett");
    CHECK_FALSE(refused.connection);
    CHECK(refused.why.why == amqp::Ending::login_refused);
    auto opening = world.open();
    REQUIRE(opening.connection);
    REQUIRE(world.loop.run(consume(*opening.connection, "fiksio.konto.absent", 10)));
    const auto lost = world.next<amqp::ConsumerLost>(*opening.connection);
    REQUIRE(lost);
    CHECK(lost->code == 404);
    REQUIRE(world.loop.run(consume(*opening.connection, queue, 10)));
    CHECK(world.next<amqp::Message>(*opening.connection));
    REQUIRE(world.loop.run(let_go(std::move(opening.connection))));
}

TEST_CASE(
    "amqp against RabbitMQ: thousands come in order, and what a stopped broker had comes after") {
    World world;
    std::vector<std::string> bodies;
    for (int i = 0; i < 3000; ++i) {
        bodies.push_back(std::to_string(i));
    }
    world.publish(bodies);
    auto opening = world.open();
    REQUIRE(opening.connection);
    REQUIRE(world.loop.run(consume(*opening.connection, queue, 200)));
    CHECK(world.loop.run(take(*opening.connection, bodies.size())) == bodies);
    world.publish({"last"});
    REQUIRE(world.next<amqp::Message>(*opening.connection));   // and not acknowledged
    world.loop.run(world.broker->stop());
    const auto ended = world.next<amqp::Ended>(*opening.connection);
    REQUIRE(ended);
    CHECK((ended->why == amqp::Ending::closed || ended->why == amqp::Ending::lost));
    REQUIRE(world.loop.run(let_go(std::move(opening.connection))));
    world.loop.run(world.broker->start_again());
    auto again = world.open();
    REQUIRE(again.connection);
    REQUIRE(world.loop.run(consume(*again.connection, queue, 10)));
    CHECK(world.loop.run(take(*again.connection, 1)) == std::vector<std::string>{"last"});
    REQUIRE(world.loop.run(let_go(std::move(again.connection))));
}

}   // namespace tests
