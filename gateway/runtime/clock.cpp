#include "gateway/runtime/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway::runtime {
namespace {

namespace asio = boost::asio;

class SystemClock final : public sdk::Clock {
public:
    core::Time now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now());
    }
    core::SteadyTime steady() const override { return std::chrono::steady_clock::now(); }

    sdk::Task<void> sleep_until(core::SteadyTime point) override {
        auto executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor);
        timer.expires_at(point);
        co_await timer.async_wait(asio::use_awaitable);
    }
};

}   // namespace

std::unique_ptr<sdk::Clock> make_system_clock() {
    return std::make_unique<SystemClock>();
}

}   // namespace gateway::runtime
