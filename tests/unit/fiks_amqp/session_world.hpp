#pragma once

// A session and the broker that the test plays.

#include "adapters/fiks_io/amqp/amqp_session.hpp"
#include "tests/support/amqp_bytes.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace session_world {

using namespace gateway::fiks_io::amqp;
using namespace std::chrono_literals;
using gateway::core::Errc;
using gateway::core::Failure;
using gateway::core::SteadyTime;
namespace told = tests::amqp;

inline constexpr SteadyTime start_time{std::chrono::hours(1)};

struct World {
    SteadyTime now = start_time;
    Session session;

    explicit World(SessionLimits limits = SessionLimits()) : session(login(), limits, now) {}
    static Login login() {
        Login login;
        login.user = "integration";
        login.password = "secret token";
        login.connection_name = "sluse";
        return login;
    }
    std::vector<told::Said> said() {
        std::string bytes = session.take_output(now);
        auto all = told::take_said(bytes);
        CHECK(bytes.empty());
        return all;
    }
    void hear(const std::string& bytes) { session.take_bytes(bytes, now); }
    std::vector<SessionEvent> events() {
        std::vector<SessionEvent> all;
        while (auto event = session.next_event()) {
            all.push_back(std::move(*event));
        }
        return all;
    }
    template <class T>
    std::optional<T> only() {
        auto all = events();
        if (all.size() != 1 || !std::holds_alternative<T>(all[0])) {
            return std::nullopt;
        }
        return std::get<T>(std::move(all[0]));
    }
    void log_in(unsigned heartbeat = 60) {
        hear(told::start());
        hear(told::tune(2047, 131'072, heartbeat));
        hear(told::open_ok());
        REQUIRE(only<LoggedIn>());
        said();
    }
    void consume(const std::string& queue, unsigned channel = 1) {
        REQUIRE(session.consume(queue, 10).has_value());
        said();
        hear(told::channel_open_ok(channel) + told::qos_ok(channel) +
             told::consume_ok(channel, queue));
        REQUIRE(only<Consuming>());
    }
};

inline bool ends(World& world, Ending why) {
    const auto ended = world.only<Ended>();
    return ended && ended->why == why && world.session.ended();
}

}   // namespace session_world
