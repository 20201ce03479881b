#include "tests/support/run.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <stdexcept>

namespace tests {

void run(boost::asio::io_context& io, gateway::sdk::Task<void> task) {
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

void run(gateway::sdk::Task<void> task) {
    boost::asio::io_context io;
    run(io, std::move(task));
}

}   // namespace tests
