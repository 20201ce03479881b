#include "gateway/http/client_connection.hpp"

#include "gateway/http/body_decoder.hpp"
#include "gateway/http/head_scanner.hpp"
#include "gateway/http/response_head.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/error.hpp>

#include <array>

namespace gateway::http {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;

namespace {

constexpr std::size_t buffer_bytes_first = 4096;
constexpr std::size_t head_bytes_max = 64U << 10U;
constexpr std::size_t block_bytes = 64U << 10U;
constexpr int interim_max = 8;   // 1xx answers before the real one

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

bool is_ours(std::string_view name) {
    return same_word(name, "host") || same_word(name, "content-length") ||
           same_word(name, "transfer-encoding") || same_word(name, "connection");
}

std::string request_head(const sdk::HttpRequest& request, std::string_view target,
                         std::string_view host) {
    std::string head;
    head.reserve(512);
    head.append(request.method).append(" ").append(target).append(" HTTP/1.1\r\n");
    append_header(head, "Host", host);
    for (const auto& [name, value] : request.headers) {
        if (!is_ours(name)) {
            append_header(head, name, value);
        }
    }
    if (request.stream) {
        if (const auto size = request.stream->size()) {
            append_header(head, "Content-Length", std::to_string(*size));
        } else {
            append_header(head, "Transfer-Encoding", "chunked");
        }
    } else if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD" &&
                                         request.method != "DELETE")) {
        append_header(head, "Content-Length", std::to_string(request.body.size()));
    }
    head.append("\r\n");
    return head;
}

}   // namespace

std::string host_header(const Endpoint& endpoint) {
    if (endpoint.scheme == "unix") {
        return "localhost";
    }
    const bool literal = endpoint.host.find(':') != std::string::npos;
    std::string host = literal ? "[" + endpoint.host + "]" : endpoint.host;
    const std::uint16_t usual = endpoint.scheme == "http" ? 80 : 443;
    return endpoint.port == usual ? host : host + ":" + std::to_string(endpoint.port);
}

Connection::Connection(std::unique_ptr<Stream> stream, sdk::Clock& clock, std::string host)
    : stream_(std::move(stream)),
      clock_(clock),
      host_(std::move(host)),
      buffer_(buffer_bytes_first, head_bytes_max) {}

bool Connection::reusable() const {
    return usable_ && buffer_.empty() && !stream_->holds_bytes() && !stream_->readable_now();
}

Failure Connection::lost(std::string detail) const {
    return Failure(sent_any_ ? Errc::answer_lost : Errc::unreachable, std::move(detail));
}

sdk::Task<Result<sdk::HttpResponse>>
Connection::exchange(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline) {
    attempted_ = sent_any_ = sent_all_ = false;
    auto work = exchange_now(request, target, deadline);
    auto result = co_await runtime::with_deadline(clock_, deadline, std::move(work));
    if (!result && result.error().is(Errc::timed_out) && attempted_) {
        co_return Failure(Errc::answer_lost, "no whole answer before the deadline");
    }
    co_return result;
}

sdk::Task<Result<sdk::HttpResponse>>
Connection::open(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline) {
    attempted_ = sent_any_ = sent_all_ = false;
    auto work = open_now(request, target, deadline);
    auto result = co_await runtime::with_deadline(clock_, deadline, std::move(work));
    if (!result && result.error().is(Errc::timed_out) && attempted_) {
        co_return Failure(Errc::answer_lost, "no answer before the deadline");
    }
    co_return result;
}

sdk::Task<Result<std::string>> Connection::read_some(sdk::Deadline deadline) {
    auto work = read_block();
    co_return co_await runtime::with_deadline(clock_, deadline, std::move(work));
}

sdk::HttpResponse Connection::response() {
    sdk::HttpResponse answer;
    answer.status = head_.status;
    answer.headers = std::move(head_.headers);
    return answer;
}

sdk::Task<Result<sdk::HttpResponse>>
Connection::open_now(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline) {
    auto asked = co_await ask(request, target, deadline);
    if (!asked) {
        co_return asked.error();
    }
    co_return response();
}

sdk::Task<Result<std::string>> Connection::read_block() {
    std::string block(block_bytes / 4, '\0');
    const auto count = co_await read_body(block);
    if (!count) {
        co_return count.error();
    }
    block.resize(*count);
    co_return block;
}

sdk::Task<Result<sdk::HttpResponse>> Connection::exchange_now(sdk::HttpRequest& request,
                                                              const std::string& target,
                                                              sdk::Deadline deadline) {
    auto asked = co_await ask(request, target, deadline);
    if (!asked) {
        co_return asked.error();
    }
    sdk::HttpResponse answer = response();
    const bool to_sink = request.answer_sink != nullptr && answer.status / 100 == 2;
    if (!to_sink && head_.body == BodyKind::length && head_.length > request.answer_bytes_max) {
        co_return Failure(Errc::too_large,
                          "an answer of " + std::to_string(head_.length) + " bytes");
    }
    std::string block(body_done_ ? 0 : block_bytes, '\0');
    while (!body_done_) {
        const auto count = co_await read_body(block);
        if (!count) {
            co_return count.error();
        }
        const std::span<const char> bytes(block.data(), *count);
        if (to_sink && !bytes.empty()) {
            auto taken = co_await request.answer_sink->write(bytes);
            if (!taken) {
                co_return Failure(Errc::answer_lost,
                                  "the answer could not be kept: " + taken.error().to_string());
            }
        } else if (answer.body.size() + bytes.size() > request.answer_bytes_max) {
            co_return Failure(Errc::too_large, "an answer of more than " +
                                                   std::to_string(request.answer_bytes_max) +
                                                   " bytes");
        } else {
            answer.body.append(bytes.data(), bytes.size());
        }
    }
    usable_ = head_.keep_alive && sent_all_;
    co_return answer;
}

