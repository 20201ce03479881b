#include "gateway/signin/sign_in.hpp"

#include "gateway/crypto/certificate.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/seal/business_certificate.hpp"

#include <boost/asio/strand.hpp>

namespace gateway::signin {
namespace {

// A token is verified once, not at each of the calls it is good for.
constexpr std::size_t verified_max = 4096;

}   // namespace

SignIn::SignIn(SignInParts parts) : parts_(std::move(parts)), fetches_(parts_.executor) {}

std::shared_ptr<const Bindings> SignIn::bindings() {
    auto configuration = parts_.configuration.current();
    const std::lock_guard lock(mutex_);
    if (!bindings_ || &bindings_->configuration() != configuration.get()) {
        bindings_ = std::make_shared<const Bindings>(std::move(configuration));
    }
    return bindings_;
}

std::shared_ptr<KeySet> SignIn::key_set(const core::TokenIssuerConfig& issuer) {
    const std::lock_guard lock(mutex_);
    if (!keys_ || keys_->issuer() != issuer) {
        auto http = parts_.make_http(issuer);
        if (!http) {
            parts_.log.write(sdk::Severity::error, "token_issuer_unusable",
                             {{"why", http.error().to_string()}});
            return nullptr;
        }
        keys_ = std::make_shared<KeySet>(issuer, std::move(*http), parts_.clock,
                                         boost::asio::make_strand(parts_.executor));
        verified_.clear();
    }
    return keys_;
}

SignedIn SignIn::refuse(Verdict verdict, std::string_view why) {
    parts_.metrics.count("sluse_sign_in_refused_total", {{"why", std::string(why)}}, 1);
    return SignedIn(verdict);
}

sdk::Task<SignedIn> SignIn::by_token(std::string compact) {
    const auto bound = bindings();
    const auto& issuer = bound->configuration().maskinporten_in;
    if (!issuer) {
        co_return refuse(Verdict::invalid, "no_issuer");
    }
    const auto keys = key_set(*issuer);
    if (!keys) {
        co_return refuse(Verdict::unavailable, "keys_unavailable");
    }
    const core::Sha256 hash = crypto::sha256(compact);
    std::optional<TokenFacts> known;
    {
        const std::lock_guard lock(mutex_);
        const auto found = verified_.find(hash);
        if (found != verified_.end() && keys == keys_) {
            known = found->second;
        }
    }
    if (known && known->expires <= parts_.clock.now()) {
        co_return refuse(Verdict::invalid, "expired");
    }
    if (known) {
        co_return bind(*known, *bound, false);
    }
    const auto token = read_token(compact);
    if (!token) {
        co_return refuse(Verdict::invalid, "malformed");
    }
    // Before the signature: what would be refused anyhow causes no fetch of keys.
    const TokenVerdict verdict = judge_token(token->claims, *issuer, parts_.clock.now());
    if (!verdict.fault.empty()) {
        co_return refuse(Verdict::invalid, verdict.fault);
    }
    const auto good = co_await is_signed(*token, keys);
    if (!good) {
        co_return refuse(Verdict::unavailable, "keys_unavailable");
    }
    if (!*good) {
        co_return refuse(Verdict::invalid, "signature");
    }
    {
        const std::lock_guard lock(mutex_);
        if (keys == keys_) {
            if (verified_.size() >= verified_max) {
                verified_.clear();
            }
            verified_.insert_or_assign(hash, verdict.facts);
        }
    }
    co_return bind(verdict.facts, *bound, true);
}

sdk::Task<core::Result<bool>> SignIn::is_signed(const Token& token, std::shared_ptr<KeySet> keys) {
    const auto key = co_await keys->find(token.kid, fetches_);
    if (!key) {
        co_return key.error();
    }
    if (!key->has_value()) {
        co_return false;
    }
    const auto good = crypto::verify_rs256(**key, token.parts.signing_input, token.parts.signature);
    co_return good.has_value() && *good;
}

SignedIn SignIn::bind(const TokenFacts& facts, const Bindings& bindings, bool is_new) {
    auto callers = bindings.of_token(facts.consumer, facts.scopes);
    if (callers.size() != 1) {
        return refuse(Verdict::not_bound, callers.empty() ? "not_bound" : "several_systems");
    }
    SignedIn answer(Verdict::accepted);
    answer.caller = std::move(callers.front());
    if (is_new) {
        parts_.log.write(sdk::Severity::info, "signed_in_by_token",
                         {{"tenant", answer.caller.tenant.value},
                          {"system", answer.caller.system.value},
                          {"consumer", facts.consumer},
                          {"supplier", facts.supplier}});
    }
    return answer;
}

SignedIn SignIn::by_certificate(std::string_view der) {
    const auto facts = crypto::certificate_facts(der);
    if (!facts) {
        return refuse(Verdict::invalid, "certificate_malformed");
    }
    const core::Time now = parts_.clock.now();
    if (now < facts->not_before || now >= facts->not_after) {
        return refuse(Verdict::invalid, "certificate_expired");
    }
    const auto bound = bindings();
    const ports::Caller* caller = bound->of_fingerprint(facts->sha256_hex);
    if (caller == nullptr && bound->by_organisation()) {
        const auto business = seal::read_business_certificate(der);
        if (!business) {
            return refuse(Verdict::not_bound, "certificate_without_organisation");
        }
        caller = bound->of_organisation(business->organisation_number);
    }
    if (caller == nullptr) {
        return refuse(Verdict::not_bound, "certificate_not_bound");
    }
    SignedIn answer(Verdict::accepted);
    answer.caller = *caller;
    return answer;
}

}   // namespace gateway::signin
