#include "adapters/fiks_io/receiver_pace.hpp"
#include "adapters/fiks_io/receiver_turns.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using namespace gateway::fiks_io;
using namespace std::chrono_literals;
using gateway::core::SteadyTime;

namespace {

constexpr SteadyTime start{std::chrono::hours(5)};

gateway::sdk::Task<void> take(std::unique_ptr<Turns::Turn> turn, std::string& order, char name) {
    co_await turn->wait();
    order.push_back(name);
}

}   // namespace

TEST_CASE("fiks_io pace: five connects at once, then one every two seconds, and five again after a "
          "rest") {
    ConnectBudget budget;
    for (int i = 0; i < 5; ++i) {
        CHECK(budget.reserve(start) == start);
    }
    CHECK(budget.reserve(start) == start + 2s);
    CHECK(budget.reserve(start + 2s) == start + 4s);
    for (int i = 0; i < 5; ++i) {
        CHECK(budget.reserve(start + 1h) == start + 1h);
    }
    CHECK(budget.reserve(start + 1h) == start + 1h + 2s);
}

TEST_CASE("fiks_io pace: pauses double to a minute, and a refused login waits longer") {
    ConnectPause pause;
    CHECK(pause.next(false, 250) == 1000ms);
    CHECK(pause.next(false, 250) == 2000ms);
    for (int i = 0; i < 20; ++i) {
        pause.next(false, 250);
    }
    CHECK(pause.next(false, 250) == 60s);
    CHECK(pause.next(true, 250) == 300s);
    pause.reset();
    CHECK(pause.next(true, 250) == 30s);
    pause.reset();
    for (std::uint64_t chance = 0; chance < 3000; chance += 7) {
        ConnectPause one;
        const auto wait = one.next(false, chance);
        CHECK(wait >= 750ms);
        CHECK(wait < 1250ms);
    }
}

TEST_CASE("fiks_io turns: what has one key goes as it came, whoever is ready first") {
    boost::asio::io_context io;
    const boost::asio::any_io_executor executor = io.get_executor();
    Turns turns;
    std::string order;
    auto first = std::make_unique<Turns::Turn>(turns, "a", executor);
    auto second = std::make_unique<Turns::Turn>(turns, "a", executor);
    auto other = std::make_unique<Turns::Turn>(turns, "b", executor);
    auto third = std::make_unique<Turns::Turn>(turns, "a", executor);
    const auto spawn = [&](std::unique_ptr<Turns::Turn> turn, char name) {
        boost::asio::co_spawn(io, take(std::move(turn), order, name),
                              [](const std::exception_ptr& error) { REQUIRE(!error); });
        io.restart();
        io.poll();
    };
    spawn(std::move(third), '3');
    spawn(std::move(other), 'b');
    CHECK(order == "b");
    spawn(std::move(first), '1');
    CHECK(order == "b1");
    second.reset();   // gives its place up
    io.restart();
    io.poll();
    CHECK(order == "b13");
    CHECK(turns.rows() == 0);
}
