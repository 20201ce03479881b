#include "gateway/http/server.hpp"

#include "answers.hpp"

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace tests;
using gateway::http::ServerOptions;

namespace {

std::string body_of(const std::string& answer) {
    const auto at = answer.find("\r\n\r\n");
    return at == std::string::npos ? "" : answer.substr(at + 4);
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

}   // namespace

TEST_CASE("http server: a connection is kept for the next request and says the date of the clock") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    RawConnection connection = server.connect();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(connection.send("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"));
        const std::string answer = connection.receive_until("GET /a");
        CHECK(starts(
            answer, "HTTP/1.1 200 OK\r\nServer: sluse\r\nDate: Thu, 15 Jan 2026 12:00:00 GMT\r\n"));
        CHECK(answer.find("Connection: close") == std::string::npos);
        CHECK(answer.find("Content-Length: 6\r\n") != std::string::npos);
    }
    CHECK(server.server->connections() == 1);
}

TEST_CASE("http server: pipelined requests are answered in order with their own bodies") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    const std::string answer =
        server.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst"
                   "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\nsec\r\n3;x=\"y\"\r\nond\r\n0\r\nTrailer: t\r\n\r\n"
                   "\r\nGET /third HTTP/1.1\r\nHost: x\r\n\r\n"
                   "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto first = answer.find("first");
    const auto second = answer.find("second");
    const auto third = answer.find("GET /third");
    const auto last = answer.find("GET /last");
    CHECK(first < second);
    CHECK(second < third);
    CHECK(third < last);
    CHECK(last != std::string::npos);
    CHECK(count_of(answer, "HTTP/1.1 200") == 4);
    CHECK(count_of(answer, "Connection: close") == 1);
}

TEST_CASE(
    "http server: shapes that two parsers read differently are refused and the connection ends") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    const std::string start = "POST /echo HTTP/1.1\r\nHost: x\r\n";
    const std::vector<std::string> bad{
        start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        start + "Content-Length: 3, 3\r\n\r\nabc",
        start + "Content-Length: +3\r\n\r\nabc",
        start + "Content-Length: 99999999999999999999999\r\n\r\nabc",
        start + "Content-Length : 3\r\n\r\nabc",
        start + "X-Folded: a\r\n b\r\n\r\n",
        start + "X-Cr: a\rb\r\n\r\n",
        start + "X-Nul: a" + std::string(1, '\0') + "b\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n",
        "GET / HTTP/1.1\r\nHost: x\n\r\n",
        " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };
    for (const std::string& request : bad) {
        INFO(request);
        RawConnection connection = server.connect();
        connection.send(request);
        connection.finish_sending();
        const std::string answer = connection.receive_all();
        CHECK(starts(answer, "HTTP/1.1 400 Bad Request\r\n"));
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
        CHECK(count_of(answer, "HTTP/1.1 ") == 1);
    }
    RawConnection connection = server.connect();
    connection.send(start + "Transfer-Encoding: gzip, chunked\r\n\r\n");
    connection.finish_sending();
    CHECK(starts(connection.receive_all(), "HTTP/1.1 501 "));
}

TEST_CASE("http server: a header bomb is answered 431 before it is read to its end") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    SECTION("one long line") {
        CHECK(starts(server.ask("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a')),
                     "HTTP/1.1 431 "));
    }
    SECTION("many short lines") {
        std::string lines;
        for (int i = 0; i < 300; ++i) {
            lines += "X: y\r\n";
        }
        RawConnection connection = server.connect();
        connection.send("GET / HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n");
        connection.finish_sending();
        CHECK(starts(connection.receive_all(), "HTTP/1.1 431 "));
    }
    CHECK(server.answers.handled == 0);
}

