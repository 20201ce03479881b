#include "tests/unit/adapter_krr/krr_world.hpp"

#include <catch2/catch.hpp>

using namespace krr_world;

TEST_CASE("krr: a person is looked up with a token of the tenant's") {
    World world;
    world.expect().answer_json(200, answer_about({kari}));
    const auto answer = world.ask(kari);
    REQUIRE_FALSE(answer.failure);
    REQUIRE(answer.entries.size() == 1);
    CHECK(answer.entries[0].key == kari);
    CHECK(answer.entries[0].value["language"].as_string() == "nn");
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(world.call(0).header("Content-Type") == "application/json");
    CHECK(world.call(0).url.find(kari) == std::string::npos);
    REQUIRE(world.fake.tokens.asked.size() == 1);
    CHECK(world.fake.tokens.asked[0].consumer_org == one_tenant);
    CHECK(world.fake.tokens.asked[0].scopes ==
          std::vector<std::string>{"krr:global/kontaktinformasjon.read",
                                   "krr:global/digitalpost.read"});
}

TEST_CASE("krr: scopes and version are the configuration's") {
    World world(R"({"version":"v1","scope":"krr:global/digitalpost.read"})");
    world.fake.http.expect("POST", "/rest/v1/personer").answer_json(200, answer_about({kari}));
    CHECK_FALSE(world.ask(kari).failure);
    CHECK(world.fake.tokens.asked[0].scopes ==
          std::vector<std::string>{"krr:global/digitalpost.read"});
}

TEST_CASE("krr: entries come in the order of the query, one for each key") {
    World world;
    answer_all(world);
    const auto answer = world.ask(World::query({ola, kari, ola}));
    REQUIRE(answer.entries.size() == 3);
    CHECK(answer.entries[0].key == ola);
    CHECK(answer.entries[1].key == kari);
    CHECK(answer.entries[2].key == ola);
    CHECK(persons_in(world.call(0)) == 2);
}

TEST_CASE("krr: look-ups that come close together share a call") {
    World world;
    world.expect().answer_json(200, answer_about({kari, ola, nils}));
    auto& first = world.begin(World::query({kari}));
    world.settle();
    world.advance(milliseconds(10));
    auto& second = world.begin(World::query({ola}));
    auto& third = world.begin(World::query({nils, kari}));
    world.settle();
    CHECK(world.calls() == 0);   // within the window
    world.advance(milliseconds(10));
    REQUIRE(world.calls() == 1);
    CHECK(persons_in(world.call(0)) == 3);
    REQUIRE(first);
    REQUIRE(second);
    REQUIRE(third);
    CHECK(first->entries.at(0).key == kari);
    CHECK(second->entries.at(0).key == ola);
    CHECK(third->entries.at(0).key == nils);
    CHECK(third->entries.at(1).key == kari);
}

TEST_CASE("krr: without a window each look-up goes at once, and none is kept waiting") {
    World world(R"({"batch_window_ms":0})");
    answer_all(world);
    auto& first = world.begin(World::query({kari}));
    world.settle();
    REQUIRE(first);
    CHECK(world.calls() == 1);
}

TEST_CASE("krr: tenants share neither calls nor answers") {
    World world;
    answer_all(world);
    auto& first = world.begin(World::query({kari}));
    auto& second = world.begin(of_other_tenant(kari));
    world.settle();
    world.advance(milliseconds(20));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(world.calls() == 2);
    CHECK(world.fake.tokens.asked.at(0).consumer_org != world.fake.tokens.asked.at(1).consumer_org);
    world.ask(ola);
    world.ask(of_other_tenant(ola));
    CHECK(world.calls() == 4);
}

TEST_CASE(
    "krr: a call holds a thousand persons at most, or fewer where the configuration says so") {
    World world;
    answer_all(world);
    const auto numbers = many(2100);
    const auto answer = world.ask(World::query(numbers));
    REQUIRE(answer.entries.size() == 2100);
    REQUIRE(world.calls() == 3);
    CHECK(persons_in(world.call(0)) + persons_in(world.call(1)) + persons_in(world.call(2)) ==
          2100);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(persons_in(world.call(i)) <= 1000);
    }
    World small(R"({"batch_persons_max":2})");
    answer_all(small);
    CHECK(small.ask(World::query({kari, ola, nils})).entries.size() == 3);
    CHECK(small.calls() == 2);
}

