#include "gateway/app/loop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <exception>

#include <unistd.h>

namespace gateway::app {

Loop::Loop(std::size_t threads)
    : threads_(std::max<std::size_t>(1, threads)), io_(static_cast<int>(threads_)) {
    for (std::size_t i = 0; threads_ > 1 && i < threads_; ++i) {
        sessions_.push_back(std::make_unique<Context>(1));
    }
}

Loop::~Loop() {
    for (const auto& one : sessions_) {
        one->empty();
    }
    io_.empty();
}

std::vector<boost::asio::any_io_executor> Loop::session_executors() {
    std::vector<boost::asio::any_io_executor> executors;
    for (const auto& one : sessions_) {
        executors.emplace_back(one->get_executor());
    }
    return executors;
}

int Loop::run(sdk::Task<int> task) {
    std::exception_ptr error;
    int answer = 1;
    io_.restart();
    auto work = boost::asio::make_work_guard(io_);
    // A task races its parts against deadlines: no two threads may run it at once.
    const auto strand = boost::asio::make_strand(io_);
    boost::asio::co_spawn(strand, std::move(task), [&](const std::exception_ptr& fault, int value) {
        error = fault;
        answer = value;
        io_.stop();
    });
    {
        std::unique_ptr<runtime::Executor> others;
        std::unique_ptr<runtime::Executor> of_sessions;
        if (threads_ > 1) {
            others = runtime::make_thread_executor(threads_ - 1, "sluse-io");
            for (std::size_t i = 1; i < threads_; ++i) {
                others->post([this] {
                    runtime::wake_in_turn();
                    io_.run();
                });
            }
            of_sessions = runtime::make_thread_executor(sessions_.size(), "sluse-session");
        }
        for (const auto& one : sessions_) {
            one->restart();
            of_sessions->post([context = one.get()] {
                runtime::wake_in_turn();
                const auto kept = boost::asio::make_work_guard(*context);
                context->run();
            });
        }
        io_.run();
        for (const auto& one : sessions_) {
            one->stop();
        }
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
