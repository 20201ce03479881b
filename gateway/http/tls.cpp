#include "gateway/http/tls.hpp"

#include "gateway/http/system_roots.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace gateway::http {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;
using core::Result;

namespace {

using SslStream = asio::ssl::stream<Socket>;
using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr const char* ciphers_tls12 = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                      "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

void harden(asio::ssl::context& context) {
    SSL_CTX* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);   // idle connections are many
    SSL_CTX_set_cipher_list(native, ciphers_tls12);
}

Failure bad_file(std::string what) {
    ERR_clear_error();
    return Failure(Errc::invalid_argument, std::move(what));
}

/// The certificate with its chain, and the key that belongs to it.
Result<void> load_identity(asio::ssl::context& context, std::string_view certificate_pem,
                           std::string_view key_pem) {
    error_code error;
    // A key behind a passphrase is refused; without this OpenSSL would ask on the terminal.
    context.set_password_callback(
        [](std::size_t, asio::ssl::context::password_purpose) { return std::string(); }, error);
    context.use_certificate_chain(asio::buffer(certificate_pem.data(), certificate_pem.size()),
                                  error);
    if (error) {
        return bad_file("the certificate file is not PEM with a certificate");
    }
    context.use_private_key(asio::buffer(key_pem.data(), key_pem.size()), asio::ssl::context::pem,
                            error);
    if (error) {
        return bad_file("the key file is not an open PEM key, or not the certificate's");
    }
    if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
        return bad_file("the key does not belong to the certificate");
    }
    return {};
}

/// Trusts every certificate of `pem`; a server also names them to clients.
Result<void> load_roots(asio::ssl::context& context, std::string_view pem, bool tell_clients) {
    SSL_CTX* native = context.native_handle();
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    int count = 0;
    for (;;) {
        const X509Pointer one(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
        if (!one) {
            break;
        }
        X509_STORE_add_cert(SSL_CTX_get_cert_store(native), one.get());
        if (tell_clients) {
            SSL_CTX_add_client_CA(native, one.get());
        }
        ++count;
    }
    ERR_clear_error();   // the end of the file is an error to OpenSSL
    if (count == 0) {
        return bad_file("the CA file holds no PEM certificate");
    }
    // What the configuration names is trusted as it stands, also an intermediate.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(native), X509_V_FLAG_PARTIAL_CHAIN);
    return {};
}

int choose_http11(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                  unsigned in_size, void*) {
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, ours.data(), ours.size(), in, in_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

class TlsStream final : public Stream {
public:
    TlsStream(Socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

    SslStream& stream() { return stream_; }

    // Asio's TLS stream may hold bytes the kernel no longer has, so readiness is told by a byte
    // read ahead.
    sdk::Task<void> wait_readable(error_code& error) override {
        error.clear();
        if (!ahead_) {
            char byte = 0;
            const std::size_t count = co_await stream_.async_read_some(
                asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, error));
            if (count > 0) {
                ahead_ = byte;
            }
        }
    }
    sdk::Task<std::size_t> read_some(std::span<char> out, error_code& error) override {
        std::size_t count = try_read(out, error);
        if (count == 0) {
            count =
                co_await stream_.async_read_some(asio::buffer(out.data(), out.size()),
                                                 asio::redirect_error(asio::use_awaitable, error));
        }
        co_return count;
    }
    sdk::Task<std::size_t> write_some(std::span<const char> bytes, error_code& error) override {
        return stream_.async_write_some(asio::buffer(bytes.data(), bytes.size()),
                                        asio::redirect_error(asio::use_awaitable, error));
    }
    std::size_t try_read(std::span<char> out, error_code& error) override {
        std::size_t count = 0;
        error.clear();
        if (ahead_ && !out.empty()) {
            out[count++] = *ahead_;
            ahead_.reset();
        }
        const int decrypted = SSL_pending(stream_.native_handle());
        if (decrypted > 0 && count < out.size()) {
            const auto wanted = std::min(out.size() - count, static_cast<std::size_t>(decrypted));
            const int got =
                SSL_read(stream_.native_handle(), out.data() + count, static_cast<int>(wanted));
            count += got > 0 ? static_cast<std::size_t>(got) : 0;
        }
        if (count == 0) {
            error = asio::error::would_block;
        }
        return count;
    }
    std::size_t try_write(std::span<const char>, error_code& error) override {
        error = asio::error::would_block;
        return 0;
    }
    sdk::Task<void> accept_handshake(error_code& error) override {
        return stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, error));
    }
    sdk::Task<void> finish() override {
        error_code ignored;
        co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
        stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
    }
    bool tls() const override { return true; }
    bool holds_bytes() const noexcept override {
        auto* native = const_cast<SslStream&>(stream_).native_handle();
        return ahead_ || SSL_has_pending(native) == 1 || BIO_pending(SSL_get_rbio(native)) > 0;
    }
    std::string peer_certificate() const override {
        auto* native = const_cast<SslStream&>(stream_).native_handle();
        const X509Pointer peer(SSL_get1_peer_certificate(native), &X509_free);
        if (!peer || SSL_get_verify_result(native) != X509_V_OK) {
            return {};
        }
        unsigned char* der = nullptr;
        const int size = i2d_X509(peer.get(), &der);
        std::string bytes(reinterpret_cast<const char*>(der),
                          static_cast<std::size_t>(std::max(size, 0)));
        OPENSSL_free(der);
        return bytes;
    }

private:
    Socket& socket() override { return stream_.next_layer(); }
    const Socket& socket() const override { return stream_.next_layer(); }

    SslStream stream_;
    std::optional<char> ahead_;
};

