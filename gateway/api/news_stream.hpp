#pragma once

// text/event-stream of what is new: looked at again at each notification, with a comment every 15 s
// so that proxies and the client know the line is alive.

#include "gateway/runtime/signal.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace gateway::api {

/// Ends when `stopping` says so, and by the connection's end.
class NewsStream : public sdk::ByteSource {
public:
    NewsStream(sdk::Clock& clock, runtime::Signal& news, const std::atomic<bool>& stopping)
        : clock_(clock), news_(news), stopping_(stopping) {}

    std::optional<std::uint64_t> size() const final { return std::nullopt; }
    sdk::Task<core::Result<std::size_t>> read(std::span<char> out) final;

    static constexpr std::chrono::seconds heartbeat{15};

protected:
    /// The events since the last look, as they are sent; empty when there are none.
    virtual sdk::Task<core::Result<std::string>> look() = 0;

private:
    sdk::Task<core::Result<void>> next();

    sdk::Clock& clock_;
    runtime::Signal& news_;
    const std::atomic<bool>& stopping_;
    std::string text_;
    std::size_t at_ = 0;
};

}   // namespace gateway::api
