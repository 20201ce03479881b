// The promises under power cuts: the real store on a disk that loses what was not synced, the real
// dispatch, a component that loses answers, all on one io_context and a virtual clock, by one seed.
// A failing seed replays with SLUSE_SEED=<seed>.

#include "gateway/app/delivery.hpp"
#include "gateway/dispatch/dispatcher.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulated_component.hpp"
#include "tests/support/simulated_vfs.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <deque>
#include <map>
#include <random>

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using core::DeliveryState;

const core::TenantId oslo("958935420");
const core::SystemId sak("sak");

/// Runs jobs in order on the loop, each some turns later, as the seed says.
class SeededExecutor final : public runtime::Executor {
public:
    SeededExecutor(boost::asio::io_context& io, std::mt19937_64& random)
        : io_(io), random_(random) {}
    void post(std::function<void()> job) override {
        jobs_.push_back(std::move(job));
        later(static_cast<int>(random_() % 4));
    }

private:
    void later(int turns) {
        boost::asio::post(io_, [this, turns] {
            if (turns > 0) {
                later(turns - 1);
                return;
            }
            auto job = std::move(jobs_.front());
            jobs_.pop_front();
            job();
        });
    }
    boost::asio::io_context& io_;
    std::mt19937_64& random_;
    std::deque<std::function<void()>> jobs_;
};

class Fixed final : public ports::ConfigurationSource {
public:
    std::shared_ptr<core::Configuration> now = std::make_shared<core::Configuration>();
    std::shared_ptr<const core::Configuration> current() const override { return now; }
};

class OneConnection final : public ports::Connections {
public:
    std::shared_ptr<ports::Connection> it;
    std::shared_ptr<ports::Connection> find(const core::ConnectionId& id) const override {
        return id == it->id() ? it : nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {it}; }
    sdk::Registers& registers() override { return registers_; }

private:
    tests::ManualClock clock_;
    tests::ScriptedRegisters registers_{clock_};
};

/// What a specialist system remembers: its letters, and which were acknowledged.
struct Client {
    std::map<int, core::MessageId> acknowledged;
    int wants = 0;
};

/// What lasts over all lives of the gateway.
struct World {
    std::mt19937_64 random;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids;
    tests::SimulatedVfs disk;
    tests::RecordingLog log;
    tests::NoMetrics metrics;
    crypto::Vaults vaults;
    std::shared_ptr<const crypto::Vault> vault;
    Fixed configuration;
    tests::ComponentTraits traits;
    std::unique_ptr<tests::SimulatedComponent> component;
    OneConnection connections;
    Client client;

    explicit World(std::uint64_t seed)
        : random(seed), ids(runtime::make_seeded_ids(clock, seed)), disk(seed) {
        vault = std::make_shared<const crypto::Vault>(crypto::SecretKey());
        vaults.put(oslo, vault);
        core::ConnectionConfig connection;
        connection.id = core::ConnectionId("component");
        connection.tenants = {oslo};
        configuration.now->connections[connection.id] = connection;
        configuration.now->dispatch.breaker_pause = 5s;
        configuration.now->dispatch.backoff_max = 60s;
        traits.deduplicates = dice(2) == 0;
        traits.answers_lookup = dice(4) != 0;
        traits.trouble_percent = 10 + dice(60);
        component = std::make_unique<tests::SimulatedComponent>(clock, traits, seed + 1);
        connections.it = component->connect("component");
        client.wants = 3 + dice(10);
    }
    int dice(int sides) { return static_cast<int>(random() % static_cast<std::uint64_t>(sides)); }
};

/// One life of the program: from its start to its end or the next power cut.
class Life {
public:
    explicit Life(World& world)
        : world_(world), writer_(io_, world.random), readers_(io_, world.random) {
        store::SqliteOptions options;
        options.path = "/sluse.db";
        options.vfs = world.disk.name();
        options.on_fatal = [this](const core::Failure&) { fatal_ = true; };
        auto opened = store::make_sqlite_store(std::move(options), writer_, readers_, world.clock);
        if (opened.has_error()) {
            return;
        }
        store_ = std::move(*opened);
        services_.emplace(dispatch::Services{*store_, world.connections, world.configuration,
                                             world.vaults, world.clock, *world.ids, world.log,
                                             world.metrics});
        traffic_ = std::make_unique<dispatch::Traffic>(world.clock, world.log, world.metrics);
        carrier_ = std::make_unique<app::DeliveryCarrier>(*services_);
        dispatcher_ = std::make_unique<dispatch::Dispatcher>(*services_, *traffic_, *carrier_,
                                                             io_.get_executor());
        dispatcher_->start();
    }

