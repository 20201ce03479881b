#pragma once

// Runs a coroutine to its end on an io_context of its own (or a given one) and gives its value; an
// exception is rethrown.

#include "gateway/sdk/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tests {

template <class T>
T run(boost::asio::io_context& io, gateway::sdk::Task<T> task) {
    std::optional<T> value;
    std::exception_ptr error;
    bool ended = false;
    boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& failure, T result) {
        error = failure;
        value.emplace(std::move(result));
        ended = true;
    });
    io.restart();
    while (!ended && io.run_one() > 0) {
    }
    if (!ended) {
        throw std::runtime_error("the coroutine waits for something that never comes");
    }
    if (error) {
        std::rethrow_exception(error);
    }
    return std::move(*value);
}

inline void run(boost::asio::io_context& io, gateway::sdk::Task<void> task) {
    std::exception_ptr error;
    bool ended = false;
    boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& failure) {
        error = failure;
        ended = true;
    });
    io.restart();
    while (!ended && io.run_one() > 0) {
    }
    if (!ended) {
        throw std::runtime_error("the coroutine waits for something that never comes");
    }
    if (error) {
        std::rethrow_exception(error);
    }
}

template <class T>
T run(gateway::sdk::Task<T> task) {
    boost::asio::io_context io;
    return run(io, std::move(task));
}

}   // namespace tests
