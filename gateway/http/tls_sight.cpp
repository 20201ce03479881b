#include "gateway/http/tls_sight.hpp"

#include "gateway/http/system_roots.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace gateway::http {

namespace asio = boost::asio;
using core::Errc;
using core::Failure;
using core::Result;

namespace {

template <class T, void (*free)(T*)>
struct Freed {
    void operator()(T* what) const { free(what); }
};
using X509Pointer = std::unique_ptr<X509, Freed<X509, X509_free>>;
using StorePointer = std::shared_ptr<X509_STORE>;
using JudgePointer = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX, X509_STORE_CTX_free>>;
using BioPointer = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES, GENERAL_NAMES_free>>;

constexpr std::size_t shown_max = 8;
constexpr std::size_t name_bytes_max = 200;

/// Printable ASCII of what a stranger wrote.
std::string plain(std::string text) {
    text.resize(std::min(text.size(), name_bytes_max));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

std::string common_name(X509_NAME* name) {
    for (const int part : {NID_commonName, NID_organizationName}) {
        const int at = X509_NAME_get_index_by_NID(name, part, -1);
        if (at < 0) {
            continue;
        }
        unsigned char* text = nullptr;
        const int size =
            ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
        if (size >= 0) {
            std::string found(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
            OPENSSL_free(text);
            return found;
        }
    }
    return {};
}

core::Time time_of(const ASN1_TIME* at) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(at, &parts) != 1) {
        return {};
    }
    return core::Time(std::chrono::seconds(::timegm(&parts)));
}

SeenCertificate seen(X509* certificate) {
    SeenCertificate one;
    one.subject = plain(common_name(X509_get_subject_name(certificate)));
    one.issuer = plain(common_name(X509_get_issuer_name(certificate)));
    one.not_before = time_of(X509_get0_notBefore(certificate));
    one.not_after = time_of(X509_get0_notAfter(certificate));
    return one;
}

std::vector<std::string> names_of(X509* leaf) {
    std::vector<std::string> names;
    const NamesPointer all(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
    const int count = all ? sk_GENERAL_NAME_num(all.get()) : 0;
    for (int i = 0; i < count && names.size() < shown_max; ++i) {
        const GENERAL_NAME* one = sk_GENERAL_NAME_value(all.get(), i);
        if (one->type == GEN_DNS) {
            const auto* text = ASN1_STRING_get0_data(one->d.dNSName);
            const int size = ASN1_STRING_length(one->d.dNSName);
            names.push_back(plain(std::string(reinterpret_cast<const char*>(text),
                                              static_cast<std::size_t>(std::max(size, 0)))));
        }
    }
    return names;
}

/// Null: no roots can be read.
StorePointer roots(const std::string& ca_pem) {
    if (ca_pem.empty()) {
        return system_roots();
    }
    StorePointer store(X509_STORE_new(), &X509_STORE_free);
    const BioPointer bio(BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size())));
    int count = 0;
    for (;;) {
        const X509Pointer one(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!one) {
            break;
        }
        X509_STORE_add_cert(store.get(), one.get());
        ++count;
    }
    ERR_clear_error();   // the end of the file is an error to OpenSSL
    if (count == 0) {
        return nullptr;
    }
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
    return store;
}

TlsFault fault_of(int error) {
    switch (error) {
    case X509_V_OK: return TlsFault::none;
    case X509_V_ERR_CERT_HAS_EXPIRED: return TlsFault::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return TlsFault::not_yet_valid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return TlsFault::wrong_host;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return TlsFault::unknown_ca;
    default: return TlsFault::other;
    }
}

/// The whole chain is judged after the handshake, by a context that lives in this call alone: no
/// callback is left behind that could outlive what it refers to.
void judge(TlsSight& sight, X509* leaf, STACK_OF(X509) * chain, X509_STORE* store,
           const std::string& host, core::Time now) {
    const JudgePointer judge(X509_STORE_CTX_new());
    if (X509_STORE_CTX_init(judge.get(), store, leaf, chain) != 1) {
        sight.fault = TlsFault::other;
        return;
    }
    X509_STORE_CTX_set_default(judge.get(), "ssl_server");
    X509_VERIFY_PARAM* wishes = X509_STORE_CTX_get0_param(judge.get());
    X509_VERIFY_PARAM_set_time(
        wishes, std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    if (X509_VERIFY_PARAM_set1_ip_asc(wishes, host.c_str()) != 1) {
        ERR_clear_error();
        X509_VERIFY_PARAM_set_hostflags(wishes, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(wishes, host.data(), host.size());
    }
    X509_verify_cert(judge.get());
    sight.fault = fault_of(X509_STORE_CTX_get_error(judge.get()));
    if (X509* at = X509_STORE_CTX_get_current_cert(judge.get()); at != nullptr) {
        sight.at_fault = seen(at);
        sight.missing = sight.fault == TlsFault::unknown_ca ? sight.at_fault.issuer : "";
    }
    ERR_clear_error();
}

Failure handshake_failure(const error_code& error) {
    if (error == asio::error::operation_aborted) {
        throw boost::system::system_error(error);
    }
    if (error == asio::error::eof || error == asio::error::connection_reset ||
        error == asio::error::broken_pipe || error == asio::ssl::error::stream_truncated) {
        return Failure(Errc::unreachable, "closed during the TLS handshake");
    }
    return Failure(Errc::tls_failed, error.message());
}

}   // namespace

sdk::Task<Result<TlsSight>> look_at_tls(Socket socket, std::string host, std::string ca_pem,
                                        core::Time now) {
    const auto store = roots(ca_pem);
    if (!store) {
        co_return Failure(Errc::invalid_argument, "no root certificates");
    }
    prepare(socket);
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    // Seen first and judged afterwards: a handshake that verifies shows nothing of what it refuses.
    SSL_CTX_set_verify(context.native_handle(), SSL_VERIFY_NONE, nullptr);
    asio::ssl::stream<Socket> stream(std::move(socket), context);
    SSL* ssl = stream.native_handle();
    if (!core::parse_ip_address(host)) {
        SSL_set_tlsext_host_name(ssl, host.c_str());
    }
    error_code error;
    co_await stream.async_handshake(asio::ssl::stream_base::client,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error) {
        co_return handshake_failure(error);
    }
    TlsSight sight;
    sight.version = SSL_get_version(ssl);
    const X509Pointer leaf(SSL_get1_peer_certificate(ssl));
    if (!leaf) {
        co_return Failure(Errc::tls_failed, "no certificate");
    }
    STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
    for (int i = 0; i < sk_X509_num(chain) && sight.chain.size() < shown_max; ++i) {
        sight.chain.push_back(seen(sk_X509_value(chain, i)));
    }
    sight.names = names_of(leaf.get());
    judge(sight, leaf.get(), chain, store.get(), host, now);
    co_return sight;
}

}   // namespace gateway::http
