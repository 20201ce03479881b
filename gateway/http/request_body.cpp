#include "gateway/http/request_body.hpp"

#include "gateway/http/body_at_hand.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace gateway::http {

using core::Errc;
using core::Failure;
using core::Result;

namespace {

constexpr std::chrono::seconds rate_window{10};
constexpr std::uint64_t drain_bytes_max = 256U << 10U;

}   // namespace

RequestBody::RequestBody(Session& session, Buffer& buffer, RequestParser& parser,
                         const RequestHead& head)
    : session_(session),
      buffer_(buffer),
      parser_(parser),
      expects_continue_(head.expects_continue),
      window_left_(rate_window) {
    if (!head.chunked) {
        left_ = head.content_length.value_or(0);
        size_ = left_;
        done_ = left_ == 0;
    }
}

Failure RequestBody::fail(Errc code, const char* detail) {
    failure_ = Failure(code, detail);
    return *failure_;
}

Failure RequestBody::fail(const error_code& error) {
    if (error == boost::asio::error::timed_out) {
        return fail(Errc::too_slow, "the body comes too slowly");
    }
    return fail(Errc::closed, "the client closed before the end of the body");
}

sdk::Task<std::size_t> RequestBody::receive(std::span<char> out, error_code& error) {
    const auto before = session_.server_->clock.steady();
    const std::size_t count = co_await session_.read(out, before + window_left_, error);
    // Only our waiting counts: a handler that takes its time is not the client's fault.
    window_left_ -= session_.server_->clock.steady() - before;
    window_bytes_ += count;
    const auto enough =
        session_.server_->options.body_rate_min * static_cast<std::uint64_t>(rate_window.count());
    if (window_bytes_ >= enough) {
        window_left_ = rate_window;
        window_bytes_ = 0;
    } else if (window_left_ <= window_left_.zero() && !error) {
        error = boost::asio::error::timed_out;
    }
    since_turn_ += count;
    if (since_turn_ >= turn_bytes) {
        since_turn_ = 0;
        co_await boost::asio::post(session_.strand_, boost::asio::use_awaitable);
    }
    co_return count;
}

sdk::Task<Result<std::size_t>> RequestBody::read(std::span<char> out) {
    if (failure_) {
        co_return *failure_;
    }
    if (done_ || out.empty()) {
        co_return std::size_t{0};
    }
    if (expects_continue_) {
        expects_continue_ = false;
        bool told = true;
        if (buffer_.empty()) {
            told = co_await session_.write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (!told) {
            co_return fail(Errc::closed, "the client closed before the body");
        }
    }
    if (size_ && !buffer_.empty()) {
        co_return take_from_buffer(out);
    }
    if (size_) {
        co_return co_await read_length(out);
    }
    co_return co_await read_chunked(out);
}

std::size_t RequestBody::take_from_buffer(std::span<char> out) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    const std::size_t count = std::min(wanted, buffer_.data().size());
    std::memcpy(out.data(), buffer_.data().data(), count);
    buffer_.consume(count);
    left_ -= count;
    done_ = left_ == 0;
    return count;
}

std::optional<std::string> RequestBody::take_at_hand(std::size_t bytes_max) {
    if (failure_ || done_ || expects_continue_ || !size_ || left_ != *size_ || left_ > bytes_max ||
        left_ > buffer_.data().size()) {
        return std::nullopt;
    }
    std::string text(static_cast<std::size_t>(left_), '\0');
    take_from_buffer(text);
    return text;
}

std::optional<std::string> take_at_hand(sdk::ByteSource& body, std::size_t bytes_max) {
    auto* const of_request = dynamic_cast<RequestBody*>(&body);
    return of_request == nullptr ? std::nullopt : of_request->take_at_hand(bytes_max);
}

sdk::Task<Result<std::size_t>> RequestBody::read_length(std::span<char> out) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_));
    error_code error;
    const std::size_t count = co_await receive(out.first(wanted), error);
    if (error) {
        co_return fail(error);
    }
    left_ -= count;
    done_ = left_ == 0;
    co_return count;
}

sdk::Task<Result<std::size_t>> RequestBody::read_chunked(std::span<char> out) {
    for (;;) {
        const auto step = parser_.decode(buffer_.data(), out);
        if (!step) {
            co_return fail(Errc::malformed, "bad chunks");
        }
        buffer_.consume(step->consumed);
        taken_ += step->produced;
        done_ = step->done;
        if (taken_ > session_.server_->options.body_bytes_max) {
            co_return fail(Errc::too_large, "the body is larger than the limit");
        }
        if (step->produced > 0 || done_) {
            co_return step->produced;
        }
        if (buffer_.full()) {
            co_return fail(Errc::malformed, "a chunk's head is longer than the limit");
        }
        error_code error;
        const std::size_t count = co_await receive(buffer_.space(), error);
        if (error) {
            co_return fail(error);
        }
        buffer_.commit(count);
    }
}

bool RequestBody::worth_draining() const {
    return !failure_ && !client_waits() && left_ <= drain_bytes_max;
}

sdk::Task<bool> RequestBody::drain() {
    std::array<char, 4096> block{};
    for (std::uint64_t read_past = 0; !done_;) {
        const auto count = co_await read(block);
        if (!count) {
            co_return false;
        }
        read_past += *count;
        if (read_past > drain_bytes_max) {
            co_return false;
        }
    }
    co_return true;
}

}   // namespace gateway::http
