#include "answers.hpp"
#include "gateway/http/client.hpp"

#include <catch2/catch.hpp>

using namespace tests;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts_memory = false;   // a sanitizer's own memory would be measured
#else
constexpr bool counts_memory = true;
#endif

}   // namespace

TEST_CASE("http memory: a thousand idle connections cost less than eight kilobytes each") {
    ManualClock clock;
    TestServer server(clock, http::ServerOptions());
    constexpr std::size_t count = 1000;
    std::vector<RawConnection> connections;
    connections.reserve(count);
    const auto open_one = [&] {
        connections.push_back(server.connect());
        connections.back().send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        REQUIRE(connections.back().receive_until("hi").starts_with("HTTP/1.1 200 "));
    };
    open_one();   // what the first one allocates for all
    const std::size_t before = resident_bytes();
    while (connections.size() < count) {
        open_one();
    }
    CHECK(server.server->connections() == count);
    const std::size_t each = (resident_bytes() - before) / count;
    WARN("bytes of resident memory for each idle connection: " << each);
    CHECK((!counts_memory || each < 8192));
}

TEST_CASE("http memory: a quarter of a gigabyte passes up and down in constant memory") {
    ManualClock clock;
    TestServer server(clock, http::ServerOptions());
    http::Endpoint endpoint;
    endpoint.scheme = "http";
    endpoint.host = "127.0.0.1";
    endpoint.port = server.server->port();
    const auto deadline = clock.in(std::chrono::hours(1));
    auto connection = server.loop.run(http::connect(endpoint, nullptr, clock, deadline));
    REQUIRE(connection.has_value());
    constexpr std::uint64_t size = 256ULL << 20U;
    const std::size_t before = resident_bytes();
    for (const bool sized : {true, false}) {
        sdk::HttpRequest up("POST", "");
        up.stream = std::make_unique<Endless>(size, sized);
        const auto counted = server.loop.run((*connection)->exchange(up, "/count", deadline));
        REQUIRE(counted.has_value());
        CHECK(counted->body == std::to_string(size));
        sdk::HttpRequest down("GET", "");
        Counter counter;
        down.answer_sink = &counter;
        const std::string target =
            (sized ? "/stream?size=" : "/chunks?size=") + std::to_string(size);
        const auto had = server.loop.run((*connection)->exchange(down, target, deadline));
        REQUIRE(had.has_value());
        CHECK(counter.count == size);
    }
    const std::size_t grown = resident_bytes() - before;
    CHECK((!counts_memory || grown < (8U << 20U)));
}
