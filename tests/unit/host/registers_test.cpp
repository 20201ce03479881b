#include "gateway/host/connection_set.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_streams.hpp"
#include "tests/unit/host/fakes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// Look-ups among running connections, and what an adapter receives: with an adapter that has every
// role.

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using tests::run;

const core::TenantId oslo("958935420");
const core::TenantId bergen("964338531");

class Everything;

/// The adapters of one test, by connection, and in which order they lived.
struct Diary {
    std::map<std::string, Everything*> adapters;
    std::vector<std::string> lines;
    std::set<std::string> refuse_start;
};
Diary* diary = nullptr;

class Everything final : public sdk::Adapter, public sdk::Register, public sdk::Receiver {
public:
    Everything(std::string id, sdk::Host& given) : host(given), id_(std::move(id)) {
        diary->adapters[id_] = this;
    }
    ~Everything() override { diary->adapters.erase(id_); }
    sdk::Task<core::Result<void>> start(sdk::Deadline) override {
        diary->lines.push_back("start " + id_);
        if (diary->refuse_start.contains(id_)) {
            co_return core::Failure(core::Errc::invalid_argument, "wrong key");
        }
        co_return core::Result<void>();
    }
    sdk::Task<sdk::Health> check_health(sdk::Deadline) override { co_return health; }
    sdk::Task<void> stop(sdk::Deadline) override {
        diary->lines.push_back("stop " + id_);
        co_return;
    }
    sdk::Register* registry() override { return id_.starts_with("krr") ? this : nullptr; }
    sdk::Receiver* receiver() override { return id_.starts_with("dpi") ? this : nullptr; }
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query, sdk::Deadline) override {
        sdk::RegisterAnswer answer;
        for (const auto& key : query.keys) {
            sdk::RegisterEntry entry;
            entry.key = key;
            entry.value = json::Value(id_);
            answer.entries.push_back(std::move(entry));
        }
        co_return answer;
    }
    sdk::Task<void> receive() override {
        diary->lines.push_back("receive " + id_);
        try {
            co_await host.clock.sleep_until(host.clock.steady() + 24h * 365);
        } catch (...) {
            diary->lines.push_back("received " + id_);
            throw;
        }
    }

    sdk::Host& host;
    sdk::Health health;

private:
    std::string id_;
};

std::span<const sdk::Capability> no_capabilities() {
    return {};
}
std::span<const std::string_view> datasets() {
    static constexpr std::string_view all[] = {"contact", "print"};
    return all;
}
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    return std::unique_ptr<sdk::Adapter>(std::make_unique<Everything>(facts.connection, host));
}

const sdk::Descriptor& descriptor() {
    static const sdk::Descriptor value = [] {
        sdk::Descriptor result{};
        result.name = "everything";
        result.capabilities = no_capabilities;
        result.create = create;
        result.datasets = datasets;
        return result;
    }();
    return value;
}

class NoHttp final : public sdk::HttpClient {
public:
    sdk::Task<sdk::Result<sdk::HttpResponse>> send(sdk::HttpRequest, sdk::Deadline) override {
        co_return core::Failure(core::Errc::unreachable);
    }
};

