#include "gateway/admin/oidc_pending.hpp"
#include "tests/unit/admin/oidc_world.hpp"

#include <catch2/catch.hpp>

// People who sign in to the console at a provider of OpenID Connect.

using namespace gateway;
using tests::admin::OidcWorld;
using tests::admin::World;

namespace {

const std::string refused_at = "/console/#/provider/session.provider_";

sdk::Headers signed_in_headers(const http::Response& response) {
    return {{"Cookie", "sluse_session=" + OidcWorld::cookie(response, "sluse_session")}};
}

core::Result<sdk::HttpResponse> provider_says(int status, const std::string& body) {
    return sdk::HttpResponse(status, body);
}

}   // namespace

TEST_CASE("oidc: a person the provider vouches for gets the roles of the configuration") {
    OidcWorld oidc;
    const auto begun = oidc.begin();
    REQUIRE(begun.status == 201);
    const auto back = oidc.come_back(begun);
    REQUIRE(back.status == 303);
    CHECK(sdk::find_header(back.headers, "Location") == "/console/");
    const auto view = World::json(oidc.world.call(
        {.target = "/admin/v1/session", .headers = signed_in_headers(back), .uid = {}}));
    const auto name = view["name"].as_string();
    CHECK(name.starts_with("oidc:"));
    CHECK(name == gateway::admin::oidc_account_id(oidc.config(), "pairwise-1"));
    REQUIRE(view["roles"].items().size() == 1);
    CHECK(view["roles"].items()[0]["role"].as_string() == "operator");
    CHECK(view["roles"].items()[0]["tenant"].as_string() == World::first);
    // Not a word of the person, only of the account.
    CHECK(oidc.world.log.holds("account " + name));
    CHECK_FALSE(oidc.world.log.holds("pairwise-1"));
    CHECK_FALSE(oidc.world.log.holds("01017012345"));
}

