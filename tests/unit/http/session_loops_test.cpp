#include "answers.hpp"
#include "gateway/http/server.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <thread>
#include <vector>

using namespace tests;
using gateway::http::ServerOptions;

namespace {

/// Answers with the thread that it was asked on.
class SaysThread final : public gateway::http::Handler {
public:
    sdk::Task<http::Response> handle(http::Request&) override {
        std::ostringstream text;
        text << "thread " << std::this_thread::get_id() << ";";
        co_return http::Response(200, "text/plain", text.str());
    }
    http::Response refuse(int status, std::string_view, std::string_view) override {
        return http::Response(status);
    }
};

std::string told_by(RawConnection& connection) {
    REQUIRE(connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    const auto answer = connection.receive_until(";");
    return answer.substr(answer.find("\r\n\r\n"));
}

}   // namespace

TEST_CASE("http server: connections take turns over the loops they are given, and stay on one") {
    ManualClock clock;
    Loop loop;
    Loop one;
    Loop other;
    SaysThread handler;
    http::Server server(loop.io().get_executor(), clock, ServerOptions(), handler,
                        {one.io().get_executor(), other.io().get_executor()});
    REQUIRE(server.start().has_value());
    std::vector<std::string> threads;
    std::vector<RawConnection> open;
    for (int i = 0; i < 4; ++i) {
        open.push_back(RawConnection::to(server.port()));
        threads.push_back(told_by(open.back()));
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        CHECK(told_by(open[i]) == threads[i]);
    }
    CHECK(threads[0] != threads[1]);
    CHECK(threads[0] == threads[2]);
    CHECK(threads[1] == threads[3]);
    loop.run(server.stop(clock.in(std::chrono::seconds(5))));   // also those on other loops
    CHECK(server.connections() == 0);
    CHECK(open[3].receive().empty());
}
