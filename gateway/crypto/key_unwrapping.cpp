#include "gateway/crypto/key_unwrapping.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/aead.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/openssl_error.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

namespace gateway::crypto {
namespace {

using core::KeyTransport;
using Context = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

bool set_padding(EVP_PKEY_CTX* context, KeyTransport transport) {
    if (transport == KeyTransport::rsa_pkcs1_v15) {
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    }
    const EVP_MD* hash = transport == KeyTransport::rsa_oaep_sha256 ? EVP_sha256() : EVP_sha1();
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1;
}

/// What a token says when it is there and the bytes are wrong: CKR_DATA_INVALID, _LEN_RANGE,
/// CKR_ENCRYPTED_DATA_INVALID, _LEN_RANGE, CKR_FUNCTION_FAILED (as some say it), and OpenSSL's own
/// errors, which are numbered in libraries of less than 128.
bool says_wrong_bytes(unsigned long error) {
    if (error == 0 || ERR_GET_LIB(error) < ERR_LIB_USER) {
        return true;
    }
    switch (ERR_GET_REASON(error)) {
    case 0x06:
    case 0x20:
    case 0x21:
    case 0x40:
    case 0x41: return true;
    default: return false;
    }
}

}   // namespace

KeyUnwrapping::KeyUnwrapping() : secret_(32, '\0') {
    GATEWAY_ASSERT(RAND_priv_bytes(reinterpret_cast<unsigned char*>(secret_.data()),
                                   static_cast<int>(secret_.size())) == 1);
}

core::Result<std::string> KeyUnwrapping::unwrap(void* key, KeyTransport transport,
                                                std::string_view wrapped,
                                                std::size_t key_bytes) const {
    if (key_bytes == 0 || key_bytes > key_bytes_max) {
        return core::Failure(core::Errc::invalid_argument, "content keys have 1 to 32 bytes");
    }
    auto* const private_key = static_cast<EVP_PKEY*>(key);
    std::string result = hmac_sha256(secret_, wrapped);
    result.resize(key_bytes);
    const Context context(EVP_PKEY_CTX_new(private_key, nullptr));
    std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(private_key)) + key_bytes, '\0');
    std::size_t length = plain.size();
    ERR_clear_error();
    if (!context || EVP_PKEY_decrypt_init(context.get()) != 1 ||
        !set_padding(context.get(), transport)) {
        return openssl_failure(core::Errc::unavailable, "the key does not unwrap");
    }
    const int done =
        EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &length,
                         reinterpret_cast<const unsigned char*>(wrapped.data()), wrapped.size());
    const bool away = done != 1 && !says_wrong_bytes(ERR_peek_error());
    ERR_clear_error();
    if (away) {
        wipe(plain);
        return core::Failure(core::Errc::unavailable, "the token does not unwrap");
    }
    // Chosen without a branch: all ones when the unwrapped key is taken.
    const auto taken = static_cast<unsigned char>(
        0U - (static_cast<unsigned>(done == 1) & static_cast<unsigned>(length == key_bytes)));
    for (std::size_t i = 0; i < key_bytes; ++i) {
        const auto made = static_cast<unsigned char>(result[i]);
        const auto unwrapped = static_cast<unsigned char>(plain[i]);
        result[i] = static_cast<char>(made ^ (taken & (made ^ unwrapped)));
    }
    wipe(plain);
    return result;
}

}   // namespace gateway::crypto
