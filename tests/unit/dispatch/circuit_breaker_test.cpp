#include "gateway/dispatch/circuit_breaker.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using namespace std::chrono_literals;
using dispatch::CircuitBreaker;
using Change = CircuitBreaker::Change;
using State = CircuitBreaker::State;

const core::SteadyTime start{1h};

CircuitBreaker opened_at(core::SteadyTime now) {
    CircuitBreaker breaker(3, 10s);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(breaker.try_enter(now));
        breaker.faulted(now);
    }
    REQUIRE(breaker.state(now) == State::open);
    return breaker;
}

}   // namespace

TEST_CASE("breaker: opens after so many faults in a row and says so once") {
    CircuitBreaker breaker(3, 10s);
    CHECK(breaker.faulted(start) == Change::none);
    CHECK(breaker.faulted(start) == Change::none);
    CHECK(breaker.try_enter(start));
    CHECK(breaker.faulted(start) == Change::opened);
    CHECK(breaker.faulted(start) == Change::none);
    CHECK_FALSE(breaker.try_enter(start));
    CHECK(breaker.opens_at() == start + 10s);
}

TEST_CASE("breaker: an answer in between starts the count again") {
    CircuitBreaker breaker(3, 10s);
    for (int i = 0; i < 10; ++i) {
        CHECK(breaker.faulted(start) == Change::none);
        CHECK(breaker.faulted(start) == Change::none);
        CHECK(breaker.answered() == Change::none);
    }
    CHECK(breaker.state(start) == State::closed);
}

TEST_CASE("breaker: after the pause one probe at a time is let in") {
    auto breaker = opened_at(start);
    CHECK_FALSE(breaker.try_enter(start + 9s));
    CHECK(breaker.state(start + 10s) == State::half_open);
    CHECK_FALSE(breaker.is_shut(start + 10s));
    CHECK(breaker.try_enter(start + 10s));
    CHECK_FALSE(breaker.try_enter(start + 10s));
    CHECK(breaker.is_shut(start + 10s));
}

TEST_CASE("breaker: a probe that is answered closes it") {
    auto breaker = opened_at(start);
    REQUIRE(breaker.try_enter(start + 10s));
    CHECK(breaker.answered() == Change::closed);
    CHECK(breaker.state(start + 10s) == State::closed);
    CHECK(breaker.try_enter(start + 10s));
    CHECK(breaker.try_enter(start + 10s));
}

TEST_CASE("breaker: a probe that fails doubles the pause up to sixteen times") {
    auto breaker = opened_at(start);
    auto now = start + 10s;
    for (const auto pause : {20s, 40s, 80s, 160s, 160s}) {
        REQUIRE(breaker.try_enter(now));
        CHECK(breaker.faulted(now) == Change::none);
        CHECK(breaker.opens_at() == now + pause);
        CHECK_FALSE(breaker.try_enter(now + pause - 1s));
        now += pause;
    }
    REQUIRE(breaker.try_enter(now));
    breaker.answered();
    for (int i = 0; i < 3; ++i) {
        breaker.faulted(now);
    }
    CHECK(breaker.opens_at() == now + 10s);
}

TEST_CASE("breaker: a probe that tells nothing gives its place to the next") {
    auto breaker = opened_at(start);
    REQUIRE(breaker.try_enter(start + 10s));
    breaker.abandoned();
    CHECK(breaker.try_enter(start + 10s));
}

TEST_CASE("breaker: calls from before it opened that fail late do not lengthen the pause") {
    auto breaker = opened_at(start);
    CHECK(breaker.faulted(start + 5s) == Change::none);
    CHECK(breaker.faulted(start + 12s) == Change::none);
    CHECK(breaker.opens_at() == start + 10s);
    CHECK(breaker.try_enter(start + 12s));
}

TEST_CASE("breaker: senseless limits become the smallest that work") {
    CircuitBreaker breaker(0, 0s);
    CHECK(breaker.faulted(start) == Change::opened);
    CHECK(breaker.try_enter(start + 1ms));
}

TEST_CASE("breaker: between a pause and what its probe tells it is in doubt, but not for ever") {
    CHECK_FALSE(CircuitBreaker(3, 10s).is_in_doubt(start));
    auto breaker = opened_at(start);
    CHECK(breaker.is_in_doubt(start + 5s));
    CHECK(breaker.is_in_doubt(start + 30s));           // nobody has probed yet
    CHECK_FALSE(breaker.is_in_doubt(start + 10min));   // nothing is to be sent
    REQUIRE(breaker.try_enter(start + 10min));
    CHECK(breaker.is_in_doubt(start + 20min));
    breaker.answered();
    CHECK_FALSE(breaker.is_in_doubt(start + 20min));
}
