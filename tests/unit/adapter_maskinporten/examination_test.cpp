#include "adapters/maskinporten/maskinporten_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using std::chrono::seconds;

namespace {

constexpr const char* metadata_json =
    R"({"issuer":"https://mp.example/","token_endpoint":"https://mp.example/token","jwks_uri":"https://mp.example/jwk"})";
constexpr const char* token_json =
    R"({"access_token":"fresh","token_type":"Bearer","expires_in":120,"scope":"a"})";

struct World {
    boost::asio::io_context io;
    ::tests::FakeHost fake;
    std::unique_ptr<sdk::Adapter> adapter;

    World() {
        sdk::ConnectionFacts facts;
        facts.base_url = "https://mp.example";
        facts.settings = R"({"client_id":"c","organisation":"991825827"})";
        adapter = std::move(*maskinporten::create(facts, *fake.host));
    }
    ~World() { ::tests::run(io, adapter->stop(fake.in(seconds(1)))); }

    sdk::TokenAnswer fresh() {
        sdk::TokenRequest request;
        request.scopes = {"a"};
        return ::tests::run(io, adapter->tokens()->fresh_token(request, fake.in(seconds(5))));
    }
    sdk::ProbeAnswer probe() {
        return ::tests::run(io, adapter->probe(core::TenantId("991825827"), fake.in(seconds(5))));
    }
};

}   // namespace

TEST_CASE("maskinporten: an examination's token is fetched past the cache and past any pause") {
    World world;
    world.fake.http.always("GET", "/.well-known/").answer_json(200, metadata_json);
    world.fake.http.expect("POST", "/token").answer_json(200, token_json);
    world.fake.http.expect("POST", "/token").answer_json(200, token_json);
    world.fake.http.expect("POST", "/token").answer(503);
    CHECK(world.fresh().token->value == "fresh");
    CHECK(world.fresh().token->value == "fresh");
    const auto down = world.fresh();
    CHECK_FALSE(down.token);
    CHECK(down.failure.code.value == "maskinporten.unavailable");
    world.fake.http.expect("POST", "/token").answer_json(200, token_json);
    CHECK(world.fresh().token.has_value());
}

TEST_CASE("maskinporten: an examination reads the metadata anew, and says whose they are") {
    World world;
    world.fake.http.expect("GET", "/.well-known/").answer_json(200, metadata_json);
    const auto well = world.probe();
    CHECK(well.finding == sdk::Finding::green);
    CHECK_FALSE(well.proves_access);
    world.fake.http.expect("GET", "/.well-known/")
        .answer_json(200, R"({"issuer":"https://other/","token_endpoint":"https://other/token"})");
    CHECK(world.probe().code.value == "maskinporten.metadata_mismatch");
    world.fake.http.expect("GET", "/.well-known/").fail(core::Errc::tls_untrusted);
    CHECK(world.probe().code.value == "upstream.tls_untrusted");
}
