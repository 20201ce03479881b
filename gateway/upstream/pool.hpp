#pragma once

// Connections to one endpoint: at most so many, kept for the next call, a bounded queue of those
// who wait for one.

#include "gateway/http/client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <deque>
#include <list>
#include <memory>

namespace gateway::upstream {

struct PoolLimits {
    std::size_t connections_max = 8;
    std::size_t waiting_max = 256;
    core::SteadyTime::duration idle_time_max{};

    PoolLimits() = default;
};

/// One strand. Outlives its leases.
class Pool {
public:
    Pool(sdk::Clock& clock, PoolLimits limits) : clock_(clock), limits_(limits) {}
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// The right to one connection, and one that is kept, if any. Given back when it goes, however
    /// its holder ended.
    class Lease {
    public:
        explicit Lease(Pool& pool) : pool_(&pool) {}
        Lease(Lease&& other) noexcept
            : connection(std::move(other.connection)), pool_(std::exchange(other.pool_, nullptr)) {}
        Lease& operator=(Lease&&) = delete;
        ~Lease();

        std::unique_ptr<http::ClientConnection> connection;

    private:
        Pool* pool_;
    };

    /// `timed_out` when none came free in time, `unreachable` when too many wait already.
    sdk::Task<core::Result<std::unique_ptr<Lease>>> acquire(sdk::Deadline deadline);
    /// Closes what has been idle for too long.
    void prune();
    bool unused() const { return taken_ == 0 && idle_.empty() && waiting_.empty(); }

private:
    struct Waiter;
    struct Idle {
        Idle(std::unique_ptr<http::ClientConnection> kept, core::SteadyTime point)
            : connection(std::move(kept)), since(point) {}
        std::unique_ptr<http::ClientConnection> connection;
        core::SteadyTime since;
    };

    std::unique_ptr<Lease> take();
    void release(std::unique_ptr<http::ClientConnection> connection);
    sdk::Task<core::Result<std::unique_ptr<Lease>>> wait(std::shared_ptr<Waiter> waiter);

    sdk::Clock& clock_;
    PoolLimits limits_;
    std::size_t taken_ = 0;
    std::deque<Idle> idle_;   // newest last
    std::list<std::shared_ptr<Waiter>> waiting_;
};

}   // namespace gateway::upstream
