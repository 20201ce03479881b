#pragma once

// What seals a tenant's data: every message and document has a key of its own, wrapped by the
// tenant's; search keys and fingerprints are HMACs under keys derived from it. Above the store: a
// store sees sealed bytes and tokens only.
//
// Sealed text: 1 byte version, 12 bytes nonce, AES-256-GCM ciphertext, 16 bytes tag; associated
// data = purpose + owner id, so a row moved to another owner does not open. Wrapped key:
// AES-256-GCM under the wrapping key (HKDF "wrap").

#include "gateway/core/failure.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/randomness.hpp"
#include "gateway/crypto/hmac.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace gateway::crypto {

/// 256 secret bits, wiped when they go.
class SecretKey {
public:
    SecretKey() = default;
    explicit SecretKey(const std::array<std::uint8_t, 32>& bytes) : bytes_(bytes) {}
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey();
    std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
    }

private:
    std::array<std::uint8_t, 32> bytes_{};
};

/// What is searched for; part of the HMAC, so the same text in two places has two tokens.
enum class TokenKind : std::uint8_t {
    reference = 1,
    case_id = 2,
    recipient = 3,
    file_name = 4,
    journal_number = 5,
    upstream_id = 6,
    order_key = 7,
    idempotency_key = 8,
    archive_id = 9,
    person_key = 10,   // of records: whom they are about
    organisation_key = 11,
    plain_key = 12
};

/// A message's or document's own key, opened.
class ContentKey {
public:
    explicit ContentKey(SecretKey key) : key_(key) {}
    /// `owner` = id bytes of the message; `purpose` = "content", "progress", "event", "upstream".
    std::string seal(core::Randomness& random, std::string_view purpose, std::string_view owner,
                     std::string_view plain) const;
    /// `corrupted` when it does not authenticate.
    core::Result<std::string> open(std::string_view purpose, std::string_view owner,
                                   std::string_view sealed) const;
    const SecretKey& secret() const { return key_; }

private:
    SecretKey key_;
};

/// One tenant's keys. Immutable; any thread.
class Vault {
public:
    explicit Vault(const SecretKey& tenant_key);

    struct NewKey {
        ContentKey key;
        std::string wrapped;
    };
    NewKey new_key(core::Randomness& random, std::string_view owner) const;
    /// A key whose owner was not known when it was made (a document's hash comes after its bytes).
    std::string wrap(core::Randomness& random, const ContentKey& key, std::string_view owner) const;
    core::Result<ContentKey> unwrap(std::string_view wrapped, std::string_view owner) const;

    /// 32 bytes. The value is normalised first: trimmed, Unicode as given, case kept.
    std::string token(TokenKind kind, std::string_view value) const;
    /// HMAC-SHA-256 of canonical content: tells the same message from another, tells nobody else
    /// anything.
    std::string fingerprint(std::string_view canonical) const;

    /// Ed25519, 64 bytes: over what proves something outside the database (heads of the access
    /// log). The key comes from the tenant's, so whoever has the database alone cannot sign.
    std::string sign(std::string_view bytes) const;
    /// 32 bytes: what others verify those signatures with. Not secret.
    const std::string& verification_key() const { return verification_key_; }

private:
    SecretKey wrapping_;
    HmacKey searching_;
    HmacKey fingerprinting_;
    SecretKey signing_;
    std::string verification_key_;
};

/// All tenants' vaults; replaced on reload. Any thread.
class Vaults {
public:
    std::shared_ptr<const Vault> find(const core::TenantId& tenant) const;
    void put(const core::TenantId& tenant, std::shared_ptr<const Vault> vault);
    void remove(const core::TenantId& tenant);

private:
    mutable std::shared_mutex mutex_;
    std::map<core::TenantId, std::shared_ptr<const Vault>> vaults_;
};

/// A tenant key file: one line "sluse-tenant-key-v1 <base64url of 32 bytes>", mode 0600.
std::string write_tenant_key(const SecretKey& key);
core::Result<SecretKey> read_tenant_key(std::string_view text);

}   // namespace gateway::crypto