class ServerContext final : public ServerTls {
public:
    std::unique_ptr<Stream> wrap(Socket socket) override {
        prepare(socket);
        return std::make_unique<TlsStream>(std::move(socket), context);
    }

    asio::ssl::context context{asio::ssl::context::tls_server};
};

class ClientContext final : public TlsContext {
public:
    asio::ssl::context context{asio::ssl::context::tls_client};
    // The system's: OpenSSL counts its own use of them, this one keeps them to be found by others.
    std::shared_ptr<X509_STORE> roots;
};

bool is_address(const std::string& host) {
    const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> address(
        a2i_IPADDRESS(host.c_str()), &ASN1_OCTET_STRING_free);
    ERR_clear_error();
    return address != nullptr;
}

Errc verification_code(long result) {
    switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return Errc::tls_expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return Errc::tls_wrong_host;
    default: return Errc::tls_untrusted;
    }
}

Failure handshake_failure(SSL* ssl, const error_code& error) {
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) {
        return Failure(verification_code(verdict), X509_verify_cert_error_string(verdict));
    }
    if (error == asio::error::eof || error == asio::error::connection_reset ||
        error == asio::error::broken_pipe || error == asio::ssl::error::stream_truncated) {
        return Failure(Errc::unreachable, "closed during the TLS handshake");
    }
    return Failure(Errc::tls_failed, error.message());
}

}   // namespace

Result<std::shared_ptr<ServerTls>> ServerTls::create(std::string_view certificate_pem,
                                                     std::string_view key_pem,
                                                     std::string_view client_ca_pem) {
    auto made = std::make_shared<ServerContext>();
    harden(made->context);
    SSL_CTX* native = made->context.native_handle();
    SSL_CTX_set_alpn_select_cb(native, &choose_http11, nullptr);
    if (auto loaded = load_identity(made->context, certificate_pem, key_pem); !loaded) {
        return loaded.error();
    }
    if (!client_ca_pem.empty()) {
        if (auto loaded = load_roots(made->context, client_ca_pem, true); !loaded) {
            return loaded.error();
        }
        constexpr std::string_view scope = "sluse";   // sessions resume within this program only
        SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(scope.data()),
                                       static_cast<unsigned>(scope.size()));
        SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    }
    return std::shared_ptr<ServerTls>(std::move(made));
}

Result<std::shared_ptr<TlsContext>> TlsContext::create(std::string_view ca_pem,
                                                       std::string_view certificate_pem,
                                                       std::string_view key_pem) {
    auto made = std::make_shared<ClientContext>();
    harden(made->context);
    SSL_CTX_set_verify(made->context.native_handle(), SSL_VERIFY_PEER, nullptr);
    if (ca_pem.empty()) {
        made->roots = system_roots();
        if (made->roots == nullptr) {
            return bad_file("the system's CA certificates cannot be read");
        }
        SSL_CTX_set1_cert_store(made->context.native_handle(), made->roots.get());
    } else if (auto loaded = load_roots(made->context, ca_pem, false); !loaded) {
        return loaded.error();
    }
    if (!certificate_pem.empty()) {
        if (auto loaded = load_identity(made->context, certificate_pem, key_pem); !loaded) {
            return loaded.error();
        }
    }
    return std::shared_ptr<TlsContext>(std::move(made));
}

sdk::Task<Result<std::unique_ptr<Stream>>>
connect_tls(Socket socket, std::shared_ptr<TlsContext> context, std::string host) {
    prepare(socket);
    auto& trust = static_cast<ClientContext&>(*context).context;
    auto stream = std::make_unique<TlsStream>(std::move(socket), trust);
    SSL* ssl = stream->stream().native_handle();
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
    } else {
        X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size());
        SSL_set_tlsext_host_name(ssl, host.c_str());
    }
    error_code error;
    co_await stream->stream().async_handshake(asio::ssl::stream_base::client,
                                              asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        co_return handshake_failure(ssl, error);
    }
    co_return std::unique_ptr<Stream>(std::move(stream));
}

bool is_end(const error_code& error) noexcept {
    return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

}   // namespace gateway::http
