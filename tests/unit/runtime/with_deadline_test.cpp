#include "gateway/runtime/with_deadline.hpp"

#include "gateway/runtime/task_group.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

sdk::Task<core::Result<int>> answer_after(sdk::Clock& clock, core::Duration wait, int value) {
    co_await clock.sleep_until(clock.steady() + wait);
    co_return value;
}

sdk::Task<core::Result<int>> fail_after(sdk::Clock& clock, core::Duration wait) {
    co_await clock.sleep_until(clock.steady() + wait);
    co_return core::Failure(core::Errc::unreachable);
}

sdk::Task<core::Result<int>> throw_after(sdk::Clock& clock, core::Duration wait) {
    co_await clock.sleep_until(clock.steady() + wait);
    throw std::runtime_error("broken");
}

struct World {
    boost::asio::io_context io;
    tests::ManualClock clock;

    std::optional<core::Result<int>> race(sdk::Task<core::Result<int>> task, core::Duration limit) {
        std::optional<core::Result<int>> result;
        boost::asio::co_spawn(io, runtime::with_deadline(clock, clock.in(limit), std::move(task)),
                              [&](const std::exception_ptr& error, core::Result<int> value) {
                                  if (error) {
                                      std::rethrow_exception(error);
                                  }
                                  result = value;
                              });
        tests::run_until(
            io, clock, [&] { return result.has_value(); }, 1h);
        return result;
    }
};

}   // namespace

TEST_CASE("with_deadline: a task that ends in time gives its own value") {
    World world;
    const auto result = world.race(answer_after(world.clock, 5s, 7), 10s);
    REQUIRE(result);
    CHECK(result->value() == 7);
    CHECK(world.clock.sleepers() == 0);
}

TEST_CASE("with_deadline: a task that is late is cancelled and reported as timed out") {
    World world;
    const auto result = world.race(answer_after(world.clock, 50s, 7), 10s);
    REQUIRE(result);
    CHECK(result->error().is(core::Errc::timed_out));
    CHECK(world.clock.sleepers() == 0);
}

TEST_CASE("with_deadline: a failure is the task's own, not a timeout") {
    World world;
    const auto result = world.race(fail_after(world.clock, 5s), 10s);
    REQUIRE(result);
    CHECK(result->error().is(core::Errc::unreachable));
}

TEST_CASE("with_deadline: a deadline already passed runs nothing") {
    World world;
    const auto result = world.race(answer_after(world.clock, 0s, 7), 0s);
    REQUIRE(result);
    CHECK(result->error().is(core::Errc::timed_out));
}

TEST_CASE("with_deadline: an exception of the task comes out as it is") {
    World world;
    CHECK_THROWS_WITH(world.race(throw_after(world.clock, 1s), 10s), "broken");
}

namespace {

/// Cut off, it has its value at hand after all.
sdk::Task<core::Result<int>> answer_when_cut_off(sdk::Clock& clock, int value) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    try {
        co_await clock.sleep_until(clock.steady() + 1h);
    } catch (const boost::system::system_error&) {
    }
    co_return value;
}

}   // namespace

TEST_CASE("with_deadline: a value that is there when the task is cut off is kept") {
    World world;
    const auto result = world.race(answer_when_cut_off(world.clock, 7), 10s);
    REQUIRE(result);
    CHECK(result->value() == 7);
    CHECK(world.clock.sleepers() == 0);
}

TEST_CASE("with_deadline: who waits is cut off, so is the task, and that is no timeout") {
    World world;
    boost::asio::cancellation_signal signal;
    std::exception_ptr thrown;
    bool ended = false;
    boost::asio::co_spawn(
        world.io,
        runtime::with_deadline(world.clock, world.clock.in(10s), answer_after(world.clock, 5s, 7)),
        boost::asio::bind_cancellation_slot(
            signal.slot(), [&](const std::exception_ptr& error, const core::Result<int>&) {
                thrown = error;
                ended = true;
            }));
    world.io.poll();
    CHECK_FALSE(ended);
    signal.emit(boost::asio::cancellation_type::terminal);
    tests::run_until(
        world.io, world.clock, [&] { return ended; }, 1s);
    REQUIRE(ended);
    REQUIRE(thrown);
    CHECK_THROWS_AS(std::rethrow_exception(thrown), boost::system::system_error);
    CHECK(world.clock.sleepers() == 0);
}

namespace {

sdk::Task<void> sleep_and_count(sdk::Clock& clock, core::Duration wait, int& ended,
                                int& cancelled) {
    try {
        co_await clock.sleep_until(clock.steady() + wait);
        ++ended;
    } catch (const boost::system::system_error&) {
        ++cancelled;
        throw;
    }
}

sdk::Task<void> stop_group(runtime::TaskGroup& group, bool& stopped) {
    co_await group.stop();
    stopped = true;
}

sdk::Task<void> drain_group(runtime::TaskGroup& group, bool& stopped) {
    co_await group.drain();
    stopped = true;
}

}   // namespace

TEST_CASE("task group: stop cancels what runs and waits for its end") {
    World world;
    int ended = 0;
    int cancelled = 0;
    bool stopped = false;
    runtime::TaskGroup group(world.io.get_executor());
    for (int i = 0; i < 10; ++i) {
        CHECK(group.spawn(sleep_and_count(world.clock, 1h, ended, cancelled)));
    }
    world.io.poll();
    CHECK(group.size() == 10);
    boost::asio::co_spawn(world.io, stop_group(group, stopped), [](const std::exception_ptr&) {});
    tests::run_until(
        world.io, world.clock, [&] { return stopped; }, 1s);
    CHECK(stopped);
    CHECK(cancelled == 10);
    CHECK(ended == 0);
    CHECK_FALSE(group.spawn(sleep_and_count(world.clock, 1s, ended, cancelled)));
}

TEST_CASE("task group: drain lets what runs finish and takes nothing new") {
    World world;
    int ended = 0;
    int cancelled = 0;
    bool drained = false;
    runtime::TaskGroup group(world.io.get_executor());
    CHECK(group.spawn(sleep_and_count(world.clock, 5s, ended, cancelled)));
    boost::asio::co_spawn(world.io, drain_group(group, drained), [](const std::exception_ptr&) {});
    tests::run_until(
        world.io, world.clock, [&] { return drained; }, 1h);
    CHECK(drained);
    CHECK(ended == 1);
    CHECK_FALSE(group.spawn(sleep_and_count(world.clock, 1s, ended, cancelled)));
}
