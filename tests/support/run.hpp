#pragma once

// Runs a coroutine to its end on an io_context of its own (or a given one) and gives its value; an
// exception is rethrown. What starts a coroutine is many templates for each type it may return, and
// nearly every test does: so they are compiled once, for a coroutine that returns nothing.

#include "gateway/sdk/task.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <utility>

namespace tests {

void run(boost::asio::io_context& io, gateway::sdk::Task<void> task);
void run(gateway::sdk::Task<void> task);

template <class T>
gateway::sdk::Task<void> run_into(std::optional<T>& value, gateway::sdk::Task<T> task) {
    T result = co_await std::move(task);
    value.emplace(std::move(result));
}

template <class T>
T run(boost::asio::io_context& io, gateway::sdk::Task<T> task) {
    std::optional<T> value;
    run(io, run_into(value, std::move(task)));
    return std::move(*value);
}

template <class T>
T run(gateway::sdk::Task<T> task) {
    std::optional<T> value;
    run(run_into(value, std::move(task)));
    return std::move(*value);
}

}   // namespace tests
