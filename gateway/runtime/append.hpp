#pragma once

// Lines for those who come after: appended to a file and flushed, or handed to the system's log.
// Both block.

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::runtime {

/// Appends a line, with its break, and flushes it; makes the file (0640), durable in its folder,
/// when it is not there. What stands there is never rewritten; the half of a line that a power cut
/// left is ended first. `storage_full`, `storage_failed`.
core::Result<void> append_line(const std::string& path, std::string_view line);

/// One message to the system's log (RFC 3164, facility local0, notice, "sluse"), at its socket.
/// `unavailable`: nobody took it.
core::Result<void> write_syslog(const std::string& socket, std::string_view text);
inline constexpr const char* syslog_socket = "/dev/log";

}   // namespace gateway::runtime
