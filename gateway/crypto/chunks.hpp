#pragma once

// A document at rest: chunks of 64 KiB plain, each sealed on its own with AES-256-GCM under the
// document's key, so that any range can be read. Nonce = 4 zero bytes + 8 bytes chunk number;
// associated data = chunk number and whether it is the last: chunks cannot be reordered, dropped or
// cut off. Chunk n lies at n * (65536 + 16). The last one is always shorter than the others, also
// when empty: 65536 bytes are a full chunk and an empty one, so no writer waits to know which is
// last.

#include "gateway/crypto/vault.hpp"

#include <cstddef>

namespace gateway::crypto {

inline constexpr std::size_t chunk_plain_bytes = 65536;
inline constexpr std::size_t chunk_sealed_bytes = chunk_plain_bytes + 16;

std::string seal_chunk(const SecretKey& key, std::uint64_t number, bool last,
                       std::string_view plain);
core::Result<std::string> open_chunk(const SecretKey& key, std::uint64_t number, bool last,
                                     std::string_view sealed);

/// Bytes on disk of a document of `plain_size` bytes.
std::uint64_t sealed_size(std::uint64_t plain_size);

}   // namespace gateway::crypto
