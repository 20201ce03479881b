#pragma once

// Callers without a key of ours: by a token of Maskinporten, or by the certificate their connection
// was made with.

#include "gateway/ports/configuration.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/signin/bindings.hpp"
#include "gateway/signin/key_set.hpp"
#include "gateway/signin/token.hpp"

#include <functional>

namespace gateway::signin {

enum class Verdict {
    accepted,
    invalid,       // forged, expired, of another issuer, or nothing we take
    not_bound,     // it holds, and belongs to no system, or to more than one
    unavailable,   // nobody can say just now
};

struct SignedIn {
    Verdict verdict = Verdict::invalid;
    ports::Caller caller;

    SignedIn() = default;
    explicit SignedIn(Verdict what) : verdict(what) {}
};

struct SignInParts {
    const ports::ConfigurationSource& configuration;
    sdk::Clock& clock;
    sdk::Log& log;
    sdk::Metrics& metrics;
    boost::asio::any_io_executor executor;
    /// Reaches the issuer with the roots it is configured with.
    std::function<core::Result<std::unique_ptr<sdk::HttpClient>>(const core::TokenIssuerConfig&)>
        make_http;
};

/// Any strand. What it is configured with is looked up at each call, so that a change holds at
/// once.
class SignIn {
public:
    explicit SignIn(SignInParts parts);

    sdk::Task<SignedIn> by_token(std::string compact);
    /// Of a certificate whose chain the listener has verified. That it is still valid is judged
    /// here, at each call: connections last.
    SignedIn by_certificate(std::string_view der);
    /// Ends fetches of keys. Awaited before it goes.
    sdk::Task<void> stop() { return fetches_.stop(); }

private:
    std::shared_ptr<const Bindings> bindings();
    std::shared_ptr<KeySet> key_set(const core::TokenIssuerConfig& issuer);
    sdk::Task<core::Result<bool>> is_signed(const Token& token, std::shared_ptr<KeySet> keys);
    SignedIn refuse(Verdict verdict, std::string_view why);
    SignedIn bind(const TokenFacts& facts, const Bindings& bindings, bool is_new);

    SignInParts parts_;
    runtime::TaskGroup fetches_;
    std::mutex mutex_;
    std::shared_ptr<const Bindings> bindings_;
    std::shared_ptr<KeySet> keys_;
    std::map<core::Sha256, TokenFacts> verified_;   // by the token's hash, of the issuer of `keys_`
};

}   // namespace gateway::signin
