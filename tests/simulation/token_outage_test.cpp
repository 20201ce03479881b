// Maskinporten's token endpoint is down for an hour of virtual time: the real adapters, dispatch
// and machine of a delivery, over an upstream that answers by rule.

#include "adapters/altinn/altinn_adapter.hpp"
#include "adapters/maskinporten/maskinporten_adapter.hpp"
#include "gateway/app/delivery.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/dispatch/dispatcher.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

namespace {

using namespace simulation;
using namespace std::chrono_literals;
using core::DeliveryState;
using tests::SentRequest;
using Answered = sdk::Result<sdk::HttpResponse>;

constexpr int letters = 20;
constexpr int places = 16;   // of the connection
// Each letter asks a few times while the connection's circuit lets it; far from one try a second.
constexpr int grants_max = 400;

sdk::HttpResponse json_response(std::string body) {
    sdk::HttpResponse response;
    response.status = 200;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

/// The adapter as dispatch sees it, without a strand of its own: all is on one.
class Direct final : public ports::Connection {
public:
    Direct(sdk::Adapter& adapter, const sdk::Capability& capability)
        : adapter_(adapter), capability_(capability) {}
    const core::ConnectionId& id() const override { return id_; }
    int in_flight_max() const override { return places; }
    const sdk::Capability* capability(std::string_view type) const override {
        return type == capability_.message_type ? &capability_ : nullptr;
    }
    std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                     std::span<const core::DocumentRef>,
                                     core::Time) const override {
        return {};
    }
    sdk::Task<sdk::Outcome> send(core::Delivery delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline) override {
        co_return co_await adapter_.sender()->send(delivery, progress, deadline);
    }
    sdk::Task<sdk::Outcome> look_up(core::Delivery delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) override {
        co_return co_await adapter_.sender()->look_up(delivery, progress, deadline);
    }
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(core::Delivery delivery,
                                                         sdk::Deadline deadline) override {
        co_return co_await adapter_.sender()->poll_receipts(delivery, deadline);
    }
    sdk::Task<sdk::Outcome> cancel(core::Delivery delivery, sdk::Deadline deadline) override {
        co_return co_await adapter_.sender()->cancel(delivery, deadline);
    }
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled, sdk::Deadline) override {
        co_return sdk::Outcome(sdk::Verdict::accepted);
    }
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override {
        co_return co_await adapter_.check_health(deadline);
    }

private:
    core::ConnectionId id_{"altinn"};
    sdk::Adapter& adapter_;
    const sdk::Capability& capability_;
};

/// Maskinporten and Altinn by rule.
class Platform {
public:
    explicit Platform(tests::FakeHost& fake) : fake_(fake) {
        auto& http = fake.http;
        http.always("GET", "/.well-known/oauth-authorization-server")
            .answer_json(200, R"({"issuer":"https://mp.example/",)"
                              R"("token_endpoint":"https://mp.example/token",)"
                              R"("jwks_uri":"https://mp.example/jwk"})");
        http.always("POST", "https://mp.example/token").answer_with([this](const SentRequest&) {
            return grant();
        });
        http.always("GET", "/authentication/api/v1/exchange/")
            .answer_with([this](const SentRequest&) { return exchange(); });
        http.always("POST", "/correspondence/api/v1/correspondence")
            .answer_with([this](const SentRequest& sent) { return initialise(sent); });
        http.always("GET", "/correspondence/api/v1/correspondence/")
            .answer_with([](const SentRequest& sent) { return overview(sent); });
    }

    bool token_endpoint_is_down = true;
    int grants = 0;
    std::map<std::string, int> held;   // by idempotentKey

private:
    /// Down as an endpoint is: now a 503, now a page for people, now nobody there.
    Answered grant() {
        if (token_endpoint_is_down) {
            switch (grants++ % 3) {
            case 0: return core::Failure(core::Errc::unreachable);
            case 1: {
                sdk::HttpResponse busy;
                busy.status = 503;
                return busy;
            }
            default: {
                auto page = json_response("<html>vedlikehold</html>");
                page.headers.front().second = "text/html";
                return page;
            }
            }
        }
        ++grants;
        return json_response(R"({"access_token":"mp","token_type":"Bearer","expires_in":120})");
    }

    Answered exchange() {
        const auto until = fake_.clock.now() + 30min;
        const auto exp = std::chrono::floor<std::chrono::seconds>(until).time_since_epoch().count();
        sdk::HttpResponse response;
        response.status = 200;
        response.body =
            crypto::jws_compact(crypto::jws_signing_input(R"({"alg":"RS256"})",
                                                          R"({"exp":)" + std::to_string(exp) + "}"),
                                "signature");
        return response;
    }

    Answered initialise(const SentRequest& request) {
        const auto body = json::parse(request.body);
        ++held[(*body)["idempotentKey"].as_string()];
        return json_response(R"({"correspondences":[{"correspondenceId":")" +
                             fake_.ids->uuid().to_string() +
                             R"(","status":"Initialized","recipient":"x"}],"attachmentIds":[]})");
    }

    static Answered overview(const SentRequest& request) {
        const std::string id = request.url.substr(request.url.rfind('/') + 1);
        return json_response(R"({"correspondenceId":")" + id +
                             R"(","status":"Published","published":"2026-01-15T13:30:00Z"})");
    }

    tests::FakeHost& fake_;
};

