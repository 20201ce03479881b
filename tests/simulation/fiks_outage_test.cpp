// Fiks does not answer for a week of virtual time while a municipality's systems go on: the real
// adapter, dispatch and store over an upstream that answers by rule.

#include "adapters/fiks_io/fiks_adapter.hpp"
#include "gateway/app/delivery.hpp"
#include "gateway/dispatch/dispatcher.hpp"
#include "tests/simulation/fiks_parts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include <iostream>

namespace {

using namespace simulation;
using namespace std::chrono_literals;
using core::DeliveryState;

constexpr auto week = 24h * 7;
constexpr int one_in_expires = 100;       // these have three days
constexpr int one_in_answer_lost = 250;   // of the first attempts after the week
// The circuit's pauses grow to four minutes: one call each, some more around its opening.
constexpr int calls_max = 7 * 24 * 60 / 4 + 400;
/// Beside the disk in memory.
constexpr std::int64_t growth_max = 32LL << 20U;

/// Nobody there, then busy, by turns; after that it takes what comes and knows it by its
/// klientMeldingId.
class Fiks final : public sdk::HttpClient {
public:
    sdk::Task<core::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                    sdk::Deadline) override {
        ++calls;
        if (is_away) {
            if (calls % 2 == 0) {
                co_return sdk::HttpResponse(503, "");
            }
            co_return core::Failure(core::Errc::unreachable);
        }
        const auto begin = request.body.find('{');
        const auto end = request.body.rfind('}');
        const auto metadata = json::parse(request.body.substr(begin, end - begin + 1));
        const auto& id = (*metadata)["headere"]["klientMeldingId"].as_string();
        const int times = ++taken[id];
        if (times == 1 && taken.size() % one_in_answer_lost == 0) {
            ++lost;
            co_return core::Failure(core::Errc::answer_lost);
        }
        sdk::HttpResponse response(202, R"({"meldingId":")" + ids_->uuid().to_string() +
                                            R"(","ttl":604800000})");
        response.headers.emplace_back("Content-Type", "application/json");
        co_return response;
    }

    explicit Fiks(sdk::Ids* ids) : ids_(ids) {}
    bool is_away = true;
    int calls = 0;
    std::size_t lost = 0;
    std::map<std::string, int> taken;   // by klientMeldingId

private:
    sdk::Ids* ids_;
};

struct Outage {
    boost::asio::io_context io;
    tests::FakeHost fake;
    tests::NoMetrics metrics;
    NoLog log;
    Fiks fiks{fake.ids.get()};
    StoreOnLoop disk{io, fake.clock};
    Fixed configuration;
    crypto::Vaults vaults;
    std::shared_ptr<const crypto::Vault> vault =
        std::make_shared<const crypto::Vault>(crypto::SecretKey());
    std::unique_ptr<sdk::Host> host;
    std::unique_ptr<sdk::Adapter> adapter;
    TheConnections connections;

    Outage() {
        host = std::make_unique<sdk::Host>(sdk::Host{
            fiks, fake.streams, fake.tokens, fake.documents, fake.keys, fake.state, *fake.ids,
            fake.clock, log, metrics, fake.registers, fake.inbound, fake.spools, fake.work});
        sdk::ConnectionFacts facts;
        facts.connection = fiks_id.value;
        facts.environment = "test";
        facts.base_url = "https://api.fiks.test.ks.no";
        facts.settings =
            R"({"integration_id":"0b2b6e7e-3f5e-4f4e-9d3c-5d0f6f3d1a11","integration_password":"p",)"
            R"("accounts":[{"account":")" +
            std::string(our_account) + R"(","tenant":")" + oslo.value + "\"}]}";
        adapter = std::move(*fiks_io::create(facts, *host));
        connections.them = {std::make_shared<OnLoop>(adapter->sender(), adapter->receiver(),
                                                     fiks_io::capabilities())};
        core::ConnectionConfig connection;
        connection.id = fiks_id;
        connection.tenants = {oslo};
        configuration.now->connections[connection.id] = connection;
        vaults.put(oslo, vault);
    }
    ~Outage() {
        tests::run(io, adapter->stop(fake.in(1s)));
        connections.them.clear();
        adapter.reset();
    }

    /// An answer of a system's to a message that came in: without a payload, as most are.
    ports::AcceptCommand answer(int number) {
        auto& ids = *fake.ids;
        ports::AcceptCommand command;
        command.tenant = oslo;
        command.system = sak;
        command.message = ids.next<core::MessageId>();
        command.type = "protocol/v1";
        command.at = fake.clock.now();
        const auto owner = command.message.to_bytes();
        const auto key = vault->new_key(ids, owner);
        command.wrapped_key = key.wrapped;
        command.sealed_content = key.key.seal(
            ids, "content", owner,
            R"({"type":"protocol","version":1,"messageType":)"
            R"("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater.mottatt","to":{"account":")" +
                std::string(their_account) + R"("},"replyTo":{"messageId":")" +
                ids.uuid().to_string() +
                R"(","messageType":"no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater"}})");
        command.delivery.id = ids.next<core::DeliveryId>();
        command.delivery.connection = fiks_id;
        command.delivery.due = command.at;
        command.delivery.upstream_key = command.delivery.id.to_string();
        if (number % one_in_expires == 0) {
            command.delivery.expires_at = command.at + 72h;
        }
        ports::NewEvent event;
        event.id = ids.next<core::EventId>();
        event.at = command.at;
        event.name = "accepted";
        event.code = core::Code("accepted");
        command.events.push_back(std::move(event));
        return command;
    }
};

}   // namespace

