#pragma once

// A response's head and its chunked body, read by Beast's parser. No I/O.

#include "gateway/http/request_parser.hpp"

namespace gateway::http {

enum class BodyKind { none, length, chunked, until_close };

struct ResponseHead {
    int status = 0;
    sdk::Headers headers;
    BodyKind body = BodyKind::none;
    std::uint64_t length = 0;
    bool keep_alive = true;

    ResponseHead() = default;
};

/// One per response (an interim 1xx counts as one).
class ResponseParser {
public:
    /// `to_head`: the request was HEAD, so no body follows whatever the head says.
    explicit ResponseParser(bool to_head);
    ~ResponseParser();
    ResponseParser(const ResponseParser&) = delete;
    ResponseParser& operator=(const ResponseParser&) = delete;

    /// `bad_answer` for what is not HTTP/1.x, two lengths, a length and chunks, or a transfer
    /// coding we do not know.
    core::Result<ResponseHead> parse_head(std::string_view head);
    /// After a head with chunks.
    core::Result<Decoded> decode(std::string_view in, std::span<char> out);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}   // namespace gateway::http
