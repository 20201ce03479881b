#pragma once

// One message's timeline as text/event-stream: what is there, then each new line as it comes;
// after what came at once, how the message stands; a comment every 15 s so that the client knows
// the line is alive.

#include "gateway/admin/api.hpp"
#include "gateway/sdk/bytes.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace gateway::admin {

/// At most this many lines of one message are shown.
inline constexpr std::size_t timeline_max = 1000;

/// Ends when `stopping` says so, and by the connection's end. `shows_content` is asked before each
/// line: what was opened for a while is closed in a stream, too.
std::unique_ptr<sdk::ByteSource>
make_timeline_stream(const AdminParts& parts, const std::atomic<bool>& stopping, Found found,
                     std::function<bool()> shows_content, texts::Language language);

}   // namespace gateway::admin
