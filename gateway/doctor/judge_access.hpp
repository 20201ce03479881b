#pragma once

// What a token, its scopes and a harmless call mean. Pure.

#include "gateway/doctor/finding.hpp"

#include <optional>

namespace gateway::doctor {

inline constexpr std::chrono::milliseconds token_time_max{5000};
inline constexpr std::chrono::milliseconds call_time_max{3000};

/// A token that was fetched, as far as it may be looked at.
struct TokenLook {
    bool had = false;
    sdk::TokenFailure failure;                        // without one
    std::chrono::seconds life{0};                     // that is left
    std::optional<std::vector<std::string>> scopes;   // what it says of itself; nothing: opaque

    TokenLook() = default;
};
TokenLook look_at(const sdk::TokenAnswer& answer, core::Time now);

Step judge_token(const sdk::TokenRequest& request, const core::Result<TokenLook>& look);
/// Of a token that was had.
Step judge_scope(const sdk::TokenRequest& request, const TokenLook& look);
Step judge_call(const core::Result<sdk::ProbeAnswer>& answer);

/// What a step about this request is called: its scopes, and for whom.
std::string name_of(const sdk::TokenRequest& request);

}   // namespace gateway::doctor
