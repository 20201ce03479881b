#pragma once

// `GET /v1/events` as text/event-stream: from a position on, each event once, a comment every 15 s
// so that proxies and the client know the line is alive. The position is the SSE id: a reconnect
// with Last-Event-ID misses nothing.

#include "gateway/ports/configuration.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <memory>

namespace gateway::accept {

struct EventStreamParts {
    ports::Store& store;
    const ports::ConfigurationSource& configuration;
    sdk::Clock& clock;
    runtime::Signal& news;
    const std::atomic<bool>& stopping;
};

/// Ends when `stopping` says so, and by the connection's end. What the system may see of life
/// events is looked up each time: a right taken away holds for a stream that is open.
std::unique_ptr<sdk::ByteSource> make_event_stream(EventStreamParts parts, core::SystemId system,
                                                   ports::EventQuery query);

}   // namespace gateway::accept
