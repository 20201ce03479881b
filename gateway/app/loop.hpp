#pragma once

// The one io_context and the threads that run it.

#include "gateway/runtime/executor.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace gateway::app {

/// Made first and destroyed last: everything asynchronous lives on it.
class Loop {
public:
    /// `threads` in all, the caller of run() among them.
    explicit Loop(std::size_t threads);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    boost::asio::io_context& context() { return io_; }
    boost::asio::any_io_executor executor() { return io_.get_executor(); }
    /// Runs everything until this task has ended, and gives its answer; an exception that leaves it
    /// is thrown on. May be called again.
    int run(sdk::Task<int> task);

private:
    std::size_t threads_;
    boost::asio::io_context io_;
};

/// Cores of this machine, at least two: one slow step must not stop the rest.
std::size_t loop_threads();

}   // namespace gateway::app
