#pragma once

// Executors without threads: jobs run on an io_context, at a later turn, as in simulation.

#include "gateway/runtime/executor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace tests {

class LoopExecutor final : public gateway::runtime::Executor {
public:
    explicit LoopExecutor(boost::asio::io_context& io) : io_(io) {}
    void post(std::function<void()> job) override { boost::asio::post(io_, std::move(job)); }

private:
    boost::asio::io_context& io_;
};

}   // namespace tests
