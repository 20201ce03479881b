#pragma once

// Searches by business key, the same words in both APIs.

#include "gateway/crypto/vault.hpp"
#include "gateway/json/value.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/store_types.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::view {

inline constexpr std::size_t page_default = 50;
inline constexpr std::size_t page_max = 200;

/// A search's condition as the caller gave it, by URL or body.
struct Condition {
    std::string name;
    std::string value;
};
/// One condition of a body: `limit` may be a number, `recipient` is an object of one key. A value
/// of another kind, or a recipient who is none, becomes an empty text, which fits nowhere.
Condition condition_of(const std::string& name, const json::Value& value);

/// Sets one condition. Nothing when it is set; else what is wrong: an unknown name, a value that
/// does not fit, or a second business key. `Refuse` is bad_parameter or bad_member.
using Refuse = ports::Refusal (*)(const std::string& name);
std::optional<ports::Refusal> apply_condition(ports::SearchQuery& query, const crypto::Vault& vault,
                                              const Condition& condition, Refuse refuse);
/// A whole number from 1 to `most`.
std::optional<std::size_t> read_limit(std::string_view text, std::size_t most);

}   // namespace gateway::view
