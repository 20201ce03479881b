#pragma once

// The one way to bound a wait.

#include "gateway/sdk/clock.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace gateway::runtime {
namespace detail {

/// How a task and its deadline ended. Both have, whoever was first.
struct Raced {
    bool in_time = false;             // the task ended before the deadline passed
    bool failed = false;              // it threw although it was not in time
    std::exception_ptr interrupted;   // the wait for the deadline was cut off: our own cancellation

    Raced() = default;
};

/// Runs the task; cancels it at the deadline, and waits for its end. What it throws in time is
/// thrown. Compiled once for tasks of all types.
sdk::Task<Raced> race(sdk::Clock& clock, sdk::Deadline deadline, sdk::Task<void> task);

template <class T>
sdk::Task<void> keep(std::optional<core::Result<T>>& result, sdk::Task<core::Result<T>> task) {
    auto value = co_await std::move(task);
    result.emplace(std::move(value));
}

}   // namespace detail

/// What the task returned, or `timed_out` once the deadline passed and the task was cancelled and
/// has ended. A failing task is its own result, not a timeout. The parent's cancellation goes to
/// the task and comes back out of it.
template <class T>
sdk::Task<core::Result<T>> with_deadline(sdk::Clock& clock, sdk::Deadline deadline,
                                         sdk::Task<core::Result<T>> task) {
    if (clock.steady() >= deadline.at) {
        co_return core::Failure(core::Errc::timed_out);
    }
    std::optional<core::Result<T>> result;
    auto keeping = detail::keep<T>(result, std::move(task));
    const auto raced = co_await detail::race(clock, deadline, std::move(keeping));
    // A result that made it just in time is kept.
    if (raced.in_time || (!raced.failed && result->has_value())) {
        co_return std::move(*result);
    }
    if (raced.interrupted) {
        std::rethrow_exception(raced.interrupted);
    }
    co_return core::Failure(core::Errc::timed_out);
}

}   // namespace gateway::runtime
