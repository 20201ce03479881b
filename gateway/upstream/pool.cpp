#include "gateway/upstream/pool.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace gateway::upstream {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;
using core::Result;

/// Gets its lease by hand-over, so nobody who came later can take it. Shared with the queue it may
/// have left.
struct Pool::Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : woken(executor, 1) {}

    asio::experimental::channel<void(boost::system::error_code)> woken;
    std::unique_ptr<Lease> lease;
};

Pool::~Pool() {
    GATEWAY_ASSERT(taken_ == 0 && waiting_.empty());
}

Pool::Lease::~Lease() {
    if (pool_ != nullptr) {
        pool_->release(std::move(connection));
    }
}

std::unique_ptr<Pool::Lease> Pool::take() {
    ++taken_;
    auto lease = std::make_unique<Lease>(*this);
    while (!idle_.empty() && !lease->connection) {
        Idle newest = std::move(idle_.back());
        idle_.pop_back();
        if (newest.connection->reusable() &&
            clock_.steady() - newest.since < limits_.idle_time_max) {
            lease->connection = std::move(newest.connection);
        }
    }
    return lease;
}

void Pool::release(std::unique_ptr<http::ClientConnection> connection) {
    --taken_;
    if (connection && connection->reusable()) {
        idle_.emplace_back(std::move(connection), clock_.steady());
    }
    if (!waiting_.empty()) {
        const auto next = waiting_.front();
        waiting_.pop_front();
        next->lease = take();
        next->woken.try_send(boost::system::error_code());
    }
}

void Pool::prune() {
    const auto now = clock_.steady();
    std::erase_if(idle_, [&](const Idle& one) {
        return now - one.since >= limits_.idle_time_max || !one.connection->reusable();
    });
}

sdk::Task<Result<std::unique_ptr<Pool::Lease>>> Pool::wait(std::shared_ptr<Waiter> waiter) {
    co_await waiter->woken.async_receive(asio::use_awaitable);
    co_return std::move(waiter->lease);
}

sdk::Task<Result<std::unique_ptr<Pool::Lease>>> Pool::acquire(sdk::Deadline deadline) {
    if (taken_ < limits_.connections_max) {
        co_return take();
    }
    if (waiting_.size() >= limits_.waiting_max) {
        co_return Failure(Errc::unreachable, "too many calls wait for a connection");
    }
    auto executor = co_await asio::this_coro::executor;
    auto waiter = std::make_shared<Waiter>(executor);
    waiting_.push_back(waiter);
    // Leaves the queue however the wait ends; a lease that came too late goes back by itself.
    class Place {
    public:
        Place(Pool& pool, std::shared_ptr<Waiter> one) : pool_(pool), waiter_(std::move(one)) {}
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            pool_.waiting_.remove(waiter_);
            waiter_->lease.reset();
        }

    private:
        Pool& pool_;
        std::shared_ptr<Waiter> waiter_;
    };
    const Place place(*this, waiter);
    auto work = wait(waiter);
    co_return co_await runtime::with_deadline(clock_, deadline, std::move(work));
}

}   // namespace gateway::upstream
