#include "gateway/http/session.hpp"

#include "gateway/http/head_scanner.hpp"
#include "gateway/http/request_body.hpp"
#include "gateway/http/target.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway::http {

namespace asio = boost::asio;
using core::Errc;
using core::SteadyTime;

namespace {

constexpr std::size_t buffer_bytes_first = 8192;   // a head and a usual message in one read
constexpr unsigned turns_max = 32;   // requests in a row before others on the thread get their turn
constexpr std::chrono::seconds peer_check_after{1};

std::int64_t ticks(SteadyTime point) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(point.time_since_epoch()).count();
}

}   // namespace

Session::Session(std::shared_ptr<ServerShared> server, std::unique_ptr<Stream> stream,
                 asio::any_io_executor strand)
    : server_(std::move(server)),
      stream_(std::move(stream)),
      strand_(std::move(strand)),
      peer_address_(stream_->peer_address()),
      peer_uid_(stream_->peer_uid()) {
    const std::lock_guard lock(server_->mutex);
    place_ = server_->sessions.insert(server_->sessions.end(), this);
}

Session::~Session() {
    stream_->close();
    std::function<void()> ended;
    {
        const std::lock_guard lock(server_->mutex);
        server_->sessions.erase(place_);
        if (server_->sessions.empty()) {
            ended = server_->on_last_ended;
        }
    }
    if (ended) {
        ended();
    }
}

void Session::start() {
    auto self = shared_from_this();
    // What leaves run() is a cut connection, or a fault that has already closed it: nothing is left
    // to answer.
    asio::co_spawn(
        strand_, run(),
        asio::bind_cancellation_slot(signal_.slot(), [self](const std::exception_ptr&) {}));
}

bool Session::due(SteadyTime now) const {
    const std::int64_t deadline = deadline_.load(std::memory_order_relaxed);
    const std::int64_t since = answering_since_.load(std::memory_order_relaxed);
    return (deadline != 0 && deadline <= ticks(now)) ||
           (since != 0 && since <= ticks(now - peer_check_after));
}

void Session::check() {
    const std::int64_t deadline = deadline_.load(std::memory_order_relaxed);
    if (deadline != 0 && deadline <= ticks(server_->clock.steady())) {
        late_ = true;
        stream_->cancel();
    } else if (phase_ == Phase::answering && stream_->peer_gone()) {
        cut();
    }
}

void Session::stop_if_idle() {
    if (phase_ == Phase::idle) {
        cut();
    }
}

void Session::cut() {
    cut_ = true;
    signal_.emit(asio::cancellation_type::terminal);
    stream_->cancel();
}

void Session::wait_begins(SteadyTime deadline) {
    late_ = false;
    deadline_.store(ticks(deadline), std::memory_order_relaxed);
}

void Session::wait_ended(error_code& error) {
    deadline_.store(0, std::memory_order_relaxed);
    if (error == asio::error::operation_aborted && late_ && !cut_) {
        error = asio::error::timed_out;
    }
}

// Kept small: its frame is what an idle connection costs.
sdk::Task<void> Session::run() {
    error_code error;
    if (stream_->tls()) {
        wait_begins(in(server_->options.header_time_max));
        co_await stream_->accept_handshake(error);
        wait_ended(error);
    }
    while (!error && !cut_ && !server_->stopping) {
        phase_ = Phase::idle;
        wait_begins(in(server_->options.idle_time_max));
        co_await stream_->wait_readable(error);
        wait_ended(error);
        bool again = !error;
        if (again) {
            again = co_await serve_burst();
        }
        if (!again) {
            break;
        }
    }
}

sdk::Task<bool> Session::serve_burst() {
    Buffer buffer(buffer_bytes_first,
                  std::max(server_->options.header_bytes_max, buffer_bytes_first));
    for (unsigned turn = 1;; ++turn) {
        phase_ = Phase::reading;
        const bool again = co_await serve_one(buffer);
        answering_since_.store(0, std::memory_order_relaxed);
        if (!again || buffer.empty()) {
            co_return again;
        }
        if (turn % turns_max == 0) {
            co_await asio::post(strand_, asio::use_awaitable);
        }
    }
}

