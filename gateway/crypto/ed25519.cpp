#include "gateway/crypto/ed25519.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/handle.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

namespace gateway::crypto {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Context = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* octets(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

Key secret_key(std::string_view secret) {
    GATEWAY_ASSERT(secret.size() == key_bytes);
    Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets(secret), secret.size()));
    GATEWAY_ASSERT(key != nullptr);
    return key;
}

}   // namespace

std::string ed25519_public_key(std::string_view secret) {
    const auto key = secret_key(secret);
    std::string bytes(key_bytes, '\0');
    std::size_t size = bytes.size();
    GATEWAY_ASSERT(EVP_PKEY_get_raw_public_key(key.get(), octets(bytes), &size) == 1 &&
                   size == key_bytes);
    return bytes;
}

std::string ed25519_sign(std::string_view secret, std::string_view bytes) {
    const auto key = secret_key(secret);
    const Context context(EVP_MD_CTX_new());
    GATEWAY_ASSERT(context != nullptr);
    std::string signature(signature_bytes, '\0');
    std::size_t size = signature.size();
    GATEWAY_ASSERT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
    GATEWAY_ASSERT(
        EVP_DigestSign(context.get(), octets(signature), &size, octets(bytes), bytes.size()) == 1);
    return signature;
}

bool ed25519_verify(std::string_view public_key, std::string_view bytes,
                    std::string_view signature) {
    if (public_key.size() != key_bytes || signature.size() != signature_bytes) {
        return false;
    }
    const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(public_key),
                                              public_key.size()));
    const Context context(EVP_MD_CTX_new());
    GATEWAY_ASSERT(context != nullptr);
    const bool good =
        key != nullptr &&
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
        EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(bytes),
                         bytes.size()) == 1;
    ERR_clear_error();   // what did not verify is an answer
    return good;
}

}   // namespace gateway::crypto
