#include "gateway/crypto/digest.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/handle.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

namespace gateway::crypto {
namespace {

using Context = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using MacContext = Handle<EVP_MAC_CTX, EVP_MAC_CTX_free>;

// Fetched once: a fetch by name costs more than hashing a small text.
const EVP_MD* sha256_algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    GATEWAY_ASSERT(algorithm != nullptr);
    return algorithm;
}

const EVP_MD* md5_algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "MD5", nullptr);
    GATEWAY_ASSERT(algorithm != nullptr);
    return algorithm;
}

/// HMAC-SHA-256 without a key, to be copied.
const EVP_MAC_CTX* hmac_model() {
    static const EVP_MAC_CTX* const model = [] {
        EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        EVP_MAC_CTX* const context = EVP_MAC_CTX_new(algorithm);
        char name[] = "SHA256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
            OSSL_PARAM_construct_end()};
        GATEWAY_ASSERT(context != nullptr && EVP_MAC_CTX_set_params(context, parameters) == 1);
        EVP_MAC_free(algorithm);
        return context;
    }();
    return model;
}

Context begin(const EVP_MD* algorithm) {
    Context context(EVP_MD_CTX_new());
    GATEWAY_ASSERT(context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
    return context;
}

void add(const Context& context, std::string_view bytes) {
    GATEWAY_ASSERT(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
}

core::Sha256 end_sha256(const Context& context) {
    core::Sha256 hash;
    unsigned length = 0;
    GATEWAY_ASSERT(EVP_DigestFinal_ex(context.get(), hash.bytes.data(), &length) == 1);
    GATEWAY_ASSERT(length == hash.bytes.size());
    return hash;
}

}   // namespace

struct DigestStream::Impl {
    Context sha256 = begin(sha256_algorithm());
    Context md5 = begin(md5_algorithm());
};

DigestStream::DigestStream() : impl_(std::make_unique<Impl>()) {}
DigestStream::~DigestStream() = default;
DigestStream::DigestStream(DigestStream&&) noexcept = default;
DigestStream& DigestStream::operator=(DigestStream&&) noexcept = default;

void DigestStream::update(std::string_view bytes) {
    add(impl_->sha256, bytes);
    add(impl_->md5, bytes);
}

core::Sha256 DigestStream::sha256() {
    return end_sha256(impl_->sha256);
}

std::string DigestStream::md5_hex() {
    std::array<unsigned char, 16> hash{};
    unsigned length = 0;
    GATEWAY_ASSERT(EVP_DigestFinal_ex(impl_->md5.get(), hash.data(), &length) == 1);
    return core::to_hex({reinterpret_cast<const char*>(hash.data()), length});
}

struct Sha256Stream::Impl {
    Context context = begin(sha256_algorithm());
};

Sha256Stream::Sha256Stream() : impl_(std::make_unique<Impl>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(std::string_view bytes) {
    add(impl_->context, bytes);
}

core::Sha256 Sha256Stream::finish() {
    return end_sha256(impl_->context);
}

core::Sha256 sha256(std::string_view bytes) {
    const Context context = begin(sha256_algorithm());
    add(context, bytes);
    return end_sha256(context);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    const MacContext context(EVP_MAC_CTX_dup(hmac_model()));
    GATEWAY_ASSERT(context != nullptr);
    const auto* key_bytes = reinterpret_cast<const unsigned char*>(key.data());
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    std::string mac(32, '\0');
    std::size_t length = 0;
    const bool done = EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) == 1 &&
                      EVP_MAC_update(context.get(), data, bytes.size()) == 1 &&
                      EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(mac.data()),
                                    &length, mac.size()) == 1;
    GATEWAY_ASSERT(done && length == mac.size());
    return mac;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}   // namespace gateway::crypto
