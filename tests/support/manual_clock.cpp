#include "manual_clock.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <vector>

namespace tests {

namespace asio = boost::asio;
using gateway::core::Duration;
using gateway::core::SteadyTime;
using gateway::core::Time;

struct ManualClock::Shared {
    using Wake = std::function<void(boost::system::error_code)>;
    using Key = std::pair<SteadyTime, std::uint64_t>;

    mutable std::mutex mutex;
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 15} + std::chrono::hours{12}};
    SteadyTime steady{std::chrono::hours{1}};
    std::uint64_t last = 0;
    std::map<Key, Wake> sleepers;

    void cancel(Key key) {
        Wake wake;
        {
            const std::lock_guard lock(mutex);
            const auto found = sleepers.find(key);
            if (found == sleepers.end()) {
                return;
            }
            wake = std::move(found->second);
            sleepers.erase(found);
        }
        wake(asio::error::operation_aborted);
    }
};

ManualClock::ManualClock() : shared_(std::make_shared<Shared>()) {}

Time ManualClock::now() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->now;
}

SteadyTime ManualClock::steady() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->steady;
}

gateway::sdk::Task<void> ManualClock::sleep_until(SteadyTime point) {
    auto initiate = [shared = shared_, point](auto handler) {
        auto executor = asio::get_associated_executor(handler);
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto guard = asio::make_work_guard(executor);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        Shared::Wake wake = [kept, executor, guard](boost::system::error_code error) {
            asio::post(executor, [kept, error] {
                auto resumed = std::move(*kept);
                std::move(resumed)(error);
            });
        };
        std::unique_lock lock(shared->mutex);
        if (point <= shared->steady) {
            lock.unlock();
            wake({});
            return;
        }
        const Shared::Key key{point, ++shared->last};
        shared->sleepers.emplace(key, std::move(wake));
        lock.unlock();
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr<Shared>(shared), key](asio::cancellation_type) {
                if (const auto alive = weak.lock()) {
                    alive->cancel(key);
                }
            });
        }
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
        std::move(initiate), asio::use_awaitable);
}

void ManualClock::advance(Duration by) {
    std::vector<Shared::Wake> due;
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->now += by;
        shared_->steady += by;
        while (!shared_->sleepers.empty() &&
               shared_->sleepers.begin()->first.first <= shared_->steady) {
            due.push_back(std::move(shared_->sleepers.begin()->second));
            shared_->sleepers.erase(shared_->sleepers.begin());
        }
    }
    for (auto& wake : due) {
        wake({});
    }
}

void ManualClock::jump(Duration by) {
    const std::lock_guard lock(shared_->mutex);
    shared_->now += by;
}

std::optional<SteadyTime> ManualClock::next() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->sleepers.empty() ? std::nullopt
                                     : std::optional(shared_->sleepers.begin()->first.first);
}

std::size_t ManualClock::sleepers() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->sleepers.size();
}

bool run_until(asio::io_context& io, ManualClock& clock, const std::function<bool()>& done,
               Duration at_most) {
    const auto end = clock.steady() + at_most;
    for (;;) {
        io.restart();
        while (io.poll_one() > 0) {
            if (done()) {
                return true;
            }
        }
        if (done()) {
            return true;
        }
        const auto next = clock.next();
        if (!next || *next > end) {
            return false;
        }
        clock.advance(std::max(Duration{1}, std::chrono::ceil<Duration>(*next - clock.steady())));
    }
}

}   // namespace tests
