#pragma once

// However many ask for the same thing at once: one fetch. What is fetched belongs to nobody who
// waits, so a waiter that gives up or is cancelled takes nothing from the others.

#include "gateway/runtime/tagged_executor.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace gateway::runtime {

/// One thing to fetch. Owned by the object that fetches; all calls from one strand. stop() is
/// awaited before it goes.
template <class T>
class SingleFlight {
public:
    explicit SingleFlight(sdk::Clock& clock) : clock_(clock) {}

    bool flying() const { return flight_ != nullptr; }
    /// Nothing of it runs any more: it may be destroyed without stop().
    bool idle() const { return !flight_ && (!group_ || group_->size() == 0); }

    /// Joins the fetch under way, or starts `fetch` as the one; an unneeded `fetch` is destroyed
    /// unstarted. `timed_out` when `deadline` passes first: the fetch flies on. `cancelled` after
    /// stop().
    sdk::Task<core::Result<T>> join(sdk::Deadline deadline, sdk::Task<T> fetch) {
        auto flight = co_await board(std::move(fetch));
        if (!flight) {
            co_return core::Failure(core::Errc::cancelled);
        }
        auto arrival = arrived(std::move(flight));
        co_return co_await with_deadline(clock_, deadline, std::move(arrival));
    }

    /// Starts `fetch` unless one is under way, and does not wait for it.
    sdk::Task<void> launch(sdk::Task<T> fetch) {
        const auto flight = co_await board(std::move(fetch));
        static_cast<void>(flight);
    }

    /// Cancels the fetch; those who wait get `cancelled`. Safe twice.
    sdk::Task<void> stop() {
        stopped_ = true;
        if (group_) {
            co_await group_->stop();
        }
    }

private:
    struct Flight {
        std::optional<T> value;
        boost::asio::experimental::channel<void(boost::system::error_code)> landed;

        explicit Flight(boost::asio::any_io_executor executor) : landed(std::move(executor), 0) {}
    };

    sdk::Task<std::shared_ptr<Flight>> board(sdk::Task<T> fetch) {
        if (flight_) {
            co_return flight_;
        }
        if (stopped_) {
            co_return nullptr;
        }
        auto executor = co_await boost::asio::this_coro::executor;
        if (!group_) {
            group_ = std::make_unique<TaskGroup>(untagged(executor));
        }
        // Shared with those who wait: who of them is last, nobody knows.
        auto flight = std::make_shared<Flight>(executor);
        flight_ = flight;
        // With the tag of the call that began it, which was not the first ever.
        if (!group_->spawn_on(executor, fly(flight, std::move(fetch)))) {
            flight_ = nullptr;
            co_return nullptr;
        }
        co_return flight;
    }

    sdk::Task<void> fly(std::shared_ptr<Flight> flight, sdk::Task<T> fetch) {
        const Landing landing(*this, flight);
        flight->value.emplace(co_await std::move(fetch));
    }

    static sdk::Task<core::Result<T>> arrived(std::shared_ptr<Flight> flight) {
        try {
            co_await flight->landed.async_receive(boost::asio::use_awaitable);
        } catch (const boost::system::system_error& error) {
            if (error.code() == boost::asio::experimental::error::channel_cancelled) {
                // Who waits was cut off: told as everywhere else.
                throw boost::system::system_error(boost::asio::error::operation_aborted);
            }
            if (error.code() != boost::asio::experimental::error::channel_closed) {
                throw;
            }
        }
        if (!flight->value) {
            co_return core::Failure(core::Errc::cancelled);
        }
        co_return *flight->value;
    }

    /// Wakes all who wait, however the fetch ended.
    class Landing {
    public:
        Landing(SingleFlight& owner, std::shared_ptr<Flight> flight)
            : owner_(owner), flight_(std::move(flight)) {}
        Landing(const Landing&) = delete;
        Landing& operator=(const Landing&) = delete;
        ~Landing() {
            if (owner_.flight_ == flight_) {
                owner_.flight_ = nullptr;
            }
            flight_->landed.close();
        }

    private:
        SingleFlight& owner_;
        std::shared_ptr<Flight> flight_;
    };

    sdk::Clock& clock_;
    std::unique_ptr<TaskGroup> group_;   // made at the first fetch: it needs the strand
    std::shared_ptr<Flight> flight_;
    bool stopped_ = false;
};

}   // namespace gateway::runtime
