#pragma once

// What an adapter meets a stand-in with: real sockets, and tokens of the Maskinporten stand-in.

#include "gateway/sdk/host.hpp"
#include "tests/contract/standins/child.hpp"
#include "tests/contract/standins/plain_client.hpp"

#include <string>

namespace gateway::tests::standins {

/// From the Maskinporten stand-in; a new one after each that was refused.
class StandInTokens final : public sdk::TokenSource {
public:
    explicit StandInTokens(const Child& maskinporten) : maskinporten_(maskinporten) {}

    sdk::Task<sdk::TokenAnswer> token(sdk::TokenRequest request, sdk::Deadline) override {
        std::string scope;
        for (const auto& one : request.scopes) {
            scope += (scope.empty() ? "" : " ") + one;
        }
        if (token_.empty()) {
            json::Value wanted;
            wanted.set("organisation", request.consumer_org).set("scope", scope);
            token_ =
                maskinporten_.command("/control/token", wanted).json()["access_token"].as_string();
        }
        sdk::TokenAnswer answer;
        answer.token = sdk::Token(token_, core::Time());
        co_return answer;
    }
    void invalidate(const sdk::TokenRequest&, const std::string& token) override {
        if (token == token_) {
            token_.clear();
        }
    }
    void spoil() { token_ += "x"; }
    void forget() { token_.clear(); }

private:
    const Child& maskinporten_;
    std::string token_;
};

}   // namespace gateway::tests::standins
