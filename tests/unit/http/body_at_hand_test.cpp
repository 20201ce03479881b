#include "gateway/http/body_at_hand.hpp"

#include "answers.hpp"

#include <catch2/catch.hpp>

using namespace tests;

TEST_CASE("http: a body that came whole with its head is at hand, every other is waited for") {
    ManualClock clock;
    TestServer server(clock, gateway::http::ServerOptions());
    const std::string answer =
        server.ask("POST /at-hand HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst"
                   "POST /at-hand HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "6\r\nsecond\r\n0\r\n\r\n"
                   "POST /at-hand HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nthird, long"
                   "GET /at-hand HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto first = answer.find("at hand: first");
    const auto second = answer.find("waited for: second", first);
    const auto third = answer.find("waited for: third, long", second);
    CHECK(first != std::string::npos);
    CHECK(second != std::string::npos);
    CHECK(third != std::string::npos);
    CHECK(answer.ends_with("waited for: "));
}
