#include "gateway/crypto/evp_key.hpp"

#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/key_unwrapping.hpp"
#include "gateway/crypto/openssl_error.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <mutex>

namespace gateway::crypto {
namespace {

using Certificate = Handle<X509, X509_free>;

constexpr int bits_min = 2048;
constexpr int bits_max = 8192;

Certificate certificate_from(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

bool belongs_to(const std::string& der, EVP_PKEY* key) {
    const Certificate certificate = certificate_from(der);
    const bool same = certificate && EVP_PKEY_eq(X509_get0_pubkey(certificate.get()), key) == 1;
    ERR_clear_error();
    return same;
}

bool issued_by(const std::string& der, const std::string& issuer_der) {
    const Certificate certificate = certificate_from(der);
    const Certificate issuer = certificate_from(issuer_der);
    const bool issued =
        certificate && issuer && X509_check_issued(issuer.get(), certificate.get()) == X509_V_OK;
    ERR_clear_error();
    return issued;
}

/// The key's own certificate, then who issued each, as far as they are there.
std::vector<std::string> chain_of(std::vector<std::string> all, EVP_PKEY* key) {
    std::vector<std::string> chain;
    const auto move_to_chain = [&](auto place) {
        chain.push_back(std::move(*place));
        all.erase(place);
    };
    const auto leaf = std::find_if(all.begin(), all.end(),
                                   [key](const std::string& der) { return belongs_to(der, key); });
    if (leaf == all.end()) {
        return chain;
    }
    move_to_chain(leaf);
    for (;;) {
        const auto issuer = std::find_if(all.begin(), all.end(), [&](const std::string& der) {
            return issued_by(chain.back(), der);
        });
        if (issuer == all.end()) {
            return chain;
        }
        move_to_chain(issuer);
    }
}

class EvpKey final : public PrivateKey {
public:
    EvpKey(EvpKeyParts parts, std::string public_key, int bits)
        : parts_(std::move(parts)), public_key_(std::move(public_key)), bits_(bits) {}

    core::Result<std::string> sign_rs256(std::string_view bytes) const override {
        if (parts_.one_at_a_time) {
            const std::scoped_lock lock(mutex_);
            return sign(bytes);
        }
        return sign(bytes);
    }

    core::Result<std::string> unwrap_key(core::KeyTransport transport, std::string_view wrapped,
                                         std::size_t key_bytes) const override {
        auto* const key = static_cast<EVP_PKEY*>(parts_.key.get());
        if (parts_.one_at_a_time) {
            const std::scoped_lock lock(mutex_);
            return unwrapper_.unwrap(key, transport, wrapped, key_bytes);
        }
        return unwrapper_.unwrap(key, transport, wrapped, key_bytes);
    }

    const std::vector<std::string>& certificates() const override { return parts_.certificates; }
    const std::string& public_key() const override { return public_key_; }
    int bits() const override { return bits_; }

private:
    core::Result<std::string> sign(std::string_view bytes) const {
        auto* const key = static_cast<EVP_PKEY*>(parts_.key.get());
        const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
        const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
        std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
        std::size_t length = signature.size();
        ERR_clear_error();
        if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                           &length, data, bytes.size()) != 1) {
            return openssl_failure(core::Errc::unavailable, "the key did not sign");
        }
        signature.resize(length);
        return signature;
    }

    EvpKeyParts parts_;
    std::string public_key_;
    KeyUnwrapping unwrapper_;
    int bits_;
    mutable std::mutex mutex_;
};

}   // namespace

core::Result<std::unique_ptr<PrivateKey>> make_evp_key(EvpKeyParts parts) {
    auto* const key = static_cast<EVP_PKEY*>(parts.key.get());
    const int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || bits < bits_min || bits > bits_max) {
        return core::Failure(core::Errc::unsupported, "the key is not RSA of 2048 to 8192 bits");
    }
    const bool had_certificates = !parts.certificates.empty();
    parts.certificates = chain_of(std::move(parts.certificates), key);
    if (had_certificates && parts.certificates.empty()) {
        return core::Failure(core::Errc::malformed, "no certificate belongs to the private key");
    }
    unsigned char* encoded = nullptr;
    const int length = i2d_PUBKEY(key, &encoded);
    if (length <= 0) {
        return openssl_failure(core::Errc::unsupported, "the key's public half");
    }
    std::string public_key(reinterpret_cast<const char*>(encoded),
                           static_cast<std::size_t>(length));
    OPENSSL_free(encoded);
    return std::unique_ptr<PrivateKey>(
        std::make_unique<EvpKey>(std::move(parts), std::move(public_key), bits));
}

}   // namespace gateway::crypto
