#pragma once

// The HTTP client of one connection: a pool for each endpoint, rate budgets, and a look at the
// peer's clock. sdk::HttpClient's contract holds: one exchange a call; only an exchange of which
// not a byte left is tried again, on a fresh connection.

#include "gateway/http/client.hpp"
#include "gateway/sdk/adapter.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/http_client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gateway::upstream {

struct ClientOptions {
    std::string connection;        // label of the metrics
    std::string ca_pem;            // empty: the system's roots
    std::string certificate_pem;   // client certificate; empty: none
    std::string key_pem;
    std::size_t connections_max = 8;   // to one endpoint
    std::size_t waiting_max = 256;     // calls waiting for one of them; more are `unreachable`
    std::size_t endpoints_max = 32;
    std::chrono::seconds idle_time_max{50};    // below the 60 s after which common servers close
    std::chrono::seconds call_time_max{600};   // caps every deadline
    std::string user_agent = "sluse";
    std::vector<sdk::RateBudget> budgets;
    std::chrono::seconds skew_max{5};
    /// Their `Date` minus our clock, each time it is off by more than skew_max (at most once a
    /// minute).
    std::function<void(std::chrono::seconds)> on_clock_skew;
    sdk::Metrics* metrics =
        nullptr;   // upstream_requests_total, upstream_request_seconds, upstream_clock_skew_seconds

    http::MayConnect may_connect;   // none: any address

    ClientOptions() = default;
};

/// `invalid_argument` when a PEM text is bad. `clock`, and `metrics` if given, outlive the client.
/// Calls come from one strand; the client is destroyed when none is under way.
core::Result<std::unique_ptr<sdk::HttpClient>> make_client(sdk::Clock& clock,
                                                           ClientOptions options);

}   // namespace gateway::upstream
