#include "adapters/common/standin/skewed_clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace gateway::standin {

core::Time SkewedClock::now() const {
    const auto time = std::chrono::system_clock::now();
    return std::chrono::time_point_cast<core::Duration>(time) + skew_;
}

core::SteadyTime SkewedClock::steady() const {
    return std::chrono::steady_clock::now();
}

sdk::Task<void> SkewedClock::sleep_until(core::SteadyTime point) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, point);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

std::int64_t seconds(core::Time time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}   // namespace gateway::standin
