#include "gateway/host/connection_set.hpp"

#include "gateway/exchanges/recorder.hpp"
#include "gateway/runtime/ids.hpp"
#include "gateway/runtime/run_on.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/inline_executor.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_streams.hpp"
#include "tests/unit/host/fakes.hpp"

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using tests::run;

/// What the adapters of one test did, by connection.
struct Diary {
    std::vector<std::string> lines;
    std::map<std::string, sdk::Host*> hosts;
    std::set<std::string> refuse_create;
    std::set<std::string> refuse_start;
    bool hangs = false;
    int destroyed = 0;
    std::size_t count(const std::string& line) const {
        return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
    }
};

Diary* diary = nullptr;

class TestAdapter final : public sdk::Adapter,
                          public sdk::Sender,
                          public sdk::TokenSource,
                          public sdk::Receiver {
public:
    TestAdapter(std::string id, sdk::Host& host) : id_(std::move(id)), host_(host) {
        diary->hosts[id_] = &host_;
    }
    ~TestAdapter() override { ++diary->destroyed; }
    sdk::Task<core::Result<void>> start(sdk::Deadline) override {
        diary->lines.push_back("start " + id_);
        if (diary->refuse_start.contains(id_)) {
            co_return core::Failure(core::Errc::invalid_argument, "wrong key");
        }
        co_return core::Result<void>();
    }
    sdk::Task<sdk::Health> check_health(sdk::Deadline) override {
        co_return sdk::Health(sdk::Condition::degraded, core::Code("upstream.unreachable"));
    }
    sdk::Task<void> stop(sdk::Deadline) override {
        diary->lines.push_back("stop " + id_);
        co_return;
    }
    sdk::Sender* sender() override { return id_ == "tokens" ? nullptr : this; }
    sdk::TokenSource* tokens() override { return id_ == "tokens" ? this : nullptr; }
    sdk::Receiver* receiver() override { return id_ == "forms" ? this : nullptr; }
    sdk::Task<void> receive() override {
        for (;;) {
            co_await host_.clock.sleep_until(host_.clock.steady() + 24h);
        }
    }
    sdk::Task<sdk::CallbackAnswer> on_callback(sdk::Callback call, sdk::Deadline) override {
        diary->lines.push_back("callback " + id_ + " " + call.body);
        co_return call.secret == "right" ? sdk::CallbackAnswer::taken
                                         : sdk::CallbackAnswer::stranger;
    }

    sdk::Task<sdk::Outcome> send(const core::Delivery&, sdk::Progress&,
                                 sdk::Deadline deadline) override {
        diary->lines.push_back("send " + id_);
        if (diary->hangs) {
            co_await host_.clock.sleep_until(host_.clock.steady() + 10s);
        }
        sdk::TokenRequest request;
        request.scopes = {"altinn:serviceowner"};
        const auto answer = co_await host_.tokens.token(request, deadline);
        if (!answer.token) {
            sdk::Outcome outcome(sdk::Verdict::try_later, answer.failure.code);
            co_return outcome;
        }
        host_.tokens.invalidate(request, answer.token->value);
        sdk::Outcome outcome(sdk::Verdict::accepted);
        outcome.upstream_reference = answer.token->value;
        co_return outcome;
    }
    sdk::Task<sdk::Outcome> look_up(const core::Delivery&, sdk::Progress&,
                                    sdk::Deadline deadline) override {
        sdk::HttpRequest request("GET", "https://altinn.example/api/v1/documents?of=" + id_);
        const auto answer = co_await host_.http.send(std::move(request), deadline);
        diary->lines.push_back(answer.has_value() ? "found " + id_ : "asked " + id_);
        co_return sdk::Outcome(sdk::Verdict::not_found);
    }
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(const core::Delivery&,
                                                         sdk::Deadline) override {
        co_return sdk::Receipts();
    }
    sdk::Task<sdk::Outcome> cancel(const core::Delivery&, sdk::Deadline) override {
        co_return sdk::Outcome(sdk::Verdict::rejected);
    }
    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline) override {
        sdk::TokenAnswer answer;
        answer.token.emplace("token for " + request.scopes.at(0), host_.clock.now() + 2min);
        co_return answer;
    }
    void invalidate(const sdk::TokenRequest&, const std::string& token) override {
        diary->lines.push_back("invalidate " + token);
    }

private:
    std::string id_;
    sdk::Host& host_;
};

std::span<const sdk::Capability> capabilities() {
    static const std::vector<sdk::Capability> all = [] {
        sdk::Capability capability;
        capability.message_type = "letter/v1";
        capability.budgets.emplace_back("send", 10, 1s);
        return std::vector<sdk::Capability>{capability};
    }();
    return all;
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    diary->lines.push_back("create " + facts.connection + " at " + facts.base_url);
    if (diary->refuse_create.contains(facts.connection)) {
        return core::Failure(core::Errc::invalid_argument, "settings");
    }
    return std::unique_ptr<sdk::Adapter>(std::make_unique<TestAdapter>(facts.connection, host));
}

