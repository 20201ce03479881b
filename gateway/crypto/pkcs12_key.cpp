// PKCS#12 in a library context of its own: older issuers' RC2 and 3DES need OpenSSL's legacy
// provider, which nothing else in the process shall meet. Key and certificates leave it as DER and
// are read again in the ordinary context.

#include "gateway/crypto/evp_key.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/openssl_error.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

namespace gateway::crypto {
namespace {

constexpr std::size_t pkcs12_bytes_max = 1U << 20U;

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Handle<X509, X509_free>;

void free_stack(STACK_OF(X509) * stack) {
    sk_X509_pop_free(stack, X509_free);
}

/// Providers go before their context; a missing legacy module leaves what the default one can.
class PrivateContext {
public:
    PrivateContext() : context_(OSSL_LIB_CTX_new()) {
        default_.reset(OSSL_PROVIDER_load(context_.get(), "default"));
        legacy_.reset(OSSL_PROVIDER_load(context_.get(), "legacy"));
        ERR_clear_error();
    }
    OSSL_LIB_CTX* get() const { return context_.get(); }

private:
    Handle<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context_;
    Handle<OSSL_PROVIDER, OSSL_PROVIDER_unload> default_;
    Handle<OSSL_PROVIDER, OSSL_PROVIDER_unload> legacy_;
};

void add_der(std::vector<std::string>& certificates, X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = certificate != nullptr ? i2d_X509(certificate, &bytes) : 0;
    if (size > 0) {
        certificates.emplace_back(reinterpret_cast<const char*>(bytes),
                                  static_cast<std::size_t>(size));
        OPENSSL_free(bytes);
    }
}

/// The same key in the ordinary library context.
Key in_ordinary_context(EVP_PKEY* key) {
    unsigned char* bytes = nullptr;
    const int size = i2d_PrivateKey(key, &bytes);
    if (size <= 0) {
        return nullptr;
    }
    const unsigned char* at = bytes;
    Key read(d2i_AutoPrivateKey(nullptr, &at, size));
    OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
    return read;
}

core::Failure parse_failure() {
    const auto error = ERR_peek_last_error();
    const bool wrong_password = ERR_GET_LIB(error) == ERR_LIB_PKCS12 &&
                                ERR_GET_REASON(error) == PKCS12_R_MAC_VERIFY_FAILURE;
    return wrong_password
               ? openssl_failure(core::Errc::unauthorised, "wrong password for the PKCS#12 file")
               : openssl_failure(core::Errc::malformed, "the PKCS#12 file cannot be read");
}

core::Result<EvpKeyParts> parse(std::string_view der, const std::string& password) {
    const PrivateContext context;
    const Handle<BIO, BIO_free_all> bio(BIO_new_mem_buf(der.data(), static_cast<int>(der.size())));
    PKCS12* file = PKCS12_init_ex(NID_pkcs7_data, context.get(), nullptr);
    PKCS12* const read = d2i_PKCS12_bio(bio.get(), &file);
    const Handle<PKCS12, PKCS12_free> owner(read != nullptr ? read : file);
    if (read == nullptr) {
        return openssl_failure(core::Errc::malformed, "not a PKCS#12 file");
    }
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    const int parsed = PKCS12_parse(read, password.c_str(), &key, &certificate, &others);
    const Key key_owner(key);
    const Certificate certificate_owner(certificate);
    const Handle<STACK_OF(X509), free_stack> others_owner(others);
    if (parsed != 1) {
        return parse_failure();
    }
    if (key == nullptr) {
        return core::Failure(core::Errc::malformed, "no private key in the PKCS#12 file");
    }
    EvpKeyParts parts;
    add_der(parts.certificates, certificate);
    for (int i = 0; i < sk_X509_num(others); ++i) {
        add_der(parts.certificates, sk_X509_value(others, i));
    }
    Key ordinary = in_ordinary_context(key);
    if (!ordinary) {
        return openssl_failure(core::Errc::unsupported, "the PKCS#12 key is of an unknown kind");
    }
    parts.key = std::shared_ptr<void>(
        ordinary.release(), [](void* made) { EVP_PKEY_free(static_cast<EVP_PKEY*>(made)); });
    return parts;
}

}   // namespace

core::Result<std::unique_ptr<PrivateKey>> load_pkcs12_key(std::string_view der,
                                                          std::string_view password) {
    if (der.size() > pkcs12_bytes_max) {
        return core::Failure(core::Errc::malformed, "key file over 1 MiB");
    }
    ERR_clear_error();
    std::string secret(password);
    auto parts = parse(der, secret);
    OPENSSL_cleanse(secret.data(), secret.size());
    if (!parts) {
        return parts.error();
    }
    return make_evp_key(std::move(*parts));
}

}   // namespace gateway::crypto
