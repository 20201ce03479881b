#include "gateway/upstream/client.hpp"

#include "gateway/runtime/metrics.hpp"
#include "tests/support/http_harness.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/test_certificates.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <catch2/catch.hpp>

#include <future>

using namespace tests;
using namespace gateway;
using namespace std::chrono_literals;
using core::Errc;
using sdk::HttpRequest;
using sdk::HttpResponse;
using sdk::Result;

namespace {

struct World {
    ManualClock clock;
    RawListener listener;
    Loop loop;
    std::unique_ptr<sdk::HttpClient> client;

    explicit World(upstream::ClientOptions options = upstream::ClientOptions()) {
        const CertificateAuthority roots;   // the system's own may be absent
        options.ca_pem = roots.root_pem();
        client = *upstream::make_client(clock, std::move(options));
    }

    std::string url(const std::string& path = "/x?secret=1") const {
        return "http://127.0.0.1:" + std::to_string(listener.port()) + path;
    }
    std::future<Result<HttpResponse>> send(HttpRequest request, core::Duration within = 30s) {
        auto task = client->send(std::move(request), clock.in(within));
        return std::async(std::launch::async, [this, task = std::move(task)]() mutable {
            return loop.run(std::move(task));
        });
    }
    std::future<Result<HttpResponse>> get(core::Duration within = 30s) {
        return send(HttpRequest("GET", url()), within);
    }
};

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}   // namespace

TEST_CASE("upstream client: a connection is kept, and a new one made once the peer has closed it") {
    World world;
    auto first = world.get();
    RawConnection peer = world.listener.accept();
    CHECK(peer.receive_until("\r\n\r\n").find("User-Agent: sluse\r\n") != std::string::npos);
    peer.send(ok);
    CHECK(first.get()->body == "ok");
    auto second = world.get();
    peer.receive_until("\r\n\r\n");
    peer.send(ok);
    CHECK(second.get()->body == "ok");
    peer.close();
    auto third = world.get();
    RawConnection fresh = world.listener.accept();
    fresh.receive_until("\r\n\r\n");
    fresh.send(ok);
    CHECK(third.get()->body == "ok");
}

TEST_CASE("upstream client: a request that a kept connection took and lost is not sent twice") {
    World world;
    auto first = world.get();
    RawConnection peer = world.listener.accept();
    peer.receive_until("\r\n\r\n");
    peer.send(ok);
    first.get();
    auto second = world.get();
    peer.receive_until("\r\n\r\n");
    peer.close();
    CHECK(second.get().error().is(Errc::answer_lost));
}

TEST_CASE(
    "upstream client: calls beyond the pool wait for a connection, at most until their deadline") {
    upstream::ClientOptions options;
    options.connections_max = 1;
    options.waiting_max = 1;
    options.call_time_max = std::chrono::hours(100);
    World world(options);
    auto first = world.get(std::chrono::hours(99));
    RawConnection peer = world.listener.accept();
    peer.receive_until("\r\n\r\n");
    auto second = world.get(10s);
    while (second.wait_for(1ms) != std::future_status::ready) {
        world.clock.advance(1s);
    }
    CHECK(second.get().error().is(Errc::timed_out));
    peer.send(ok);
    CHECK(first.get()->body == "ok");
    auto third = world.get();
    peer.receive_until("\r\n\r\n");
    auto fourth = world.get();   // waits for the connection, and gets it
    peer.send(ok);
    CHECK(third.get()->body == "ok");
    peer.receive_until("\r\n\r\n");
    peer.send(ok);
    CHECK(fourth.get()->body == "ok");
}

TEST_CASE(
    "upstream client: a rate budget delays a call, and refuses it when the deadline comes first") {
    upstream::ClientOptions options;
    options.budgets.emplace_back("token", 1, 60s);
    World world(options);
    const auto with_budget = [&](const std::string& name) {
        HttpRequest request("GET", world.url());
        request.budget = name;
        return request;
    };
    auto first = world.send(with_budget("token"));
    RawConnection peer = world.listener.accept();
    peer.receive_until("\r\n\r\n");
    peer.send(ok);
    REQUIRE(first.get().has_value());
    CHECK(world.send(with_budget("token"), 30s).get().error().is(Errc::rate_limited));
    auto delayed = world.send(with_budget("token"), 90s);
    CHECK(peer.receive(20ms).empty());
    world.clock.advance(61s);
    RawConnection fresh = world.listener.accept();   // the first was idle for too long meanwhile
    fresh.receive_until("\r\n\r\n");
    fresh.send(ok);
    CHECK(delayed.get().has_value());
    CHECK(world.send(with_budget("undeclared")).get().error().is(Errc::invalid_argument));
}

TEST_CASE("upstream client: a date that differs from our clock is told, and calls are counted "
          "without their path") {
    runtime::MetricsRegistry metrics;
    std::vector<std::chrono::seconds> skews;
    upstream::ClientOptions options;
    options.connection = "altinn-test";
    options.metrics = &metrics;
    options.on_clock_skew = [&](std::chrono::seconds skew) { skews.push_back(skew); };
    World world(options);
    auto first = world.get();
    RawConnection peer = world.listener.accept();
    // The manual clock stands at 12:00:00.
    for (const char* date : {"Thu, 15 Jan 2026 12:00:04 GMT", "Thu, 15 Jan 2026 12:01:00 GMT",
                             "Thu, 15 Jan 2026 11:00:00 GMT", "nonsense"}) {
        peer.receive_until("\r\n\r\n");
        peer.send("HTTP/1.1 404 Not Found\r\nDate: " + std::string(date) +
                  "\r\nContent-Length: 0\r\n\r\n");
        CHECK(first.get()->status == 404);
        first = world.get();
    }
    peer.receive_until("\r\n\r\n");
    peer.close();
    CHECK(!first.get().has_value());
    REQUIRE(skews.size() == 1);   // at most once a minute
    CHECK(skews[0] == 60s);
    const std::string text = metrics.expose();
    CHECK(text.find("outcome=\"4xx\"") != std::string::npos);
    CHECK(text.find("outcome=\"answer lost\"") != std::string::npos);
    CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("upstream client: bad URLs and passed deadlines are refused before anything is sent") {
    World world;
    CHECK(world.send(HttpRequest("GET", "ftp://x/")).get().error().is(Errc::invalid_argument));
    CHECK(world.get(0s).get().error().is(Errc::timed_out));
}
