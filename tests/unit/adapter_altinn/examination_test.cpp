#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

using namespace altinn_world;

TEST_CASE("altinn: an examination asks anew although the last exchange has just been refused") {
    World world("{}");
    const core::TenantId tenant("991825827");
    const auto probe = [&] {
        return tests::run(world.io, world.adapter->probe(tenant, world.in(5)));
    };
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(401);
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(401);
    const auto refused = probe();
    CHECK(refused.finding == sdk::Finding::red);
    CHECK(refused.code.value == "altinn.exchange_refused");

    // Mended, and looked at within the pause that letters keep.
    world.fake.http.expect("GET", "/exchange/maskinporten")
        .answer(200, altinn_token("one", world.fake.clock.now() + seconds(600)));
    world.fake.http.expect("GET", "/correspondence/").answer_json(404, problem(404, 1001));
    const auto green = probe();
    CHECK(green.finding == sdk::Finding::green);
    CHECK(green.proves_access);
}

TEST_CASE("altinn: an examination says that Altinn knows us as no service owner") {
    World world("{}");
    const std::string claims =
        R"({"exp":)" +
        std::to_string(
            std::chrono::floor<seconds>(world.fake.clock.now()).time_since_epoch().count() + 600) +
        "}";
    world.fake.http.expect("GET", "/exchange/maskinporten")
        .answer(200, gateway::crypto::jws_compact(
                         gateway::crypto::jws_signing_input(R"({"alg":"RS256"})", claims), "s"));
    world.fake.http.expect("GET", "/correspondence/").answer_json(404, problem(404, 1001));
    const auto told =
        tests::run(world.io, world.adapter->probe(core::TenantId("991825827"), world.in(5)));
    CHECK(told.finding == sdk::Finding::yellow);
    CHECK(told.code.value == "altinn.not_service_owner");
    CHECK(told.proves_access);
}
