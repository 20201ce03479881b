#pragma once

// Copies the log into the database beside the writer, through a connection of its own. What comes
// meanwhile is left: only when nothing is can the log start anew, so the writer copies that little
// itself. Shared by its job; any thread may call.

#include "gateway/runtime/executor.hpp"
#include "gateway/store/sqlite/database.hpp"

#include <functional>
#include <memory>
#include <mutex>

namespace gateway::store::sqlite {

class LogCopier : public std::enable_shared_from_this<LogCopier> {
public:
    using OnFailure = std::function<void(const core::Failure&)>;
    enum class State { idle, copying, copied };

    LogCopier(runtime::Executor& executor, std::unique_ptr<Database> database)
        : executor_(executor), database_(std::move(database)) {}

    /// Before start().
    void on_failure(OnFailure call) { on_failure_ = std::move(call); }
    /// From idle only: goes to copying, and by itself to copied.
    void start();
    State state() const;
    /// From copied to idle.
    void reset();
    /// Waits for the copying under way and closes the connection.
    void close();

private:
    void copy();

    runtime::Executor& executor_;
    OnFailure on_failure_;
    mutable std::mutex mutex_;   // of the state
    State state_ = State::idle;
    std::mutex work_;   // held while copying
    std::unique_ptr<Database> database_;
};

}   // namespace gateway::store::sqlite
