#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

namespace gateway::runtime::detail {

sdk::Task<Raced> race(sdk::Clock& clock, sdk::Deadline deadline, sdk::Task<void> task) {
    namespace asio = boost::asio;
    auto executor = co_await asio::this_coro::executor;
    auto work = asio::co_spawn(executor, std::move(task), asio::deferred);
    auto timer = asio::co_spawn(executor, clock.sleep_until(deadline.at), asio::deferred);
    auto group = asio::experimental::make_parallel_group(std::move(work), std::move(timer));
    auto [order, work_error, timer_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
    Raced raced;
    raced.in_time = order[0] == 0;
    if (raced.in_time && work_error) {
        std::rethrow_exception(work_error);
    }
    raced.failed = work_error != nullptr;
    raced.interrupted = timer_error;
    co_return raced;
}

}   // namespace gateway::runtime::detail
