#pragma once

// What a server shows in a TLS handshake, and what is wrong with it, for an operator to read. Not a
// way to talk: nothing is sent but the handshake, and whoever talks verifies by connect_tls().

#include "gateway/core/ip_address.hpp"
#include "gateway/core/time.hpp"
#include "gateway/http/stream.hpp"
#include "gateway/sdk/clock.hpp"

#include <string>
#include <vector>

namespace gateway::http {

/// Names as OpenSSL writes them for people, cut at 200 bytes.
struct SeenCertificate {
    std::string subject;
    std::string issuer;
    core::Time not_before{};
    core::Time not_after{};

    SeenCertificate() = default;
};

enum class TlsFault { none, unknown_ca, wrong_host, expired, not_yet_valid, other };

struct TlsSight {
    TlsFault fault = TlsFault::none;
    std::string version;                  // "TLSv1.3"
    std::vector<SeenCertificate> chain;   // as sent, leaf first; at most eight
    std::vector<std::string> names;       // the leaf is for; at most eight
    SeenCertificate at_fault;             // of expired and the like
    std::string missing;                  // of unknown_ca: the issuer that is not trusted

    TlsSight() = default;
};

/// Judged at `now` by the roots of `ca_pem` (empty: the system's), as connect_tls() would.
/// `invalid_argument`: no roots; `unreachable`: the peer closed; `tls_failed`.
sdk::Task<core::Result<TlsSight>> look_at_tls(Socket socket, std::string host, std::string ca_pem,
                                              core::Time now);

}   // namespace gateway::http
