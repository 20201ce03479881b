#pragma once

// Owns coroutines that nobody awaits: stop() cancels and drains them. The only place where tasks
// are detached.

#include "gateway/sdk/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace gateway::runtime {

/// Spawn from any thread; tasks run on the executor given (make it a strand where they share
/// state). An exception that leaves a task (other than cancellation) is reported through
/// `on_fault`, by default as an assertion: it is our fault.
class TaskGroup {
public:
    explicit TaskGroup(boost::asio::any_io_executor executor);
    TaskGroup(boost::asio::any_io_executor executor,
              std::function<void(const std::string&)> on_fault);
    ~TaskGroup();   // asserts that it is empty or stopped
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// False once stop() began: the task is destroyed unstarted.
    bool spawn(sdk::Task<void> task);
    /// On an executor of the task's own (a strand per session).
    bool spawn_on(boost::asio::any_io_executor executor, sdk::Task<void> task);
    std::size_t size() const;
    /// Lets no more in and waits until those inside have ended by themselves.
    sdk::Task<void> drain();
    /// Cancels all and waits until they have ended. Safe twice.
    sdk::Task<void> stop();

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;   // tasks that end late still report here
};

}   // namespace gateway::runtime
