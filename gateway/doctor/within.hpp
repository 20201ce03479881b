#pragma once

// A wait that ends at its deadline even when what is waited for cannot be interrupted (a name
// look-up, a dead network disk): that is cancelled, and left to its group to end when it ends.

#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace gateway::doctor {

/// What waits are made with; outlives them, and so do the tasks that were left in `group`.
struct Bench {
    sdk::Clock& clock;
    runtime::TaskGroup& group;

    Bench(sdk::Clock& time, runtime::TaskGroup& tasks) : clock(time), group(tasks) {}
};

/// For what obeys a cancellation, to say that it did.
inline constexpr std::chrono::milliseconds grace{50};

namespace detail {

using Bell = boost::asio::experimental::channel<void(boost::system::error_code)>;

template <class T>
struct Slot {
    explicit Slot(const boost::asio::any_io_executor& executor) : bell(executor, 1) {}
    std::optional<core::Result<T>> value;
    Bell bell;
};

template <class T>
sdk::Task<void> run_into(std::shared_ptr<Slot<T>> slot, sdk::Clock& clock, sdk::Deadline deadline,
                         sdk::Task<core::Result<T>> task) {
    try {
        auto result = co_await runtime::with_deadline(clock, deadline, std::move(task));
        slot->value.emplace(std::move(result));
    } catch (const boost::system::system_error& stopped) {
        slot->value.emplace(core::Failure(core::Errc::cancelled, stopped.what()));
    } catch (const std::exception& fault) {
        slot->value.emplace(core::Failure(core::Errc::internal, fault.what()));
    }
    slot->bell.try_send(boost::system::error_code());
}

sdk::Task<core::Result<void>> hear(Bell& bell);
sdk::Task<void> ring_after(std::shared_ptr<Bell> bell, sdk::Task<void> task);

}   // namespace detail

/// What the task returned, or `timed_out`. On the caller's strand.
template <class T>
sdk::Task<core::Result<T>> within(Bench bench, sdk::Deadline deadline,
                                  sdk::Task<core::Result<T>> task) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto slot = std::make_shared<detail::Slot<T>>(executor);
    auto running = detail::run_into<T>(slot, bench.clock, deadline, std::move(task));
    if (!bench.group.spawn_on(executor, std::move(running))) {
        co_return core::Failure(core::Errc::unavailable, "stopping");
    }
    auto hearing = detail::hear(slot->bell);
    const auto heard = co_await runtime::with_deadline(
        bench.clock, sdk::Deadline(deadline.at + grace), std::move(hearing));
    if (!heard || !slot->value) {
        co_return core::Failure(core::Errc::timed_out);
    }
    co_return std::move(*slot->value);
}

/// All of them at once, on the caller's strand, until they have ended or the deadline has come.
sdk::Task<void> side_by_side(Bench bench, sdk::Deadline deadline,
                             std::vector<sdk::Task<void>> tasks);

}   // namespace gateway::doctor
