#pragma once

// A token that a caller shows: its claims, given straight, and the whole as it comes.

#include "gateway/crypto/jws.hpp"
#include "gateway/signin/token.hpp"
#include "tests/fuzz/promise.hpp"

namespace fuzz::token {

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace signin = gateway::signin;
    const auto text = text_of(data, size);
    const auto compact = signin::read_token(text);
    promise(!compact || !compact->kid.empty(), "a token names its key");
    const std::string made = gateway::crypto::jws_compact(
        gateway::crypto::jws_signing_input(R"({"kid":"k","alg":"RS256"})", text), "s");
    const auto token = signin::read_token(made);
    if (!token) {
        return;
    }
    gateway::core::TokenIssuerConfig issuer;
    issuer.issuer = "https://mp.example/";
    const auto now = gateway::core::Time(std::chrono::seconds(1'768'478'400));
    const auto verdict = signin::judge_token(token->claims, issuer, now);
    if (!verdict.fault.empty()) {
        return;
    }
    promise(gateway::core::is_organisation_number(verdict.facts.consumer), "it has a consumer");
    promise(!verdict.facts.scopes.empty(), "it has a scope");
    promise(verdict.facts.expires > now, "it has not expired");
    promise(!token->claims.has("cnf"), "it is bound to no key");
}

}   // namespace fuzz::token
