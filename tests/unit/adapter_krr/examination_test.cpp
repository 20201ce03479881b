#include "tests/unit/adapter_krr/krr_world.hpp"

#include <catch2/catch.hpp>

using namespace krr_world;

namespace {

sdk::ProbeAnswer probe(World& world) {
    return tests::run(world.io,
                      world.adapter->probe(core::TenantId(one_tenant), world.fake.in(seconds(5))));
}

}   // namespace

TEST_CASE("krr: an examination asks about nobody, with the tenant's token") {
    World world;
    world.fake.http.expect("POST", path).answer_json(400, R"({"error":"empty list"})");
    const auto answer = probe(world);
    CHECK(answer.finding == sdk::Finding::green);
    CHECK(answer.proves_access);
    const auto& call = world.fake.http.calls().at(0);
    CHECK(call.body == R"({"personidentifikatorer":[]})");
    CHECK(call.header("Authorization") == "Bearer token-1");
    CHECK(world.fake.tokens.asked.at(0).consumer_org == one_tenant);
    CHECK(world.adapter->needs(core::TenantId(one_tenant)).tokens.at(0) ==
          world.fake.tokens.asked.at(0));
}

TEST_CASE("krr: an empty answer to an empty question is access too") {
    World world;
    world.fake.http.expect("POST", path).answer_json(200, R"({"personer":[]})");
    CHECK(probe(world).proves_access);
}

TEST_CASE("krr: a token without the scope is red, and so is one that is refused twice") {
    World world;
    world.fake.http.expect("POST", path).answer_json(403, R"({"error":"insufficient_scope"})");
    CHECK(probe(world).code.value == "doctor.call.forbidden");
    world.fake.http.expect("POST", path).answer(401);
    world.fake.http.expect("POST", path).answer(401);
    CHECK(probe(world).code.value == "doctor.call.unauthorised");
}

TEST_CASE("krr: a page for people is not the register, whatever its status") {
    World world;
    const sdk::Headers page{{"Content-Type", "text/html; charset=utf-8"}};
    world.fake.http.expect("POST", path).answer(200, "<html>", page);
    CHECK(probe(world).code.value == "doctor.call.not_the_component");
    world.fake.http.expect("POST", path).answer(400, "<html>", page);
    CHECK(probe(world).finding == sdk::Finding::red);
}
