#include "gateway/crypto/jws.hpp"
#include "tests/support/business_certificates.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;

namespace {

std::string challenge(const http::Response& response) {
    return std::string(sdk::find_header(response.headers, "WWW-Authenticate"));
}

http::Response bearer(World& world, const std::string& token, const std::string& certificate = {}) {
    World::Ask ask{"GET", "/v1/messages"};
    ask.without_key = true;
    if (!token.empty()) {
        ask.headers.emplace_back("Authorization", token);
    }
    ask.certificate = certificate;
    return world.call(ask);
}

}   // namespace

TEST_CASE("sign-in: what is no key and no token gets the same 401 as a wrong key") {
    World world;
    const auto wrong_key = bearer(world, "Bearer slu_abc_def");
    const auto code = world.json(wrong_key)["code"];
    for (const char* header :
         {"", "Bearer ", "Bearer abc", "Bearer a.b.c", "Basic abc", "bearer"}) {
        INFO(header);
        const auto response = bearer(world, header);
        CHECK(response.status == 401);
        CHECK(world.json(response)["code"] == code);
        CHECK(challenge(response) == "Bearer");
    }
}

TEST_CASE("sign-in: while nobody has the issuer's keys a token is answered with that") {
    World world;
    auto issued = std::make_shared<core::Configuration>(*world.configuration);
    core::TokenIssuerConfig issuer;
    issuer.issuer = "https://mp.example/";
    issuer.metadata_url = "https://mp.example/.well-known/oauth-authorization-server";
    issuer.scopes["sluse:brev"] = {"send:letter"};
    issued->maskinporten_in = issuer;
    world.configuration = issued;
    world.script_issuer = [](tests::ScriptedHttpClient& client) {
        client.always("GET", "/.well-known/").fail(core::Errc::unreachable);
    };
    const auto now = std::chrono::floor<std::chrono::seconds>(world.clock.now());
    const auto seconds = now.time_since_epoch().count();
    const std::string claims =
        R"({"iss":"https://mp.example/","scope":"sluse:brev","iat":)" + std::to_string(seconds) +
        R"(,"exp":)" + std::to_string(seconds + 120) +
        R"(,"jti":"1","client_id":"c","consumer":{"authority":"iso6523-actorid-upis",)"
        R"("ID":"0192:310002003"}})";
    const auto input = crypto::jws_signing_input(R"({"kid":"key-1","alg":"RS256"})", claims);
    const auto response = bearer(world, "Bearer " + crypto::jws_compact(input, "s"));
    CHECK(response.status == 503);
    CHECK(world.json(response)["code"].as_string() == "auth.keys_unavailable");
}

TEST_CASE("sign-in: the connection's certificate is its system, unless the caller says who he is") {
    World world;
    const tests::BusinessAuthority authority;
    const auto certificate = authority.issue(tests::BusinessWishes()).der;
    CHECK(bearer(world, "", certificate).status == 403);
    auto bound = std::make_shared<core::Configuration>(*world.configuration);
    bound->tenants.at(core::TenantId("310001007"))
        .systems.at(core::SystemId("byggesak"))
        .certificates.push_back({"", "991825827"});
    world.configuration = bound;
    CHECK(bearer(world, "", certificate).status == 200);
    CHECK(bearer(world, "Bearer slu_abc_def", certificate).status == 401);
    CHECK(bearer(world, "Basic abc", certificate).status == 401);
    CHECK(bearer(world, "Bearer " + world.foreign_key, certificate).status == 200);
    World::Ask header{"GET", "/v1/messages"};
    header.without_key = true;
    header.headers.emplace_back("X-Client-Cert", certificate);
    header.headers.emplace_back("X-Forwarded-Client-Cert", "Hash=00");
    CHECK(world.call(header).status == 401);
}
