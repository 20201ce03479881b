#include "gateway/seal/cbc_decrypter.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/aead.hpp"
#include "gateway/crypto/handle.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace gateway::seal {
namespace {

// EVP takes int lengths.
constexpr std::size_t piece_bytes = 64 * 1024;

const EVP_CIPHER* cipher_of(std::size_t key_bytes) {
    switch (key_bytes) {
    case 16: return EVP_aes_128_cbc();
    case 24: return EVP_aes_192_cbc();
    default: return EVP_aes_256_cbc();
    }
}

/// How many bytes of the block are padding, 0 when it is none: RFC 5652 6.3. Every byte is looked
/// at, whatever they are.
unsigned padding_of(std::string_view block) {
    const unsigned length = static_cast<unsigned char>(block.back());
    unsigned wrong = static_cast<unsigned>(length == 0) | static_cast<unsigned>(length > 16);
    for (unsigned i = 1; i <= CbcDecrypter::block_bytes; ++i) {
        const unsigned byte = static_cast<unsigned char>(block[CbcDecrypter::block_bytes - i]);
        wrong |= static_cast<unsigned>(i <= length) & static_cast<unsigned>(byte != length);
    }
    return length & (wrong - 1U);
}

}   // namespace

struct CbcDecrypter::Impl {
    crypto::Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context{EVP_CIPHER_CTX_new()};
    std::string last;       // decrypted and held back: one block once the first has come
    std::size_t over = 0;   // encrypted bytes past the last whole block
    bool right_length = true;
};

CbcDecrypter::CbcDecrypter(std::string_view key, std::size_t key_bytes, std::string_view iv)
    : impl_(std::make_unique<Impl>()) {
    GATEWAY_ASSERT(iv.size() == iv_bytes);
    std::string used(key.substr(0, key_bytes));
    used.resize(key_bytes, '\0');
    impl_->right_length = key.size() == key_bytes;
    const bool ready =
        EVP_DecryptInit_ex2(impl_->context.get(), cipher_of(key_bytes),
                            reinterpret_cast<const unsigned char*>(used.data()),
                            reinterpret_cast<const unsigned char*>(iv.data()), nullptr) == 1 &&
        EVP_CIPHER_CTX_set_padding(impl_->context.get(), 0) == 1;
    crypto::wipe(used);
    GATEWAY_ASSERT(ready);
}

CbcDecrypter::CbcDecrypter(CbcDecrypter&&) noexcept = default;
CbcDecrypter& CbcDecrypter::operator=(CbcDecrypter&&) noexcept = default;
CbcDecrypter::~CbcDecrypter() = default;

void CbcDecrypter::write(std::string_view encrypted, std::string& out) {
    while (!encrypted.empty()) {
        const std::string_view piece = encrypted.substr(0, piece_bytes);
        encrypted.remove_prefix(piece.size());
        impl_->over = (impl_->over + piece.size()) % block_bytes;
        const std::size_t held = impl_->last.size();
        impl_->last.resize(held + piece.size() + block_bytes);
        int made = 0;
        GATEWAY_ASSERT(
            EVP_DecryptUpdate(impl_->context.get(),
                              reinterpret_cast<unsigned char*>(impl_->last.data()) + held, &made,
                              reinterpret_cast<const unsigned char*>(piece.data()),
                              static_cast<int>(piece.size())) == 1);
        impl_->last.resize(held + static_cast<std::size_t>(made));
        if (impl_->last.size() > block_bytes) {
            const std::size_t certain = impl_->last.size() - block_bytes;
            out.append(impl_->last, 0, certain);
            impl_->last.erase(0, certain);
        }
    }
}

bool CbcDecrypter::finish(std::string& out) {
    // How many bytes there are is no secret.
    if (impl_->last.size() != block_bytes || impl_->over != 0) {
        return false;
    }
    const unsigned padding = padding_of(impl_->last);
    if (padding == 0 || !impl_->right_length) {
        return false;
    }
    out.append(impl_->last, 0, block_bytes - padding);
    return true;
}

}   // namespace gateway::seal
