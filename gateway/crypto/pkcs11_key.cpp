#include "gateway/crypto/evp_key.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/openssl_error.hpp"
#include "gateway/crypto/pkcs11_uri.hpp"

#include <libp11.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>

namespace gateway::crypto {
namespace {

/// The loaded module and its slots; outlives every key that came from it.
class Module {
public:
    Module() : context_(PKCS11_CTX_new()) {}
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;

    ~Module() {
        if (slots_ != nullptr) {
            PKCS11_release_all_slots(context_, slots_, count_);
        }
        if (loaded_) {
            PKCS11_CTX_unload(context_);
        }
        PKCS11_CTX_free(context_);
    }

    core::Result<void> load(const std::string& path) {
        if (PKCS11_CTX_load(context_, path.c_str()) != 0) {
            return openssl_failure(core::Errc::unavailable, "PKCS#11 module does not load");
        }
        loaded_ = true;
        if (PKCS11_enumerate_slots(context_, &slots_, &count_) != 0) {
            return openssl_failure(core::Errc::unavailable, "PKCS#11 slots cannot be read");
        }
        return {};
    }

    core::Result<PKCS11_SLOT*> find(const Pkcs11Uri& uri) {
        PKCS11_SLOT* found = nullptr;
        for (unsigned i = 0; i < count_; ++i) {
            const PKCS11_TOKEN* token = slots_[i].token;
            const bool usable = token != nullptr && token->initialized != 0;
            if (!usable || (!uri.token.empty() && uri.token != token->label) ||
                (!uri.serial.empty() && uri.serial != token->serialnr)) {
                continue;
            }
            if (found != nullptr) {
                return core::Failure(core::Errc::conflict, "several PKCS#11 tokens fit the URI");
            }
            found = &slots_[i];
        }
        if (found == nullptr) {
            return core::Failure(core::Errc::not_found, "no PKCS#11 token fits the URI");
        }
        return found;
    }

private:
    PKCS11_CTX* context_;
    PKCS11_SLOT* slots_ = nullptr;
    unsigned count_ = 0;
    bool loaded_ = false;
};

bool has_id(const Pkcs11Uri& uri, const unsigned char* id, std::size_t size) {
    return uri.id == std::string_view(reinterpret_cast<const char*>(id), size);
}

core::Result<PKCS11_KEY*> find_key(PKCS11_TOKEN* token, const Pkcs11Uri& uri) {
    PKCS11_KEY* keys = nullptr;
    unsigned count = 0;
    if (PKCS11_enumerate_keys(token, &keys, &count) != 0) {
        return openssl_failure(core::Errc::unavailable, "PKCS#11 keys cannot be read");
    }
    PKCS11_KEY* found = nullptr;
    for (unsigned i = 0; i < count; ++i) {
        const char* label = keys[i].label != nullptr ? keys[i].label : "";
        if ((!uri.object.empty() && uri.object != label) ||
            (!uri.id.empty() && !has_id(uri, keys[i].id, keys[i].id_len))) {
            continue;
        }
        if (found != nullptr) {
            return core::Failure(core::Errc::conflict, "several PKCS#11 keys fit the URI");
        }
        found = &keys[i];
    }
    if (found == nullptr) {
        return core::Failure(core::Errc::not_found, "no PKCS#11 key fits the URI");
    }
    return found;
}

std::vector<std::string> certificates_on(PKCS11_TOKEN* token) {
    PKCS11_CERT* held = nullptr;
    unsigned count = 0;
    std::vector<std::string> certificates;
    if (PKCS11_enumerate_certs(token, &held, &count) != 0) {
        ERR_clear_error();   // a token without certificates still signs
        return certificates;
    }
    for (unsigned i = 0; i < count; ++i) {
        unsigned char* bytes = nullptr;
        const int size = i2d_X509(held[i].x509, &bytes);
        if (size > 0) {
            certificates.emplace_back(reinterpret_cast<const char*>(bytes),
                                      static_cast<std::size_t>(size));
            OPENSSL_free(bytes);
        }
    }
    return certificates;
}

/// Certificates of other keys on the token say nothing against this one.
bool any_belongs(const std::vector<std::string>& certificates, EVP_PKEY* key) {
    return std::any_of(certificates.begin(), certificates.end(), [key](const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        const Handle<X509, X509_free> certificate(
            d2i_X509(nullptr, &at, static_cast<long>(der.size())));
        return certificate && EVP_PKEY_eq(X509_get0_pubkey(certificate.get()), key) == 1;
    });
}

}   // namespace

core::Result<std::unique_ptr<PrivateKey>> load_pkcs11_key(const std::string& uri,
                                                          const std::string& pin) {
    const auto place = parse_pkcs11_uri(uri);
    if (!place) {
        return place.error();
    }
    ERR_clear_error();
    auto module = std::make_shared<Module>();
    if (auto loaded = module->load(place->module_path); !loaded) {
        return loaded.error();
    }
    const auto slot = module->find(*place);
    if (!slot) {
        return slot.error();
    }
    const std::string& secret = pin.empty() ? place->pin_value : pin;
    if (PKCS11_login(*slot, 0, secret.c_str()) != 0) {
        return openssl_failure(core::Errc::unauthorised, "the PKCS#11 token refused the PIN");
    }
    const auto key = find_key((*slot)->token, *place);
    if (!key) {
        return key.error();
    }
    EVP_PKEY* const signing = PKCS11_get_private_key(*key);
    if (signing == nullptr) {
        return openssl_failure(core::Errc::unavailable, "the PKCS#11 key cannot be used");
    }
    EvpKeyParts parts;
    parts.one_at_a_time = true;
    parts.key = std::shared_ptr<void>(signing, [module](void* made) {
        EVP_PKEY_free(static_cast<EVP_PKEY*>(made));   // then the module it lives in
    });
    parts.certificates = certificates_on((*slot)->token);
    if (!any_belongs(parts.certificates, signing)) {
        parts.certificates.clear();
    }
    ERR_clear_error();
    return make_evp_key(std::move(parts));
}

}   // namespace gateway::crypto
