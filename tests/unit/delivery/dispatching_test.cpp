#include "world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace {

using namespace tests;
using namespace std::chrono_literals;
using core::DeliveryState;
using core::Work;
using sdk::Outcome;
using sdk::Verdict;

Outcome dead() {
    Outcome outcome(Verdict::try_later, core::Code("upstream.unreachable"));
    outcome.target_at_fault = true;
    return outcome;
}

std::size_t in_state(World& world, const std::vector<core::MessageId>& letters,
                     DeliveryState state) {
    return static_cast<std::size_t>(std::count_if(
        letters.begin(), letters.end(), [&](const auto& id) { return world.state(id) == state; }));
}

std::vector<core::MessageId> accepted(World& world, int count, const Letter& letter) {
    std::vector<core::MessageId> result;
    for (int i = 0; i < count; ++i) {
        result.push_back(world.accept(letter));
    }
    return result;
}

Letter by(const char* connection) {
    Letter letter;
    letter.connection = connection;
    return letter;
}

}   // namespace

TEST_CASE("dispatch: a hanging connection fills its own places and blocks no other") {
    World world;
    world.connect("hanging")->hangs = true;
    auto altinn = world.connect("altinn");
    const auto stuck = accepted(world, 200, by("hanging"));
    world.start();
    world.pass(1s);
    const auto letters = accepted(world, 100, by("altinn"));
    world.pass(2s);
    CHECK(in_state(world, letters, DeliveryState::sent) == 100);
    CHECK(in_state(world, stuck, DeliveryState::sending) == 16);
    CHECK(altinn->inside_most <= 16);
}

TEST_CASE("dispatch: never more calls at once than the connection and the gateway allow") {
    World world;
    world.rules().in_flight_max = 10;
    auto altinn = world.connect("altinn");
    auto paper = world.connect("paper");
    altinn->takes = 1s;
    altinn->places = 4;
    paper->takes = 1s;
    paper->places = 8;
    const auto a = accepted(world, 30, by("altinn"));
    const auto b = accepted(world, 30, by("paper"));
    world.start();
    world.pass(30s);
    CHECK(altinn->inside_most == 4);
    CHECK(paper->inside_most == 6);
    CHECK(in_state(world, a, DeliveryState::sent) == 30);
    CHECK(in_state(world, b, DeliveryState::sent) == 30);
}

TEST_CASE("dispatch: one tenant's flood does not make another wait") {
    World world;
    world.rules().in_flight_max = 8;
    auto altinn = world.connect("altinn");
    altinn->takes = 1s;
    altinn->places = 8;
    accepted(world, 400, by("altinn"));
    world.start();
    world.pass(3s);
    Letter letter = by("altinn");
    letter.tenant = bergen;
    const auto small = world.accept(letter);
    CHECK(world.reaches(small, DeliveryState::sent, 5s));
}

TEST_CASE("dispatch: letters of one order key go one after the other, others pass them") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->sends(Outcome(Verdict::try_later, core::Code("upstream.rate_limited")));
    Letter ordered = by("altinn");
    ordered.order = "case-17";
    const auto first = world.accept(ordered);
    const auto second = world.accept(ordered);
    world.start();
    world.pass(100ms);
    const auto other = world.accept(by("altinn"));
    world.pass(100ms);
    CHECK(world.state(other) == DeliveryState::sent);
    CHECK(world.state(first) == DeliveryState::queued);
    CHECK(world.row(second).attempts == 0);
    REQUIRE(world.reaches(second, DeliveryState::sent));
    CHECK(world.state(first) == DeliveryState::sent);
    std::vector<core::MessageId> order;
    for (const auto& call : altinn->calls) {
        if (call.kind == "send" && call.delivery.message != other) {
            order.push_back(call.delivery.message);
        }
    }
    CHECK(order == std::vector<core::MessageId>{first, first, second});
}

TEST_CASE("dispatch: a dead component is left alone but for a probe, and resumes by itself") {
    World world;
    world.rules().breaker_failures = 5;
    world.rules().breaker_pause = 60s;
    auto altinn = world.connect("altinn");
    altinn->standing_send = dead();
    const auto letters = accepted(world, 100, by("altinn"));
    world.start();
    world.pass(50s);
    CHECK(altinn->count("send") <= 20);
    CHECK(world.log.holds("circuit_opened"));
    const auto before = altinn->count("send");
    world.pass(3min);
    CHECK(altinn->count("send") - before <= 3);
    altinn->standing_send = Outcome(Verdict::accepted);
    world.pass(20min);
    CHECK(in_state(world, letters, DeliveryState::sent) == 100);
    CHECK(world.log.holds("circuit_closed"));
}

TEST_CASE("dispatch: a dead component does not open another's circuit") {
    World world;
    world.rules().breaker_failures = 1;
    world.connect("dead")->standing_send = dead();
    auto altinn = world.connect("altinn");
    accepted(world, 50, by("dead"));
    world.start();
    const auto letters = accepted(world, 50, by("altinn"));
    world.pass(1s);
    CHECK(in_state(world, letters, DeliveryState::sent) == 50);
}

TEST_CASE("dispatch: refusals do not open the circuit") {
    World world;
    world.rules().breaker_failures = 2;
    auto altinn = world.connect("altinn");
    altinn->standing_send = Outcome(Verdict::rejected, core::Code("altinn.corr_01030"));
    const auto letters = accepted(world, 40, by("altinn"));
    world.start();
    world.pass(1s);
    CHECK(in_state(world, letters, DeliveryState::failed) == 40);
    CHECK_FALSE(world.log.holds("circuit_opened"));
}

