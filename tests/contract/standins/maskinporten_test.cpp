#include "tests/contract/standins/grants.hpp"

#include <catch2/catch.hpp>

#include <functional>

namespace gateway::tests::standins {

using json::Value;

namespace {

struct Wrong {
    const char* what;
    const char* code;   // found in error_description
    std::function<void(Value& header, Value& claims)> change;
};

void shift(Value& claims, std::int64_t issued, std::int64_t expires) {
    const std::int64_t now = claims["iat"].as_int();
    claims.set("iat", now + issued).set("exp", now + expires);
}

const std::vector<Wrong>& wrong_grants() {
    static const std::vector<Wrong> list{
        {"algorithm", "MP-011", [](Value& h, Value&) { h.set("alg", "ES256"); }},
        {"no algorithm", "MP-011", [](Value& h, Value&) { h.set("alg", "none"); }},
        {"digest that is not the one signed", "MP-124",
         [](Value& h, Value&) { h.set("alg", "RS512"); }},
        {"x5c as a text", "MP-123",
         [](Value& h, Value&) { h.set("x5c", h["x5c"].items().front()); }},
        {"x5c that is no certificate", "MP-123",
         [](Value& h, Value&) { h.set("x5c", Value::array().push("AAAA")); }},
        {"neither x5c nor kid", "MP-011", [](Value& h, Value&) { h.remove("x5c"); }},
        {"both x5c and kid", "MP-011", [](Value& h, Value&) { h.set("kid", "a"); }},
        {"kid that is not registered", "MP-100",
         [](Value& h, Value&) {
             h.remove("x5c");
             h.set("kid", "a");
         }},
        {"unknown client", "MP-100", [](Value&, Value& c) { c.set("iss", "nobody"); }},
        {"certificate for a client with keys", "MP-100",
         [](Value&, Value& c) { c.set("iss", "sluse-sandbox-key"); }},
        {"audience without its slash", "MP-110",
         [](Value&, Value& c) {
             std::string aud = c["aud"].as_string();
             aud.pop_back();
             c.set("aud", aud);
         }},
        {"audience as a list", "MP-110",
         [](Value&, Value& c) { c.set("aud", Value::array().push(c["aud"])); }},
        {"life beyond 120 s", "JWT has too long lifetime",
         [](Value&, Value& c) { shift(c, 0, 125); }},
        {"issue time ahead", "Issue time is after now",
         [](Value&, Value& c) { shift(c, 60, 120); }},
        {"expired grant", "MP-130", [](Value&, Value& c) { shift(c, -130, -15); }},
        {"times that are texts", "MP-011", [](Value&, Value& c) { c.set("exp", "soon"); }},
        {"no scope", "MP-200", [](Value&, Value& c) { c.remove("scope"); }},
        {"scope not on the client", "MP-200",
         [](Value&, Value& c) { c.set("scope", "other:scope"); }},
        {"own organisation as consumer", "The combination consumer_org in claim",
         [](Value&, Value& c) { c.set("consumer_org", "310000019"); }},
        {"consumer that is no organisation", "MP-011",
         [](Value&, Value& c) { c.set("consumer_org", "123"); }},
        {"consumer without a delegation", "MP-251",
         [](Value&, Value& c) { c.set("consumer_org", "310000035"); }},
        {"consumer_org with iss_onbehalfof", "MP-011",
         [](Value&, Value& c) { c.set("consumer_org", "310000035").set("iss_onbehalfof", "x"); }},
        {"resource as a text", "MP-011",
         [](Value&, Value& c) { c.set("resource", "https://a.no"); }},
        {"unknown type of details", "MP-301",
         [](Value&, Value& c) { c.set("authorization_details", object(R"([{"type":"other"}])")); }},
        {"unknown field of details", "MP-302",
         [](Value&, Value& c) {
             c.set("authorization_details",
                   object(R"([{"type":"urn:altinn:systemuser","systemuserorg":{}}])"));
         }},
        {"unknown system user", "MP-303",
         [](Value&, Value& c) {
             c.set(
                 "authorization_details",
                 object(
                     R"([{"type":"urn:altinn:systemuser","systemuser_org":{"authority":"iso6523-actorid-upis","ID":"0192:310356875"}}])"));
         }},
        {"two parties in one grant", "MP-303",
         [](Value&, Value& c) {
             c.set(
                 "authorization_details",
                 object(R"([{"type":"urn:altinn:systemuser"},{"type":"urn:altinn:systemuser"}])"));
         }},
    };
    return list;
}

/// The claims of a token, unverified.
Value claims_of(const std::string& token) {
    const std::size_t first = token.find('.');
    std::string text = token.substr(first + 1, token.find('.', first + 1) - first - 1);
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const char c : text) {
        bits = (bits << 6U) | static_cast<std::uint32_t>(alphabet.find(c));
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>((bits >> count) & 0xFFU));
        }
    }
    return object(out);
}

}   // namespace

