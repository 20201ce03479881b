#include "tests/e2e/console_provider.hpp"

#include "gateway/crypto/private_key.hpp"
#include "gateway/upstream/client.hpp"

namespace tests::e2e {
namespace {

/// The client's key there.
class KeyOfConsole final : public sdk::Keys {
public:
    explicit KeyOfConsole(const std::string& pem) : key_(crypto::load_pem_key(pem, "").value()) {}
    sdk::Task<sdk::Result<std::string>> sign_rs256(std::string bytes) override {
        co_return key_->sign_rs256(bytes);
    }
    sdk::Task<sdk::Result<std::string>> unwrap_key(core::KeyTransport, std::string, std::size_t,
                                                   std::size_t) override {
        co_return core::Failure(core::Errc::unsupported, "");
    }
    sdk::Task<sdk::Result<std::vector<std::string>>> opening_public_keys() override {
        co_return std::vector<std::string>();
    }
    sdk::Task<sdk::Result<std::vector<std::string>>> certificate_chain() override {
        co_return std::vector<std::string>();
    }

private:
    std::unique_ptr<crypto::PrivateKey> key_;
};

}   // namespace

core::OidcConfig provider_asked_for(const json::Value& asked, const std::string& tenant) {
    core::OidcConfig oidc;
    oidc.issuer = asked["issuer"].as_string();
    oidc.metadata_url = oidc.issuer + "/.well-known/openid-configuration";
    oidc.client_id = asked["clientId"].as_string();
    oidc.key = asked["key"].as_string();   // PEM: this world has no files
    oidc.kid = asked["kid"].as_string();
    for (const auto& acr : asked["acr"].items()) {
        oidc.acr.push_back(acr.as_string());
    }
    core::OidcAccount account;
    for (const auto& [name, value] : asked["claims"].members()) {
        account.claims.emplace(name, value.as_string());
    }
    account.roles.push_back({asked["role"].as_string(), tenant});
    oidc.accounts.push_back(std::move(account));
    return oidc;
}

core::Result<gateway::admin::OidcReach> reach_provider(sdk::Clock& clock,
                                                       const core::OidcConfig& config) {
    upstream::ClientOptions options;
    options.connection = "console_provider";
    auto http = upstream::make_client(clock, std::move(options));
    if (!http) {
        return http.error();
    }
    gateway::admin::OidcReach reach;
    reach.http = std::move(*http);
    reach.keys = std::make_unique<KeyOfConsole>(config.key);
    return reach;
}

}   // namespace tests::e2e
