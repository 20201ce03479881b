#pragma once

// While an attempt runs its lease is renewed every third of its length, so that only a dead
// holder's delivery is taken over.

#include "gateway/dispatch/services.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace gateway::dispatch {

struct Lease {
    ports::DeliveryKey key;
    core::Fence fence;
    std::chrono::seconds length{60};

    Lease(ports::DeliveryKey whose, core::Fence number, std::chrono::seconds how_long)
        : key(std::move(whose)), fence(number), length(how_long) {}
};

/// Renews until cancelled; returns only when the lease has passed to another holder.
sdk::Task<void> keep_lease(ports::Store& store, sdk::Clock& clock, Lease lease);

/// What the task returned, or `stale_fence` when the lease was lost: the task has been cancelled
/// and has ended, and its holder must write nothing more. The parent's cancellation goes to the
/// task and comes back out of it.
template <class T>
sdk::Task<sdk::Result<T>> under_lease(ports::Store& store, sdk::Clock& clock, Lease lease,
                                      sdk::Task<sdk::Result<T>> task) {
    namespace asio = boost::asio;
    auto executor = co_await asio::this_coro::executor;
    auto work = asio::co_spawn(executor, std::move(task), asio::deferred);
    auto keeping = asio::co_spawn(executor, keep_lease(store, clock, lease), asio::deferred);
    auto group = asio::experimental::make_parallel_group(std::move(work), std::move(keeping));
    auto [order, work_error, result, keeping_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
    if (order[0] == 1 && !keeping_error) {
        co_return core::Failure(core::Errc::stale_fence);
    }
    if (work_error) {
        std::rethrow_exception(work_error);
    }
    co_return std::move(result);
}

}   // namespace gateway::dispatch