    bool opened() const { return store_ != nullptr; }
    ports::Store& store() { return *store_; }
    boost::asio::io_context& io() { return io_; }

    /// Until the power goes, or every letter has come to rest, or this much time has passed.
    bool live(core::Duration time) {
        bool accepted = false;
        boost::asio::co_spawn(io_, accept_all(),
                              [&](const std::exception_ptr&) { accepted = true; });
        bool watched = false;
        boost::asio::co_spawn(io_, watch(), [&](const std::exception_ptr&) { watched = true; });
        const auto over = [&] { return fatal_ || world_.disk.is_off() || (accepted && at_rest_); };
        tests::run_until(io_, world_.clock, over, time);
        stopping_ = true;
        bool stopped = false;
        boost::asio::co_spawn(io_, end(), [&](const std::exception_ptr&) { stopped = true; });
        const bool ended = tests::run_until(
            io_, world_.clock, [&] { return stopped && accepted && watched; }, 1h);
        io_.poll();
        return ended;
    }

private:
    sdk::Task<void> accept_all() {
        for (int i = 0; i < world_.client.wants && !stopping_; ++i) {
            if (world_.client.acknowledged.contains(i)) {
                continue;
            }
            const auto pause = core::Duration(world_.dice(2'000'000));
            co_await world_.clock.sleep_until(world_.clock.steady() + pause);
            auto command = letter(i);
            const auto answer = co_await store_->accept(std::move(command));
            if (answer.has_error()) {
                co_return;   // no 202: it tries again when the gateway is back
            }
            world_.client.acknowledged[i] = answer->message;
        }
    }

    sdk::Task<void> watch() {
        while (!stopping_ && !at_rest_) {
            co_await world_.clock.sleep_until(world_.clock.steady() + 3s);
            const auto counts = co_await store_->counts();
            if (counts.has_error()) {
                co_return;
            }
            std::uint64_t resting = 0;
            for (const auto& [state, count] : counts->deliveries) {
                const bool rests =
                    state == DeliveryState::delivered || state == DeliveryState::held;
                resting += rests ? count : 0;
            }
            at_rest_ = resting == static_cast<std::uint64_t>(world_.client.wants);
        }
    }

    ports::AcceptCommand letter(int number) {
        auto& ids = *world_.ids;
        ports::AcceptCommand command;
        command.tenant = oslo;
        command.system = sak;
        command.message = ids.next<core::MessageId>();
        command.type = "letter/v1";
        command.at = world_.clock.now();
        const auto owner = command.message.to_bytes();
        const auto key = world_.vault->new_key(ids, owner);
        command.wrapped_key = key.wrapped;
        command.sealed_content = key.key.seal(ids, "content", owner, R"({"title":"Vedtak"})");
        ports::IdempotencyClaim claim;
        claim.key_token = world_.vault->token(crypto::TokenKind::idempotency_key,
                                              "letter-" + std::to_string(number));
        claim.fingerprint = world_.vault->fingerprint(std::to_string(number));
        command.idempotency = claim;
        command.delivery.id = ids.next<core::DeliveryId>();
        command.delivery.connection = core::ConnectionId("component");
        command.delivery.due = command.at;
        command.delivery.upstream_key = command.delivery.id.to_string();
        ports::NewEvent event;
        event.id = ids.next<core::EventId>();
        event.at = command.at;
        event.name = "accepted";
        event.code = core::Code("accepted");
        command.events.push_back(event);
        return command;
    }

    sdk::Task<void> end() {
        co_await dispatcher_->stop(0s);
        co_await store_->close();
    }

