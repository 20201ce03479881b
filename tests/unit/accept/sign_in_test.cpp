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