TEST_CASE("oidc: the request is pushed with PKCE and private_key_jwt, and the browser sees none of "
          "it") {
    OidcWorld oidc;
    const auto begun = oidc.begin();
    const auto url = World::json(begun)["url"].as_string();
    CHECK(url == "https://login.vouches.example/authorize?client_id=sluse&request_uri=urn%3Avouches"
                 "%3A1");
    oidc.come_back(begun);
    REQUIRE(oidc.provider.asked.size() == 4);
    auto pushed = oidc.provider.asked[1].form;
    auto exchanged = oidc.provider.asked[2].form;
    CHECK(pushed["response_type"] == "code");
    CHECK(pushed["code_challenge_method"] == "S256");
    CHECK(pushed["acr_values"] == "substantial high");
    CHECK(pushed["scope"] == "openid");
    CHECK(exchanged["code"] == "c1");
    CHECK(exchanged["code_verifier"].size() == 43);
    CHECK(gateway::admin::pkce_challenge(exchanged["code_verifier"]) == pushed["code_challenge"]);
    std::string last;
    for (auto* form : {&pushed, &exchanged}) {
        CHECK((*form)["redirect_uri"] == oidc.config().redirect_url);
        const auto parts = crypto::jws_split((*form)["client_assertion"]).value();
        CHECK(crypto::verify_rs256_with_certificate(oidc.provider.client.der, parts.signing_input,
                                                    parts.signature)
                  .value());
        CHECK(json::parse(parts.header_json).value()["kid"].as_string() == "console-1");
        const auto claims = json::parse(parts.payload_json).value();
        CHECK(claims["iss"].as_string() == "sluse");
        CHECK(claims["sub"].as_string() == "sluse");
        CHECK(claims["aud"].as_string() == tests::admin::oidc_issuer);
        CHECK(claims["exp"].as_int() - claims["iat"].as_int() <= 120);
        CHECK(claims["jti"].as_string() != last);
        last = claims["jti"].as_string();
    }
    // RFC 7636, appendix B.
    CHECK(gateway::admin::pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
          "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("oidc: answers are bounded, and a key that cannot be used is told as that") {
    OidcWorld oidc;
    CHECK(oidc.leads_to() == "/console/");
    for (const auto& asked : oidc.provider.asked) {
        CHECK(asked.answer_bytes_max == 256U << 10U);
    }
    oidc.key_away = true;
    CHECK(oidc.leads_to() == "session.provider_key");
    oidc.key_away = false;
    oidc.reach_away = true;
    CHECK(oidc.leads_to() == "session.provider_key");
    oidc.reach_away = false;
    const auto begun = oidc.begin();
    oidc.key_away = true;
    CHECK(sdk::find_header(oidc.come_back(begun).headers, "Location") == refused_at + "key");
}

TEST_CASE("oidc: without a key id the certificate goes along") {
    OidcWorld oidc;
    oidc.config().kid.clear();
    REQUIRE(oidc.begin().status == 201);
    const auto assertion = oidc.provider.asked[1].form["client_assertion"];
    const auto header = json::parse(crypto::jws_split(assertion).value().header_json).value();
    CHECK_FALSE(header.has("kid"));
    CHECK(header["x5c"].items().size() == 1);
}

TEST_CASE("oidc: the sign-in is bound to the browser by a strict cookie, and good once") {
    OidcWorld oidc;
    const auto begun = oidc.begin();
    const std::string cookie(sdk::find_header(begun.headers, "Set-Cookie"));
    CHECK(cookie.starts_with("__Host-sluse_provider="));
    for (const char* word :
         {"; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600", "; Secure"}) {
        CHECK(cookie.find(word) != std::string::npos);
    }
    CHECK(sdk::find_header(begun.headers, "Cache-Control") == "no-store");
    const auto where = [&](const http::Response& response) {
        return std::string(sdk::find_header(response.headers, "Location"));
    };
    SECTION("another browser has another cookie, or none, and the sign-in is gone then") {
        http::Response other;
        other.headers.emplace_back("Set-Cookie", "__Host-sluse_provider=guess; Path=/");
        CHECK(where(oidc.come_back(other)) == refused_at + "state");
        CHECK(where(oidc.come_back(begun)) == refused_at + "state");
    }
    SECTION("another state") {
        CHECK(where(oidc.come_back(begun, "?state=guess&code=c1")) == refused_at + "state");
        CHECK(where(oidc.come_back(begun)) == "/console/");
    }
    SECTION("a replayed return") {
        CHECK(where(oidc.come_back(begun)) == "/console/");
        CHECK(where(oidc.come_back(begun)) == refused_at + "state");
    }
    SECTION("more than ten minutes") {
        oidc.world.clock.advance(std::chrono::minutes(10));
        CHECK(where(oidc.come_back(begun)) == refused_at + "state");
    }
    SECTION("two codes, or none") {
        CHECK(where(oidc.come_back(begun, oidc.query("&code=c1&code=c2"))) == refused_at + "state");
    }
    SECTION("another provider's answer") {
        CHECK(where(oidc.come_back(begun, "?state=" + oidc.provider.state +
                                              "&iss=https%3A%2F%2Fevil.example&code=c1")) ==
              refused_at + "state");
    }
    SECTION("an answer that does not say whose it is, of a provider that says so") {
        CHECK(where(oidc.come_back(begun, "?state=" + oidc.provider.state + "&code=c1")) ==
              refused_at + "state");
    }
    SECTION("the person breaks off") {
        CHECK(where(oidc.come_back(begun, oidc.query("&error=access_denied"))) ==
              refused_at + "denied");
    }
    SECTION("the configuration has changed meanwhile") {
        oidc.config().acr = {"high"};
        CHECK(where(oidc.come_back(begun)) == refused_at + "state");
    }
    SECTION("begun from another site") {
        const auto forged = oidc.begin({{"Sec-Fetch-Site", "cross-site"}});
        CHECK(forged.status == 403);
        CHECK(World::json(forged)["code"].as_string() == "session.not_from_here");
    }
}

TEST_CASE("oidc: an id token that is not of this sign-in lets nobody in") {
    OidcWorld oidc;
    struct Wrong {
        const char* why;
        const char* name;
        json::Value value;
        const char* code;
    };
    json::Value several = json::Value::array();
    several.push("sluse").push("somebody-else");
    const std::vector<Wrong> wrongs{
        {"nonce", "nonce", "another", "token"},
        {"nonce", "nonce", json::Value(), "token"},
        {"issuer", "iss", "https://evil.example", "token"},
        {"audience", "aud", "somebody-else", "token"},
        {"audience", "aud", several, "token"},
        {"audience", "azp", "somebody-else", "token"},
        {"times", "exp", json::Value(), "token"},
        {"times", "iat", "now", "token"},
        {"expired", "exp", -10, "token"},
        {"expired", "iat", -600, "token"},
        {"not_yet", "iat", 60, "token"},
        {"subject", "sub", json::Value(), "token"},
        {"subject", "sub", std::string(256, 's'), "token"},
        {"acr", "acr", "low", "level"},
        {"acr", "acr", json::Value(), "level"},
        {"not_bound", "sub", "pairwise-2", "not_bound"},
    };
    for (const auto& wrong : wrongs) {
        INFO(wrong.name << ": " << wrong.why);
        oidc.provider.change_claims = [&](json::Value& claims) {
            const bool relative = wrong.value.is_int();
            claims.set(wrong.name, relative
                                       ? json::Value(claims["iat"].as_int() + wrong.value.as_int())
                                       : wrong.value);
        };
        CHECK(oidc.leads_to() == refused_at + wrong.code);
        CHECK(oidc.world.metrics.expose().find("sluse_console_provider_refused_total{why=\"" +
                                               std::string(wrong.why) + "\"}") !=
              std::string::npos);
    }
}

TEST_CASE("oidc: an id token that the provider did not sign lets nobody in") {
    OidcWorld oidc;
    SECTION("alg none") {
        oidc.provider.header = R"({"alg":"none","kid":"provider-1"})";
        CHECK(oidc.leads_to() == refused_at + "token");
    }
    SECTION("a secret's algorithm") {
        oidc.provider.header = R"({"alg":"HS256","kid":"provider-1"})";
        CHECK(oidc.leads_to() == refused_at + "token");
    }
    SECTION("a key nobody published") {
        oidc.provider.kid = "provider-2";
        CHECK(oidc.leads_to() == refused_at + "token");
    }
    SECTION("another key under the same id") {
        const auto jwk = crypto::jwk_from_certificate(oidc.provider.client.der).value();
        oidc.provider.instead["/jwk"] = [jwk] {
            return provider_says(200, R"({"keys":[{"kty":"RSA","kid":"provider-1","n":")" + jwk.n +
                                          R"(","e":")" + jwk.e + R"("}]})");
        };
        CHECK(oidc.leads_to() == refused_at + "token");
    }
    SECTION("a new key is known at once") {
        CHECK(oidc.leads_to() == "/console/");
        oidc.provider.kid = oidc.provider.published_kid = "provider-2";
        oidc.provider.key = oidc.provider.client;
        CHECK(oidc.leads_to() == "/console/");
    }
}

