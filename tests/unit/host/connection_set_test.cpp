#include "gateway/exchanges/recorder.hpp"
#include "gateway/runtime/run_on.hpp"
#include "tests/unit/host/connection_world.hpp"

#include <boost/asio/this_coro.hpp>

using namespace connection_world;

namespace {

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
