#pragma once

// One way at a time to a server, for an operator who wants to know which of them does not work: the
// name, the port, the handshake.

#include "gateway/http/tls_sight.hpp"
#include "gateway/sdk/http_client.hpp"

#include <cstdint>

namespace gateway::http {

/// What a name, or an address as text, stands for. Blocks, for as long as the system's resolver
/// likes: on a thread that may be kept. `not_found`: there is no such name; `unavailable`: nobody
/// could tell.
core::Result<std::vector<core::IpAddress>> resolve_blocking(const std::string& host,
                                                            std::uint16_t port);

/// The first of the addresses that takes a connection; each has its share of the time.
/// `unreachable`: refused; `unavailable`: no way to it; `timed_out`.
sdk::Task<core::Result<core::IpAddress>> try_addresses(std::vector<core::IpAddress> addresses,
                                                       std::uint16_t port, sdk::Clock& clock,
                                                       sdk::Deadline deadline);

struct TlsQuestion {
    core::IpAddress address;
    std::uint16_t port = 443;
    std::string host;
    std::string ca_pem;   // empty: the system's roots

    TlsQuestion() = default;
};
/// As look_at_tls(), on a connection of its own.
sdk::Task<core::Result<TlsSight>> try_tls(TlsQuestion question, core::Time now);

/// The head of the answer to a GET of "/" without credentials; the rest is not read. Verified as
/// every connection is where `tls`. Failures as sdk::HttpClient says.
sdk::Task<core::Result<sdk::HttpResponse>> try_answer(TlsQuestion question, bool tls,
                                                      sdk::Clock& clock, sdk::Deadline deadline);

std::string text_of(const core::IpAddress& address);

}   // namespace gateway::http
