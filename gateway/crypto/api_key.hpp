#pragma once

// API and admin keys: `slu_<key id>_<43 base64url characters>` (contract.md "Keys"). The store
// keeps the key id and the SHA-256 of the 43 characters: 256 random bits need no slow hash.

#include "gateway/core/randomness.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::crypto {

struct ApiKey {
    std::string id;
    std::string secret;   // the 43 characters as given

    ApiKey() = default;
    /// As its holder writes it: shown once, never stored.
    std::string text() const;
    /// What is stored instead, 32 bytes.
    std::string secret_hash() const;
};

/// 12 characters of id, 256 random bits of secret.
ApiKey make_api_key(core::Randomness& random);
/// Nothing for what is no key.
std::optional<ApiKey> read_api_key(std::string_view text);
/// Of `Authorization: Bearer <key>`.
std::optional<ApiKey> parse_api_key(std::string_view authorization_header);

}   // namespace gateway::crypto