sdk::Task<bool> Session::serve_one(Buffer& buffer) {
    RequestParser parser;
    RequestHead head;
    Request request;
    refusal_ = Refusal();
    const bool whole = co_await read_head(buffer, parser, head);
    if (!whole || !accept_head(head, request)) {
        if (refusal_.status != 0) {
            const auto& headers = whole ? request.headers : head.headers;
            co_await refuse(sdk::find_header(headers, "Accept-Language"));
        }
        co_return false;
    }
    RequestBody body(*this, buffer, parser, head);
    request.body = &body;
    phase_ = Phase::answering;
    answering_since_.store(ticks(server_->clock.steady()), std::memory_order_relaxed);
    Response response(500);
    try {
        response = co_await server_->handler.handle(request);
    } catch (const std::exception&) {
        if (cut_) {
            throw;   // the client has gone, or the server stops: not the handler's fault
        }
        refuse_with(500, "service.internal");
    }
    if (body.failure()) {
        if (body.failure()->is(Errc::closed)) {
            co_return false;
        }
        if (body.failure()->is(Errc::too_slow)) {
            refuse_with(408, "request.too_slow");
        } else if (body.failure()->is(Errc::too_large)) {
            refuse_with(413, "request.too_large");
        } else {
            refuse_with(400, "request.malformed_http");
        }
    }
    if (refusal_.status != 0) {
        co_await refuse(request.header("Accept-Language"));
        co_return false;
    }
    bool close = !head.keep_alive || response.close || server_->stopping ||
                 (!body.done() && !body.worth_draining());
    const bool sent = co_await send(response, request.method, head.http11, close);
    if (!sent) {
        co_return false;
    }
    if (!close && !body.done()) {
        close = !co_await body.drain();
    }
    if (close) {
        co_await say_goodbye(body.done() && buffer.empty() && !stream_->readable_now());
    }
    co_return !close;
}

sdk::Task<bool> Session::read_head(Buffer& buffer, RequestParser& parser, RequestHead& head) {
    const std::size_t bytes_max = server_->options.header_bytes_max;
    const SteadyTime deadline = in(server_->options.header_time_max);
    HeadScanner scanner;
    bool skipped = false;
    for (;;) {
        const HeadScanner::State state = scanner.scan(buffer.data());
        if (state == HeadScanner::State::bad) {
            refuse_with(400, "request.malformed_http");
            co_return false;
        }
        if (state == HeadScanner::State::done && scanner.size() == 2 && !skipped) {
            buffer.consume(2);   // one empty line before a request is read past (RFC 9112 2.2)
            scanner = HeadScanner();
            skipped = true;
            continue;
        }
        if (state == HeadScanner::State::done) {
            break;
        }
        if (buffer.data().size() >= bytes_max) {
            refuse_with(431, "request.header_too_large");
            co_return false;
        }
        error_code error;
        const auto space = buffer.space();
        std::size_t count = stream_->try_read(space, error);
        if (would_block(error)) {
            count = co_await read_later(space, deadline, error);
        }
        if (error) {
            if (error == asio::error::timed_out && !buffer.empty()) {
                refuse_with(408, "request.too_slow");
            }
            co_return false;
        }
        buffer.commit(count);
    }
    auto parsed = parser.parse_head(buffer.data().substr(0, scanner.size()));
    buffer.consume(scanner.size());
    if (!parsed) {
        if (parsed.error().is(Errc::too_large)) {
            refuse_with(431, "request.header_too_large");
        } else if (parsed.error().is(Errc::unsupported)) {
            refuse_with(501, "request.malformed_http");
        } else {
            refuse_with(400, "request.malformed_http");
        }
        co_return false;
    }
    head = std::move(*parsed);
    co_return true;
}

bool Session::accept_head(RequestHead& head, Request& request) {
    auto target = parse_target(head.target);
    request.method = std::move(head.method);
    request.target = std::move(head.target);
    request.headers = std::move(head.headers);
    if (!target) {
        refuse_with(400, "request.bad_target");
        return false;
    }
    if (head.expects_other) {
        refuse_with(417, "request.expectation_failed");
        return false;
    }
    if (head.content_length.value_or(0) > server_->options.body_bytes_max) {
        refuse_with(413, "request.too_large");
        return false;
    }
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    request.content_length = head.content_length;
    request.peer_address = peer_address_;
    request.peer_uid = peer_uid_;
    request.tls = stream_->tls();
    request.client_certificate = stream_->peer_certificate();
    return true;
}

}   // namespace gateway::http
