#pragma once

// The one way to bound a wait.

#include "gateway/sdk/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace gateway::runtime {

/// What the task returned, or `timed_out` once the deadline passed and the task was cancelled and
/// has ended. A failing task is its own result, not a timeout. The parent's cancellation goes to
/// the task and comes back out of it.
template <class T>
sdk::Task<core::Result<T>> with_deadline(sdk::Clock& clock, sdk::Deadline deadline,
                                         sdk::Task<core::Result<T>> task) {
    namespace asio = boost::asio;
    if (clock.steady() >= deadline.at) {
        co_return core::Failure(core::Errc::timed_out);
    }
    auto executor = co_await asio::this_coro::executor;
    auto work = asio::co_spawn(executor, std::move(task), asio::deferred);
    auto timer = asio::co_spawn(executor, clock.sleep_until(deadline.at), asio::deferred);
    auto group = asio::experimental::make_parallel_group(std::move(work), std::move(timer));
    auto [order, work_error, result, timer_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
    if (order[0] == 0) {
        if (work_error) {
            std::rethrow_exception(work_error);
        }
        co_return std::move(result);
    }
    // The timer was first: the task has been cancelled and has ended; a result that made it just in
    // time is kept.
    if (!work_error && result.has_value()) {
        co_return std::move(result);
    }
    if (timer_error) {
        std::rethrow_exception(timer_error);   // our own cancellation
    }
    co_return core::Failure(core::Errc::timed_out);
}

}   // namespace gateway::runtime
