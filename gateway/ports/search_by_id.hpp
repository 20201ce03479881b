#pragma once

// A message without a reference of its own is known by its id. No token is stored for that: it
// would be a random place in the index of tokens for each message, to say what its key says. So a
// reference that reads as an id asks for two things, in one search.

#include "gateway/ports/store_types.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace gateway::ports {

/// Beside the kinds of tokens, which are below it.
inline constexpr std::uint8_t with_id = 0x80;
inline constexpr std::size_t id_bytes = 16;

/// What has that token, and the message of that id.
inline SearchToken token_or_id(const SearchToken& token, const core::MessageId& id) {
    return {static_cast<std::uint8_t>(token.kind | with_id), id.to_bytes() + token.token};
}

struct TokenOrId {
    SearchToken token;
    std::optional<core::MessageId> id;

    /// As token_or_id() made it, or a plain one.
    explicit TokenOrId(SearchToken given) : token(std::move(given)) {
        const auto uuid =
            (token.kind & with_id) != 0
                ? core::uuid_from_bytes(std::string_view(token.token)
                                            .substr(0, std::min(id_bytes, token.token.size())))
                : std::nullopt;
        if (uuid) {
            id.emplace(*uuid);
            token.kind = static_cast<std::uint8_t>(token.kind & ~with_id);
            token.token.erase(0, id_bytes);
        }
    }
};

}   // namespace gateway::ports
