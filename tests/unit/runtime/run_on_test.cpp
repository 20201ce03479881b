#include "gateway/runtime/run_on.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

#include <future>

using namespace gateway;
namespace asio = boost::asio;

namespace {

using Strand = asio::strand<asio::thread_pool::executor_type>;

sdk::Task<int> seven_in(std::chrono::microseconds wait) {
    asio::steady_timer timer(co_await asio::this_coro::executor, wait);
    co_await timer.async_wait(asio::use_awaitable);
    co_return 7;
}

/// One task, waited for on another strand, and cancelled from there at about the moment it ends.
/// False where the cancellation was first.
bool seven_unless_cancelled(Strand here, Strand there, std::chrono::microseconds task,
                            std::chrono::microseconds patience) {
    asio::cancellation_signal signal;
    asio::steady_timer timer(here, patience);
    std::promise<bool> ended;
    auto done = [&](const std::exception_ptr& error, int value) {
        timer.cancel();
        ended.set_value(!error && value == 7);
    };
    auto token = asio::bind_cancellation_slot(signal.slot(), asio::bind_executor(here, done));
    std::promise<void> waited;
    asio::post(here, [&] {
        asio::co_spawn(here, runtime::run_on(there, seven_in(task)), std::move(token));
        timer.async_wait([&](const boost::system::error_code& error) {
            if (!error) {
                signal.emit(asio::cancellation_type::terminal);
            }
            waited.set_value();
        });
    });
    waited.get_future().wait();
    return ended.get_future().get();
}

}   // namespace

TEST_CASE(
    "run_on: a task gives its value, and a cancellation ends it, on whichever strand it runs") {
    asio::thread_pool pool(2);
    const Strand here(pool.get_executor());
    const Strand there(pool.get_executor());
    using namespace std::chrono_literals;
    CHECK(seven_unless_cancelled(here, there, 0us, 1h));
    CHECK_FALSE(seven_unless_cancelled(here, there, 1h, 0us));
}

TEST_CASE(
    "run_on: a cancellation that comes across as the task ends touches nothing that is gone") {
    asio::thread_pool pool(2);
    const Strand here(pool.get_executor());
    const Strand there(pool.get_executor());
    const std::chrono::microseconds short_task(60);
    int ended = 0;
    for (int round = 0; round < 4'000; ++round) {
        const std::chrono::microseconds patience(round % 80);
        const bool waits = patience.count() == 0;   // is cancelled, however slow we are
        const std::chrono::microseconds task = waits ? std::chrono::hours(1) : short_task;
        ended += seven_unless_cancelled(here, there, task, patience) ? 1 : 0;
    }
    INFO("of 4 000 tasks ended by themselves: " << ended);
    CHECK(ended > 0);
    CHECK(ended < 4'000);
}
