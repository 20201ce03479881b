#pragma once

// An issuer of tokens with a key, whose metadata and key set are a script, and two systems bound to
// its tokens.

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/jwk.hpp"
#include "gateway/runtime/log.hpp"
#include "gateway/runtime/metrics.hpp"
#include "gateway/signin/sign_in.hpp"
#include "tests/support/business_certificates.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <catch2/catch.hpp>

namespace tests {

using namespace gateway;

inline const char* const issuer_url = "https://mp.example/";

class SignInWorld final : public ports::ConfigurationSource {
public:
    boost::asio::io_context io;
    ManualClock clock;
    runtime::MetricsRegistry metrics;
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
    BusinessAuthority authority;
    BusinessIdentity key = authority.issue(BusinessWishes());
    ScriptedHttpClient* http = nullptr;   // once somebody asked for it
    std::function<void(ScriptedHttpClient&)> script = [this](ScriptedHttpClient& client) {
        client.always("GET", "/.well-known/").answer_json(200, metadata());
        client.always("GET", "/jwk").answer_json(200, key_set({{"key-1", key}}));
    };
    std::unique_ptr<signin::SignIn> sign_in;

    SignInWorld() {
        core::TokenIssuerConfig issuer;
        issuer.issuer = issuer_url;
        issuer.metadata_url = std::string(issuer_url) + ".well-known/oauth-authorization-server";
        issuer.scopes["sluse:brev"] = {"send:letter"};
        issuer.scopes["sluse:les"] = {"messages:read-all"};
        configuration->maskinporten_in = issuer;
        core::TenantConfig tenant;
        tenant.id = core::TenantId("310001007");
        add(tenant, "byggesak", "sluse:brev");
        add(tenant, "oppvekst", "sluse:les");
        configuration->tenants.emplace(tenant.id, tenant);
        signin::SignInParts parts{*this,
                                  clock,
                                  runtime::null_log(),
                                  metrics,
                                  io.get_executor(),
                                  [this](const core::TokenIssuerConfig&)
                                      -> core::Result<std::unique_ptr<sdk::HttpClient>> {
                                      auto client = std::make_unique<ScriptedHttpClient>(clock);
                                      http = client.get();
                                      script(*client);
                                      return std::unique_ptr<sdk::HttpClient>(std::move(client));
                                  }};
        sign_in = std::make_unique<signin::SignIn>(std::move(parts));
    }
    ~SignInWorld() override { run(io, sign_in->stop()); }
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }

    static void add(core::TenantConfig& tenant, const char* name, const char* scope) {
        core::SystemConfig system;
        system.id = core::SystemId(name);
        system.grants = {"send:letter", "messages:read-all", "receive:form"};
        system.token = core::TokenBinding{"310002003", scope};
        tenant.systems.emplace(system.id, system);
    }
    static std::string metadata(const std::string& of = issuer_url) {
        return R"({"issuer":")" + of + R"(","jwks_uri":"https://mp.example/jwk"})";
    }
    static std::string key_set(const std::vector<std::pair<std::string, BusinessIdentity>>& keys) {
        json::Value items = json::Value::array();
        for (const auto& [kid, identity] : keys) {
            const auto jwk = crypto::jwk_from_certificate(identity.der);
            json::Value one = json::Value::object();
            one.set("kty", "RSA")
                .set("kid", kid)
                .set("use", "sig")
                .set("n", jwk->n)
                .set("e", jwk->e);
            items.push(one);
        }
        json::Value set = json::Value::object();
        set.set("keys", items);
        return json::write(set);
    }

    std::int64_t seconds() const {
        return std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch())
            .count();
    }
    json::Value claims() const {
        json::Value consumer = json::Value::object();
        consumer.set("authority", "iso6523-actorid-upis").set("ID", "0192:310002003");
        json::Value claims = json::Value::object();
        claims.set("iss", issuer_url)
            .set("scope", "sluse:brev")
            .set("iat", seconds())
            .set("exp", seconds() + 120)
            .set("jti", "1")
            .set("client_id", "c")
            .set("consumer", consumer);
        return claims;
    }
    static std::string token(const json::Value& claims, const BusinessIdentity& with,
                             const std::string& header = R"({"kid":"key-1","alg":"RS256"})") {
        auto input = crypto::jws_signing_input(header, json::write(claims));
        const auto signature = with.sign(input);
        return crypto::jws_compact(std::move(input), signature);
    }
    signin::SignedIn enter(const std::string& compact) {
        return run(io, sign_in->by_token(compact));
    }
    signin::SignedIn enter_with(const json::Value& with) { return enter(token(with, key)); }
    std::uint64_t calls() const { return http == nullptr ? 0 : http->calls().size(); }
};

}   // namespace tests
