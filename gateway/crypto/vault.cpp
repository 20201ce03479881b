#include "gateway/crypto/vault.hpp"

#include "gateway/core/assert.hpp"
#include "gateway/crypto/aead.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/ed25519.hpp"
#include "gateway/crypto/handle.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <algorithm>
#include <mutex>

namespace gateway::crypto {
namespace {

constexpr char sealed_version = 1;
constexpr std::string_view key_file_word = "sluse-tenant-key-v1 ";
constexpr std::string_view wrapping_purpose = "key";

std::string associated_data(std::string_view purpose, std::string_view owner) {
    GATEWAY_ASSERT(purpose.size() < 256);
    std::string data;
    data.push_back(sealed_version);
    data.push_back(static_cast<char>(purpose.size()));   // "ab"+"c" is not "a"+"bc"
    data += purpose;
    data += owner;
    return data;
}

std::string seal_with(const SecretKey& key, core::Randomness& random, std::string_view purpose,
                      std::string_view owner, std::string_view plain) {
    std::array<std::uint8_t, aead_nonce_bytes> nonce_bytes{};
    random.random(nonce_bytes);
    const std::string_view nonce(reinterpret_cast<const char*>(nonce_bytes.data()),
                                 nonce_bytes.size());
    std::string sealed;
    sealed.reserve(1 + aead_nonce_bytes + plain.size() + aead_tag_bytes);
    sealed.push_back(sealed_version);
    sealed += nonce;
    aead_seal(key.view(), nonce, associated_data(purpose, owner), plain, sealed);
    return sealed;
}

core::Result<std::string> open_with(const SecretKey& key, std::string_view purpose,
                                    std::string_view owner, std::string_view sealed) {
    if (sealed.size() < 1 + aead_nonce_bytes + aead_tag_bytes || sealed.front() != sealed_version) {
        return core::Failure(core::Errc::corrupted, "sealed text has another form");
    }
    const std::string_view nonce = sealed.substr(1, aead_nonce_bytes);
    auto plain = aead_open(key.view(), nonce, associated_data(purpose, owner),
                           sealed.substr(1 + aead_nonce_bytes));
    if (!plain) {
        return core::Failure(core::Errc::corrupted, "sealed text does not authenticate");
    }
    return std::move(*plain);
}

SecretKey key_from(std::string& bytes) {
    std::array<std::uint8_t, aead_key_bytes> key{};
    GATEWAY_ASSERT(bytes.size() == key.size());
    std::copy(bytes.begin(), bytes.end(), key.begin());
    const SecretKey secret(key);
    OPENSSL_cleanse(key.data(), key.size());
    wipe(bytes);
    return secret;
}

/// HKDF-SHA-256 (RFC 5869) with our name as salt.
SecretKey derive(const SecretKey& from, std::string_view label) {
    static EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    const Handle<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(algorithm));
    GATEWAY_ASSERT(context != nullptr);
    char digest[] = "SHA256";
    std::string salt = "sluse-tenant-v1";
    std::string secret(from.view());
    std::string info(label);
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end()};
    std::string derived(aead_key_bytes, '\0');
    const int done = EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(derived.data()),
                                    derived.size(), parameters);
    wipe(secret);
    GATEWAY_ASSERT(done == 1);
    return key_from(derived);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}   // namespace

SecretKey::~SecretKey() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

std::string ContentKey::seal(core::Randomness& random, std::string_view purpose,
                             std::string_view owner, std::string_view plain) const {
    return seal_with(key_, random, purpose, owner, plain);
}

core::Result<std::string> ContentKey::open(std::string_view purpose, std::string_view owner,
                                           std::string_view sealed) const {
    return open_with(key_, purpose, owner, sealed);
}

Vault::Vault(const SecretKey& tenant_key)
    : wrapping_(derive(tenant_key, "wrap")),
      searching_(derive(tenant_key, "search").view()),
      fingerprinting_(derive(tenant_key, "fingerprint").view()),
      signing_(derive(tenant_key, "checkpoint")),
      verification_key_(ed25519_public_key(signing_.view())) {}

Vault::NewKey Vault::new_key(core::Randomness& random, std::string_view owner) const {
    std::array<std::uint8_t, aead_key_bytes> bytes{};
    random.random(bytes);
    const SecretKey key(bytes);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return NewKey{ContentKey(key), wrap(random, ContentKey(key), owner)};
}

std::string Vault::wrap(core::Randomness& random, const ContentKey& key,
                        std::string_view owner) const {
    return seal_with(wrapping_, random, wrapping_purpose, owner, key.secret().view());
}

core::Result<ContentKey> Vault::unwrap(std::string_view wrapped, std::string_view owner) const {
    auto bytes = open_with(wrapping_, wrapping_purpose, owner, wrapped);
    if (!bytes) {
        return bytes.error();
    }
    if (bytes->size() != aead_key_bytes) {
        wipe(*bytes);
        return core::Failure(core::Errc::corrupted, "wrapped key has another length");
    }
    return ContentKey(key_from(*bytes));
}

std::string Vault::token(TokenKind kind, std::string_view value) const {
    std::string text(1, static_cast<char>(kind));
    text += trimmed(value);
    return searching_.code(text);
}

std::string Vault::fingerprint(std::string_view canonical) const {
    return fingerprinting_.code(canonical);
}

std::string Vault::sign(std::string_view bytes) const {
    return ed25519_sign(signing_.view(), bytes);
}

std::shared_ptr<const Vault> Vaults::find(const core::TenantId& tenant) const {
    const std::shared_lock lock(mutex_);
    const auto place = vaults_.find(tenant);
    return place == vaults_.end() ? nullptr : place->second;
}

void Vaults::put(const core::TenantId& tenant, std::shared_ptr<const Vault> vault) {
    const std::unique_lock lock(mutex_);
    vaults_[tenant] = std::move(vault);
}

void Vaults::remove(const core::TenantId& tenant) {
    const std::unique_lock lock(mutex_);
    vaults_.erase(tenant);
}

std::string write_tenant_key(const SecretKey& key) {
    return std::string(key_file_word) + base64url_encode(key.view()) + "\n";
}

core::Result<SecretKey> read_tenant_key(std::string_view text) {
    const core::Failure malformed(core::Errc::malformed,
                                  "not a tenant key file: one line 'sluse-tenant-key-v1 <key>'");
    if (!text.empty() && text.back() == '\n') {
        text.remove_suffix(1);
    }
    if (text.substr(0, key_file_word.size()) != key_file_word) {
        return malformed;
    }
    auto bytes = base64url_decode(text.substr(key_file_word.size()));
    if (!bytes || bytes->size() != aead_key_bytes) {
        return malformed;
    }
    return key_from(*bytes);
}

}   // namespace gateway::crypto
