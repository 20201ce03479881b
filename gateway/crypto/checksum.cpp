#include "gateway/crypto/checksum.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/handle.hpp"

#include <openssl/evp.h>

#include <array>

namespace gateway::crypto {

struct ChecksumStream::Impl {
    Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

std::size_t checksum_bytes(ChecksumAlgorithm algorithm) {
    return algorithm == ChecksumAlgorithm::sha1 ? 20 : 32;
}

ChecksumStream::ChecksumStream(ChecksumAlgorithm algorithm) : impl_(std::make_unique<Impl>()) {
    const EVP_MD* kind = algorithm == ChecksumAlgorithm::sha1 ? EVP_sha1() : EVP_sha256();
    GATEWAY_ASSERT(impl_->context && EVP_DigestInit_ex(impl_->context.get(), kind, nullptr) == 1);
}

ChecksumStream::~ChecksumStream() = default;
ChecksumStream::ChecksumStream(ChecksumStream&&) noexcept = default;
ChecksumStream& ChecksumStream::operator=(ChecksumStream&&) noexcept = default;

void ChecksumStream::update(std::string_view bytes) {
    GATEWAY_ASSERT(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) == 1);
}

std::string ChecksumStream::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    GATEWAY_ASSERT(EVP_DigestFinal_ex(impl_->context.get(), digest.data(), &size) == 1);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

}   // namespace gateway::crypto
