#pragma once

// Requests and responses as our own structs; Beast stays in the .cpp files of this folder.

#include "gateway/sdk/bytes.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/http_client.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::http {

using sdk::Headers;
using sdk::Result;
using sdk::Task;

/// A request whose head is read and whose body waits on the wire. Lives until the handler returned.
struct Request {
    std::string method;
    std::string target;   // as sent: "/v1/messages?dryRun=true"
    std::string path;     // percent-decoded; never holds ".." or control characters
    std::vector<std::pair<std::string, std::string>> query;   // decoded, in order
    Headers headers;
    std::optional<std::uint64_t> content_length;
    std::string peer_address;                // "127.0.0.1" ; empty on Unix sockets
    std::optional<std::uint32_t> peer_uid;   // Unix sockets
    std::string
        client_certificate;   // DER, verified against the listener's client_ca; empty when none
    bool tls = false;
    sdk::ByteSource* body = nullptr;   // never null. Errors: too_slow, too_large, malformed,
                                       // closed. The server drains or closes what is left.

    std::string_view header(std::string_view name) const { return sdk::find_header(headers, name); }
    std::optional<std::string> query_value(std::string_view name) const;
};

struct Response {
    int status = 200;
    Headers headers;   // Content-Length, Date, Connection are the server's
    std::string body;
    std::unique_ptr<sdk::ByteSource> stream;   // instead of body; chunked when its size is unknown
    bool flush_each_read = false;              // event streams: every read is sent at once
    bool close = false;
    bool abort = false;   // close the TCP connection without answering (stand-ins imitate lost
                          // answers with it)

    Response() = default;
    explicit Response(int code) : status(code) {}
    Response(int code, std::string content_type, std::string text)
        : status(code), headers{{"Content-Type", std::move(content_type)}}, body(std::move(text)) {}
};

/// Answers one request. Called on the connection's strand, one at a time per connection (pipelined
/// requests wait).
class Handler {
public:
    virtual ~Handler() = default;
    /// Cancelled when the client closes, also when it only ends its side (noticed within two
    /// seconds), and by Server::stop. Whatever it answers after its body failed is replaced by the
    /// refusal that says so.
    virtual Task<Response> handle(Request& request) = 0;
    /// The body of a refusal the server makes itself (bad request line, header too large, too slow,
    /// ...): status and our code.
    virtual Response refuse(int status, std::string_view code,
                            std::string_view accept_language) = 0;
};

}   // namespace gateway::http