TEST_CASE("krr: somebody who is being asked about is not asked about again") {
    World world;
    world.expect().hang();
    auto& first = world.begin(World::query({kari}));
    world.settle();
    world.advance(milliseconds(20));
    CHECK(world.calls() == 1);   // under way
    auto& second = world.begin(World::query({kari}));
    world.settle();
    world.advance(milliseconds(100));
    CHECK(world.calls() == 1);
    CHECK_FALSE(first);
    world.advance(seconds(60));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(code(*first) == code(*second));
}

TEST_CASE("krr: an answer is used again for as long as it holds, and then asked for anew") {
    World world;
    answer_all(world);
    const auto first = world.ask(kari);
    world.advance(hours(23));
    const auto again = world.ask(kari);
    CHECK(world.calls() == 1);
    CHECK(again.entries[0].fetched_at == first.entries[0].fetched_at);
    CHECK(again.entries[0].valid_until == first.entries[0].valid_until);
    world.advance(minutes(61));
    world.ask(kari);
    CHECK(world.calls() == 2);
    // The wall clock alone may run ahead, too.
    world.fake.clock.jump(hours(25));
    world.ask(kari);
    CHECK(world.calls() == 3);
}

TEST_CASE("krr: a person nobody knows is remembered, for a shorter while") {
    World world(R"({"unknown_age_minutes_max":10})");
    const auto nobody = entry(kari).set("status", "IKKE_REGISTRERT");
    world.fake.http.always("POST", path).answer_json(200, answer({nobody}));
    CHECK(world.value(kari)["status"].as_string() == "not_registered");
    world.advance(minutes(9));
    CHECK(world.value(kari)["status"].as_string() == "not_registered");
    CHECK(world.calls() == 1);
    world.advance(minutes(2));
    world.value(kari);
    CHECK(world.calls() == 2);
}

TEST_CASE("krr: a fresh look-up asks the register, and what it says replaces what was kept") {
    World world;
    world.expect().answer_json(200, answer_about({kari}));
    world.expect().answer_json(200, answer({entry(kari).set("reservasjon", "JA")}));
    CHECK_FALSE(world.value(kari)["reserved"].as_bool());
    const auto fresh = world.ask_fresh(kari);
    CHECK(fresh.entries.at(0).value["reserved"].as_bool());
    CHECK(world.value(kari)["reserved"].as_bool());
    CHECK(world.calls() == 2);
}

TEST_CASE("krr: a fresh look-up does not take an answer that was already under way") {
    World world;
    world.expect().hang();
    world.expect().answer_json(200, answer({entry(kari).set("reservasjon", "JA")}));
    auto& earlier = world.begin(World::query({kari}));
    world.settle();
    world.advance(milliseconds(20));
    const auto fresh = world.ask_fresh(kari);
    CHECK(fresh.entries.at(0).value["reserved"].as_bool());
    CHECK(world.calls() == 2);
    CHECK_FALSE(earlier);
}

TEST_CASE("krr: a fresh look-up that fails fails, whatever is kept; the kept answer stays") {
    World world;
    world.expect().answer_json(200, answer_about({kari}));
    world.expect().answer(503);
    world.ask(kari);
    CHECK(code(world.ask_fresh(kari)) == "upstream.server_error");
    CHECK(code(world.ask(kari)) == "none");
}

TEST_CASE(
    "krr: so many answers are kept and no more, the oldest goes first; none where none is wanted") {
    World world(R"({"cache_persons_max":2})");
    answer_all(world);
    world.ask(kari);
    world.ask(ola);
    world.ask_fresh(kari);   // the youngest now
    world.ask(nils);
    CHECK(world.calls() == 4);
    world.ask(kari);
    world.ask(nils);
    CHECK(world.calls() == 4);
    world.ask(ola);
    CHECK(world.calls() == 5);
    World without(R"({"cache_persons_max":0})");
    answer_all(without);
    without.ask(kari);
    without.ask(kari);
    CHECK(without.calls() == 2);
}
