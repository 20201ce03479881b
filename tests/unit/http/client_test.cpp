#include "gateway/http/client.hpp"

#include "answers.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace tests;
using core::Errc;
using sdk::HttpRequest;
using sdk::HttpResponse;
using sdk::Result;

namespace {

http::Endpoint plain(std::uint16_t port) {
    http::Endpoint endpoint;
    endpoint.scheme = "http";
    endpoint.host = "127.0.0.1";
    endpoint.port = port;
    return endpoint;
}

sdk::Task<Result<HttpResponse>> ask(sdk::Clock& clock, http::Endpoint endpoint, HttpRequest request,
                                    std::string target, sdk::Deadline deadline) {
    auto connection = co_await http::connect(endpoint, nullptr, clock, deadline);
    if (!connection) {
        co_return connection.error();
    }
    co_return co_await (*connection)->exchange(request, target, deadline);
}

/// A client on a thread of its own against a server the test plays by hand.
struct Play {
    ManualClock clock;
    RawListener listener;
    Loop loop;

    std::future<Result<HttpResponse>> send(HttpRequest request, std::string target = "/x") {
        auto task = ask(clock, plain(listener.port()), std::move(request), std::move(target),
                        clock.in(std::chrono::seconds(30)));
        return std::async(std::launch::async, [this, task = std::move(task)]() mutable {
            return loop.run(std::move(task));
        });
    }

    /// Plays one exchange: reads the head, says `answer`, closes.
    Result<HttpResponse> exchange(std::string_view answer, HttpRequest request = HttpRequest()) {
        auto result = send(std::move(request));
        RawConnection peer = listener.accept();
        peer.receive_until("\r\n\r\n");
        peer.send(answer);
        peer.close();
        return result.get();
    }
};

/// Fails after so many bytes.
class Broken final : public sdk::ByteSource {
public:
    explicit Broken(std::size_t after) : left_(after) {}
    sdk::Task<Result<std::size_t>> read(std::span<char> out) override {
        const std::size_t count = std::min(out.size(), left_);
        left_ -= count;
        if (count == 0) {
            co_return core::Failure(Errc::storage_failed, "disk");
        }
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    std::size_t left_;
};

}   // namespace

TEST_CASE("http client: a request is written with its host, length and body, and the answer read") {
    Play play;
    HttpRequest request("POST", "");
    request.headers.emplace_back("X-One", "a\r\nInjected: b");
    request.body = "hello";
    auto result = play.send(std::move(request), "/path?q");
    RawConnection peer = play.listener.accept();
    const std::string got = peer.receive_until("hello");
    CHECK(got ==
          "POST /path?q HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(play.listener.port()) +
              "\r\nX-One: a  Injected: b\r\nContent-Length: 5\r\n\r\nhello");
    peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nX-Two: c\r\nTransfer-Encoding: "
              "chunked\r\n\r\n"
              "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    const auto answer = result.get();
    REQUIRE(answer.has_value());
    CHECK(answer->status == 201);
    CHECK(answer->header("x-two") == "c");
    CHECK(answer->body == "abc");
}

TEST_CASE("http client: bodies end by length, by chunks, by close, or are not there at all") {
    CHECK(Play().exchange("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd")->body == "abc");
    CHECK(Play().exchange("HTTP/1.1 200 OK\r\n\r\nabcd")->body == "abcd");
    CHECK(Play().exchange("HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n")->body.empty());
    CHECK(Play()
              .exchange("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", HttpRequest("HEAD", ""))
              ->body.empty());
}

TEST_CASE("http client: what is not an HTTP answer is a bad answer") {
    const std::vector<std::string> bad{
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'a') + "\r\n\r\n",
    };
    for (const auto& answer : bad) {
        INFO(answer.substr(0, 80));
        const auto result = Play().exchange(answer);
        REQUIRE(!result.has_value());
        CHECK(result.error().is(Errc::bad_answer));
    }
}