TEST_CASE("oidc: what the provider answers wrongly, or not at all, is told as what it is") {
    OidcWorld oidc;
    using Say = std::function<core::Result<sdk::HttpResponse>()>;
    const Say away = [] { return core::Failure(core::Errc::unreachable, ""); };
    const Say huge = [] { return core::Failure(core::Errc::too_large, ""); };
    const Say busy = [] { return provider_says(503, ""); };
    const Say refuses = [] { return provider_says(401, R"({"error":"invalid_client"})"); };
    const Say spent = [] { return provider_says(400, R"({"error":"invalid_grant"})"); };
    const Say nonsense = [] { return provider_says(200, "<html>"); };
    const Say nothing = [] { return provider_says(200, "{}"); };
    struct Wrong {
        const char* path;
        const Say& say;
        std::string leads;
    };
    const std::string metadata = "/.well-known/openid-configuration";
    const std::vector<Wrong> wrongs{
        {metadata.c_str(), away, "session.provider_down"},
        {metadata.c_str(), busy, "session.provider_down"},
        {metadata.c_str(), huge, "session.provider_bad_answer"},
        {metadata.c_str(), nonsense, "session.provider_bad_answer"},
        {metadata.c_str(), nothing, "session.provider_bad_answer"},
        {"/par", away, "session.provider_down"},
        {"/par", refuses, "session.provider_refused"},
        {"/par", nothing, "session.provider_bad_answer"},
        {"/par", huge, "session.provider_bad_answer"},
        {"/token", away, refused_at + "down"},
        {"/token", spent, refused_at + "refused"},
        {"/token", nothing, refused_at + "bad_answer"},
        {"/token", huge, refused_at + "bad_answer"},
        {"/jwk", away, refused_at + "down"},
        {"/jwk", nothing, refused_at + "bad_answer"},
        {"/jwk", huge, refused_at + "bad_answer"},
    };
    for (const auto& wrong : wrongs) {
        INFO(wrong.path << " -> " << wrong.leads);
        oidc.provider.instead = {{wrong.path, wrong.say}};
        CHECK(oidc.leads_to() == wrong.leads);
    }
}

TEST_CASE("oidc: metadata of another issuer, or of weaker addresses, is not followed") {
    OidcWorld oidc;
    const std::vector<std::pair<std::string, json::Value>> wrongs{
        {"issuer", "https://evil.example"},
        {"issuer", "https://vouches.example/"},
        {"token_endpoint", "http://vouches.example/token"},
        {"jwks_uri", json::Value()},
        {"pushed_authorization_request_endpoint", json::Value()},
    };
    for (const auto& [name, value] : wrongs) {
        INFO(name);
        oidc.provider.change_metadata = [&, key = name, other = value](json::Value& view) {
            view.set(key, other);
        };
        CHECK(oidc.leads_to() == "session.provider_bad_answer");
        CHECK(oidc.provider.asked.size() == 1);
        oidc.provider.asked.clear();
    }
}

