#pragma once

// One adapter in a world of fakes, and how a test cuts a call off.

#include "candidates.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

#include <optional>

namespace candidates {

/// Every part of every candidate, by a name that the report shows.
template <class F>
void for_each_adapter(F function, bool senders_only = false) {
    for (const auto& candidate : all()) {
        if (candidate.sends || !senders_only) {
            INFO(candidate.name);
            function(candidate);
        }
    }
}

struct World {
    boost::asio::io_context io;
    tests::FakeHost fake;
    std::unique_ptr<gateway::sdk::Adapter> adapter;
    tests::FakeProgress progress;

    explicit World(const Candidate& candidate) : adapter(create(candidate, fake)) {}
    ~World() { tests::run(io, adapter->stop(in(1))); }
    gateway::sdk::Deadline in(int wait) const { return fake.in(std::chrono::seconds(wait)); }
    gateway::sdk::Outcome send(const gateway::core::Delivery& delivery) {
        return tests::run(io, adapter->sender()->send(delivery, progress, in(60)));
    }
    /// The next attempt is answered well, to its end.
    void accepts(const Candidate& candidate) {
        for (int i = 0; i < candidate.calls_to_accept; ++i) {
            fake.http.next().answer_json(candidate.accepted_status, candidate.accepted_body);
        }
    }
    /// Virtual time goes by.
    void pass(gateway::core::Duration time) {
        tests::run_until(
            io, fake.clock, [] { return false; }, time);
    }
};

/// A call under way that can be cut off; looked at until it has ended.
class Running {
public:
    template <class T>
    Running(World& world, gateway::sdk::Task<T> task) : world_(world) {
        auto slot = signal_.slot();
        boost::asio::co_spawn(
            world.io, std::move(task),
            boost::asio::bind_cancellation_slot(
                slot, [this](const std::exception_ptr& error, const T&) { end(error); }));
    }
    Running(World& world, gateway::sdk::Task<void> task) : world_(world) {
        auto slot = signal_.slot();
        boost::asio::co_spawn(world.io, std::move(task),
                              boost::asio::bind_cancellation_slot(
                                  slot, [this](const std::exception_ptr& error) { end(error); }));
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
        if (!ended_) {
            cancel();
        }
    }

    bool ended() const { return ended_; }
    /// How it ended; it has ten seconds of virtual time to do so.
    boost::system::error_code cancel() {
        signal_.emit(boost::asio::cancellation_type::terminal);
        world_.pass(std::chrono::seconds(10));
        CHECK(ended_);
        return error_;
    }

private:
    void end(const std::exception_ptr& error) {
        ended_ = true;
        try {
            if (error) {
                std::rethrow_exception(error);
            }
        } catch (const boost::system::system_error& fault) {
            error_ = fault.code();
        }
    }

    World& world_;
    boost::asio::cancellation_signal signal_;
    bool ended_ = false;
    boost::system::error_code error_;
};

/// How a task ends that is cancelled while its upstream hangs.
template <class T>
boost::system::error_code cancelled(World& world, gateway::sdk::Task<T> task) {
    Running running(world, std::move(task));
    world.io.restart();
    world.io.poll();
    return running.cancel();
}

}   // namespace candidates
