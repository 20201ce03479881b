#include "gateway/api/news_stream.hpp"

#include <algorithm>

namespace gateway::api {

sdk::Task<core::Result<std::size_t>> NewsStream::read(std::span<char> out) {
    if (at_ == text_.size()) {
        const auto ready = co_await next();
        if (!ready) {
            co_return ready.error();
        }
    }
    const auto count = std::min(out.size(), text_.size() - at_);
    std::copy_n(text_.data() + at_, count, out.data());
    at_ += count;
    co_return count;
}

/// Fills text_ with news, or with a heartbeat; leaves it empty at the end.
sdk::Task<core::Result<void>> NewsStream::next() {
    text_.clear();
    at_ = 0;
    const auto alive_at = clock_.in(heartbeat);
    while (!stopping_) {
        const auto seen = news_.count();
        auto found = co_await look();
        if (!found) {
            co_return found.error();
        }
        text_ = std::move(*found);
        if (text_.empty() && clock_.steady() >= alive_at.at) {
            text_ = ": alive\n\n";
        }
        if (!text_.empty()) {
            co_return core::Result<void>();
        }
        co_await news_.wait(clock_, seen, alive_at);
    }
    co_return core::Result<void>();
}

}   // namespace gateway::api