TEST_CASE("oidc: nobody has a role by the provider's word, unless the configuration says which") {
    OidcWorld oidc;
    json::Value groups = json::Value::array();
    groups.push("alle").push("sluse-revisjon");
    oidc.provider.subject = "pairwise-3";
    oidc.provider.change_claims = [&](json::Value& claims) {
        claims.set("roles", "administrator").set("groups", groups);
    };
    CHECK(oidc.leads_to() == refused_at + "not_bound");
    const auto id = gateway::admin::oidc_account_id(oidc.config(), "pairwise-3");
    CHECK(oidc.world.log.holds("account " + id));
    core::OidcAccount account;
    account.roles.push_back({"auditor", "*"});
    oidc.config().accounts.push_back(account);   // of nobody
    CHECK(oidc.leads_to() == refused_at + "not_bound");
    oidc.config().accounts.back().claims = {{"groups", "sluse"}};
    CHECK(oidc.leads_to() == refused_at + "not_bound");
    oidc.config().accounts.back().claims = {{"groups", "sluse-revisjon"}};
    CHECK(oidc.leads_to() == "/console/");
    oidc.config().accounts.back().claims.clear();
    oidc.config().accounts.back().id = id;
    CHECK(oidc.leads_to() == "/console/");
}

TEST_CASE("oidc: a change of what people are bound to ends their sessions") {
    OidcWorld oidc;
    const auto headers = signed_in_headers(oidc.come_back(oidc.begin()));
    const auto look = [&] {
        return oidc.world
            .call({.target = "/admin/v1/flow?tenant=310001007", .headers = headers, .uid = {}})
            .status;
    };
    CHECK(look() == 200);
    oidc.config().accounts[0].roles[0].role = "auditor";
    CHECK(look() == 401);
    oidc.config().accounts[0].roles[0].role = "operator";
    CHECK(look() == 401);
}

TEST_CASE("oidc: who signs out is told where to sign out at the provider, without a word of the "
          "person") {
    OidcWorld oidc;
    auto headers = signed_in_headers(oidc.come_back(oidc.begin()));
    const auto view = World::json(
        oidc.world.call({.target = "/admin/v1/session", .headers = headers, .uid = {}}));
    headers.emplace_back("X-CSRF-Token", view["csrf"].as_string());
    const auto out = oidc.world.call(
        {.method = "DELETE", .target = "/admin/v1/session", .headers = headers, .uid = {}});
    CHECK(out.status == 200);
    CHECK(World::json(out)["signOutUrl"].as_string() ==
          "https://login.vouches.example/logout?client_id=sluse&post_logout_redirect_uri=https%3A%"
          "2F%2Fsluse.example%2Fconsole%2F");
    CHECK(oidc.world.call({.target = "/admin/v1/session", .headers = headers, .uid = {}}).status ==
          401);
}

TEST_CASE("oidc: the console is told whether one may sign in there, and why one was refused") {
    OidcWorld oidc;
    const auto ask = [&](const std::string& query) {
        return World::json(
            oidc.world.call({.target = "/admin/v1/session/provider" + query, .uid = {}}));
    };
    CHECK(ask("")["offered"].as_bool());
    CHECK_FALSE(ask("").has("problem"));
    CHECK(ask("?refused=session.provider_level")["problem"]["title"].as_string() ==
          "Innloggingen er ikke sikker nok");
    CHECK_FALSE(ask("?refused=session.provider_nothing").has("problem"));
    CHECK_FALSE(ask("?refused=session.over").has("problem"));
    oidc.world.configuration->admin_oidc.reset();
    CHECK_FALSE(ask("")["offered"].as_bool());
    CHECK(World::json(oidc.begin())["code"].as_string() == "session.provider_off");
}

TEST_CASE("oidc: who begins again and again waits, and what is begun is bounded") {
    OidcWorld oidc;
    int begun = 0;
    while (begun < 100 && oidc.begin().status == 201) {
        ++begun;
    }
    CHECK(begun == 20);
    const auto waits = oidc.begin();
    CHECK(waits.status == 429);
    CHECK_FALSE(sdk::find_header(waits.headers, "Retry-After").empty());

    gateway::admin::OidcPendings pendings;
    for (std::size_t i = 0; i < 2 * gateway::admin::OidcPendings::pending_max; ++i) {
        gateway::admin::OidcPending pending;
        pending.secrets.state = std::to_string(i);
        pending.browser = "b";
        pending.began = core::SteadyTime(std::chrono::milliseconds(i));
        pendings.put(std::move(pending));
    }
    CHECK(pendings.size() == gateway::admin::OidcPendings::pending_max);
    const core::SteadyTime now(std::chrono::seconds(1));
    CHECK_FALSE(pendings.take("0", "b", now));
    CHECK(pendings.take("511", "b", now));
}
