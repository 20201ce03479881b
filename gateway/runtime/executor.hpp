#pragma once

// Threads as a seam. Blocking work (SQLite, file I/O, RSA, hashing over 64 KiB) runs on an Executor
// and its result comes back to the caller's executor. In simulation both kinds run their jobs on
// the one io_context, at a turn the seed chooses.

#include "gateway/sdk/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace gateway::runtime {

class Executor {
public:
    virtual ~Executor() = default;
    /// Runs the job once, later, on a thread of the executor. Any thread may call. Never refuses;
    /// jobs are bounded by callers.
    virtual void post(std::function<void()> job) = 0;

    /// Runs `function` there; awaits its value here. Not cancellable: what blocks must end.
    template <class F>
    sdk::Task<std::invoke_result_t<F&>> run(F function) {
        using T = std::invoke_result_t<F&>;
        struct Shared {
            std::optional<T> value;
            std::exception_ptr error;
        };
        auto shared = std::make_shared<Shared>();
        std::function<void()> job = [shared, work = std::make_shared<F>(std::move(function))] {
            try {
                shared->value.emplace((*work)());
            } catch (...) {
                shared->error = std::current_exception();
            }
        };
        co_await completed(std::move(job));
        if (shared->error) {
            std::rethrow_exception(shared->error);
        }
        co_return std::move(*shared->value);
    }

    /// Awaits a job without a value.
    sdk::Task<void> completed(std::function<void()> job);
};

/// `threads` threads with one bounded queue. Destroying it runs what is queued, then joins.
std::unique_ptr<Executor> make_thread_executor(std::size_t threads, std::string name);

/// From now on this thread, when it is woken, waits for its turn instead of cutting off whoever
/// woke it. For those that serve many, beside the few that all wait for.
void wake_in_turn();

}   // namespace gateway::runtime
