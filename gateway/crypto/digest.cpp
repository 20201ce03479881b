#include "gateway/crypto/digest.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

namespace gateway::crypto {
namespace {

using Context = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

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
    thread_local const Context context(EVP_MD_CTX_new());   // making one costs as much as hashing
    GATEWAY_ASSERT(context && EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) == 1);
    add(context, bytes);
    return end_sha256(context);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    return HmacKey(key).code(bytes);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}   // namespace gateway::crypto
