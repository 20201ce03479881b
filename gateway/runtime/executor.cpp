#include "gateway/runtime/executor.hpp"

#include <pthread.h>
#include <sched.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace gateway::runtime {
namespace {

namespace asio = boost::asio;

class ThreadExecutor final : public Executor {
public:
    ThreadExecutor(std::size_t threads, const std::string& name) {
        for (std::size_t i = 0; i < threads; ++i) {
            threads_.emplace_back([this] { work(); });
            ::pthread_setname_np(threads_.back().native_handle(), name.substr(0, 15).c_str());
        }
    }

    ~ThreadExecutor() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        for (auto& thread : threads_) {
            thread.join();
        }
    }

    void post(std::function<void()> job) override {
        {
            const std::lock_guard lock(mutex_);
            jobs_.push_back(std::move(job));
        }
        wake_.notify_one();
    }

private:
    void work() {
        for (;;) {
            std::function<void()> job;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
                if (jobs_.empty()) {
                    return;
                }
                job = std::move(jobs_.front());
                jobs_.pop_front();
            }
            job();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}   // namespace

sdk::Task<void> Executor::completed(std::function<void()> job) {
    auto initiate = [this](auto handler, std::function<void()> work) {
        auto executor = asio::get_associated_executor(handler);
        auto guard = asio::make_work_guard(executor);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        post([work = std::move(work), shared = std::move(shared), guard = std::move(guard),
              executor]() mutable {
            work();
            work = nullptr;
            asio::post(executor, [shared = std::move(shared)]() mutable {
                auto resumed = std::move(*shared);
                shared.reset();
                std::move(resumed)();
            });
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        std::move(initiate), asio::use_awaitable, std::move(job));
}

void wake_in_turn() {
    // As Linux's "batch" policy has it. Where it may not be set, all goes on as before.
    const sched_param none{};
    ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &none);
}

std::unique_ptr<Executor> make_thread_executor(std::size_t threads, std::string name) {
    return std::make_unique<ThreadExecutor>(threads, name);
}

}   // namespace gateway::runtime