TEST_CASE("http server: a target that climbs, hides bytes or is not UTF-8 is refused") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    for (const char* target :
         {"/../etc", "/a/%2e%2e/b", "/a/..", "/./a", "/a%00b", "/%ff", "/%c0%af", "/%ed%a0%80",
          "/%4", "/%zz", "/a?x=%ff", "/a#b", "a", "/a?x=%0a"}) {
        INFO(target);
        RawConnection connection = server.connect();
        connection.send(std::string("GET ") + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        connection.finish_sending();
        CHECK(starts(connection.receive_all(), "HTTP/1.1 400 "));
    }
    for (const char* target : {"/a..b/%C3%A5", "http://host/x?y", "/", "/a//b"}) {
        INFO(target);
        CHECK(starts(server.ask(std::string("GET ") + target +
                                " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                     "HTTP/1.1 200 "));
    }
}

TEST_CASE("http server: a head that drips in is cut off with 408 and an idle connection is closed "
          "in silence") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    SECTION("slow head") {
        RawConnection connection = server.connect();
        connection.send("GET / HTTP/1.1\r\nHost:");
        const auto before = clock.steady();
        CHECK(starts(receive_turning(connection, clock, 60), "HTTP/1.1 408 "));
        CHECK(clock.steady() - before >= std::chrono::seconds(15));
    }
    SECTION("idle") {
        RawConnection connection = server.connect();
        connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(starts(connection.receive_until("GET /"), "HTTP/1.1 200 "));
        const auto before = clock.steady();
        CHECK(receive_turning(connection, clock, 300).empty());
        CHECK(connection.closed());
        CHECK(clock.steady() - before >= std::chrono::seconds(75));
    }
}

TEST_CASE("http server: a body larger than the limit is refused, by its length before it is read") {
    ManualClock clock;
    ServerOptions options;
    options.body_bytes_max = 1000;
    TestServer server(clock, options);
    RawConnection by_length = server.connect();
    by_length.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    CHECK(starts(by_length.receive_until("request.too_large"), "HTTP/1.1 413 "));
    CHECK(server.answers.handled == 0);
    RawConnection chunked = server.connect();
    chunked.send("POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" +
                 std::string(1024, 'a') + "\r\n");
    CHECK(starts(chunked.receive_until("request.too_large"), "HTTP/1.1 413 "));
}

TEST_CASE("http server: a body slower than the least rate is cut off with 408") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    RawConnection connection = server.connect();
    connection.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");
    CHECK(starts(receive_turning(connection, clock, 60), "HTTP/1.1 408 "));
}

TEST_CASE(
    "http server: 100 Continue is said when the handler first reads, and not when it refuses") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    RawConnection reads = server.connect();
    reads.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    CHECK(reads.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    reads.send("ok");
    CHECK(starts(reads.receive_until("ok"), "HTTP/1.1 200 "));
    RawConnection refused = server.connect();
    refused.send(
        "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    refused.finish_sending();
    const std::string answer = refused.receive_all();
    CHECK(starts(answer, "HTTP/1.1 401 "));
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    RawConnection other = server.connect();
    other.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: wonders\r\n\r\n");
    CHECK(starts(other.receive_until("\r\n\r\n"), "HTTP/1.1 417 "));
}

TEST_CASE("http server: HEAD has the length and no body, 204 has neither, and HTTP/1.0 ends the "
          "connection") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    const std::string head =
        server.ask("HEAD /stream?size=500 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(head.find("Content-Length: 500\r\n") != std::string::npos);
    CHECK(body_of(head).empty());
    const std::string empty =
        server.ask("GET /empty HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(starts(empty, "HTTP/1.1 204 No Content\r\n"));
    CHECK(empty.find("Content-Length") == std::string::npos);
    const std::string old = server.ask("GET /chunks?size=7 HTTP/1.0\r\n\r\n");
    CHECK(old.find("Transfer-Encoding") == std::string::npos);
    CHECK(body_of(old) == "xxxxxxx");
}

TEST_CASE(
    "http server: an unread body is read past when small, and ends the connection when large") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    const std::string both = server.ask(
        "POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" +
        std::string(100'000, 'a') + "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(starts(both, "HTTP/1.1 401 "));
    CHECK(both.find("GET /next") != std::string::npos);
    RawConnection large = server.connect();
    large.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n");
    const std::string answer = large.receive_until("no");
    CHECK(starts(answer, "HTTP/1.1 401 "));
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(large.send(
        std::string(1'000'000, 'a')));   // taken, so that the answer above is not lost to a reset
}

TEST_CASE("http server: a stream of unknown size is sent in chunks, and each event at once") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    const std::string chunks =
        server.ask("GET /chunks?size=40000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(chunks.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(count_of(chunks, "x") >= 40'000);
    CHECK(chunks.ends_with("0\r\n\r\n"));
    RawConnection live = server.connect();
    live.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(live.receive_until("data: tick").find("c\r\ndata: tick\n\n\r\n") != std::string::npos);
}

TEST_CASE(
    "http server: a client that has gone cancels the handler or the stream that waits for it") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    for (const char* path : {"/live", "/wait"}) {
        INFO(path);
        server.answers.cancelled = 0;
        RawConnection connection = server.connect();
        connection.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int i = 0; i < 10'000 && server.answers.waiting == 0; ++i) {
            connection.receive(std::chrono::milliseconds(1));
        }
        REQUIRE(server.answers.waiting == 1);
        connection.close();
        RawConnection other = server.connect();
        for (int i = 0; i < 1000 && server.answers.cancelled == 0; ++i) {
            clock.advance(std::chrono::seconds(1));
            other.receive(std::chrono::milliseconds(1));
        }
        CHECK(server.answers.cancelled == 1);
        CHECK(server.answers.waiting == 0);
    }
}

TEST_CASE("http server: a client that does not read its answer is cut off") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    RawConnection connection = server.connect();
    connection.shrink();
    connection.send("GET /stream?size=100000000 HTTP/1.1\r\nHost: x\r\n\r\n");
    RawConnection other = server.connect();
    for (int i = 0; i < 1000 && (server.answers.handled == 0 || server.server->connections() == 2);
         ++i) {
        clock.advance(std::chrono::seconds(1));
        other.receive(std::chrono::milliseconds(1));
    }
    CHECK(server.answers.handled == 1);
    CHECK(server.server->connections() < 2);
}

TEST_CASE("http server: a fault in the handler is a 500 of ours in the caller's language") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    const std::string answer = server.ask(
        "GET /throw HTTP/1.1\r\nHost: x\r\nAccept-Language: nn\r\nConnection: close\r\n\r\n");
    CHECK(starts(answer, "HTTP/1.1 500 "));
    CHECK(body_of(answer) == "service.internal nn");
}

