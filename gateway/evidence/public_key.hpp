#pragma once

// The key that evidence is signed with, its public half: 32 bytes of Ed25519.

#include <optional>
#include <string>
#include <string_view>

namespace gateway::evidence {

/// SubjectPublicKeyInfo in PEM (RFC 8410), as openssl reads it.
std::string write_public_key(std::string_view key);
/// That PEM, or base64url as `sluse verify --log` shows it; space around it is no matter. Nothing
/// when it is neither.
std::optional<std::string> read_public_key(std::string_view text);

}   // namespace gateway::evidence