TEST_CASE("maskinporten stand-in: every wrong grant gets its own code") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    Grants grants(maskinporten);
    for (const Wrong& wrong : wrong_grants()) {
        Value header = grants.header();
        Value claims = grants.claims();
        wrong.change(header, claims);
        const Answer answer = grants.token(header, claims, grants.key());
        INFO(wrong.what << ": " << answer.body);
        CHECK(answer.status >= 400);
        CHECK(answer.status <= 403);
        CHECK(answer.json()["error_description"].as_string().find(wrong.code) != std::string::npos);
        CHECK_FALSE(answer.json()["error"].as_string().empty());
    }
}

TEST_CASE("maskinporten stand-in: certificates are judged by chain, time and organisation") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    Grants grants(maskinporten);
    const auto with = [&](const char* kind, const char* organisation) {
        Value order;
        order.set("kind", kind).set("organisation", organisation);
        const Value made = maskinporten.command("/control/certificates", order).json();
        Value header = grants.header();
        header.set("x5c", made["x5c"]);
        return grants.token(header, grants.claims(), made["key"].as_string());
    };
    const auto code = [](const Answer& answer, const char* wanted) {
        INFO(answer.body);
        CHECK(answer.json()["error_description"].as_string().find(wanted) != std::string::npos);
    };
    CHECK(with("valid", "310000019").status == 200);
    code(with("other_ca", "310000019"), "MP-120");
    code(with("self_signed", "310000019"), "MP-120");
    code(with("expired", "310000019"), "MP-124");
    code(with("not_yet_valid", "310000019"), "MP-124");
    code(with("valid", "310356875"), "MP-122");
}

TEST_CASE("maskinporten stand-in: a grant is used once, over a kill too") {
    TemporaryFolder folder;
    Value claims;
    std::string issuer;
    {
        Child maskinporten("maskinporten", folder.path(),
                           {"--issuer", "https://issuer.example.no/"});
        Grants grants(maskinporten);
        claims = grants.claims();
        CHECK(grants.token(claims).status == 200);
        CHECK(grants.token(claims).json()["error_description"].as_string().find("MP-012") !=
              std::string::npos);
        maskinporten.kill();
    }
    Child again("maskinporten", folder.path(), {"--issuer", "https://issuer.example.no/"});
    Grants grants(again);
    CHECK(grants.token(claims).json()["error_description"].as_string().find("MP-012") !=
          std::string::npos);
    CHECK(grants.token(grants.claims()).status == 200);
}

TEST_CASE("maskinporten stand-in: a client of its own that an older version registered gets the "
          "scopes it lacks") {
    const TemporaryFolder folder;
    const auto with_scope = [](const Child& maskinporten) {
        Grants grants(maskinporten);
        Value claims = grants.claims();
        claims.set("scope", "krr:global/digitalpost.read");
        return grants.token(claims);
    };
    {
        const Child older("maskinporten", folder.path());
        Value client;
        client.set("client_id", "sluse-sandbox");
        client.set("organisation", older.line()["material"]["organisation"]);
        client.set("scopes", Value::array().push("altinn:correspondence.write").push("a:own"));
        REQUIRE(older.command("/control/clients", client).status == 200);
        const Answer refused = with_scope(older);
        CHECK(refused.json()["error_description"].as_string().find("MP-200") != std::string::npos);
    }
    const Child now("maskinporten", folder.path());
    CHECK(with_scope(now).status == 200);
    Grants grants(now);
    Value claims = grants.claims();
    claims.set("scope", "a:own");   // what was added to it is kept
    CHECK(grants.token(claims).status == 200);
}

