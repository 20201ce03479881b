#pragma once

// The io_contexts and the threads that run them: one by many threads for everything, and for
// connections as many more, each by one thread. Such a loop needs no strands and wakes nobody for
// what it does itself, which is a tenth of the cost of an accepted message.

#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace gateway::app {

/// Made first and destroyed last: everything asynchronous lives on it.
class Loop {
public:
    /// `threads` for everything, the caller of run() among them; with more than one, as many again
    /// for connections.
    explicit Loop(std::size_t threads);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    boost::asio::io_context& context() { return io_; }
    boost::asio::any_io_executor executor() { return io_.get_executor(); }
    /// Of the loops of one thread; none where all has one thread.
    std::vector<boost::asio::any_io_executor> session_executors();
    /// Runs everything until this task has ended, and gives its answer; an exception that leaves it
    /// is thrown on. May be called again.
    int run(sdk::Task<int> task);

private:
    /// What waits on one may own what waits on another: all are emptied before any goes.
    struct Context : boost::asio::io_context {
        using boost::asio::io_context::io_context;
        void empty() { shutdown(); }
    };

    std::size_t threads_;
    Context io_;
    std::vector<std::unique_ptr<Context>> sessions_;
};

/// Cores of this machine, at least two: one slow step must not stop the rest.
std::size_t loop_threads();

}   // namespace gateway::app
