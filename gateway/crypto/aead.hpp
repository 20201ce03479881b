#pragma once

// AES-256-GCM, the one cipher everything at rest is sealed with. The caller sees to it that no
// nonce is used twice under a key.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::crypto {

inline constexpr std::size_t aead_key_bytes = 32;
inline constexpr std::size_t aead_nonce_bytes = 12;
inline constexpr std::size_t aead_tag_bytes = 16;

/// Appends ciphertext and tag to `out`.
void aead_seal(std::string_view key, std::string_view nonce, std::string_view associated,
               std::string_view plain, std::string& out);
/// Ciphertext and tag -> plain; nothing when it does not authenticate.
std::optional<std::string> aead_open(std::string_view key, std::string_view nonce,
                                     std::string_view associated, std::string_view sealed);
/// Overwrites what was secret, past the optimiser.
void wipe(std::string& secret) noexcept;

}   // namespace gateway::crypto