TEST_CASE("maskinporten stand-in: tokens say who, for whom and for how long") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    Grants grants(maskinporten);
    const Answer plain = grants.token(grants.claims());
    CHECK(plain.json()["expires_in"].as_int() == 119);
    CHECK(plain.json()["token_type"].as_string() == "Bearer");
    const Value own = claims_of(plain.json()["access_token"].as_string());
    CHECK(own["consumer"]["ID"].as_string() == "0192:310000019");
    CHECK(own["client_amr"].as_string() == "virksomhetssertifikat");
    CHECK_FALSE(own.has("aud"));
    CHECK_FALSE(own.has("supplier"));

    const std::string scope = "altinn:correspondence.write";
    maskinporten.command(
        "/control/delegations",
        object(
            R"({"consumer":"310000035","supplier":"310000019","scope":"altinn:correspondence.write"})"));
    Value delegated = grants.claims();
    delegated.set("scope", scope).set("consumer_org", "310000035");
    delegated.set("resource", Value::array().push("https://api.example.no/"));
    const Value got = claims_of(grants.token(delegated).json()["access_token"].as_string());
    CHECK(got["consumer"]["ID"].as_string() == "0192:310000035");
    CHECK(got["supplier"]["ID"].as_string() == "0192:310000019");
    CHECK(got["aud"].as_string() == "https://api.example.no/");

    maskinporten.command(
        "/control/system-users",
        object(
            R"({"organisation":"310356875","client_id":"sluse-sandbox","system_id":"310000019_sluse"})"));
    Value user = grants.claims();
    user.set(
        "authorization_details",
        object(
            R"([{"type":"urn:altinn:systemuser","systemuser_org":{"authority":"iso6523-actorid-upis","ID":"0192:310356875"}}])"));
    const Value details =
        claims_of(grants.token(user).json()["access_token"].as_string())["authorization_details"];
    CHECK(details.items().at(0)["system_id"].as_string() == "310000019_sluse");
}

TEST_CASE("maskinporten stand-in: access, integration type and the life of a key are enforced") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    Grants grants(maskinporten);
    const auto description = [&] {
        return grants.token(grants.claims()).json()["error_description"].as_string();
    };
    maskinporten.command("/control/scopes",
                         object(R"({"name":"altinn:serviceowner","granted_to":[]})"));
    CHECK(description().find("MP-250") != std::string::npos);
    maskinporten.command("/control/scopes",
                         object(R"({"name":"altinn:serviceowner","maskinporten":false})"));
    CHECK(description().find("MP-201") != std::string::npos);
    maskinporten.command("/control/scopes", object(R"({"name":"altinn:serviceowner"})"));
    // A year and a day on, the registered key is too old.
    maskinporten.command("/control/clock", object(R"({"skew_seconds":31622400})"));
    Value header;
    header.set("alg", "RS256").set("kid", maskinporten.line()["material"]["registered_key"]["kid"]);
    Value claims = grants.claims();
    claims.set("iss", "sluse-sandbox-key");
    shift(claims, 31622400, 31622520);
    const Answer answer = grants.token(header, claims, grants.key());
    CHECK(answer.json()["error_description"].as_string().find("MP-121") != std::string::npos);
}

TEST_CASE("maskinporten stand-in: two keys are published and the newest signs after a rollover") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    const auto kids = [&] {
        std::vector<std::string> out;
        const Value jwks = get(maskinporten.url() + "/jwk").json();
        for (const Value& key : jwks["keys"].items()) {
            out.push_back(key["kid"].as_string());
        }
        return out;
    };
    const auto before = kids();
    REQUIRE(before.size() == 2);
    maskinporten.command("/control/keys/rollover", Value::object());
    const auto after = kids();
    REQUIRE(after.size() == 2);
    CHECK(after[1] == before[0]);
    CHECK(after[0] != before[0]);
    const Value metadata =
        get(maskinporten.url() + "/.well-known/oauth-authorization-server").json();
    CHECK(metadata["issuer"].as_string() == maskinporten.url() + "/");
    CHECK(metadata["token_endpoint"].as_string() == maskinporten.url() + "/token");
}

TEST_CASE("maskinporten stand-in: the token endpoint takes a form and nothing else") {
    TemporaryFolder folder;
    Child maskinporten("maskinporten", folder.path());
    CHECK(get(maskinporten.url() + "/token").status == 405);
    CHECK(post(maskinporten.url() + "/token", Value::object()).status == 400);
    Ask request;
    request.method = "POST";
    request.url = maskinporten.url() + "/token";
    request.headers["Content-Type"] = "application/x-www-form-urlencoded";
    for (const char* body :
         {"", "grant_type=password", "grant_type=%zz",
          "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
          "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=a.b.c"}) {
        request.body = body;
        CHECK(ask(request).status == 400);
    }
}

}   // namespace gateway::tests::standins
