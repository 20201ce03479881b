#include "gateway/runtime/signal.hpp"

#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <map>
#include <mutex>

namespace gateway::runtime {

namespace asio = boost::asio;

struct Signal::Shared : std::enable_shared_from_this<Signal::Shared> {
    using Wake = std::function<void(boost::system::error_code)>;

    mutable std::mutex mutex;
    std::uint64_t count = 0;
    std::uint64_t last_waiter = 0;
    std::map<std::uint64_t, Wake> waiters;

    void wake_all() {
        std::map<std::uint64_t, Wake> woken;
        {
            const std::lock_guard lock(mutex);
            ++count;
            woken.swap(waiters);
        }
        for (auto& [id, wake] : woken) {
            wake({});
        }
    }

    void cancel(std::uint64_t id) {
        Wake wake;
        {
            const std::lock_guard lock(mutex);
            const auto found = waiters.find(id);
            if (found == waiters.end()) {
                return;
            }
            wake = std::move(found->second);
            waiters.erase(found);
        }
        wake(asio::error::operation_aborted);
    }

    sdk::Task<core::Result<void>> wait(std::uint64_t seen) {
        auto initiate = [self = shared_from_this(), seen](auto handler) {
            auto executor = asio::get_associated_executor(handler);
            auto slot = asio::get_associated_cancellation_slot(handler);
            auto guard = asio::make_work_guard(executor);
            auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            Wake wake = [kept, executor, guard](boost::system::error_code error) {
                asio::post(executor, [kept, error] {
                    auto resumed = std::move(*kept);
                    std::move(resumed)(error);
                });
            };
            std::unique_lock lock(self->mutex);
            if (self->count > seen) {
                lock.unlock();
                wake({});
                return;
            }
            const auto id = ++self->last_waiter;
            self->waiters.emplace(id, std::move(wake));
            lock.unlock();
            if (slot.is_connected()) {
                slot.assign([weak = std::weak_ptr<Shared>(self), id](asio::cancellation_type) {
                    if (const auto alive = weak.lock()) {
                        alive->cancel(id);
                    }
                });
            }
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                      void(boost::system::error_code)>(std::move(initiate),
                                                                       asio::use_awaitable);
        co_return core::Result<void>();
    }
};

Signal::Signal() : shared_(std::make_shared<Shared>()) {}

Signal::~Signal() {
    shared_->wake_all();
}

void Signal::notify() {
    shared_->wake_all();
}

std::uint64_t Signal::count() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->count;
}

sdk::Task<bool> Signal::wait(sdk::Clock& clock, std::uint64_t seen, sdk::Deadline deadline) {
    const auto shared = shared_;   // the signal may go while we wait
    const auto woken = co_await with_deadline(clock, deadline, shared->wait(seen));
    co_return woken.has_value();
}

}   // namespace gateway::runtime
