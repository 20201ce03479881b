// SHA-256 by the names OpenSSL 3 calls old: its new ones make and free three contexts for each
// code, which costs five times what the two blocks of a search token do.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "gateway/crypto/hmac.hpp"

#include "gateway/core/assert.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace gateway::crypto {
namespace {

using Block = std::array<unsigned char, SHA256_CBLOCK>;
using State = std::array<std::uint32_t, 8>;

/// Wipes what a hash held of a key.
struct Hash {
    SHA256_CTX context{};

    Hash() { GATEWAY_ASSERT(SHA256_Init(&context) == 1); }
    /// Goes on from `state`, behind one block.
    explicit Hash(const State& state) : Hash() {
        std::copy(state.begin(), state.end(), context.h);
        context.Nl = SHA256_CBLOCK * 8;
    }
    Hash(const Hash&) = delete;
    Hash& operator=(const Hash&) = delete;
    ~Hash() { OPENSSL_cleanse(&context, sizeof context); }

    void add(const void* bytes, std::size_t length) {
        GATEWAY_ASSERT(SHA256_Update(&context, bytes, length) == 1);
    }
    void finish(unsigned char* place) { GATEWAY_ASSERT(SHA256_Final(place, &context) == 1); }
};

State state_after(const Block& key, unsigned char pad) {
    Block block;
    std::transform(key.begin(), key.end(), block.begin(),
                   [pad](unsigned char byte) { return static_cast<unsigned char>(byte ^ pad); });
    Hash hash;
    hash.add(block.data(), block.size());
    State state{};
    std::copy(std::begin(hash.context.h), std::end(hash.context.h), state.begin());
    OPENSSL_cleanse(block.data(), block.size());
    return state;
}

}   // namespace

// RFC 2104: H(key ^ opad, H(key ^ ipad, bytes)), a key longer than a block hashed first.
HmacKey::HmacKey(std::string_view key) {
    Block block{};
    if (key.size() > block.size()) {
        Hash hash;
        hash.add(key.data(), key.size());
        hash.finish(block.data());
    } else {
        std::copy(key.begin(), key.end(), block.begin());
    }
    inner_ = state_after(block, 0x36);
    outer_ = state_after(block, 0x5c);
    OPENSSL_cleanse(block.data(), block.size());
}

HmacKey::~HmacKey() {
    OPENSSL_cleanse(inner_.data(), sizeof inner_);
    OPENSSL_cleanse(outer_.data(), sizeof outer_);
}

std::string HmacKey::code(std::string_view bytes) const {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    Hash inner(inner_);
    inner.add(bytes.data(), bytes.size());
    inner.finish(digest.data());
    Hash outer(outer_);
    outer.add(digest.data(), digest.size());
    std::string code(SHA256_DIGEST_LENGTH, '\0');
    outer.finish(reinterpret_cast<unsigned char*>(code.data()));
    return code;
}

}   // namespace gateway::crypto
