#pragma once

// An access token of Maskinporten, as a caller shows it to us: read and judged, but for its
// signature. Facts: Maskinporten's documentation (maskinporten_protocol_token, guide_apitilbyder)
// and decoded tokens of 2022 and 2023. Pure.

#include "gateway/core/configuration.hpp"
#include "gateway/core/time.hpp"
#include "gateway/crypto/jws.hpp"
#include "gateway/json/value.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace gateway::signin {

struct Token {
    std::string kid;
    crypto::JwsParts parts;
    json::Value claims;
};

/// A compact JWS of RS256 with a key id and claims in an object, at most 8192 characters; nothing
/// otherwise. "none", other algorithms and critical headers do not pass.
std::optional<Token> read_token(std::string_view compact);

/// What a token that holds says.
struct TokenFacts {
    std::string consumer;   // organisation number
    std::string supplier;   // organisation number, empty unless the right was delegated
    std::set<std::string> scopes;
    core::Time expires{};   // with the leeway
};

/// A word for the metrics when it does not hold.
struct TokenVerdict {
    std::string_view fault;   // empty: it holds
    TokenFacts facts;
};

/// Issuer, times, audience, consumer. One that is bound to a key (`cnf`) is refused, since no proof
/// of that key is taken; one that is restricted to a person (`pid`) or a system user
/// (`authorization_details`) too, since nothing here would obey the restriction.
TokenVerdict judge_token(const json::Value& claims, const core::TokenIssuerConfig& issuer,
                         core::Time now);

}   // namespace gateway::signin
