#pragma once

// Byte streams whose other end is the test: each connect() gives the next stream of the script, or
// fails.

#include "gateway/core/configuration.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/sdk/streams.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;

/// The far end of one stream. One strand.
struct FarEnd {
    std::string written;               // by us, since the test last took it
    std::deque<std::string> to_read;   // each at most one read_some()
    bool ended = false;                // after `to_read`: the peer closed
    bool closed = false;               // by us
    std::optional<core::Failure> write_failure;
    /// After each write(): may push what the peer answers.
    std::function<void(FarEnd&)> on_write;

    /// Wakes a waiting read.
    void push(std::string bytes);
    void end();

    gateway::runtime::Signal changed;
};

class ScriptedStreams final : public sdk::Streams {
public:
    explicit ScriptedStreams(sdk::Clock& clock) : clock_(clock) {}
    sdk::Task<core::Result<std::unique_ptr<sdk::Stream>>> connect(sdk::StreamTarget target,
                                                                  sdk::Deadline deadline) override;
    /// The next connect() reaches this end; without one it fails as `unreachable`.
    std::shared_ptr<FarEnd> add();

    std::deque<std::shared_ptr<FarEnd>> next;
    std::vector<sdk::StreamTarget> asked;
    std::optional<core::Failure> failure;

private:
    sdk::Clock& clock_;
};

/// Gives each connection streams that reach nobody.
inline auto no_streams(sdk::Clock& clock) {
    return [&clock](const core::ConnectionConfig&) {
        return core::Result<std::unique_ptr<sdk::Streams>>(
            std::make_unique<ScriptedStreams>(clock));
    };
}

}   // namespace tests
