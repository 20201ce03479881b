#include "gateway/runtime/task_group.hpp"

#include "gateway/core/assert.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <cstdio>
#include <list>
#include <mutex>
#include <vector>

namespace gateway::runtime {

namespace asio = boost::asio;

struct TaskGroup::Shared : std::enable_shared_from_this<TaskGroup::Shared> {
    struct Entry {
        asio::any_io_executor executor;
        asio::cancellation_signal signal;
    };

    asio::any_io_executor executor;
    std::function<void(const std::string&)> on_fault;
    std::mutex mutex;
    std::list<std::shared_ptr<Entry>> entries;
    std::vector<std::function<void()>> waiters;
    bool closed = false;

    void ended(std::list<std::shared_ptr<Entry>>::iterator entry) {
        std::vector<std::function<void()>> wake;
        {
            const std::lock_guard lock(mutex);
            entries.erase(entry);
            if (entries.empty()) {
                wake.swap(waiters);
            }
        }
        for (auto& waiter : wake) {
            waiter();
        }
    }

    void report(const std::exception_ptr& error) const {
        try {
            std::rethrow_exception(error);
        } catch (const boost::system::system_error& fault) {
            if (fault.code() != asio::error::operation_aborted) {
                on_fault(fault.what());
            }
        } catch (const std::exception& fault) {
            on_fault(fault.what());
        }
    }

    /// Calls `done` once the group is empty: at once if it is.
    void when_empty(std::function<void()> done) {
        {
            const std::lock_guard lock(mutex);
            if (!entries.empty()) {
                waiters.push_back(std::move(done));
                return;
            }
        }
        done();
    }
};

namespace {

sdk::Task<void> wait_until_empty(std::function<void(std::function<void()>)> when_empty) {
    auto initiate = [&when_empty](auto handler) {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        when_empty([shared, guard, executor] {
            asio::post(executor, [shared] {
                auto resumed = std::move(*shared);
                std::move(resumed)();
            });
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(initiate),
                                                                         asio::use_awaitable);
}

}   // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : TaskGroup(std::move(executor), [](const std::string& what) {
          std::fprintf(stderr, "%s\n", what.c_str());
          core::assertion_failed("a task ended with an exception", __FILE__, __LINE__);
      }) {}

TaskGroup::TaskGroup(asio::any_io_executor executor,
                     std::function<void(const std::string&)> on_fault)
    : shared_(std::make_shared<Shared>()) {
    shared_->executor = std::move(executor);
    shared_->on_fault = std::move(on_fault);
}

TaskGroup::~TaskGroup() {
    // Tasks that are left are cancelled by the end of their io_context; those of a living one would
    // outlive their owner.
    const std::lock_guard lock(shared_->mutex);
    shared_->closed = true;
}

bool TaskGroup::spawn(sdk::Task<void> task) {
    return spawn_on(shared_->executor, std::move(task));
}

bool TaskGroup::spawn_on(asio::any_io_executor executor, sdk::Task<void> task) {
    auto entry = std::make_shared<Shared::Entry>();
    entry->executor = executor;
    std::list<std::shared_ptr<Shared::Entry>>::iterator place;
    {
        const std::lock_guard lock(shared_->mutex);
        if (shared_->closed) {
            return false;
        }
        place = shared_->entries.insert(shared_->entries.end(), entry);
    }
    asio::co_spawn(executor, std::move(task),
                   asio::bind_cancellation_slot(
                       entry->signal.slot(),
                       [shared = shared_, place, entry](const std::exception_ptr& error) {
                           if (error) {
                               shared->report(error);
                           }
                           shared->ended(place);
                       }));
    return true;
}

std::size_t TaskGroup::size() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->entries.size();
}

sdk::Task<void> TaskGroup::drain() {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->closed = true;
    }
    std::function<void(std::function<void()>)> when_empty =
        [shared = shared_](std::function<void()> done) { shared->when_empty(std::move(done)); };
    co_await wait_until_empty(std::move(when_empty));
}

sdk::Task<void> TaskGroup::stop() {
    std::vector<std::shared_ptr<Shared::Entry>> running;
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->closed = true;
        running.assign(shared_->entries.begin(), shared_->entries.end());
    }
    for (auto& entry : running) {
        asio::post(entry->executor,
                   [entry] { entry->signal.emit(asio::cancellation_type::terminal); });
    }
    running.clear();
    std::function<void(std::function<void()>)> when_empty =
        [shared = shared_](std::function<void()> done) { shared->when_empty(std::move(done)); };
    co_await wait_until_empty(std::move(when_empty));
}

}   // namespace gateway::runtime
