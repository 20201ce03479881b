#include "gateway/host/receiving.hpp"

#include "gateway/runtime/ids.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>

namespace {

using namespace gateway;
using namespace std::chrono_literals;

constexpr const char* lease_name = "receiver/dpi";

/// Waits for ever, or ends as it is told.
class TestReceiver final : public sdk::Receiver {
public:
    explicit TestReceiver(tests::ManualClock& clock) : clock_(clock) {}
    sdk::Task<void> receive() override {
        if (throws_before_it_waits) {
            throw std::runtime_error("said about 17859130003");
        }
        return consume();
    }

    bool throws_before_it_waits = false;
    bool throws = false;
    bool returns = false;
    core::Duration tidies_up{0};
    int runs = 0;
    int inside = 0;
    std::vector<core::SteadyTime> began;

private:
    sdk::Task<void> consume() {
        ++runs;
        ++inside;
        began.push_back(clock_.steady());
        if (throws || returns) {
            --inside;
        }
        if (throws) {
            throw std::runtime_error("said about 17859130003");
        }
        if (returns) {
            co_return;
        }
        std::exception_ptr stopped;
        try {
            co_await clock_.sleep_until(clock_.steady() + 24h * 365);
        } catch (...) {
            stopped = std::current_exception();
        }
        co_await boost::asio::this_coro::throw_if_cancelled(false);
        co_await boost::asio::this_coro::reset_cancellation_state();
        co_await clock_.sleep_until(clock_.steady() + tidies_up);
        --inside;
        std::rethrow_exception(stopped);
    }

    tests::ManualClock& clock_;
};

class Gauges final : public sdk::Metrics {
public:
    void count(std::string_view name, const core::Params&, std::uint64_t by) override {
        values[std::string(name)] += static_cast<double>(by);
    }
    void gauge(std::string_view name, const core::Params&, double value) override {
        values[std::string(name)] = value;
    }
    void observe(std::string_view, const core::Params&, double) override {}
    std::map<std::string, double> values;
};

struct World {
    boost::asio::io_context io;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = runtime::make_seeded_ids(clock, 3);
    tests::RecordingLog log;
    Gauges metrics;
    std::unique_ptr<ports::Store> store = store::make_memory_store();
    TestReceiver receiver{clock};
    host::Receiving receiving{
        {*store, clock, *ids, log, metrics}, core::ConnectionId("dpi"), 15min, io.get_executor()};

    ~World() { stop(); }
    void pass(core::Duration time) {
        const auto end = clock.steady() + time;
        tests::run_until(
            io, clock, [] { return false; }, time);
        clock.advance(std::chrono::ceil<core::Duration>(end - clock.steady()));
        io.restart();
        io.poll();
    }
    void start() {
        receiving.start(receiver);
        pass(1s);
    }
    void stop() {
        bool stopped = false;
        boost::asio::co_spawn(io, receiving.stop(),
                              [&](const std::exception_ptr&) { stopped = true; });
        REQUIRE(tests::run_until(
            io, clock, [&] { return stopped; }, 1min));
    }
    /// Of another node.
    std::optional<core::Fence> take(core::Duration time) {
        return *tests::run(io, store->take_named_lease(lease_name, "another node", clock.now(),
                                                       clock.now() + time));
    }
};

}   // namespace

TEST_CASE("host: a receiver runs under its connection's lease, and lets it go when it is stopped") {
    World world;
    world.start();
    CHECK(world.receiver.runs == 1);
    world.pass(10min);
    CHECK(world.receiver.runs == 1);
    CHECK(world.receiver.inside == 1);
    CHECK_FALSE(world.take(60s));   // renewed all the time
    world.stop();
    CHECK(world.receiver.inside == 0);
    CHECK(world.take(60s));
    world.stop();
}

TEST_CASE("host: stopping waits for the end of a receiver that has something to tidy up") {
    World world;
    world.receiver.tidies_up = 3s;
    world.start();
    const auto before = world.clock.steady();
    world.stop();
    CHECK(world.receiver.inside == 0);
    CHECK(world.clock.steady() - before >= 3s);
}