sdk::Task<Result<void>> Connection::ask(sdk::HttpRequest& request, const std::string& target,
                                        sdk::Deadline deadline) {
    if (!usable_) {
        co_return Failure(Errc::unreachable, "the connection has ended");
    }
    const bool clean = is_token(request.method) && target.starts_with('/') &&
                       target.find_first_of("\r\n \t") == std::string::npos;
    if (!clean) {
        co_return Failure(Errc::invalid_argument, "a method or target that HTTP does not allow");
    }
    usable_ = false;   // until the exchange has ended cleanly
    to_head_ = request.method == "HEAD";
    std::string head = request_head(request, target, host_);
    if (!request.stream && request.body.size() <= block_bytes) {
        co_return co_await ask_small(request, std::move(head));
    }
    co_return co_await ask_large(request, std::move(head), deadline);
}

sdk::Task<Result<void>> Connection::ask_small(const sdk::HttpRequest& request, std::string head) {
    head.append(request.body);
    const error_code error = co_await write(head);
    if (error && !sent_any_) {
        co_return lost("the connection broke before the request: " + error.message());
    }
    // After a broken write there may still be an answer that says why.
    sent_all_ = !error;
    co_return co_await read_head();
}

sdk::Task<std::size_t> Connection::read(std::span<char> out, error_code& error) {
    std::size_t count = stream_->try_read(out, error);
    if (would_block(error)) {
        count = co_await stream_->read_some(out, error);
    }
    co_return count;
}

sdk::Task<error_code> Connection::write(std::string_view bytes) {
    error_code error;
    while (!bytes.empty() && !error) {
        const std::span<const char> rest(bytes.data(), bytes.size());
        std::size_t count = stream_->try_write(rest, error);
        if (would_block(error)) {
            attempted_ = true;
            count = co_await stream_->write_some(rest, error);
        }
        attempted_ = attempted_ || count > 0;
        sent_any_ = sent_any_ || count > 0;
        bytes.remove_prefix(count);
    }
    co_return error;
}

sdk::Task<Result<void>> Connection::read_head() {
    for (int interim = 0; interim < interim_max; ++interim) {
        auto got = co_await read_one_head();
        if (!got) {
            co_return got.error();
        }
        if (head_.status / 100 != 1) {
            left_ = head_.length;
            body_done_ = head_.body == BodyKind::none;
            co_return Result<void>();
        }
        if (head_.status == 101) {
            break;   // we never ask for another protocol
        }
    }
    co_return Failure(Errc::bad_answer, "interim answers without end");
}

sdk::Task<Result<void>> Connection::read_one_head() {
    parser_ = std::make_unique<ResponseParser>(to_head_);
    HeadScanner scanner;
    for (;;) {
        const HeadScanner::State state = scanner.scan(buffer_.data());
        if (state == HeadScanner::State::bad) {
            co_return Failure(Errc::bad_answer, "not an HTTP answer");
        }
        if (state == HeadScanner::State::done) {
            break;
        }
        if (buffer_.full()) {
            co_return Failure(Errc::bad_answer, "the answer's head is larger than 64 KiB");
        }
        error_code error;
        const std::size_t count = co_await read(buffer_.space(), error);
        if (error) {
            co_return lost("the connection broke before the answer: " + error.message());
        }
        buffer_.commit(count);
    }
    auto parsed = parser_->parse_head(buffer_.data().substr(0, scanner.size()));
    buffer_.consume(scanner.size());
    if (!parsed) {
        co_return parsed.error();
    }
    head_ = std::move(*parsed);
    co_return Result<void>();
}

sdk::Task<Result<std::size_t>> Connection::read_body(std::span<char> out) {
    while (!body_done_) {
        error_code error;
        if (head_.body == BodyKind::chunked) {
            const auto step = parser_->decode(buffer_.data(), out);
            if (!step) {
                co_return step.error();
            }
            buffer_.consume(step->consumed);
            body_done_ = step->done;
            if (step->produced > 0 || body_done_) {
                co_return step->produced;
            }
            if (buffer_.full()) {
                co_return Failure(Errc::bad_answer, "a chunk's head is larger than 64 KiB");
            }
            const std::size_t count = co_await read(buffer_.space(), error);
            if (error) {
                co_return Failure(Errc::answer_lost, "the answer broke off: " + error.message());
            }
            buffer_.commit(count);
            continue;
        }
        const bool by_length = head_.body == BodyKind::length;
        const std::size_t wanted =
            by_length ? static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_))
                      : out.size();
        std::size_t count = std::min(wanted, buffer_.data().size());
        if (count > 0) {
            std::memcpy(out.data(), buffer_.data().data(), count);
            buffer_.consume(count);
        } else {
            count = co_await read(out.first(wanted), error);
        }
        if (error == asio::error::eof && !by_length) {
            body_done_ = true;
            co_return std::size_t{0};
        }
        if (error) {
            co_return Failure(Errc::answer_lost, "the answer broke off: " + error.message());
        }
        if (by_length) {
            left_ -= count;
            body_done_ = left_ == 0;
        }
        co_return count;
    }
    co_return std::size_t{0};
}

}   // namespace gateway::http
