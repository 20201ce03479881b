#pragma once

// TLS 1.2 and 1.3 for both sides; OpenSSL and Asio's ssl stay in tls.cpp. TLS 1.2 only with forward
// secrecy and AEAD ciphers; no renegotiation, no compression.

#include "gateway/http/client.hpp"
#include "gateway/http/stream.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::http {

/// A listener's certificate and key. Immutable; a rotated one is a new object, so it is shared: the
/// last connection that was made with it ends it.
class ServerTls {
public:
    /// `client_ca_pem` empty: client certificates are not asked for; else they are optional, but
    /// must verify against it. `invalid_argument` for bad PEM, a key that does not fit, or a key
    /// behind a passphrase.
    static core::Result<std::shared_ptr<ServerTls>> create(std::string_view certificate_pem,
                                                           std::string_view key_pem,
                                                           std::string_view client_ca_pem);
    virtual ~ServerTls() = default;
    virtual std::unique_ptr<Stream> wrap(Socket socket) = 0;
};

/// The client's side of the handshake, with verification of the chain and of `host` (a name or an
/// address). `tls_expired`, `tls_wrong_host`, `tls_untrusted`, `tls_failed`, or `unreachable` when
/// the peer closed instead of talking.
sdk::Task<core::Result<std::unique_ptr<Stream>>>
connect_tls(Socket socket, std::shared_ptr<TlsContext> context, std::string host);

}   // namespace gateway::http