struct World {
    Diary notes;
    boost::asio::io_context io;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 3);
    tests::RecordingLog log;
    tests::NoMetrics metrics;
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    tests::NoDocuments documents;
    tests::RecordedHandovers inbound;
    tests::MemorySpools spools;
    tests::LoopExecutor blocking{io};
    host::ConnectionSet set;

    World() : set(services()) { diary = &notes; }
    ~World() {
        finish(set.stop(30s));
        diary = nullptr;
    }

    host::Services services() {
        return {*store,
                documents,
                inbound,
                spools,
                clock,
                *ids,
                log,
                metrics,
                blocking,
                io.get_executor(),
                [](std::string_view) { return &descriptor(); },
                [](const core::ConnectionConfig&, std::vector<sdk::RateBudget>,
                   const boost::asio::any_io_executor&)
                    -> core::Result<std::unique_ptr<sdk::HttpClient>> {
                    return std::unique_ptr<sdk::HttpClient>(std::make_unique<NoHttp>());
                },
                tests::no_streams(clock),
                [](const std::string&) -> core::Result<std::string> {
                    return core::Failure(core::Errc::not_found);
                }};
    }

    /// Runs it to its end, through virtual time.
    void finish(sdk::Task<void> task) {
        bool ended = false;
        boost::asio::co_spawn(io, std::move(task),
                              [&](const std::exception_ptr&) { ended = true; });
        REQUIRE(tests::run_until(
            io, clock, [&] { return ended; }, 2min));
    }
    void pass(core::Duration time) {
        tests::run_until(
            io, clock, [] { return false; }, time);
    }

    static core::ConnectionConfig configured(const char* id, std::set<core::TenantId> tenants) {
        core::ConnectionConfig connection;
        connection.id = core::ConnectionId(id);
        connection.adapter = "everything";
        connection.base_url = "https://national.example";
        connection.tenants = std::move(tenants);
        connection.tokens = core::ConnectionId("nobody");
        return connection;
    }
    sdk::Task<void> apply(std::vector<core::ConnectionConfig> connections) {
        auto configuration = std::make_shared<core::Configuration>();
        for (const auto& connection : connections) {
            configuration->connections[connection.id] = connection;
        }
        const auto faults = co_await set.apply(std::move(configuration), 5s, 30s);
        CHECK(faults.size() == notes.refuse_start.size());
    }

    sdk::RegisterAnswer ask(sdk::Registers& registers, const core::TenantId& tenant,
                            const std::string& dataset) {
        sdk::RegisterQuery query;
        query.tenant = tenant;
        query.dataset = dataset;
        query.keys = {"17859130003", "03911748901"};
        return run(io, registers.look_up(query, clock.in(5s)));
    }
    std::size_t at(const std::string& line) const {
        const auto found = std::find(notes.lines.begin(), notes.lines.end(), line);
        REQUIRE(found != notes.lines.end());
        return static_cast<std::size_t>(found - notes.lines.begin());
    }
};

}   // namespace

TEST_CASE("host: a look-up goes to the one connection that serves the tenant and has the dataset") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo, bergen}),
                              World::configured("krr-oslo", {oslo}),
                              World::configured("krr-bergen", {bergen})}));
    auto& of_adapter = world.notes.adapters.at("dpi")->host.registers;
    for (auto* registers : {&of_adapter, &world.set.registers()}) {
        const auto answer = world.ask(*registers, bergen, "contact");
        REQUIRE_FALSE(answer.failure);
        REQUIRE(answer.entries.size() == 2);
        CHECK(answer.entries[1].key == "03911748901");
        CHECK(answer.entries[1].value.as_string() == "krr-bergen");
        CHECK(world.ask(*registers, oslo, "print").entries[0].value.as_string() == "krr-oslo");
    }
}

TEST_CASE("host: where nobody has the register, waiting does not help and the failure says so") {
    World world;
    world.finish(
        world.apply({World::configured("dpi", {oslo}), World::configured("krr", {oslo, bergen})}));
    const auto answer = world.ask(world.set.registers(), oslo, "population");
    REQUIRE(answer.failure);
    CHECK(answer.failure->code == core::Code("register.none"));
    CHECK(answer.failure->params == core::Params{{"dataset", "population"}});
    CHECK_FALSE(answer.failure->passing);
    CHECK(answer.entries.empty());
    const core::TenantId stranger("310005002");
    CHECK(world.ask(world.set.registers(), stranger, "contact").failure.has_value());
    // A connection asks for those it serves and no other.
    auto& of_adapter = world.notes.adapters.at("dpi")->host.registers;
    CHECK(world.ask(of_adapter, bergen, "contact").failure->code == core::Code("register.none"));
    CHECK_FALSE(world.ask(of_adapter, oslo, "contact").failure);
}

TEST_CASE("host: a register that could not start is waited for, and found once it is replaced") {
    World world;
    world.notes.refuse_start = {"krr"};
    world.finish(world.apply({World::configured("krr", {oslo})}));
    const auto answer = world.ask(world.set.registers(), oslo, "contact");
    REQUIRE(answer.failure);
    CHECK(answer.failure->code == core::Code("connection.not_started"));
    CHECK(answer.failure->passing);
    world.notes.refuse_start.clear();
    auto again = World::configured("krr", {oslo});
    again.settings = R"({"x":1})";
    world.finish(world.apply({again}));
    CHECK_FALSE(world.ask(world.set.registers(), oslo, "contact").failure);
}