std::vector<core::Problem> check(std::string_view, const json::Value&, const json::Value&,
                                 std::span<const core::DocumentRef>, core::Time) {
    return {core::Problem("/title", core::Code("letter.title_too_long"))};
}

const sdk::Descriptor& descriptor() {
    static const sdk::Descriptor value = [] {
        sdk::Descriptor result{};
        result.name = "test";
        result.capabilities = capabilities;
        result.check = check;
        result.create = create;
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

const core::TenantId oslo("958935420");

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
    std::map<std::string, std::size_t> budgets;
    host::Services services;
    host::ConnectionSet set;

    World()
        : services{*store,
                   documents,
                   inbound,
                   spools,
                   clock,
                   *ids,
                   log,
                   metrics,
                   blocking,
                   io.get_executor(),
                   [](std::string_view name) { return name == "test" ? &descriptor() : nullptr; },
                   [this](const core::ConnectionConfig& config, std::vector<sdk::RateBudget> given,
                          const boost::asio::any_io_executor&)
                       -> core::Result<std::unique_ptr<sdk::HttpClient>> {
                       budgets[config.id.value] = given.size();
                       return std::unique_ptr<sdk::HttpClient>(std::make_unique<NoHttp>());
                   },
                   tests::no_streams(clock),
                   [](const std::string&) -> core::Result<std::string> {
                       return core::Failure(core::Errc::not_found);
                   }},
          set(services) {
        diary = &notes;
    }
    ~World() { stop(); }

    void stop() {
        bool stopped = false;
        boost::asio::co_spawn(io, set.stop(30s),
                              [&](const std::exception_ptr&) { stopped = true; });
        tests::run_until(
            io, clock, [&] { return stopped; }, 1min);
    }

    static core::ConnectionConfig configured(const char* id) {
        core::ConnectionConfig connection;
        connection.id = core::ConnectionId(id);
        connection.adapter = "test";
        connection.base_url = "https://altinn.example/";
        connection.tenants = {oslo};
        if (std::string_view(id) != "tokens") {
            connection.tokens = core::ConnectionId("tokens");
        }
        return connection;
    }

    std::vector<host::ConnectionFault>
    apply(const std::vector<core::ConnectionConfig>& connections) {
        auto configuration = std::make_shared<core::Configuration>();
        for (const auto& connection : connections) {
            configuration->connections[connection.id] = connection;
        }
        return run(io, set.apply(configuration, 5s, 30s));
    }

    sdk::Outcome send(const char* id) {
        const auto connection = set.find(core::ConnectionId(id));
        REQUIRE(connection);
        tests::FakeProgress progress;
        core::Delivery delivery;
        return run(io, connection->send(delivery, progress, clock.in(30s)));
    }
};

sdk::Task<sdk::Outcome> look_up_under(boost::asio::any_io_executor here,
                                      std::shared_ptr<exchanges::Recorder> recorder,
                                      std::shared_ptr<ports::Connection> connection,
                                      sdk::Progress& progress, sdk::Deadline deadline) {
    const runtime::TaggedExecutor tagged(std::move(here), std::move(recorder));
    core::Delivery delivery;
    auto looking = connection->look_up(std::move(delivery), progress, deadline);
    co_return co_await runtime::run_on(tagged, std::move(looking));
}

}   // namespace

TEST_CASE("host: what an adapter exchanges is told to the recorder of the call it is made in") {
    World world;
    REQUIRE(world.apply({World::configured("altinn"), World::configured("tokens")}).empty());
    const auto connection = world.set.find(core::ConnectionId("altinn"));
    const auto latest = world.clock.in(30s);
    tests::FakeProgress progress;
    const auto recorder = std::make_shared<exchanges::Recorder>();
    run(world.io, look_up_under(world.io.get_executor(), recorder, connection, progress, latest));
    core::Delivery delivery;
    run(world.io, connection->look_up(delivery, progress, latest));   // of no recorder
    CHECK(world.notes.count("asked altinn") == 2);
    const auto kept = json::parse(recorder->end()).value();
    REQUIRE(kept["exchanges"].items().size() == 1);
    CHECK(kept["exchanges"].items()[0]["url"].as_string() ==
          "https://altinn.example/api/v1/documents?of=***");
    CHECK(kept["exchanges"].items()[0]["failure"].as_string() == "upstream.unreachable");
}

