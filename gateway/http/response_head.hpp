#pragma once

// Writes heads. Pure.

#include "gateway/core/time.hpp"
#include "gateway/sdk/http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::http {

std::string_view reason_phrase(int status);

/// IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
void append_http_date(std::string& out, core::Time now);

/// `Name: value` and a line end; control characters in either become spaces, so that nothing can
/// add lines of its own.
void append_header(std::string& out, std::string_view name, std::string_view value);

enum class Framing { none, length, chunked, until_close };

struct ResponseFacts {
    int status = 200;
    Framing framing = Framing::length;
    std::uint64_t length = 0;
    bool close = false;
    core::Time now{};
    std::string_view server_name;

    ResponseFacts() = default;
};

/// Whole head with its empty line. Content-Length, Transfer-Encoding, Connection, Date and Server
/// among `headers` are left out.
void append_response_head(std::string& out, const ResponseFacts& facts,
                          const sdk::Headers& headers);

}   // namespace gateway::http