TEST_CASE("host: what was never started stops at once") {
    World world;
    world.stop();
    CHECK(world.receiver.runs == 0);
}

TEST_CASE("host: while another node receives nothing is received here, until that node is gone") {
    World world;
    REQUIRE(world.take(3min));
    world.start();
    world.pass(2min);
    CHECK(world.receiver.runs == 0);
    CHECK_FALSE(world.receiving.is_silent());
    world.pass(2min);
    CHECK(world.receiver.inside == 1);
}

TEST_CASE("host: stopped while it waits for the lease, it never receives") {
    World world;
    REQUIRE(world.take(60s));
    world.start();
    world.stop();
    world.pass(5min);
    CHECK(world.receiver.runs == 0);
}

TEST_CASE("host: a lost lease ends the receiver, and it is taken again when it is free") {
    World world;
    world.start();
    world.clock.jump(2min);   // to others ours has run out
    REQUIRE(world.take(5min));
    world.pass(30s);
    CHECK(world.receiver.inside == 0);
    CHECK(world.log.holds("receiver_lease_lost"));
    world.pass(5min);
    CHECK(world.receiver.inside == 1);
    CHECK(world.receiver.runs == 2);
}

TEST_CASE("host: a store that does not answer ends the receiver before its lease runs out") {
    World world;
    world.start();
    tests::run(world.io, world.store->close());
    world.pass(59s);
    CHECK(world.receiver.inside == 0);
}

TEST_CASE(
    "host: a receiver that ends is started again with growing pauses; its words stay unsaid") {
    World world;
    SECTION("by an exception") {
        world.receiver.throws = true;
    }
    SECTION("by returning") {
        world.receiver.returns = true;
    }
    world.start();
    world.pass(30min);
    const auto& began = world.receiver.began;
    REQUIRE(began.size() > 8);
    CHECK(began.size() < 25);
    CHECK(began[1] - began[0] <= 1s);
    for (std::size_t i = began.size() - 2; i + 1 < began.size(); ++i) {
        CHECK(began[i + 1] - began[i] >= 150s);
        CHECK(began[i + 1] - began[i] <= 300s);
    }
    CHECK(world.metrics.values["sluse_receiver_faults_total"] == static_cast<double>(began.size()));
    CHECK(world.log.holds("receiver_ended"));
    CHECK_FALSE(world.log.holds("17859130003"));
    world.receiver.throws = false;
    world.receiver.returns = false;
    world.pass(6min);
    CHECK(world.receiver.inside == 1);
}

TEST_CASE("host: a receiver that throws before it waits is a fault like any other") {
    World world;
    world.receiver.throws_before_it_waits = true;
    world.start();
    CHECK(world.metrics.values["sluse_receiver_faults_total"] >= 1);
    world.receiver.throws_before_it_waits = false;
    world.pass(1min);
    CHECK(world.receiver.inside == 1);
}

TEST_CASE("host: a silent component is one alarm, and its next answer ends it") {
    World world;
    world.start();
    CHECK(world.metrics.values["sluse_receiver_silent"] == 0);
    world.pass(10min);
    world.receiving.alive();
    CHECK(world.metrics.values["sluse_receiver_alive_timestamp_seconds"] ==
          std::chrono::duration<double>(world.clock.now().time_since_epoch()).count());
    world.pass(15min);
    CHECK_FALSE(world.receiving.is_silent());
    world.pass(1min);
    CHECK(world.receiving.is_silent());
    CHECK(world.metrics.values["sluse_receiver_silent"] == 1);
    world.pass(3h);
    CHECK(world.log.all.find("receiver_silent") == world.log.all.rfind("receiver_silent"));
    world.receiving.alive();
    CHECK_FALSE(world.receiving.is_silent());
    CHECK(world.metrics.values["sluse_receiver_silent"] == 0);
    CHECK(world.log.holds("receiver_heard_again"));
    world.pass(14min);
    CHECK_FALSE(world.receiving.is_silent());
}

TEST_CASE("host: a receiver that fails all the time is silent, too") {
    World world;
    world.receiver.throws = true;
    world.start();
    world.pass(16min);
    CHECK(world.receiving.is_silent());
}
