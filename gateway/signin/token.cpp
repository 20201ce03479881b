#include "gateway/signin/token.hpp"

#include <algorithm>
#include <chrono>

namespace gateway::signin {
namespace {

constexpr std::size_t token_bytes_max = 8192;
constexpr std::size_t kid_bytes_max = 255;
constexpr std::size_t scopes_max = 100;
constexpr std::string_view authority = "iso6523-actorid-upis";
constexpr std::string_view norwegian = "0192:";
// Written by Maskinporten where nothing was asked for, before it left the claim out.
constexpr std::string_view no_audience = "unspecified";
// Year 2262: beyond it a time in nanoseconds has no room.
constexpr std::int64_t seconds_max = 9'000'000'000;

json::ParseLimits limits() {
    json::ParseLimits limits;
    limits.bytes_max = token_bytes_max;
    limits.depth_max = 8;
    limits.values_max = 500;
    return limits;
}

/// Of {"authority": ..., "ID": "0192:<number>"}; empty when it is anything else.
std::string organisation_of(const json::Value& party) {
    const std::string& id = party["ID"].as_string();
    if (party["authority"].as_string() != authority || !id.starts_with(norwegian)) {
        return {};
    }
    const std::string number = id.substr(norwegian.size());
    return core::is_organisation_number(number) ? number : std::string();
}

std::optional<core::Time> time_of(const json::Value& claims, std::string_view name) {
    const json::Value* value = claims.find(name);
    if (value == nullptr || !value->is_int() || value->as_int() < 0 ||
        value->as_int() > seconds_max) {
        return std::nullopt;
    }
    return core::Time(std::chrono::seconds(value->as_int()));
}

bool fits_audience(const json::Value& audience, const std::string& ours) {
    if (audience.is_null() || audience.as_string() == no_audience) {
        return ours.empty();
    }
    if (audience.is_string()) {
        return !ours.empty() && audience.as_string() == ours;
    }
    const auto& all = audience.items();
    return !ours.empty() && std::any_of(all.begin(), all.end(), [&](const json::Value& one) {
        return one.as_string() == ours;
    });
}

bool read_scopes(std::string_view text, std::set<std::string>& scopes) {
    while (!text.empty()) {
        const auto space = text.find(' ');
        if (const auto scope = text.substr(0, space); !scope.empty()) {
            scopes.emplace(scope);
        }
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    }
    return !scopes.empty() && scopes.size() <= scopes_max;
}

}   // namespace

std::optional<Token> read_token(std::string_view compact) {
    if (compact.size() > token_bytes_max) {
        return std::nullopt;
    }
    auto parts = crypto::jws_split(compact);
    if (!parts) {
        return std::nullopt;
    }
    const auto header = json::parse(parts->header_json, limits());
    auto claims = json::parse(parts->payload_json, limits());
    if (!header || !header->is_object() || !claims || !claims->is_object()) {
        return std::nullopt;
    }
    const std::string& kid = (*header)["kid"].as_string();
    if ((*header)["alg"].as_string() != "RS256" || header->has("crit") || kid.empty() ||
        kid.size() > kid_bytes_max) {
        return std::nullopt;
    }
    Token token;
    token.kid = kid;
    token.parts = std::move(*parts);
    token.claims = std::move(*claims);
    return token;
}

TokenVerdict judge_token(const json::Value& claims, const core::TokenIssuerConfig& issuer,
                         core::Time now) {
    TokenVerdict verdict;
    const auto expires = time_of(claims, "exp");
    const auto issued = time_of(claims, "iat");
    const auto begins = time_of(claims, "nbf");
    const auto refuse = [&](std::string_view fault) {
        verdict.fault = fault;
        return verdict;
    };
    if (claims["iss"].as_string() != issuer.issuer) {
        return refuse("issuer");
    }
    if (!expires || !issued || (claims.has("nbf") && !begins)) {
        return refuse("times");
    }
    verdict.facts.expires = *expires + issuer.leeway;
    if (verdict.facts.expires <= now) {
        return refuse("expired");
    }
    if (std::max(*issued, begins.value_or(*issued)) > now + issuer.leeway) {
        return refuse("not_yet");
    }
    if (claims.has("cnf")) {
        return refuse("bound_to_key");
    }
    if (claims.has("pid") || claims.has("authorization_details")) {
        return refuse("restricted");
    }
    if (!fits_audience(claims["aud"], issuer.audience)) {
        return refuse("audience");
    }
    verdict.facts.consumer = organisation_of(claims["consumer"]);
    if (verdict.facts.consumer.empty()) {
        return refuse("consumer");
    }
    if (claims.has("supplier")) {
        verdict.facts.supplier = organisation_of(claims["supplier"]);
        if (verdict.facts.supplier.empty()) {
            return refuse("supplier");
        }
    }
    if (!read_scopes(claims["scope"].as_string(), verdict.facts.scopes)) {
        return refuse("scope");
    }
    return verdict;
}

}   // namespace gateway::signin
