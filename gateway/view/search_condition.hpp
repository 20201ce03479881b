#pragma once

// Searches by business key, the same words in both APIs.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/store_types.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::view {

inline constexpr std::size_t page_default = 50;
inline constexpr std::size_t page_max = 200;

/// Sets one search condition; false for an unknown name or a value that does not fit.
bool apply_condition(ports::SearchQuery& query, const crypto::Vault& vault, std::string_view name,
                     const std::string& value);
/// A whole number from 1 to `most`.
std::optional<std::size_t> read_limit(std::string_view text, std::size_t most);

}   // namespace gateway::view