TEST_CASE("host: connections start, lenders of tokens first, and borrow tokens of one another") {
    World world;
    CHECK(world.apply({World::configured("altinn"), World::configured("tokens")}).empty());
    CHECK(world.notes.lines == std::vector<std::string>{"create altinn at https://altinn.example",
                                                        "create tokens at https://altinn.example",
                                                        "start tokens", "start altinn"});
    const auto outcome = world.send("altinn");
    CHECK(outcome.verdict == sdk::Verdict::accepted);
    CHECK(outcome.upstream_reference == "token for altinn:serviceowner");
    world.io.poll();
    CHECK(world.notes.count("invalidate token for altinn:serviceowner") == 1);
    CHECK(world.set.all().size() == 2);
    CHECK(world.budgets.at("altinn") == 1);
}

TEST_CASE("host: while nobody lends tokens a send waits, it does not fail") {
    World world;
    world.apply({World::configured("altinn")});
    const auto outcome = world.send("altinn");
    CHECK(outcome.verdict == sdk::Verdict::try_later);
    CHECK(outcome.code.value == "connection.tokens_missing");
    world.apply({World::configured("altinn"), World::configured("tokens")});
    CHECK(world.send("altinn").verdict == sdk::Verdict::accepted);
    CHECK(world.notes.count("start altinn") == 1);
}

TEST_CASE("host: only a sender shows capabilities, and an adapter's rules are asked as they are") {
    World world;
    world.apply({World::configured("altinn"), World::configured("tokens")});
    const auto altinn = world.set.find(core::ConnectionId("altinn"));
    CHECK(altinn->capability("letter/v1") != nullptr);
    CHECK(altinn->capability("archive/v1") == nullptr);
    CHECK(world.set.find(core::ConnectionId("tokens"))->capability("letter/v1") == nullptr);
    CHECK(altinn->check("letter/v1", {}, {}, {}, {}).at(0).code.value == "letter.title_too_long");
    CHECK(run(world.io, altinn->check_health(world.clock.in(1s))).condition ==
          sdk::Condition::degraded);
}

TEST_CASE("host: a reload starts what is new, stops what is gone and leaves the rest untouched") {
    World world;
    world.apply({World::configured("a"), World::configured("b"), World::configured("c")});
    auto changed = World::configured("b");
    changed.base_url = "https://other.example";
    world.notes.lines.clear();
    world.apply({World::configured("a"), changed, World::configured("d")});
    CHECK(world.notes.lines == std::vector<std::string>{"create b at https://other.example",
                                                        "create d at https://altinn.example",
                                                        "start b", "start d", "stop b", "stop c"});
    CHECK(world.notes.destroyed == 2);
    CHECK(world.set.find(core::ConnectionId("c")) == nullptr);
}

TEST_CASE("host: a replaced connection ends the call it is in before it stops") {
    World world;
    world.apply({World::configured("altinn"), World::configured("tokens")});
    world.notes.hangs = true;
    std::optional<sdk::Outcome> outcome;
    {
        const auto connection = world.set.find(core::ConnectionId("altinn"));
        tests::FakeProgress progress;
        core::Delivery delivery;
        boost::asio::co_spawn(
            world.io, connection->send(delivery, progress, world.clock.in(30s)),
            [&](const std::exception_ptr&, sdk::Outcome result) { outcome = result; });
        world.io.poll();
        auto configuration = std::make_shared<core::Configuration>();
        auto changed = World::configured("altinn");
        changed.settings = R"({"x":1})";
        configuration->connections[changed.id] = changed;
        configuration->connections[core::ConnectionId("tokens")] = World::configured("tokens");
        bool applied = false;
        boost::asio::co_spawn(world.io, world.set.apply(configuration, 5s, 30s),
                              [&](const std::exception_ptr&,
                                  const std::vector<host::ConnectionFault>&) { applied = true; });
        tests::run_until(
            world.io, world.clock, [&] { return applied; }, 1min);
        CHECK(applied);
    }
    REQUIRE(outcome);
    CHECK(outcome->verdict == sdk::Verdict::accepted);
    CHECK(world.notes.count("stop altinn") == 1);
}

TEST_CASE("host: what cannot be built is reported, and a running one keeps its old form") {
    World world;
    world.apply({World::configured("altinn"), World::configured("tokens")});
    world.notes.refuse_create = {"altinn"};
    auto changed = World::configured("altinn");
    changed.settings = R"({"wrong":true})";
    auto unknown = World::configured("x");
    unknown.adapter = "nosuch";
    const auto faults = world.apply({changed, World::configured("tokens"), unknown});
    REQUIRE(faults.size() == 2);
    CHECK(faults[0].connection.value == "altinn");
    CHECK(faults[1].failure.is(core::Errc::unsupported));
    CHECK(world.send("altinn").verdict == sdk::Verdict::accepted);
    CHECK(world.set.find(core::ConnectionId("x")) == nullptr);
    const core::ConnectionId x("x");
    const auto act = run(world.io, world.set.act(x, sdk::Act(), world.clock.in(1s)));
    CHECK(act.code.value == "connection.unknown");
}

