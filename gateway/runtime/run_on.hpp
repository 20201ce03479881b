#pragma once

// A task on another strand, awaited from this one, and cancelled from here.

#include "gateway/sdk/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace gateway::runtime {

/// What Asio 1.81 itself makes of a cancellation that crosses strands points into the slot of
/// whoever waits, and that is gone when the task ends before the cancellation has come across. So
/// the signal here is owned by all who may still use it.
template <class T, class Executor>
sdk::Task<T> run_on(Executor where, sdk::Task<T> task) {
    namespace asio = boost::asio;
    auto signal = std::make_shared<asio::cancellation_signal>();
    auto state = co_await asio::this_coro::cancellation_state;
    auto slot = state.slot();
    if (slot.is_connected()) {
        slot.assign([signal, where](asio::cancellation_type type) {
            asio::post(where, [signal, type] { signal->emit(type); });
        });
    }
    auto token = asio::bind_cancellation_slot(signal->slot(), asio::use_awaitable);
    co_return co_await asio::co_spawn(where, std::move(task), std::move(token));
}

}   // namespace gateway::runtime
