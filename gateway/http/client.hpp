#pragma once

// One HTTP/1.1 exchange at a time over one connection, plain or TLS. Pools, budgets and clock
// checks are upstream's.

#include "gateway/core/ip_address.hpp"
#include "gateway/http/message.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gateway::http {

struct Endpoint {
    std::string scheme = "https";   // http | https | unix (host = path of the socket)
    std::string host;
    std::uint16_t port = 443;

    Endpoint() = default;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

struct Url {
    Endpoint endpoint;
    std::string target;   // path and query, at least "/"

    Url() = default;
};

/// Absolute http(s) URL without user info or fragment. `malformed` otherwise.
Result<Url> parse_url(std::string_view text);

/// Trust and identity for TLS, shared by the connections of one pool. Immutable after creation.
class TlsContext {
public:
    /// Roots from `ca_pem`, or the system's when empty; client certificate when given.
    static Result<std::shared_ptr<TlsContext>>
    create(std::string_view ca_pem, std::string_view certificate_pem, std::string_view key_pem);
    virtual ~TlsContext() = default;
};

/// Not shared between strands. Failures as sdk::HttpClient says.
class ClientConnection {
public:
    virtual ~ClientConnection() = default;
    /// Sends the request (host header added) and reads the whole answer within the deadline. An
    /// answer that comes while the body is still being sent is the answer. A body source that fails
    /// before anything was sent gives its own failure.
    virtual Task<Result<sdk::HttpResponse>>
    exchange(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline) = 0;
    /// Another exchange may use it: keep-alive, nothing unread, peer has not closed.
    virtual bool reusable() const = 0;
    /// Opens a body stream instead of buffering (event streams of the API, for the command line).
    virtual Task<Result<sdk::HttpResponse>>
    open(sdk::HttpRequest& request, const std::string& target, sdk::Deadline deadline) = 0;
    /// After open(): next bytes, empty at the end. `timed_out` leaves the stream as it is: ask
    /// again.
    virtual Task<Result<std::string>> read_some(sdk::Deadline deadline) = 0;
};

/// Whether an address that a name stands for may be connected to, at that port.
using MayConnect = std::function<bool(const core::IpAddress&, std::uint16_t)>;

/// With `may_connect`, every address found must pass, else `unauthorised`; the connection goes to
/// one of those that were looked at.
Task<Result<std::unique_ptr<ClientConnection>>> connect(Endpoint endpoint,
                                                        std::shared_ptr<TlsContext> tls,
                                                        sdk::Clock& clock, sdk::Deadline deadline,
                                                        MayConnect may_connect = {});

/// What a name, or an address as text, stands for at this moment. `unreachable`, `timed_out`.
Task<Result<std::vector<core::IpAddress>>> find_addresses(Endpoint endpoint, sdk::Clock& clock,
                                                          sdk::Deadline deadline);

}   // namespace gateway::http
