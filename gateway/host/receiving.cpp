#include "gateway/host/receiving.hpp"

#include "gateway/core/delivery_machine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace gateway::host {

namespace asio = boost::asio;

namespace {

// A node that vanished is followed within this; a renewal may fail twice.
constexpr std::chrono::seconds lease_time{60};
constexpr std::chrono::seconds renew_after{20};
// Held by another, or the store does not answer: a replaced connection lets go within a turn.
constexpr std::chrono::seconds ask_again_after{5};
// Between two runs of a receiver that ends by itself. One that lasted the longest pause starts
// over.
const core::RetryPolicy restart_pause{std::chrono::seconds(1), std::chrono::minutes(5)};
constexpr std::chrono::seconds look_pace{15};

/// What may be logged of an exception: its kind, never its words, which can be the component's.
std::string kind_of(const std::exception_ptr& error) {
    if (!error) {
        return "it returned";
    }
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& fault) {
        return fault.code().message();
    } catch (const std::exception&) {
        return "an exception";
    }
}

/// What it throws before it first waits comes out of the task, too.
sdk::Task<void> call(sdk::Receiver& receiver) {
    co_await receiver.receive();
}

}   // namespace

Receiving::Receiving(ReceivingParts parts, core::ConnectionId connection,
                     std::chrono::minutes silent_after, asio::any_io_executor strand)
    : parts_(parts),
      connection_(std::move(connection)),
      silent_after_(silent_after),
      owner_(parts_.ids.uuid().to_string()),
      group_(std::move(strand)) {}

void Receiving::start(sdk::Receiver& receiver) {
    group_.spawn(run(receiver));
    group_.spawn(watch());
}

sdk::Task<void> Receiving::run(sdk::Receiver& receiver) {
    std::optional<core::Fence> lease;
    std::exception_ptr stopped;
    try {
        co_await receive_again_and_again(receiver, lease);
    } catch (const boost::system::system_error&) {
        stopped = std::current_exception();
    }
    // We are stopped. Who takes over need not wait for the lease to run out.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await drop_lease(lease);
    if (stopped) {
        std::rethrow_exception(stopped);
    }
}

sdk::Task<void> Receiving::receive_again_and_again(sdk::Receiver& receiver,
                                                   std::optional<core::Fence>& lease) {
    for (;;) {
        lease = co_await take_lease();
        if (!lease) {
            co_await pause(ask_again_after);
            continue;
        }
        if (!heard_at_) {
            heard_at_ = parts_.clock.steady();
        }
        const auto began = parts_.clock.steady();
        const bool ended_by_itself = co_await receive_until_it_ends(receiver, *lease);
        if (!ended_by_itself) {
            lease.reset();   // another's, or nobody's any more
            parts_.log.write(sdk::Severity::warning, "receiver_lease_lost", {});
            continue;
        }
        co_await drop_lease(lease);
        faults_ = parts_.clock.steady() - began >= restart_pause.max ? 0 : faults_;
        co_await pause(core::backoff(restart_pause, faults_++, parts_.ids.random_number()));
    }
}

/// False when the lease was lost. Throws our own cancellation through.
sdk::Task<bool> Receiving::receive_until_it_ends(sdk::Receiver& receiver, core::Fence lease) {
    auto strand = co_await asio::this_coro::executor;
    auto receiving = asio::co_spawn(strand, call(receiver), asio::deferred);
    auto holding = asio::co_spawn(strand, hold_lease(lease), asio::deferred);
    auto group = asio::experimental::make_parallel_group(std::move(receiving), std::move(holding));
    auto [order, fault, lease_fault] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
    const auto stop = co_await asio::this_coro::cancellation_state;
    if (stop.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    if (order[0] == 1) {
        co_return false;
    }
    parts_.log.write(sdk::Severity::error, "receiver_ended", {{"why", kind_of(fault)}});
    parts_.metrics.count("sluse_receiver_faults_total", {});
    co_return true;
}

/// Nothing when another holds it, or the store cannot tell.
sdk::Task<std::optional<core::Fence>> Receiving::take_lease() {
    const auto now = parts_.clock.now();
    std::string name = "receiver/" + connection_.value;
    const auto taken =
        co_await parts_.store.take_named_lease(std::move(name), owner_, now, now + lease_time);
    if (taken.has_error()) {
        co_return std::nullopt;
    }
    if (!*taken) {
        heard_at_.reset();
    }
    co_return *taken;
}

/// Returns when the lease is another's, or may be by now.
sdk::Task<void> Receiving::hold_lease(core::Fence lease) {
    auto good_until = parts_.clock.steady() + lease_time;
    for (;;) {
        co_await pause(renew_after);
        const auto asked = parts_.clock.steady();
        const auto now = parts_.clock.now();
        std::string name = "receiver/" + connection_.value;
        const auto renewed =
            co_await parts_.store.take_named_lease(std::move(name), owner_, now, now + lease_time);
        if (renewed.has_error()) {
            if (parts_.clock.steady() + renew_after >= good_until) {
                co_return;
            }
            continue;
        }
        if (!*renewed || **renewed != lease) {
            co_return;
        }
        good_until = asked + lease_time;
    }
}

sdk::Task<void> Receiving::drop_lease(std::optional<core::Fence>& lease) {
    if (!lease) {
        co_return;
    }
    std::string name = "receiver/" + connection_.value;
    const auto dropped = co_await parts_.store.drop_named_lease(std::move(name), *lease);
    lease.reset();
    static_cast<void>(dropped);   // it runs out by itself
}

sdk::Task<void> Receiving::pause(core::Duration time) {
    co_await parts_.clock.sleep_until(parts_.clock.steady() + time);
}

void Receiving::alive() {
    heard_at_ = parts_.clock.steady();
    const std::chrono::duration<double> since_1970 = parts_.clock.now().time_since_epoch();
    parts_.metrics.gauge("sluse_receiver_alive_timestamp_seconds", {}, since_1970.count());
    if (silent_) {
        say_silent(false);
    }
}

sdk::Task<void> Receiving::watch() {
    parts_.metrics.gauge("sluse_receiver_silent", {}, 0);
    for (;;) {
        co_await pause(look_pace);
        judge();
    }
}

void Receiving::judge() {
    const bool silent = heard_at_ && parts_.clock.steady() - *heard_at_ > silent_after_;
    if (silent != silent_) {
        say_silent(silent);
    }
}

void Receiving::say_silent(bool silent) {
    silent_ = silent;
    const auto severity = silent ? sdk::Severity::error : sdk::Severity::info;
    const auto* event = silent ? "receiver_silent" : "receiver_heard_again";
    parts_.log.write(severity, event, {{"minutes", std::to_string(silent_after_.count())}});
    parts_.metrics.gauge("sluse_receiver_silent", {}, silent ? 1 : 0);
}

}   // namespace gateway::host
