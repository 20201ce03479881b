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
