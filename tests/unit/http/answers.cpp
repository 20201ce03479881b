#include "answers.hpp"

#include "gateway/http/body_at_hand.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace tests {
namespace {

/// Events each second of the clock, for ever.
class Live final : public sdk::ByteSource {
public:
    Live(sdk::Clock& clock, Answers& answers) : clock_(clock), answers_(answers) {}
    sdk::Task<sdk::Result<std::size_t>> read(std::span<char> out) override {
        ++answers_.waiting;
        const Count count(answers_);
        if (!first_) {
            co_await clock_.sleep_until(clock_.steady() + std::chrono::hours(1));
        }
        first_ = false;
        const std::string_view event = "data: tick\n\n";
        std::copy(event.begin(), event.end(), out.begin());
        count.ended_well();
        co_return event.size();
    }
    std::optional<std::uint64_t> size() const override { return std::nullopt; }

private:
    class Count {
    public:
        explicit Count(Answers& answers) : answers_(answers) {}
        ~Count() {
            --answers_.waiting;
            answers_.cancelled += well_ ? 0 : 1;
        }
        void ended_well() const { well_ = true; }

    private:
        Answers& answers_;
        mutable bool well_ = false;
    };

    sdk::Clock& clock_;
    Answers& answers_;
    bool first_ = true;
};

sdk::Task<void> wait_for_release(Answers& answers, sdk::Clock& clock) {
    ++answers.waiting;
    try {
        while (!answers.release) {
            co_await clock.sleep_until(clock.steady() + std::chrono::milliseconds(10));
        }
    } catch (...) {
        --answers.waiting;
        ++answers.cancelled;
        throw;
    }
    --answers.waiting;
}

}   // namespace

sdk::Task<sdk::Result<std::size_t>> Endless::read(std::span<char> out) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    std::fill_n(out.data(), count, 'x');
    left_ -= count;
    co_return count;
}

http::Response Answers::refuse(int status, std::string_view code, std::string_view language) {
    return http::Response(status, "text/plain", std::string(code) + " " + std::string(language));
}

sdk::Task<http::Response> Answers::handle(http::Request& request) {
    ++handled;
    if (request.path == "/echo") {
        auto body = co_await sdk::read_all(*request.body, 1U << 20U);
        if (!body) {
            co_return http::Response(500, "text/plain", body.error().to_string());
        }
        co_return http::Response(200, "text/plain", std::move(*body));
    }
    if (request.path == "/at-hand") {
        auto whole = http::take_at_hand(*request.body, 10);
        if (whole) {
            co_return http::Response(200, "text/plain", "at hand: " + *whole);
        }
        auto body = co_await sdk::read_all(*request.body, 1U << 20U);
        co_return http::Response(200, "text/plain",
                                 "waited for: " + (body ? *body : std::string("nothing")));
    }
    if (request.path == "/count") {
        std::string block(65536, '\0');
        std::uint64_t total = 0;
        for (;;) {
            const auto count = co_await request.body->read(block);
            if (!count || *count == 0) {
                break;
            }
            total += *count;
            received = total;
        }
        co_return http::Response(200, "text/plain", std::to_string(total));
    }
    if (request.path == "/stream" || request.path == "/chunks") {
        http::Response response(200, "text/plain", {});
        response.stream = std::make_unique<Endless>(std::stoull(*request.query_value("size")),
                                                    request.path == "/stream");
        co_return response;
    }
    if (request.path == "/live") {
        http::Response response(200, "text/event-stream", {});
        response.stream = std::make_unique<Live>(clock_, *this);
        response.flush_each_read = true;
        co_return response;
    }
    if (request.path == "/wait") {
        co_await wait_for_release(*this, clock_);
        co_return http::Response(200, "text/plain", "waited");
    }
    if (request.path == "/throw") {
        throw std::runtime_error("a fault in the handler");
    }
    if (request.path == "/who") {
        std::string who = request.peer_address + " " +
                          (request.peer_uid ? std::to_string(*request.peer_uid) : "-") + " " +
                          (request.tls ? "tls" : "plain") + " " +
                          std::to_string(request.client_certificate.size());
        co_return http::Response(200, "text/plain", std::move(who));
    }
    if (request.path == "/refuse") {
        co_return http::Response(401, "text/plain", "no");
    }
    if (request.path == "/empty") {
        co_return http::Response(204);
    }
    co_return http::Response(200, "text/plain", request.method + " " + request.path);
}

TestServer::TestServer(sdk::Clock& time, http::ServerOptions options, std::size_t threads)
    : loop(threads),
      clock(time),
      answers(time),
      server(std::make_unique<http::Server>(loop.io().get_executor(), time, std::move(options),
                                            answers)) {
    const auto started = server->start();
    if (!started) {
        FAIL(started.error().to_string());
    }
}

TestServer::~TestServer() {
    loop.run(server->stop(clock.in(core::Duration{0})));
}

std::string TestServer::ask(std::string_view bytes) const {
    RawConnection connection = connect();
    connection.send(bytes);
    return connection.receive_all();
}

std::string receive_turning(RawConnection& connection, ManualClock& clock, int seconds_max) {
    for (int turn = 0; turn < seconds_max; ++turn) {
        std::string text = connection.receive(std::chrono::milliseconds(2));
        if (!text.empty() || connection.closed()) {
            return text;
        }
        clock.advance(std::chrono::seconds(1));
    }
    return connection.receive();
}

}   // namespace tests