ports::AcceptCommand letter(tests::FakeHost& fake, const crypto::Vault& vault) {
    auto& ids = *fake.ids;
    ports::AcceptCommand command;
    command.tenant = oslo;
    command.system = sak;
    command.message = ids.next<core::MessageId>();
    command.type = "letter/v1";
    command.at = fake.clock.now();
    const auto owner = command.message.to_bytes();
    const auto key = vault.new_key(ids, owner);
    command.wrapped_key = key.wrapped;
    command.sealed_content = key.key.seal(
        ids, "content", owner,
        R"({"type":"letter","version":1,"reference":"LON-17","language":"nb",)"
        R"("recipient":{"organisation":"310002003"},"title":"Vedtak","body":"Tekst"})");
    command.delivery.id = ids.next<core::DeliveryId>();
    command.delivery.connection = core::ConnectionId("altinn");
    command.delivery.settings = R"({"resource":"ttd-vedtak"})";
    command.delivery.due = command.at;
    command.delivery.upstream_key = command.delivery.id.to_string();
    ports::NewEvent event;
    event.id = ids.next<core::EventId>();
    event.at = command.at;
    event.name = "accepted";
    event.code = core::Code("accepted");
    command.events.push_back(std::move(event));
    return command;
}

struct Outage {
    tests::FakeHost fake;
    Platform platform{fake};
    std::unique_ptr<sdk::Adapter> maskinporten;
    std::unique_ptr<sdk::Host> altinn_host;
    std::unique_ptr<sdk::Adapter> altinn;
    TheConnections connections;
    Fixed configuration;
    crypto::Vaults vaults;
    std::shared_ptr<const crypto::Vault> vault =
        std::make_shared<const crypto::Vault>(crypto::SecretKey());
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    boost::asio::io_context io;

    Outage() {
        sdk::ConnectionFacts facts;
        facts.base_url = "https://mp.example";
        facts.settings = R"({"client_id":"c","organisation":"991825827"})";
        maskinporten = std::move(*maskinporten::create(facts, *fake.host));
        altinn_host = std::make_unique<sdk::Host>(
            sdk::Host{fake.http, fake.streams, *maskinporten->tokens(), fake.documents, fake.keys,
                      fake.state, *fake.ids, fake.clock, fake.log, fake.metrics, fake.registers,
                      fake.inbound, fake.spools, fake.work});
        facts.base_url = "https://platform.example";
        facts.settings = "{}";
        altinn = std::move(*altinn::create(facts, *altinn_host));
        connections.them = {std::make_shared<Direct>(*altinn, altinn::capabilities().front())};
        core::ConnectionConfig connection;
        connection.id = core::ConnectionId("altinn");
        connection.tenants = {oslo};
        configuration.now->connections[connection.id] = connection;
        vaults.put(oslo, vault);
    }
    ~Outage() {
        tests::run(io, altinn->stop(fake.in(1s)));
        tests::run(io, maskinporten->stop(fake.in(1s)));
        // They keep executors of `io`, which goes before them.
        connections.them.clear();
        altinn.reset();
        maskinporten.reset();
    }

    std::uint64_t in_state(DeliveryState state) {
        const auto counts = tests::run(io, store->counts());
        for (const auto& [known, count] : counts->deliveries) {
            if (known == state) {
                return count;
            }
        }
        return 0;
    }
};

}   // namespace

TEST_CASE("simulation: letters wait while no token is to be had for an hour, and then go once") {
    Outage world;
    dispatch::Services services{*world.store,   world.connections, world.configuration,
                                world.vaults,   world.fake.clock,  *world.fake.ids,
                                world.fake.log, world.fake.metrics};
    dispatch::Traffic traffic(world.fake.clock, world.fake.log, world.fake.metrics);
    app::DeliveryCarrier carrier(services);
    dispatch::Dispatcher dispatcher(services, traffic, carrier, world.io.get_executor());
    std::vector<core::MessageId> accepted;
    for (int i = 0; i < letters; ++i) {
        auto command = letter(world.fake, *world.vault);
        accepted.push_back(command.message);
        REQUIRE(tests::run(world.io, world.store->accept(std::move(command))).has_value());
    }
    dispatcher.start();
    world.io.restart();
    tests::run_until(
        world.io, world.fake.clock, [] { return false; }, 1h);
    CHECK(world.platform.held.empty());
    CHECK(world.in_state(DeliveryState::queued) + world.in_state(DeliveryState::sending) ==
          letters);
    CHECK(world.platform.grants >= 3);
    CHECK(world.platform.grants <= grants_max);

    world.platform.token_endpoint_is_down = false;
    world.io.restart();
    const bool gone = tests::run_until(
        world.io, world.fake.clock,
        [&] { return world.in_state(DeliveryState::delivered) == letters; }, 2h);
    CHECK(gone);
    CHECK(world.platform.held.size() == letters);
    for (const auto& [key, count] : world.platform.held) {
        CHECK(count == 1);
    }
    // The circuit lets no more through than the connection has places: the others wait behind it.
    int told = 0;
    for (const auto& id : accepted) {
        const auto timeline = tests::run(world.io, world.store->timeline(oslo, id, 1000));
        told += std::any_of(timeline->begin(), timeline->end(), [](const auto& line) {
            return line.code.value.starts_with("token") ||
                   line.code.value.starts_with("upstream.") ||
                   line.code.value.starts_with("maskinporten");
        });
    }
    CHECK(told >= places);
    // What is under way may wait for the clock: it goes on while all is stopped.
    bool stopped = false;
    boost::asio::co_spawn(world.io, dispatcher.stop(1s),
                          [&stopped](const std::exception_ptr&) { stopped = true; });
    world.io.restart();
    REQUIRE(tests::run_until(
        world.io, world.fake.clock, [&stopped] { return stopped; }, 1min));
    CHECK(tests::run(world.io, world.store->close()).has_value());
}