TEST_CASE("http client: an answer that stops half-way, never comes or is too large leaves the "
          "outcome unknown") {
    CHECK(Play()
              .exchange("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
              .error()
              .is(Errc::answer_lost));
    CHECK(Play()
              .exchange("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")
              .error()
              .is(Errc::answer_lost));
    CHECK(Play().exchange("").error().is(Errc::answer_lost));
    CHECK(Play()
              .exchange("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n")
              .error()
              .is(Errc::too_large));
    HttpRequest small("GET", "");
    small.answer_bytes_max = 3;
    CHECK(Play()
              .exchange("HTTP/1.1 200 OK\r\n\r\nabcd", std::move(small))
              .error()
              .is(Errc::too_large));
    Play play;
    auto result = play.send(HttpRequest("GET", ""));
    RawConnection peer = play.listener.accept();
    peer.receive_until("\r\n\r\n");
    play.clock.advance(std::chrono::seconds(31));
    CHECK(result.get().error().is(Errc::answer_lost));
}

TEST_CASE("http client: nothing was sent when nobody listens or the deadline has passed before") {
    ManualClock clock;
    Loop loop;
    std::uint16_t port = 0;
    {
        const RawListener gone;
        port = gone.port();
    }
    const auto late = clock.in(std::chrono::seconds(5));
    CHECK(
        loop.run(ask(clock, plain(port), HttpRequest(), "/", late)).error().is(Errc::unreachable));
    const auto passed = clock.in(core::Duration{0});
    CHECK(
        loop.run(ask(clock, plain(port), HttpRequest(), "/", passed)).error().is(Errc::timed_out));
    http::Endpoint socket;
    socket.scheme = "unix";
    socket.host = "/nonexistent/x.sock";
    CHECK(loop.run(ask(clock, socket, HttpRequest(), "/", late)).error().is(Errc::unreachable));
    const RawListener there;
    CHECK(loop.run(ask(clock, plain(there.port()), HttpRequest("G T", ""), "/", late))
              .error()
              .is(Errc::invalid_argument));
    CHECK(loop.run(ask(clock, plain(there.port()), HttpRequest(), "/a b", late))
              .error()
              .is(Errc::invalid_argument));
}

TEST_CASE("http client: a refusal in the middle of an upload is the answer, not a broken pipe") {
    for (const bool reset : {false, true}) {
        for (const bool sized : {false, true}) {
            INFO(reset << sized);
            Play play;
            HttpRequest request("POST", "");
            request.stream = std::make_unique<Endless>(1ULL << 30U, sized);
            auto result = play.send(std::move(request));
            RawConnection peer = play.listener.accept();
            peer.receive_until("\r\n\r\n");
            peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: "
                      "close\r\n\r\nno");
            if (reset) {
                peer.close();   // with unread bytes: a reset
            }
            const auto answer = result.get();
            REQUIRE(answer.has_value());
            CHECK(answer->status == 413);
            CHECK(answer->body == "no");
        }
    }
}

TEST_CASE("http client: a body that fails before anything was sent gives its own failure, later an "
          "unknown outcome") {
    Play play;
    HttpRequest first("POST", "");
    first.stream = std::make_unique<Broken>(0);
    auto result = play.send(std::move(first));
    CHECK(result.get().error().is(Errc::storage_failed));
    HttpRequest second("POST", "");
    second.stream = std::make_unique<Broken>(1'000'000);
    result = play.send(std::move(second));
    RawConnection peer = play.listener.accept();
    RawConnection other = play.listener.accept();
    while (!other.receive().empty()) {
    }
    const auto later = result.get();
    CHECK(later.error().is(Errc::answer_lost));
    CHECK(later.error().detail.find("storage failed") != std::string::npos);
}

TEST_CASE("http client: a connection is used again, and is not when the peer has closed it") {
    ManualClock clock;
    TestServer server(clock, http::ServerOptions());
    const auto endpoint = plain(server.server->port());
    const auto deadline = clock.in(std::chrono::seconds(30));
    auto connection = server.loop.run(http::connect(endpoint, nullptr, clock, deadline));
    REQUIRE(connection.has_value());
    for (int i = 0; i < 3; ++i) {
        HttpRequest request("PUT", "");
        request.body = std::string(100'000, 'b');
        const auto answer = server.loop.run((*connection)->exchange(request, "/echo", deadline));
        REQUIRE(answer.has_value());
        CHECK(answer->body == request.body);
        CHECK((*connection)->reusable());
    }
    HttpRequest large("PUT", "");
    large.stream = std::make_unique<Endless>(10'000'000, true);
    const auto refused = server.loop.run((*connection)->exchange(large, "/refuse", deadline));
    REQUIRE(refused.has_value());
    CHECK(refused->status == 401);
    CHECK(!(*connection)->reusable());
}

TEST_CASE("http client: an event stream is read as it comes") {
    ManualClock clock;
    TestServer server(clock, http::ServerOptions());
    const auto deadline = clock.in(std::chrono::seconds(30));
    auto connection =
        server.loop.run(http::connect(plain(server.server->port()), nullptr, clock, deadline));
    HttpRequest request("GET", "");
    const auto opened = server.loop.run((*connection)->open(request, "/live", deadline));
    REQUIRE(opened.has_value());
    CHECK(opened->header("content-type") == "text/event-stream");
    CHECK(*server.loop.run((*connection)->read_some(deadline)) == "data: tick\n\n");
}

TEST_CASE("http client: URLs are taken apart, and odd ones refused") {
    const auto url = http::parse_url("HTTPS://Api.Example.no:8443/a/b?c=d");
    REQUIRE(url.has_value());
    CHECK(url->endpoint.scheme == "https");
    CHECK(url->endpoint.host == "api.example.no");
    CHECK(url->endpoint.port == 8443);
    CHECK(url->target == "/a/b?c=d");
    CHECK(http::parse_url("http://[::1]:80")->endpoint.host == "::1");
    CHECK(http::parse_url("http://h?x=y")->target == "/?x=y");
    for (const char* bad : {"", "ftp://h/", "http://", "http:///x", "http://u:p@h/", "http://h:0/",
                            "http://h:99999/", "http://h:/", "http://h/a b", "http://h/#f",
                            "http://h/\r\n", "http://[::1/", "http://[zz]/", "http://h:80x/"}) {
        INFO(bad);
        CHECK(!http::parse_url(bad).has_value());
    }
}
