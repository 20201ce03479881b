#pragma once

// HTTPS to a component, as an adapter sees it: pooled, paced, bounded, verified by the gateway. One
// exchange a call, no retries. A failure says whether the request can have had an effect:
//   unreachable, tls_*, timed_out, rate_limited (own budget)  -> nothing was sent
//   answer_lost, bad_answer, too_large                        -> something was sent: the outcome is
//   unknown
// `timed_out` is given only when no byte of the request left; after that it is `answer_lost`.

#include "gateway/sdk/bytes.hpp"
#include "gateway/sdk/clock.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::sdk {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// An IMF-fixdate (RFC 9110 5.6.7), as in `Date`; nothing for any other form.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

/// First value of the header, names compared without case; empty when absent.
std::string_view find_header(const Headers& headers, std::string_view name);
/// Present, be it empty.
bool has_header(const Headers& headers, std::string_view name);

struct HttpRequest {
    std::string method = "GET";
    std::string url;   // absolute http(s) URL; never with personal data
    Headers headers;
    std::string body;
    std::unique_ptr<ByteSource>
        stream;   // instead of `body`; sent with its size, or chunked when unknown
    std::size_t answer_bytes_max = 1U << 20U;   // of a buffered answer
    ByteSink* answer_sink = nullptr;   // a 2xx body goes here instead of `HttpResponse::body`
    std::string budget;                // name of the rate budget it draws from; empty: none

    HttpRequest() = default;
    HttpRequest(std::string verb, std::string address)
        : method(std::move(verb)), url(std::move(address)) {}
    HttpRequest(HttpRequest&&) = default;
    HttpRequest& operator=(HttpRequest&&) = default;
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;

    HttpResponse() = default;
    HttpResponse(int code, std::string text) : status(code), body(std::move(text)) {}
    std::string_view header(std::string_view name) const { return find_header(headers, name); }
    /// `Retry-After` in seconds or as an HTTP date against `Date`, capped at an hour.
    std::optional<std::chrono::seconds> retry_after() const;
    /// Content-Type says JSON (application/json, +json).
    bool is_json() const;
};

/// One per connection. Call from the adapter's strand; returns there. Cancellation closes the
/// exchange.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    virtual Task<Result<HttpResponse>> send(HttpRequest request, Deadline deadline) = 0;
};

}   // namespace gateway::sdk
