#include "gateway/doctor/judge_access.hpp"

#include "gateway/crypto/jws.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/scopes.hpp"

#include <algorithm>
#include <cstdlib>

namespace gateway::doctor {

using core::Errc;

namespace {

std::string text_of(std::chrono::milliseconds wait) {
    return std::to_string((wait.count() + 999) / 1000);
}

/// The claim `scope`: words in one text, or a list.
std::optional<std::vector<std::string>> scopes_of(const std::string& token) {
    const auto parts = crypto::jws_split(token);
    const auto claims = parts ? json::parse(parts->payload_json) : json::parse("");
    if (!claims || !claims->is_object() || !claims->has("scope")) {
        return std::nullopt;
    }
    const auto& scope = (*claims)["scope"];
    if (scope.is_string()) {
        return sdk::scopes_in(scope.as_string());
    }
    std::vector<std::string> all;
    for (const auto& one : scope.items()) {
        all.push_back(one.as_string());
    }
    return all;
}

}   // namespace

std::string name_of(const sdk::TokenRequest& request) {
    std::string name;
    for (const auto& scope : request.scopes) {
        name += (name.empty() ? "" : " ") + scope;
    }
    const auto& organisation =
        request.system_user_org.empty() ? request.consumer_org : request.system_user_org;
    if (!organisation.empty()) {
        name += " (" + organisation + ")";
    }
    return name;
}

TokenLook look_at(const sdk::TokenAnswer& answer, core::Time now) {
    TokenLook look;
    if (!answer.token) {
        look.failure = answer.failure;
        return look;
    }
    look.had = true;
    look.life = std::chrono::floor<std::chrono::seconds>(answer.token->expires_at - now);
    look.scopes = scopes_of(answer.token->value);
    return look;
}

Step judge_token(const sdk::TokenRequest& request, const core::Result<TokenLook>& look) {
    Step step("token", name_of(request));
    if (!look) {
        return step.found(Finding::red, "doctor.token.silent",
                          {{"seconds", text_of(token_time_max)}});
    }
    if (!look->had) {
        return step.found(Finding::red, look->failure.code, look->failure.params);
    }
    step.seen.set("secondsLeft", static_cast<std::int64_t>(look->life.count()));
    return step.green();
}

Step judge_scope(const sdk::TokenRequest& request, const TokenLook& look) {
    Step step("scope", name_of(request));
    if (!look.scopes) {
        return step.found(Finding::skipped, "doctor.skipped.opaque_token");
    }
    for (const auto& wanted : request.scopes) {
        if (std::find(look.scopes->begin(), look.scopes->end(), wanted) == look.scopes->end()) {
            return step.found(Finding::red, "doctor.scope.missing", {{"scope", wanted}});
        }
    }
    return step.green();
}

Step judge_call(const core::Result<sdk::ProbeAnswer>& answer) {
    Step step("call", "");
    if (!answer && answer.error().is(Errc::timed_out)) {
        return step.found(Finding::red, "doctor.call.silent",
                          {{"seconds", text_of(call_time_max)}});
    }
    if (!answer) {
        return step.found(Finding::red, "service.internal");
    }
    for (const auto& [name, value] : answer->params) {
        if (name == "status") {
            step.seen.set("status",
                          static_cast<std::int64_t>(std::strtol(value.c_str(), nullptr, 10)));
        }
    }
    step.seen.set("provesAccess", answer->proves_access);
    return step.found(answer->finding, answer->code, answer->params);
}

}   // namespace gateway::doctor
