#include "gateway/app/loop.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>

#include <unistd.h>

namespace gateway::app {

Loop::Loop(std::size_t threads)
    : threads_(std::max<std::size_t>(1, threads)), io_(static_cast<int>(threads_)) {}

Loop::~Loop() = default;

int Loop::run(sdk::Task<int> task) {
    std::exception_ptr error;
    int answer = 1;
    io_.restart();
    auto work = boost::asio::make_work_guard(io_);
    boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr& fault, int value) {
        error = fault;
        answer = value;
        io_.stop();
    });
    {
        std::unique_ptr<runtime::Executor> others;
        if (threads_ > 1) {
            others = runtime::make_thread_executor(threads_ - 1, "sluse-io");
            for (std::size_t i = 1; i < threads_; ++i) {
                others->post([this] { io_.run(); });
            }
        }
        io_.run();
    }
    if (error) {
        std::rethrow_exception(error);
    }
    return answer;
}

std::size_t loop_threads() {
    const long cores = ::sysconf(_SC_NPROCESSORS_ONLN);
    return static_cast<std::size_t>(std::clamp(cores, 2L, 64L));
}

}   // namespace gateway::app
