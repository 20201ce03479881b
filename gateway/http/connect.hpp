#pragma once

// Reaches an endpoint: name look-up, each address in turn, TLS.

#include "gateway/http/client.hpp"
#include "gateway/http/stream.hpp"

namespace gateway::http {

/// `unreachable`, `timed_out`, `unauthorised` (`may_connect` said no) or tls_*: nothing of a
/// request can have been sent.
sdk::Task<core::Result<std::unique_ptr<Stream>>> reach(Endpoint endpoint,
                                                       std::shared_ptr<TlsContext> tls,
                                                       sdk::Clock& clock, sdk::Deadline deadline,
                                                       MayConnect may_connect = {});

}   // namespace gateway::http