TEST_CASE("host: a connection that did not start lets its letters wait, says why, is tried again") {
    World world;
    world.notes.refuse_start = {"altinn"};
    const auto faults = world.apply({World::configured("altinn"), World::configured("tokens")});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].failure.detail == "wrong key");
    const auto outcome = world.send("altinn");
    CHECK(outcome.verdict == sdk::Verdict::try_later);
    CHECK(outcome.code.value == "connection.not_started");
    const auto connection = world.set.find(core::ConnectionId("altinn"));
    CHECK(run(world.io, connection->check_health(world.clock.in(1s))).condition ==
          sdk::Condition::down);
    CHECK(world.log.holds("connection_not_started"));
    CHECK(world.apply({World::configured("altinn"), World::configured("tokens")}).size() == 1);
    world.notes.refuse_start.clear();
    CHECK(world.apply({World::configured("altinn"), World::configured("tokens")}).empty());
    CHECK(world.notes.count("start altinn") == 3);
    CHECK(world.notes.count("start tokens") == 1);
    CHECK(world.send("altinn").verdict == sdk::Verdict::accepted);
}

TEST_CASE("host: a stop stops those that borrow before those that lend, and twice is safe") {
    World world;
    world.apply({World::configured("altinn"), World::configured("tokens")});
    world.notes.lines.clear();
    world.stop();
    world.stop();
    CHECK(world.notes.lines == std::vector<std::string>{"stop altinn", "stop tokens"});
    CHECK(world.notes.destroyed == 2);
    CHECK(world.set.all().empty());
}

TEST_CASE("host: an adapter reads documents of tenants it serves, and of no other") {
    World world;
    world.apply({World::configured("altinn")});
    auto& documents = world.notes.hosts.at("altinn")->documents;
    const auto served = run(world.io, documents.open(oslo, core::Sha256()));
    CHECK(served.error().is(core::Errc::corrupted));
    const auto other = run(world.io, documents.open(core::TenantId("964338531"), core::Sha256()));
    CHECK(other.error().is(core::Errc::not_found));
    CHECK(world.documents.opened.size() == 1);
}

TEST_CASE("host: an adapter's state is its connection's own, compare-and-set, and bounded") {
    World world;
    world.apply({World::configured("a"), World::configured("b")});
    auto& a = world.notes.hosts.at("a")->state;
    auto& b = world.notes.hosts.at("b")->state;
    const auto put = [&](sdk::State& state, std::string key, std::string value,
                         std::uint64_t version) {
        return run(world.io, state.put(std::move(key), std::move(value), version));
    };
    const auto version = put(a, "cursor", "1", 0);
    REQUIRE(version.has_value());
    CHECK(put(a, "cursor", "2", 0).error().is(core::Errc::conflict));
    CHECK(put(a, "cursor", "2", *version).has_value());
    CHECK(run(world.io, a.get("cursor"))->value == "2");
    CHECK(run(world.io, b.get("cursor"))->version == 0);
    CHECK(put(a, "", "x", 0).error().is(core::Errc::invalid_argument));
    CHECK(put(a, std::string(201, 'k'), "x", 0).error().is(core::Errc::invalid_argument));
    CHECK(put(a, "k", std::string((1U << 20U) + 1, 'x'), 0).error().is(core::Errc::too_large));
}

TEST_CASE(
    "host: a call-back goes to the receiver it names; where there is none nobody is told so") {
    World world;
    world.notes.refuse_start = {"forms"};
    world.apply({World::configured("forms"), World::configured("altinn")});
    const auto call = [&](const char* id, const char* secret) {
        sdk::Callback made;
        made.secret = secret;
        made.body = "hint";
        return run(world.io, world.set.call_back(core::ConnectionId(id), made, world.clock.in(1s)))
            .value();
    };
    CHECK(call("forms", "right") == sdk::CallbackAnswer::not_kept);
    world.stop();
    world.notes.refuse_start = {};
    world.apply({World::configured("forms"), World::configured("altinn")});
    CHECK(call("forms", "right") == sdk::CallbackAnswer::taken);
    CHECK(call("forms", "wrong") == sdk::CallbackAnswer::stranger);
    CHECK(call("altinn", "right") == sdk::CallbackAnswer::stranger);
    CHECK(call("nobody", "right") == sdk::CallbackAnswer::stranger);
    CHECK(world.notes.count("callback forms hint") == 2);
}
