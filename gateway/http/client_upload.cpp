#include "gateway/http/chunk.hpp"
#include "gateway/http/client_connection.hpp"
#include "gateway/runtime/with_deadline.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway::http {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;

namespace {

constexpr std::size_t block_bytes = 64U << 10U;
// How long an answer may take that explains why the peer stopped reading.
constexpr std::chrono::seconds explanation_time_max{2};

/// A body that stays where it is, so that the request can be sent again elsewhere if nothing of it
/// left.
class TextSource final : public sdk::ByteSource {
public:
    explicit TextSource(std::string_view text) : text_(text), size_(text.size()) {}
    sdk::Task<Result<std::size_t>> read(std::span<char> out) override {
        const std::size_t count = std::min(out.size(), text_.size());
        std::copy_n(text_.data(), count, out.data());
        text_.remove_prefix(count);
        co_return count;
    }
    std::optional<std::uint64_t> size() const override { return size_; }

private:
    std::string_view text_;
    std::uint64_t size_;
};

/// Data between the room for a chunk's head and end; fewer than asked only at the end.
sdk::Task<Result<std::size_t>> fill(sdk::ByteSource& source, std::span<char> block) {
    const std::span<char> data = block.subspan(chunk_head_max, block_bytes);
    std::size_t filled = 0;
    while (filled < data.size()) {
        const auto count = co_await source.read(data.subspan(filled));
        if (!count) {
            co_return count.error();
        }
        if (*count == 0) {
            break;
        }
        filled += *count;
    }
    co_return filled;
}

}   // namespace

sdk::Task<Result<void>> Connection::ask_large(sdk::HttpRequest& request, std::string head,
                                              sdk::Deadline deadline) {
    TextSource text(request.body);
    sdk::ByteSource* source = request.stream.get();
    if (source == nullptr) {
        source = &text;
    }
    // The first block is had before anything is sent: a source that fails at once has had no
    // effect.
    std::string first(chunk_head_max + block_bytes + chunk_end_size, '\0');
    const auto filled = co_await fill(*source, first);
    if (!filled) {
        co_return filled.error();
    }
    const bool ended = *filled < block_bytes;
    first.resize(chunk_head_max + *filled + chunk_end_size);
    auto executor = co_await asio::this_coro::executor;
    auto writing = asio::co_spawn(
        executor, upload(*source, std::move(head), std::move(first), ended, deadline),
        asio::deferred);
    auto reading = asio::co_spawn(executor, read_head(), asio::deferred);
    auto both = asio::experimental::make_parallel_group(std::move(writing), std::move(reading));
    auto [order, write_fault, written, read_fault, got] =
        co_await both.async_wait(asio::experimental::wait_for_one(), asio::deferred);
    if (order[0] == 1) {
        if (read_fault) {
            std::rethrow_exception(read_fault);
        }
        co_return std::move(got);
    }
    if (write_fault) {
        std::rethrow_exception(write_fault);
    }
    if (!read_fault && got) {
        co_return std::move(got);   // it came just in time
    }
    co_return std::move(written);
}

sdk::Task<Result<void>> Connection::upload(sdk::ByteSource& source, std::string head,
                                           std::string first, bool ended, sdk::Deadline deadline) {
    auto done = co_await upload_blocks(source, std::move(head), std::move(first), ended);
    if (done) {
        sent_all_ = true;
        co_await clock_.sleep_until(deadline.at);   // the answer ends this
        co_return Failure(Errc::answer_lost, "no answer before the deadline");
    }
    if (done.error().is(Errc::closed)) {
        const auto until = std::min(deadline.at, clock_.steady() + explanation_time_max);
        co_await clock_.sleep_until(until);
        co_return lost("the connection broke during the request");
    }
    co_return Failure(sent_any_ ? Errc::answer_lost : Errc::unreachable,
                      "the request's body could not be read: " + done.error().to_string());
}

sdk::Task<Result<void>> Connection::upload_blocks(sdk::ByteSource& source, std::string head,
                                                  std::string first, bool ended) {
    const auto size = source.size();
    std::uint64_t left = size.value_or(0);
    std::string block = std::move(first);
    std::size_t filled = block.size() - chunk_head_max - chunk_end_size;
    error_code error = co_await write(head);
    while (!error) {
        if (size && filled > left) {
            co_return Failure(Errc::internal, "a source gave more bytes than it said");
        }
        left -= size ? filled : 0;
        if (!size && filled > 0) {
            error = co_await write(frame_chunk(block, filled));
        } else {
            error = co_await write(std::string_view(block.data() + chunk_head_max, filled));
        }
        if (error || ended) {
            break;
        }
        if (stream_->readable_now()) {   // an early answer: let it be read
            auto executor = co_await asio::this_coro::executor;
            co_await asio::post(executor, asio::use_awaitable);
        }
        block.resize(chunk_head_max + block_bytes + chunk_end_size);
        const auto more = co_await fill(source, block);
        if (!more) {
            co_return more.error();
        }
        filled = *more;
        ended = filled < block_bytes;
    }
    if (!error && !size) {
        error = co_await write(last_chunk);
    }
    if (error) {
        co_return Failure(Errc::closed, error.message());
    }
    if (left > 0) {
        co_return Failure(Errc::internal, "a source gave fewer bytes than it said");
    }
    co_return Result<void>();
}

}   // namespace gateway::http
