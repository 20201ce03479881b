#pragma once

// `GET /v1/events` as text/event-stream: from a position on, each event once, a comment every 15 s
// so that proxies and the client know the line is alive. The position is the SSE id: a reconnect
// with Last-Event-ID misses nothing.

#include "gateway/ports/store.hpp"
#include "gateway/runtime/signal.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <memory>

namespace gateway::accept {

/// Ends when `stopping` says so, and by the connection's end.
std::unique_ptr<sdk::ByteSource> make_event_stream(ports::Store& store, sdk::Clock& clock,
                                                   runtime::Signal& news,
                                                   const std::atomic<bool>& stopping,
                                                   ports::EventQuery query);

}   // namespace gateway::accept
