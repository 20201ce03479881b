#pragma once

// Ed25519 (RFC 8032): small signatures that need no chance and no certificate.

#include <string>
#include <string_view>

namespace gateway::crypto {

/// 32 bytes, from the 32 secret ones.
std::string ed25519_public_key(std::string_view secret);
/// 64 bytes; the same for the same bytes.
std::string ed25519_sign(std::string_view secret, std::string_view bytes);
/// False also for a key or signature of another length.
bool ed25519_verify(std::string_view public_key, std::string_view bytes,
                    std::string_view signature);

}   // namespace gateway::crypto
