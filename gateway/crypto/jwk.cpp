#include "gateway/crypto/jwk.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/openssl_error.hpp"
#include "gateway/crypto/parsed_certificate.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

namespace gateway::crypto {
namespace {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Number = Handle<BIGNUM, BN_free>;

// Shorter is broken, longer is somebody's attempt to keep us busy.
constexpr int modulus_bits_min = 2048;
constexpr int modulus_bits_max = 8192;
constexpr int exponent_bits_max = 64;

Number number_from(const std::string& base64url) {
    const auto bytes = base64url_decode(base64url);
    if (!bytes || bytes->empty() || bytes->size() > modulus_bits_max / 8 + 1) {
        return nullptr;
    }
    return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes->data()),
                            static_cast<int>(bytes->size()), nullptr));
}

core::Result<Key> key_from(const RsaJwk& jwk) {
    const Number n = number_from(jwk.n);
    const Number e = number_from(jwk.e);
    if (!n || !e || BN_num_bits(n.get()) < modulus_bits_min ||
        BN_num_bits(n.get()) > modulus_bits_max || BN_num_bits(e.get()) > exponent_bits_max) {
        return core::Failure(core::Errc::malformed, "not an RSA public key of 2048 to 8192 bits");
    }
    const Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    const Handle<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
        return openssl_failure(core::Errc::malformed, "not an RSA public key");
    }
    return Key(key);
}

core::Result<Key> key_from_certificate(std::string_view der) {
    const auto certificate = parse_certificate(der);
    if (!certificate) {
        return core::Failure(core::Errc::malformed, "not a certificate");
    }
    Key key(X509_get_pubkey(static_cast<X509*>(certificate.get())));
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
        ERR_clear_error();
        return core::Failure(core::Errc::unsupported, "the certificate's key is not RSA");
    }
    return key;
}

std::string parameter_text(const Key& key, const char* name) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &value) != 1) {
        return {};
    }
    const Number number(value);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    return base64url_encode(bytes);
}

core::Result<bool> verify(const Key& key, std::string_view bytes, std::string_view signature) {
    const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    if (EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(),
                                nullptr) != 1) {
        return openssl_failure(core::Errc::unsupported, "key cannot verify RS256");
    }
    const int verdict = EVP_DigestVerify(
        context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
        reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    ERR_clear_error();   // a wrong signature is an answer, not an error
    return verdict == 1;
}

}   // namespace

core::Result<RsaJwk> jwk_from_certificate(std::string_view der) {
    const auto key = key_from_certificate(der);
    if (!key) {
        return key.error();
    }
    RsaJwk jwk;
    jwk.n = parameter_text(*key, OSSL_PKEY_PARAM_RSA_N);
    jwk.e = parameter_text(*key, OSSL_PKEY_PARAM_RSA_E);
    if (jwk.n.empty() || jwk.e.empty()) {
        return openssl_failure(core::Errc::internal, "public key has no modulus");
    }
    return jwk;
}

core::Result<bool> verify_rs256(const RsaJwk& jwk, std::string_view bytes,
                                std::string_view signature) {
    const auto key = key_from(jwk);
    if (!key) {
        return key.error();
    }
    return verify(*key, bytes, signature);
}

core::Result<bool> verify_rs256_with_certificate(std::string_view der, std::string_view bytes,
                                                 std::string_view signature) {
    const auto key = key_from_certificate(der);
    if (!key) {
        return key.error();
    }
    return verify(*key, bytes, signature);
}

}   // namespace gateway::crypto
