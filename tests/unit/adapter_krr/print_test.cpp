#include "tests/unit/adapter_krr/krr_world.hpp"

#include <catch2/catch.hpp>

using namespace krr_world;

namespace {

std::string print_json(core::Duration left = hours(1000)) {
    json::Value body;
    body.set("postkasseleverandoerAdresse", "974761076").set("x509Sertifikat", certificate(left));
    return json::write(body);
}

sdk::Health health(World& world) {
    return tests::run(world.io, world.adapter->check_health(world.fake.in(seconds(5))));
}

constexpr const char* print_path = "/rest/v2/printSertifikat";

}   // namespace

TEST_CASE("krr: the print service is asked for without a token, and kept for all tenants") {
    World world;
    world.fake.http.expect("GET", print_path).answer_json(200, print_json());
    const auto answer = world.ask_print();
    REQUIRE_FALSE(answer.failure);
    CHECK(answer.entries.at(0).key.empty());
    CHECK(answer.entries.at(0).value["operator"].as_string() == "974761076");
    CHECK(world.call(0).header("Authorization").empty());
    CHECK(world.fake.tokens.asked.empty());
    auto other = World::query({""}, "print");
    other.tenant = core::TenantId(other_tenant);
    CHECK(code(world.ask(other)) == "none");
    CHECK(world.calls() == 1);
    world.fake.http.expect("GET", print_path).answer_json(200, print_json());
    CHECK(code(world.ask_print(true)) == "none");
    world.advance(hours(24));
    world.fake.http.expect("GET", print_path).answer_json(200, print_json());
    CHECK(code(world.ask_print()) == "none");
    CHECK(world.calls() == 3);
}

TEST_CASE("krr: the print service's certificate is not kept beyond its own end") {
    World world;
    world.fake.http.expect("GET", print_path).answer_json(200, print_json(hours(2)));
    world.ask_print();
    world.advance(hours(2) + minutes(1));
    world.fake.http.expect("GET", print_path).answer(503);
    CHECK(code(world.ask_print()) == "upstream.server_error");
}

TEST_CASE("krr: with a token where the configuration says so") {
    World world(R"({"print_with_token":true})");
    world.fake.http.expect("GET", print_path).answer_json(200, print_json());
    CHECK(code(world.ask_print()) == "none");
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(world.fake.tokens.asked.at(0).consumer_org == one_tenant);
    world.fake.http.always("GET", print_path).answer(401);
    CHECK(health(world).condition == sdk::Condition::ready);   // it wants the token: it is there
    CHECK(code(world.ask_print(true)) == "krr.access_refused");
}

TEST_CASE("krr: however many ask for the print service at once, one call is made") {
    World world;
    world.fake.http.expect("GET", print_path).answer_json(200, print_json());
    auto& first = world.begin(World::query({""}, "print"));
    auto& second = world.begin(World::query({"", ""}, "print"));
    world.settle();
    REQUIRE(first);
    REQUIRE(second);
    CHECK(second->entries.size() == 2);
    CHECK(world.calls() == 1);
}

TEST_CASE("krr: the print service has no keys, and a failure of it holds back the next call") {
    World world;
    CHECK(code(world.ask(World::query({kari}, "print"))) == "krr.print_has_no_keys");
    CHECK(code(world.ask(World::query({}, "print"))) == "krr.print_has_no_keys");
    world.fake.http.expect("GET", print_path).answer_json(200, print_json(-hours(1)));
    CHECK(code(world.ask_print()) == "krr.print_unusable");
    CHECK(code(world.ask_print()) == "krr.print_unusable");
    CHECK(world.calls() == 1);
    world.advance(seconds(2));
    world.fake.http.expect("GET", print_path).fail(core::Errc::unreachable);
    CHECK(code(world.ask_print()) == "upstream.unreachable");
}

TEST_CASE("krr: who waits for the print service gives up at the deadline") {
    World world;
    world.fake.http.expect("GET", print_path).hang();
    CHECK(code(world.ask(World::query({""}, "print"), seconds(5))) == "upstream.timed_out");
}

TEST_CASE(
    "krr: health is whether the register answers, and whether the last look-up was answered") {
    World world;
    world.fake.http.expect("GET", print_path).answer_json(200, print_json());
    CHECK(health(world).condition == sdk::Condition::ready);
    CHECK(world.call(0).header("Authorization").empty());
    world.fake.http.expect("POST", path).answer(403);
    world.ask(kari);
    world.fake.http.always("GET", print_path).answer_json(200, print_json());
    const auto degraded = health(world);
    CHECK(degraded.condition == sdk::Condition::degraded);
    CHECK(degraded.code.value == "krr.access_refused");
    world.advance(seconds(15));
    world.fake.http.expect("POST", path).answer_json(200, answer_about({kari}));
    world.ask(kari);
    CHECK(health(world).condition == sdk::Condition::ready);
    world.fake.http.expect("GET", print_path).fail(core::Errc::unreachable);
    CHECK(health(world).condition == sdk::Condition::down);
    world.fake.http.expect("GET", print_path).answer(200, "<html>Logg inn</html>");
    CHECK(health(world).code.value == "upstream.html_answer");
}
