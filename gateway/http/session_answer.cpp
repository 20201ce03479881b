#include "gateway/http/chunk.hpp"
#include "gateway/http/session.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cstring>

namespace gateway::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t joined_bytes_max = 16U << 10U;   // head and body in one write
constexpr std::size_t block_bytes = 32U << 10U;
constexpr std::size_t block_bytes_live = 4096;   // event streams are many and small
constexpr std::chrono::seconds goodbye_time_max{5};
constexpr std::size_t goodbye_bytes_max = 16U << 20U;

/// Where a thread puts a small answer together: in it no longer than it takes to write it.
std::string& answer_place() {
    thread_local std::string place;
    return place;
}

}   // namespace

sdk::Task<std::size_t> Session::read(std::span<char> out, core::SteadyTime deadline,
                                     error_code& error) {
    const std::size_t count = stream_->try_read(out, error);
    if (!would_block(error)) {
        co_return count;
    }
    co_return co_await read_later(out, deadline, error);
}

sdk::Task<std::size_t> Session::read_later(std::span<char> out, core::SteadyTime deadline,
                                           error_code& error) {
    wait_begins(deadline);
    const std::size_t count = co_await stream_->read_some(out, error);
    wait_ended(error);
    co_return count;
}

std::optional<bool> Session::write_now(std::string_view& bytes) {
    while (!bytes.empty()) {
        error_code error;
        const std::span<const char> rest(bytes.data(), bytes.size());
        const std::size_t count = stream_->try_write(rest, error);
        if (would_block(error)) {
            return std::nullopt;
        }
        if (error) {
            return false;
        }
        bytes.remove_prefix(count);
    }
    return true;
}

sdk::Task<bool> Session::write(std::string_view bytes) {
    for (;;) {
        if (const auto sent = write_now(bytes)) {
            co_return *sent;
        }
        error_code error;
        const std::span<const char> rest(bytes.data(), bytes.size());
        wait_begins(in(server_->options.write_time_max));
        const std::size_t count = co_await stream_->write_some(rest, error);
        wait_ended(error);
        if (error) {
            co_return false;
        }
        bytes.remove_prefix(count);
    }
}

std::optional<bool> Session::write_joined(const ResponseFacts& facts, const Response& response,
                                          std::string& rest) {
    std::string& all = answer_place();
    all.clear();
    append_response_head(all, facts, response.headers);
    all.append(response.body);
    std::string_view left = all;
    const auto sent = write_now(left);
    if (!sent) {
        rest.assign(left);
    }
    explicit_bzero(all.data(), all.size());
    return sent;
}

sdk::Task<bool> Session::send(Response& response, std::string_view method, bool http11,
                              bool& close) {
    if (response.abort) {
        co_return false;   // closed without a word
    }
    ResponseFacts facts;
    facts.status = response.status;
    const bool bodyless =
        response.status / 100 == 1 || response.status == 204 || response.status == 304;
    if (bodyless) {
        facts.framing = Framing::none;
    } else if (!response.stream) {
        facts.length = response.body.size();
    } else if (const auto size = response.stream->size()) {
        facts.length = *size;
    } else if (http11) {
        facts.framing = Framing::chunked;
    } else {
        facts.framing = Framing::until_close;
        close = true;
    }
    facts.close = close;
    facts.now = server_->clock.now();
    facts.server_name = server_->options.server_name;
    const bool with_body = !bodyless && method != "HEAD";
    const bool joined = with_body && !response.stream && response.body.size() <= joined_bytes_max;
    std::string head;
    if (joined) {
        const auto sent = write_joined(facts, response, head);
        if (sent) {
            co_return *sent;
        }
        co_return co_await write(head);
    }
    head.reserve(512);
    append_response_head(head, facts, response.headers);
    const bool head_sent = co_await write(head);
    if (!head_sent || !with_body) {
        co_return head_sent;
    }
    if (!response.stream) {
        co_return co_await write(response.body);
    }
    co_return co_await send_stream(response, facts.framing, facts.length);
}

sdk::Task<bool> Session::send_stream(Response& response, Framing framing, std::uint64_t length) {
    const std::size_t room = response.flush_each_read ? block_bytes_live : block_bytes;
    std::string block(chunk_head_max + room + chunk_end_size, '\0');
    std::uint64_t left = length;
    std::size_t since_turn = 0;
    for (bool ended = false; !ended;) {
        std::size_t filled = 0;
        do {
            const std::span<char> space(block.data() + chunk_head_max + filled, room - filled);
            const auto count = co_await response.stream->read(space);
            if (!count) {
                co_return false;   // cut without an end: the client sees that something is missing
            }
            ended = *count == 0;
            filled += *count;
        } while (!ended && !response.flush_each_read && filled < room / 2);
        if (framing == Framing::length) {
            if (filled > left) {
                co_return false;   // the source lied about its size
            }
            left -= filled;
        }
        std::string_view out(block.data() + chunk_head_max, filled);
        if (framing == Framing::chunked && filled > 0) {
            out = frame_chunk(block, filled);
        }
        const bool sent = co_await write(out);
        if (!sent) {
            co_return false;
        }
        since_turn += filled;
        if (since_turn >= turn_bytes) {
            since_turn = 0;
            co_await asio::post(strand_, asio::use_awaitable);
        }
    }
    if (framing == Framing::chunked) {
        co_return co_await write(last_chunk);
    }
    co_return framing != Framing::length || left == 0;
}

sdk::Task<void> Session::refuse(std::string_view language) {
    Response response = server_->handler.refuse(refusal_.status, refusal_.code, language);
    response.stream.reset();
    response.status = refusal_.status;
    bool close = true;
    const bool sent = co_await send(response, "GET", true, close);
    if (sent) {
        co_await say_goodbye(false);
    }
}

sdk::Task<void> Session::say_goodbye(bool all_read) {
    phase_ = Phase::reading;
    answering_since_.store(0, std::memory_order_relaxed);
    const core::SteadyTime deadline = in(goodbye_time_max);
    error_code error;
    if (!stream_->tls()) {
        if (all_read) {
            co_return;   // closing says it all
        }
        co_await stream_->finish();
    }
    if (!all_read) {
        std::array<char, 4096> block{};
        std::size_t total = 0;
        while (!error && total < goodbye_bytes_max && server_->clock.steady() < deadline) {
            total += co_await read(block, deadline, error);
        }
    }
    if (stream_->tls()) {
        wait_begins(deadline);
        co_await stream_->finish();
        wait_ended(error);
    }
}

}   // namespace gateway::http