TEST_CASE("dispatch: polling for receipts never delays sending") {
    World world;
    world.rules().in_flight_max = 4;
    auto slow = world.connect("slow");
    const auto old = accepted(world, 20, by("slow"));
    world.start();
    world.pass(2s);
    REQUIRE(in_state(world, old, DeliveryState::sent) == 20);
    slow->hangs = true;
    world.pass(15s);
    CHECK(slow->inside > 0);
    slow->hangs = false;
    const auto fresh = world.accept(by("slow"));
    CHECK(world.reaches(fresh, DeliveryState::sent, 1s));
}

TEST_CASE("dispatch: an attempt longer than its lease keeps it by renewal") {
    World world;
    world.rules().lease = 9s;
    auto altinn = world.connect("altinn");
    altinn->takes = 50s;
    const auto letter = world.accept();
    world.start();
    REQUIRE(world.reaches(letter, DeliveryState::sent, 60s));
    CHECK(altinn->count("send") == 1);
    CHECK(altinn->inside_most == 1);
}

TEST_CASE("dispatch: a holder that lost its lease stops and writes nothing more") {
    World world;
    world.rules().lease = 30s;
    auto altinn = world.connect("altinn");
    altinn->takes = 100s;
    altinn->capabilities[0].attempt_time_max = 300s;
    const auto letter = world.accept();
    world.start();
    world.pass(1s);
    REQUIRE(altinn->inside == 1);
    // The wall clock jumps past the lease; another node claims it before the next renewal.
    world.clock.jump(1min);
    ports::ClaimCommand command;
    command.now = world.clock.now();
    command.lease_until = world.clock.now() + 1h;
    command.limit = 10;
    const auto taken = run(world.io, world.store->claim(std::move(command))).value();
    REQUIRE(taken.size() == 1);
    CHECK(taken[0].was_interrupted);
    world.pass(15s);
    CHECK(altinn->inside == 0);
    world.pass(2min);
    CHECK(world.row(letter).state == DeliveryState::sending);
    CHECK(world.names(letter).back() == "attempt_started");
}

TEST_CASE("dispatch: a stop cuts a hanging attempt off after its patience, and the next start "
          "looks it up") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->hangs = true;
    const auto letter = world.accept();
    world.start();
    world.pass(1s);
    REQUIRE(altinn->inside == 1);
    const auto before = world.clock.steady();
    world.stop(30s);
    CHECK(world.clock.steady() - before >= 30s);
    CHECK(altinn->inside == 0);
    CHECK(world.state(letter) == DeliveryState::sending);
    CHECK(world.row(letter).work == Work::look_up);
    altinn->hangs = false;
    altinn->looks_up(Outcome(Verdict::not_found));
    world.start();
    REQUIRE(world.reaches(letter, DeliveryState::sent, 1min));
    CHECK(altinn->calls.at(1).kind == "look_up");
    CHECK(altinn->calls.at(2).kind == "send");
}

TEST_CASE("dispatch: a stop lets what is under way end, begins nothing and gives back what waits") {
    World world;
    auto altinn = world.connect("altinn");
    altinn->places = 2;
    altinn->takes = 5s;
    const auto letters = accepted(world, 20, by("altinn"));
    world.start();
    world.pass(1s);
    world.stop(30s);
    CHECK(in_state(world, letters, DeliveryState::sent) == 2);
    CHECK(altinn->count("send") == 2);
    // Nobody has to wait for a lease to run out.
    altinn->takes = 0s;
    world.start();
    world.pass(1s);
    CHECK(in_state(world, letters, DeliveryState::sent) == 20);
}

TEST_CASE("dispatch: after a crash in the middle of an attempt the letter is looked up first") {
    World world;
    auto altinn = world.connect("altinn");
    const auto letter = world.accept();
    ports::ClaimCommand command;
    command.now = world.clock.now();
    command.lease_until = world.clock.now() + 60s;
    command.limit = 1;
    auto taken = run(world.io, world.store->claim(std::move(command))).value();
    REQUIRE(taken.size() == 1);
    ports::BeginAttempt begin;
    begin.key = ports::DeliveryKey(oslo, taken[0].row.id);
    begin.fence = taken[0].fence;
    begin.at = world.clock.now();
    begin.connection = core::ConnectionId("altinn");
    REQUIRE(run(world.io, world.store->begin_attempt(std::move(begin))).has_value());
    // The process dies here. The next one:
    world.start();
    world.pass(59s);
    CHECK(altinn->calls.empty());
    REQUIRE(world.reaches(letter, DeliveryState::sent, 10s));
    CHECK(altinn->count("send") == 0);
    CHECK(altinn->count("look_up") == 1);
}

TEST_CASE("dispatch: work due later is woken for, without polling the store all the time") {
    World world;
    auto altinn = world.connect("altinn");
    Letter letter;
    letter.due_in = 90min;
    world.start();
    const auto id = world.accept(letter);
    world.pass(89min);
    CHECK(altinn->calls.empty());
    CHECK(world.reaches(id, DeliveryState::sent, 61s));
}

TEST_CASE("dispatch: stopping twice, and stopping what never started, is safe") {
    World world;
    world.connect("altinn");
    {
        Node idle(world.io, world.services);
        run(world.io, idle.dispatcher.stop(1s));
    }
    world.start();
    world.stop();
    world.start();
    world.pass(1s);
    CHECK(world.node->dispatcher.running() == 0);
}

TEST_CASE("dispatch: a stop without patience ends at once, also while everybody sleeps") {
    World world;
    world.connect("altinn");
    world.start();
    world.pass(1s);
    const auto before = world.clock.steady();
    world.stop(0s);
    CHECK(world.clock.steady() - before < 1s);
}