TEST_CASE("host: registers start before those that may ask them, and stop after them") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo}), World::configured("krr", {oslo})}));
    CHECK(world.at("start krr") < world.at("start dpi"));
    world.finish(world.set.stop(30s));
    CHECK(world.at("stop dpi") < world.at("stop krr"));
}

TEST_CASE("host: an adapter that receives does so from its start until it is stopped, before it is "
          "told to stop") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo})}));
    world.pass(1min);
    CHECK(world.at("start dpi") < world.at("receive dpi"));
    world.finish(world.set.stop(30s));
    CHECK(world.at("received dpi") < world.at("stop dpi"));
}

TEST_CASE("host: what could not start receives nothing") {
    World world;
    world.notes.refuse_start = {"dpi"};
    world.finish(world.apply({World::configured("dpi", {oslo})}));
    world.pass(1min);
    CHECK(std::count(world.notes.lines.begin(), world.notes.lines.end(), "receive dpi") == 0);
}

TEST_CASE("host: a replaced receiver has ended before the new one begins, without waiting for its "
          "lease") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo})}));
    world.pass(1min);
    world.notes.lines.clear();
    auto changed = World::configured("dpi", {oslo, bergen});
    world.finish(world.apply({changed}));
    world.pass(6s);
    CHECK(world.at("received dpi") < world.at("receive dpi"));
    CHECK(world.at("receive dpi") < world.notes.lines.size());
}

TEST_CASE("host: what is handed over goes on with the connection's name and tenants") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo, bergen})}));
    auto& inbound = world.notes.adapters.at("dpi")->host.inbound;
    sdk::ReceiptNews news;
    news.delivery = world.ids->next<core::DeliveryId>();
    CHECK(*run(world.io, inbound.receipt(news)) == sdk::Kept::stored);
    sdk::Oddity oddity;
    oddity.raw = "?";
    CHECK(*run(world.io, inbound.quarantine(oddity)) == sdk::Kept::stored);
    REQUIRE(world.inbound.receipts.size() == 1);
    REQUIRE(world.inbound.oddities.size() == 1);
    CHECK(world.inbound.receipts[0].second.delivery == news.delivery);
    CHECK(world.inbound.oddities[0].second.raw == "?");
    for (const auto& from : {world.inbound.receipts[0].first, world.inbound.oddities[0].first}) {
        CHECK(from.connection == core::ConnectionId("dpi"));
        CHECK(from.tenants == std::set{oslo, bergen});
    }
}

TEST_CASE("host: a connection that receives from a silent component is degraded until it answers") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo}), World::configured("krr", {oslo})}));
    const auto health_of = [&world](const char* id) {
        return run(world.io,
                   world.set.find(core::ConnectionId(id))->check_health(world.clock.in(1s)));
    };
    world.pass(14min);
    CHECK(health_of("dpi").condition == sdk::Condition::ready);
    world.pass(2min);
    const auto silent = health_of("dpi");
    CHECK(silent.condition == sdk::Condition::degraded);
    CHECK(silent.code == core::Code("receiver.silent"));
    CHECK(silent.params == core::Params{{"connection", "dpi"}, {"minutes", "15"}});
    CHECK(health_of("krr").condition == sdk::Condition::ready);
    auto& adapter = *world.notes.adapters.at("dpi");
    adapter.health = sdk::Health(sdk::Condition::down, core::Code("upstream.unreachable"));
    CHECK(health_of("dpi").code == core::Code("upstream.unreachable"));
    adapter.health = sdk::Health();
    adapter.host.inbound.alive();
    CHECK(health_of("dpi").condition == sdk::Condition::ready);
}

TEST_CASE("host: work runs away from the strand, and what it throws comes back") {
    World world;
    world.finish(world.apply({World::configured("dpi", {oslo})}));
    auto& work = world.notes.adapters.at("dpi")->host.work;
    int done = 0;
    run(world.io, work.run([&done] { ++done; }));
    CHECK(done == 1);
    CHECK_THROWS_AS(run(world.io, work.run([] { throw std::runtime_error("no"); })),
                    std::runtime_error);
}