    World& world_;
    bool fatal_ = false;
    bool stopping_ = false;
    bool at_rest_ = false;
    boost::asio::io_context io_;
    SeededExecutor writer_;
    SeededExecutor readers_;
    std::unique_ptr<ports::Store> store_;
    std::optional<dispatch::Services> services_;
    std::unique_ptr<dispatch::Traffic> traffic_;
    std::unique_ptr<app::DeliveryCarrier> carrier_;
    std::unique_ptr<dispatch::Dispatcher> dispatcher_;
};

/// What is wrong in the end, in words; empty when every promise held.
std::vector<std::string> broken_promises(World& world, Life& life) {
    std::vector<std::string> faults;
    std::map<std::string, int> effects;
    for (const auto& [key, effect] : world.component->effects()) {
        effects[effect.message] += effect.count;
    }
    for (const auto& [message, count] : effects) {
        if (count > 1) {
            faults.push_back(message + " took effect " + std::to_string(count) + " times");
        }
    }
    if (static_cast<int>(world.client.acknowledged.size()) != world.client.wants) {
        faults.push_back("the client could not deliver its letters");
    }
    for (const auto& [number, id] : world.client.acknowledged) {
        const auto found = tests::run(life.io(), life.store().get(oslo, id));
        if (found.has_error() || !found->has_value()) {
            faults.push_back(id.to_string() + " was acknowledged and is lost");
            continue;
        }
        const auto& view = **found;
        const auto owner = id.to_bytes();
        const auto key = world.vault->unwrap(view.wrapped_key, owner);
        if (!key || !key->open("content", owner, view.sealed_content)) {
            faults.push_back(id.to_string() + " does not open");
        }
        const bool came = effects.contains(id.to_string());
        const bool held = view.state == DeliveryState::held && !world.traits.deduplicates;
        if (view.state != DeliveryState::delivered && !held) {
            faults.push_back(id.to_string() + " ended as " +
                             std::string(core::to_string(view.state)));
        }
        if (view.state == DeliveryState::delivered && !came) {
            faults.push_back(id.to_string() + " is called delivered and never came");
        }
        const auto timeline = tests::run(life.io(), life.store().timeline(oslo, id, 1000));
        if (timeline.has_error() || timeline->empty() || timeline->front().name != "accepted") {
            faults.push_back(id.to_string() + " has no timeline");
        }
    }
    const auto verified = tests::run(life.io(), life.store().verify());
    if (verified.has_error()) {
        faults.push_back("verify failed");
    } else {
        faults.insert(faults.end(), verified->begin(), verified->end());
    }
    return faults;
}

std::vector<std::string> simulate(std::uint64_t seed) {
    World world(seed);
    const int cuts = 1 + world.dice(4);
    for (int i = 0; i < cuts; ++i) {
        world.disk.power_off_after(1 + world.random() % 400);
        {
            Life life(world);
            if (life.opened() && !life.live(2min)) {
                return {"a life does not end"};
            }
        }
        world.disk.power_off();
        world.disk.power_cut(world.random());
        world.clock.advance(core::Duration(world.dice(120'000'000)));
    }
    world.component->heal();
    std::vector<std::string> faults;
    bool healed = false;
    {
        Life life(world);
        if (!life.opened()) {
            return {"the database does not open"};
        }
        if (!life.live(1h)) {
            return {"the last life does not end"};
        }
        healed = true;
    }
    Life reader(world);
    if (!healed || !reader.opened()) {
        return {"the database does not open again"};
    }
    faults = broken_promises(world, reader);
    reader.live(0s);
    return faults;
}

}   // namespace

TEST_CASE("simulation: power cuts lose nothing acknowledged and double nothing, seed after seed") {
    const char* one = std::getenv("SLUSE_SEED");
    const char* count = std::getenv("SLUSE_SEEDS");
    const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
    const std::uint64_t many =
        one != nullptr ? 1 : (count != nullptr ? std::strtoull(count, nullptr, 10) : 1000);
    for (std::uint64_t seed = first; seed < first + many; ++seed) {
        INFO("replay with SLUSE_SEED=" << seed);
        const auto faults = simulate(seed);
        CHECK(faults == std::vector<std::string>{});
    }
}
