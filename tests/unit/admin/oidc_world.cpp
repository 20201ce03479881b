#include "tests/unit/admin/oidc_world.hpp"

#include "gateway/http/target.hpp"

namespace tests::admin {
namespace {

class ToProvider final : public sdk::HttpClient {
public:
    explicit ToProvider(FakeProvider& provider) : provider_(provider) {}
    sdk::Task<core::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                    sdk::Deadline) override {
        co_return provider_.answer(request);
    }

private:
    FakeProvider& provider_;
};

class ClientKeys final : public sdk::Keys {
public:
    ClientKeys(const BusinessIdentity& identity, bool away) : identity_(identity), away_(away) {}
    sdk::Task<sdk::Result<std::string>> sign_rs256(std::string bytes) override {
        if (away_) {
            co_return core::Failure(core::Errc::unavailable, "");
        }
        co_return identity_.sign(bytes);
    }
    sdk::Task<sdk::Result<std::string>> unwrap_key(core::KeyTransport, std::string, std::size_t,
                                                   std::size_t) override {
        co_return core::Failure(core::Errc::unsupported, "");
    }
    sdk::Task<sdk::Result<std::vector<std::string>>> opening_public_keys() override {
        co_return std::vector<std::string>();
    }
    sdk::Task<sdk::Result<std::vector<std::string>>> certificate_chain() override {
        co_return std::vector<std::string>{identity_.der};
    }

private:
    const BusinessIdentity& identity_;
    const bool away_;
};

BusinessWishes another_key() {
    BusinessWishes wishes;
    wishes.key = 1;
    return wishes;
}

}   // namespace

std::map<std::string, std::string> read_form(const std::string& body) {
    std::map<std::string, std::string> form;
    const auto target = http::parse_target("/?" + body).value();
    for (const auto& [name, value] : target.query) {
        form.emplace(name, value);
    }
    return form;
}

FakeProvider::FakeProvider(sdk::Clock& the_clock)
    : clock(the_clock), key(authority.issue(another_key())) {}

std::string FakeProvider::id_token() {
    const auto now =
        std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
    json::Value claims = json::Value::object();
    claims.set("iss", oidc_issuer)
        .set("sub", subject)
        .set("aud", "sluse")
        .set("iat", now)
        .set("exp", now + 120)
        .set("nonce", nonce)
        .set("acr", "substantial")
        .set("pid", "01017012345");
    change_claims(claims);
    const auto head = header.empty() ? R"({"alg":"RS256","kid":")" + kid + R"("})" : header;
    auto input = crypto::jws_signing_input(head, json::write(claims));
    const auto signature = key.sign(input);
    return crypto::jws_compact(std::move(input), signature);
}

core::Result<sdk::HttpResponse> FakeProvider::answer(const sdk::HttpRequest& request) {
    const std::string path = request.url.substr(std::string(oidc_issuer).size());
    asked.push_back(
        {request.method, request.url, read_form(request.body), request.answer_bytes_max});
    if (path == "/par") {
        nonce = asked.back().form["nonce"];
        state = asked.back().form["state"];
    }
    if (const auto other = instead.find(path); other != instead.end()) {
        return other->second();
    }
    if (path == "/par") {
        return sdk::HttpResponse(201, R"({"request_uri":"urn:vouches:1","expires_in":60})");
    }
    json::Value view = json::Value::object();
    if (path == "/token") {
        view.set("access_token", "opaque").set("token_type", "Bearer").set("id_token", id_token());
    } else if (path == "/jwk") {
        const auto jwk = crypto::jwk_from_certificate(key.der).value();
        json::Value one = json::Value::object();
        one.set("kty", "RSA").set("kid", published_kid).set("n", jwk.n).set("e", jwk.e);
        json::Value keys = json::Value::array();
        keys.push(std::move(one));
        view.set("keys", std::move(keys));
    } else {
        view.set("issuer", oidc_issuer)
            .set("authorization_endpoint", "https://login.vouches.example/authorize")
            .set("pushed_authorization_request_endpoint", std::string(oidc_issuer) + "/par")
            .set("token_endpoint", std::string(oidc_issuer) + "/token")
            .set("jwks_uri", std::string(oidc_issuer) + "/jwk")
            .set("end_session_endpoint", "https://login.vouches.example/logout")
            .set("authorization_response_iss_parameter_supported", true);
        change_metadata(view);
    }
    return sdk::HttpResponse(200, json::write(view));
}

OidcWorld::OidcWorld() : provider(world.clock) {
    core::OidcConfig oidc;
    oidc.issuer = oidc_issuer;
    oidc.metadata_url = std::string(oidc_issuer) + "/.well-known/openid-configuration";
    oidc.client_id = "sluse";
    oidc.kid = "console-1";
    oidc.redirect_url = std::string("https://sluse.example") + core::oidc_redirect_path;
    oidc.acr = {"substantial", "high"};
    core::OidcAccount account;
    account.claims = {{"sub", "pairwise-1"}};
    account.roles.push_back({"operator", World::first});
    oidc.accounts.push_back(account);
    world.configuration->admin_oidc = oidc;
    auto parts = world.parts();
    parts.reach_provider =
        [this](const core::OidcConfig&) -> core::Result<gateway::admin::OidcReach> {
        if (reach_away) {
            return core::Failure(core::Errc::not_found, "");
        }
        gateway::admin::OidcReach reach;
        reach.http = std::make_unique<ToProvider>(provider);
        reach.keys = std::make_unique<ClientKeys>(provider.client, key_away);
        return reach;
    };
    world.api = std::make_unique<gateway::admin::AdminApi>(std::move(parts));
}

http::Response OidcWorld::begin(sdk::Headers headers) {
    return world.call({.method = "POST",
                       .target = "/admin/v1/session/provider",
                       .headers = std::move(headers),
                       .uid = {}});
}

std::string OidcWorld::query(const std::string& more) const {
    return "?state=" + provider.state + "&iss=https%3A%2F%2Fvouches.example" + more;
}

http::Response OidcWorld::come_back(const http::Response& begun, const std::string& given) {
    const auto held = cookie(begun, "__Host-sluse_provider");
    return world.call({.target = core::oidc_redirect_path + (given.empty() ? query() : given),
                       .headers = {{"Cookie", "__Host-sluse_provider=" + held}},
                       .uid = {}});
}

std::string OidcWorld::leads_to() {
    world.clock.advance(std::chrono::minutes(16));   // who begins often waits
    const auto begun = begin();
    if (begun.status != 201) {
        return World::json(begun)["code"].as_string();
    }
    return std::string(sdk::find_header(come_back(begun).headers, "Location"));
}

std::string OidcWorld::cookie(const http::Response& response, const std::string& name) {
    for (const auto& [header, value] : response.headers) {
        if (header == "Set-Cookie" && value.starts_with(name + "=")) {
            return value.substr(name.size() + 1, value.find(';') - name.size() - 1);
        }
    }
    return {};
}

}   // namespace tests::admin
