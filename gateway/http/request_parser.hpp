#pragma once

// A request's head and its chunked body, read by Beast's parser under stricter rules than Beast's
// own. No I/O.

#include "gateway/sdk/http_client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::http {

struct RequestHead {
    std::string method;
    std::string target;
    sdk::Headers headers;
    bool http11 = true;
    bool keep_alive = true;
    bool chunked = false;
    bool expects_continue = false;
    bool expects_other = false;   // an expectation we do not know: 417
    std::optional<std::uint64_t> content_length;

    RequestHead() = default;
};

/// What one step of decoding did.
struct Decoded {
    std::size_t consumed = 0;   // of the input
    std::size_t produced = 0;   // into the output
    bool done = false;          // the body has ended

    Decoded() = default;
};

constexpr std::size_t header_fields_max = 200;

/// One per request.
class RequestParser {
public:
    RequestParser();
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// `head` is whole, as HeadScanner found it. `malformed` (400), `too_large` for too many fields
    /// (431), `unsupported` for a transfer coding we do not know (501).
    core::Result<RequestHead> parse_head(std::string_view head);
    /// After a head with `chunked`. What was not consumed is fed again with more behind it.
    core::Result<Decoded> decode(std::string_view in, std::span<char> out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::http
