#include "gateway/crypto/aead.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/handle.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <limits>

namespace gateway::crypto {
namespace {

using Context = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

const EVP_CIPHER* algorithm() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    GATEWAY_ASSERT(cipher != nullptr);
    return cipher;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

int length_of(std::string_view text) {
    GATEWAY_ASSERT(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
    return static_cast<int>(text.size());
}

Context begin(std::string_view key, std::string_view nonce, int encrypts) {
    GATEWAY_ASSERT(key.size() == aead_key_bytes && nonce.size() == aead_nonce_bytes);
    Context context(EVP_CIPHER_CTX_new());
    GATEWAY_ASSERT(context != nullptr);
    const int done = EVP_CipherInit_ex2(context.get(), algorithm(), bytes_of(key), bytes_of(nonce),
                                        encrypts, nullptr);
    GATEWAY_ASSERT(done == 1);   // 12 bytes is the cipher's own nonce length
    return context;
}

}   // namespace

void aead_seal(std::string_view key, std::string_view nonce, std::string_view associated,
               std::string_view plain, std::string& out) {
    const Context context = begin(key, nonce, 1);
    int length = 0;
    if (!associated.empty()) {
        GATEWAY_ASSERT(EVP_CipherUpdate(context.get(), nullptr, &length, bytes_of(associated),
                                        length_of(associated)) == 1);
    }
    const std::size_t before = out.size();
    out.resize(before + plain.size() + aead_tag_bytes);
    auto* const place = reinterpret_cast<unsigned char*>(out.data() + before);
    if (!plain.empty()) {
        GATEWAY_ASSERT(EVP_CipherUpdate(context.get(), place, &length, bytes_of(plain),
                                        length_of(plain)) == 1);
    }
    auto* const tag = place + plain.size();
    GATEWAY_ASSERT(EVP_CipherFinal_ex(context.get(), tag, &length) == 1 && length == 0);
    GATEWAY_ASSERT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, aead_tag_bytes, tag) ==
                   1);
}

std::optional<std::string> aead_open(std::string_view key, std::string_view nonce,
                                     std::string_view associated, std::string_view sealed) {
    if (sealed.size() < aead_tag_bytes) {
        return std::nullopt;
    }
    const Context context = begin(key, nonce, 0);
    const std::string_view cipher_text = sealed.substr(0, sealed.size() - aead_tag_bytes);
    std::string tag(sealed.substr(cipher_text.size()));
    int length = 0;
    if (!associated.empty()) {
        GATEWAY_ASSERT(EVP_CipherUpdate(context.get(), nullptr, &length, bytes_of(associated),
                                        length_of(associated)) == 1);
    }
    std::string plain(cipher_text.size(), '\0');
    auto* const place = reinterpret_cast<unsigned char*>(plain.data());
    if (!cipher_text.empty()) {
        GATEWAY_ASSERT(EVP_CipherUpdate(context.get(), place, &length, bytes_of(cipher_text),
                                        length_of(cipher_text)) == 1);
    }
    GATEWAY_ASSERT(
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, aead_tag_bytes, tag.data()) == 1);
    if (EVP_CipherFinal_ex(context.get(), place + plain.size(), &length) != 1) {
        wipe(plain);   // what does not authenticate is seen by nobody
        return std::nullopt;
    }
    return plain;
}

void wipe(std::string& secret) noexcept {
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

}   // namespace gateway::crypto