TEST_CASE("http server: one connection more than the limit is answered 503") {
    ManualClock clock;
    ServerOptions options;
    options.connections_max = 1;
    TestServer server(clock, options);
    RawConnection first = server.connect();
    first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(starts(first.receive_until("GET /"), "HTTP/1.1 200 "));
    RawConnection second = server.connect();
    const auto turned_away = second.receive_all();
    CHECK(starts(turned_away, "HTTP/1.1 503 "));
    CHECK(starts(body_of(turned_away), "service.overloaded"));
}

TEST_CASE("http server: stop lets a request under way finish, closes idle connections and takes no "
          "new ones") {
    ManualClock clock;
    auto server = std::make_unique<TestServer>(clock, ServerOptions());
    RawConnection idle = server->connect();
    idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    idle.receive_until("GET /");
    RawConnection busy = server->connect();
    busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 10'000 && server->answers.waiting == 0; ++i) {
        busy.receive(std::chrono::milliseconds(1));
    }
    std::thread stopping(
        [&] { server->loop.run(server->server->stop(clock.in(std::chrono::hours(1)))); });
    CHECK(idle.receive_all().empty());
    CHECK(idle.closed());
    server->answers.release = true;
    std::string answer = receive_turning(busy, clock, 100);
    stopping.join();
    CHECK(starts(answer, "HTTP/1.1 200 "));
    CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    CHECK(server->server->connections() == 0);
    CHECK_THROWS(server->connect());
}

TEST_CASE("http server: stop cuts what is not done by its deadline") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    RawConnection busy = server.connect();
    busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 10'000 && server.answers.waiting == 0; ++i) {
        busy.receive(std::chrono::milliseconds(1));
    }
    server.loop.run(server.server->stop(clock.in(core::Duration{0})));
    CHECK(server.answers.cancelled == 1);
    CHECK(server.server->connections() == 0);
}

TEST_CASE("http server: a Unix socket tells who calls, is private, and replaces a dead one") {
    ManualClock clock;
    const std::string path = "/tmp/sluse-http-test-" + std::to_string(::getpid()) + ".sock";
    ServerOptions options;
    options.address = "unix:" + path;
    for (int round = 0; round < 2; ++round) {
        TestServer server(clock, options);
        CHECK(server.server->url() == "unix:" + path);
        RawConnection connection = RawConnection::to_unix(path);
        connection.send("GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        CHECK(body_of(connection.receive_all()) == " " + std::to_string(::getuid()) + " plain 0");
        Answers answers(clock);
        gateway::http::Server second(server.loop.io().get_executor(), clock, options, answers);
        CHECK(second.start().error().is(core::Errc::unavailable));
    }
    CHECK(::access(path.c_str(), F_OK) != 0);
}

TEST_CASE("http server: an address that cannot be had is said at start") {
    ManualClock clock;
    TestServer server(clock, ServerOptions());
    for (const auto& [address, code] : std::vector<std::pair<std::string, core::Errc>>{
             {"127.0.0.1:" + std::to_string(server.server->port()), core::Errc::unavailable},
             {"127.0.0.1", core::Errc::invalid_argument},
             {"127.0.0.1:x", core::Errc::invalid_argument},
             {"192.0.2.1:0", core::Errc::unavailable}}) {
        ServerOptions options;
        options.address = address;
        gateway::http::Server other(server.loop.io().get_executor(), clock, options,
                                    server.answers);
        INFO(address);
        CHECK(other.start().error().is(code));
    }
}

TEST_CASE("http server: many connections on two threads each get their own answers") {
    ManualClock clock;
    TestServer server(clock, ServerOptions(), 2);
    std::atomic<int> right{0};
    std::vector<std::thread> clients;
    for (int who = 0; who < 8; ++who) {
        clients.emplace_back([&, who] {
            RawConnection connection = server.connect();
            for (int i = 0; i < 50; ++i) {
                const std::string text = std::to_string(who) + "-" + std::to_string(i) + "!";
                connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                                std::to_string(text.size()) + "\r\n\r\n" + text);
                right += connection.receive_until("!").ends_with("\r\n\r\n" + text) ? 1 : 0;
            }
        });
    }
    for (auto& client : clients) {
        client.join();
    }
    CHECK(right == 400);
}
