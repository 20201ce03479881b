#include "gateway/crypto/private_key.hpp"

#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/evp_key.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/openssl_error.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstring>

namespace gateway::crypto {
namespace {

constexpr std::size_t key_file_bytes_max = 1U << 20U;

struct PasswordAsked {
    std::string_view password;
    bool asked = false;
};

/// Always given, so that OpenSSL never asks on a terminal.
int give_password(char* buffer, int size, int, void* data) {
    auto& asked = *static_cast<PasswordAsked*>(data);
    asked.asked = true;
    if (asked.password.empty() || asked.password.size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    std::memcpy(buffer, asked.password.data(), asked.password.size());
    return static_cast<int>(asked.password.size());
}

}   // namespace

core::Result<std::unique_ptr<PrivateKey>> load_pem_key(std::string_view pem,
                                                       std::string_view password) {
    if (pem.size() > key_file_bytes_max) {
        return core::Failure(core::Errc::malformed, "key file over 1 MiB");
    }
    ERR_clear_error();
    const Handle<BIO, BIO_free_all> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    PasswordAsked asked{password};
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &asked);
    if (key == nullptr && asked.asked) {
        return openssl_failure(core::Errc::unauthorised,
                               "the private key does not open with this password");
    }
    if (key == nullptr) {
        return openssl_failure(core::Errc::malformed, "no private key in the PEM text");
    }
    EvpKeyParts parts;
    parts.key =
        std::shared_ptr<void>(key, [](void* made) { EVP_PKEY_free(static_cast<EVP_PKEY*>(made)); });
    auto certificates = certificates_from_pem(pem);
    if (!certificates) {
        return certificates.error();
    }
    parts.certificates = std::move(*certificates);
    return make_evp_key(std::move(parts));
}

core::Result<std::unique_ptr<PrivateKey>> load_key(std::string_view bytes,
                                                   std::string_view password) {
    // PKCS#12 is a DER sequence; PEM may have comments before its first line.
    const bool is_der = !bytes.empty() && bytes.front() == '\x30';
    return is_der ? load_pkcs12_key(bytes, password) : load_pem_key(bytes, password);
}

}   // namespace gateway::crypto
