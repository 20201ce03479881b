#include "gateway/crypto/chunks.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/aead.hpp"

namespace gateway::crypto {
namespace {

static_assert(chunk_sealed_bytes == chunk_plain_bytes + aead_tag_bytes);

void append_number(std::string& text, std::uint64_t number) {
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        text.push_back(static_cast<char>((number >> (shift - 8)) & 255U));
    }
}

// Never used twice: a document's key seals each of its chunks once.
std::string nonce_of(std::uint64_t number) {
    std::string nonce(4, '\0');
    append_number(nonce, number);
    return nonce;
}

std::string associated_data(std::uint64_t number, bool last) {
    std::string data;
    append_number(data, number);
    data.push_back(last ? '\1' : '\0');
    return data;
}

}   // namespace

std::string seal_chunk(const SecretKey& key, std::uint64_t number, bool last,
                       std::string_view plain) {
    GATEWAY_ASSERT(last ? plain.size() < chunk_plain_bytes : plain.size() == chunk_plain_bytes);
    std::string sealed;
    sealed.reserve(plain.size() + aead_tag_bytes);
    aead_seal(key.view(), nonce_of(number), associated_data(number, last), plain, sealed);
    return sealed;
}

core::Result<std::string> open_chunk(const SecretKey& key, std::uint64_t number, bool last,
                                     std::string_view sealed) {
    auto plain = aead_open(key.view(), nonce_of(number), associated_data(number, last), sealed);
    if (!plain) {
        return core::Failure(core::Errc::corrupted,
                             "chunk " + std::to_string(number) + " does not authenticate");
    }
    return std::move(*plain);
}

std::uint64_t sealed_size(std::uint64_t plain_size) {
    const std::uint64_t whole = plain_size / chunk_plain_bytes;
    return whole * chunk_sealed_bytes + plain_size % chunk_plain_bytes + aead_tag_bytes;
}

}   // namespace gateway::crypto