TEST_CASE("simulation: what was accepted while Fiks was away for a week goes out once each when it "
          "is back, and little is tried meanwhile") {
    Outage world;
    const int waiting = how_many_wait("a week without Fiks, out");
    std::set<std::string> expected;
    std::size_t expiring = 0;
    for (int number = 1; number <= waiting; ++number) {
        auto command = world.answer(number);
        if (command.delivery.expires_at) {
            ++expiring;
        } else {
            expected.insert(command.delivery.upstream_key);
        }
        REQUIRE(tests::run(world.io, world.disk.store->accept(std::move(command))).has_value());
    }
    const auto before = held_beside(world.disk.disk);
    dispatch::Services services{*world.disk.store, world.connections, world.configuration,
                                world.vaults,      world.fake.clock,  *world.fake.ids,
                                world.log,         world.metrics};
    dispatch::Traffic traffic(world.fake.clock, world.log, world.metrics);
    app::DeliveryCarrier carrier(services);
    dispatch::Dispatcher dispatcher(services, traffic, carrier, world.io.get_executor());
    dispatcher.start();
    world.io.restart();
    tests::run_until(
        world.io, world.fake.clock, [] { return false; }, week);
    const auto grown = held_beside(world.disk.disk) - before;
    std::cout << "calls in the week: " << world.fiks.calls << ", memory beside the disk grew by "
              << grown / (1 << 20) << " MiB\n";
    CHECK(world.fiks.taken.empty());
    CHECK(world.fiks.calls > 100);
    CHECK(world.fiks.calls <= calls_max);
    CHECK(grown < growth_max);
    CHECK(world.disk.in_state(DeliveryState::expired) == expiring);
    CHECK(world.disk.in_state(DeliveryState::failed) == 0);

    world.fiks.is_away = false;
    world.io.restart();
    const bool gone = tests::run_until(
        world.io, world.fake.clock,
        [&] {
            return world.fiks.taken.size() == expected.size() &&
                   world.disk.in_state(DeliveryState::delivered) == expected.size();
        },
        12h);
    CHECK(gone);
    CHECK(world.disk.in_state(DeliveryState::expired) == expiring);
    std::size_t more_than_once = 0;
    for (const auto& [id, times] : world.fiks.taken) {
        more_than_once += times > 1 ? 1U : 0U;
        CHECK(expected.erase(id) == 1);
        CHECK(times <= 2);
    }
    CHECK(expected.empty());
    // Again under the same klientMeldingId alone, and only where the answer to the first was lost.
    CHECK(world.fiks.lost > 0);
    CHECK(more_than_once == world.fiks.lost);
    CHECK(tests::run(world.io, world.disk.store->verify())->empty());
    bool stopped = false;
    boost::asio::co_spawn(world.io, dispatcher.stop(1s),
                          [&stopped](const std::exception_ptr&) { stopped = true; });
    world.io.restart();
    REQUIRE(tests::run_until(
        world.io, world.fake.clock, [&stopped] { return stopped; }, 1min));
}
