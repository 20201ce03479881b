#include "adapters/fiks_io/standin/broker/consumer.hpp"
#include "adapters/fiks_io/standin/broker/publisher.hpp"
#include "adapters/fiks_io/standin/broker/rabbit_broker.hpp"
#include "gateway/http/server.hpp"
#include "gateway/runtime/clock.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/support/http_harness.hpp"
#include "tests/support/test_certificates.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <deque>

// The broker of Fiks IO's stand-in by itself: Debian's RabbitMQ as a child.

namespace gateway::tests::standins {

namespace fiks = gateway::fiks_io::standin;

namespace {

/// Lets in who knows the word; keeps what was asked.
class Door final : public http::Handler {
public:
    sdk::Task<http::Response> handle(http::Request& request) override {
        const auto body = co_await sdk::read_all(*request.body, 10'000);
        asked.push_back(request.path + " " + (body ? *body : std::string()));
        const bool user = request.path == "/door/user";
        const bool in = !user || asked.back().find("password=sesam") != std::string::npos;
        co_return http::Response(200, "text/plain", in ? "allow" : "deny");
    }
    http::Response refuse(int status, std::string_view, std::string_view) override {
        return http::Response(status);
    }
    std::vector<std::string> asked;
};

struct Mailbag {
    void put(fiks::Taken taken) {
        const std::lock_guard lock(mutex);
        all.push_back(std::move(taken));
        there.notify_all();
    }
    fiks::Taken next() {
        std::unique_lock lock(mutex);
        REQUIRE(there.wait_for(lock, std::chrono::seconds(30), [this] { return !all.empty(); }));
        fiks::Taken taken = std::move(all.front());
        all.pop_front();
        return taken;
    }
    std::mutex mutex;
    std::condition_variable there;
    std::deque<fiks::Taken> all;
};

constexpr const char* queue = "fiksio.konto.a";

struct Rabbit {
    Rabbit() : server(loop.io().get_executor(), *clock, http::ServerOptions(), door) {
        REQUIRE(server.start().has_value());
        const ::tests::CertificateAuthority authority;
        const auto identity = authority.issue();
        fiks::BrokerSettings settings;
        settings.folder = folder.path() + "/broker";
        settings.auth_url = server.url() + "/door";
        settings.certificate_pem = identity.certificate_pem;
        settings.key_pem = identity.key_pem;
        settings.ca_pem = authority.root_pem();
        broker.emplace(settings, *clock);
        broker->start();
        publisher.use(broker->plain_port());
        publisher.know(queue);
    }
    void publish(const std::string& body, std::optional<std::int64_t> ttl_ms = std::nullopt) {
        fiks::Letter letter;
        letter.queue = queue;
        letter.headers.emplace_back("melding-id", body);
        letter.body = body;
        letter.ttl_ms = ttl_ms;
        REQUIRE(loop.run(publisher.publish({letter})));
    }
    void restart() {
        loop.run(broker->stop());
        loop.run(broker->start_again());
        publisher.use(broker->plain_port());
    }

    TemporaryFolder folder;
    std::unique_ptr<sdk::Clock> clock = runtime::make_system_clock();
    Door door;
    ::tests::Loop loop;
    http::Server server;
    std::optional<fiks::RabbitBroker> broker;
    fiks::OwnLogin login{"own", "sesam"};
    fiks::Publisher publisher{login, 3};
};

}   // namespace

TEST_CASE("rabbit broker: what is confirmed is given out, also after a restart and a kill") {
    Rabbit rabbit;
    rabbit.publish("one");
    rabbit.restart();
    rabbit.publish("two");
    rabbit.broker->kill();
    rabbit.restart();
    CHECK(rabbit.loop.run(rabbit.publisher.depth(queue))->messages == 2);
    Mailbag bag;
    fiks::Consumer consumer(rabbit.login, [&bag](fiks::Taken taken) { bag.put(std::move(taken)); });
    consumer.add(queue);
    consumer.use(rabbit.broker->plain_port());
    const auto first = bag.next();
    CHECK(first.body == "one");
    CHECK(first.header("melding-id") == "one");
    CHECK(bag.next().body == "two");
    CHECK(rabbit.loop.run(rabbit.publisher.depth(queue))->consumers == 1);
}

TEST_CASE("rabbit broker: what fails three times or waits too long is a dead letter that says so") {
    Rabbit rabbit;
    rabbit.publish("late", 1);
    rabbit.publish("bad");
    Mailbag bag;
    fiks::Consumer consumer(rabbit.login, [&bag](fiks::Taken taken) { bag.put(std::move(taken)); });
    consumer.use(rabbit.broker->plain_port());
    consumer.add(fiks::Publisher::dead_letters);
    const auto late = bag.next();
    CHECK(late.header("x-first-death-reason") == "expired");
    CHECK(late.header("x-first-death-queue") == queue);
    consumer.add(queue);
    for (int i = 0; i < 3; ++i) {
        const auto taken = bag.next();
        CHECK(taken.queue == queue);
        CHECK(taken.redelivered == (i > 0));
        consumer.settle(taken, false);
    }
    const auto dead = bag.next();
    CHECK(dead.body == "bad");
    CHECK(dead.header("x-first-death-reason") == "delivery_limit");
}

TEST_CASE("rabbit broker: only who the door lets in gets in, and two brokers stand side by side") {
    Rabbit rabbit;
    Rabbit other;
    fiks::Publisher stranger({"own", "gjett"}, 3);
    stranger.use(rabbit.broker->plain_port());
    CHECK_FALSE(rabbit.loop.run(stranger.is_ready()));
    CHECK(rabbit.loop.run(rabbit.publisher.is_ready()));
    CHECK(other.loop.run(other.publisher.is_ready()));
    CHECK(rabbit.broker->tls_port() != other.broker->tls_port());
}

}   // namespace gateway::tests::standins
