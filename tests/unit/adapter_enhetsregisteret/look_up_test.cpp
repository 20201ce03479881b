#include "tests/unit/adapter_enhetsregisteret/brreg_world.hpp"

#include <catch2/catch.hpp>

using namespace brreg_world;

TEST_CASE("brreg: one unit is asked for by its number, without a token, and holds for a day") {
    World world;
    world.expect("/enhetsregisteret/api/enheter/310001007")
        .answer_json(200, json::write(unit(one)));
    const auto answer = world.ask({one});
    REQUIRE_FALSE(answer.failure);
    CHECK(answer.entries.at(0).key == one);
    CHECK(answer.entries[0].value["name"].as_string() == "EIN AS");
    CHECK(answer.entries[0].fetched_at == noon());
    CHECK(answer.entries[0].valid_until == noon() + hours(24));
    CHECK(world.fake.tokens.asked.empty());
    CHECK(world.fake.http.calls()[0].header("Authorization").empty());
}

TEST_CASE("brreg: a number no unit has may be a sub-unit's, and is null when nobody has it") {
    World world;
    world.expect("/api/enheter/310001007").answer_json(404, "{}");
    world.expect("/api/underenheter/310001007")
        .answer_json(200, json::write(unit(one, R"({"overordnetEnhet":"310005002"})")));
    CHECK(world.ask({one}).entries.at(0).value["subUnit"].as_bool());
    world.expect("/api/enheter/310005002").answer_json(404, "");
    world.expect("/api/underenheter/310005002").answer_json(404, "");
    const auto unknown = world.ask({two});
    REQUIRE_FALSE(unknown.failure);
    CHECK(unknown.entries.at(0).value.is_null());
    CHECK(unknown.entries[0].key == two);
}

TEST_CASE("brreg: one that was removed for legal reasons is told to be removed, and no more") {
    World world;
    world.expect("/api/enheter/310001007").answer_json(410, R"({"navn":"HEMMELIG"})");
    CHECK(json::write_canonical(world.ask({one}).entries.at(0).value) ==
          R"({"number":"310001007","status":"removed"})");
}

TEST_CASE("brreg: many are asked for at once, and those no search has by themselves") {
    World world;
    world.expect("/api/enheter?organisasjonsnummer=310000019,310001007,310005002&page=0&size=3")
        .answer_json(200, page("enheter", {unit(two)}));
    world.expect("/api/underenheter?organisasjonsnummer=310000019,310001007&page=0&size=2")
        .answer_json(200, page("underenheter", {unit(one)}));
    world.expect("/api/enheter/310000019")
        .answer_json(200, json::write(unit(three, R"({"slettedato":"2020-01-01"})")));
    const auto answer = world.ask({one, two, three});
    REQUIRE_FALSE(answer.failure);
    REQUIRE(answer.entries.size() == 3);
    CHECK(answer.entries[0].value["subUnit"].as_bool());
    CHECK(answer.entries[1].value["number"].as_string() == two);
    CHECK(answer.entries[2].value["status"].as_string() == "deleted");
}

TEST_CASE("brreg: a batch has as many as the configuration says at most") {
    World world(R"({"batch_window_ms":0,"batch_units_max":2})");
    world.fake.http.always("GET", "/api/enheter?").answer_with([](const tests::SentRequest& sent) {
        std::vector<json::Value> units;
        for (const char* number : {one, two, three}) {
            if (sent.url.find(number) != std::string::npos) {
                units.push_back(unit(number));
            }
        }
        return core::Result<sdk::HttpResponse>(sdk::HttpResponse(200, page("enheter", units)));
    });
    world.fake.http.always("GET", "/api/enheter/310005002")
        .answer_json(200, json::write(unit(two)));
    world.fake.http.always("GET", "/api/enheter/310000019")
        .answer_json(200, json::write(unit(three)));
    CHECK(world.ask({one, two, three}).entries.size() == 3);
    CHECK(world.calls() == 2);
}

TEST_CASE("brreg: an answer about another than was asked for is not believed") {
    World world;
    world.expect("/enheter/310001007").answer_json(200, json::write(unit(two)));
    CHECK(code(world.ask({one}).failure) == "brreg.wrong_organisation");
    World searched;
    searched.expect("/enheter?").answer_json(200, page("enheter", {unit(one), unit(three)}));
    const auto answer = searched.ask({one, two});
    CHECK(code(answer.failure) == "brreg.wrong_organisation");
    CHECK(answer.entries.empty());
    World twice;
    twice.expect("/enheter?").answer_json(200, page("enheter", {unit(one), unit(one)}));
    CHECK(code(twice.ask({one, two}).failure) == "brreg.wrong_organisation");
    World roles;
    roles.expect("/roller").answer_json(
        200, R"({"rollegrupper":[],"_links":{"enhet":{"href":"https://x/enheter/310005002"}}})");
    CHECK(code(roles.ask({one}, "organisation.roles").failure) == "brreg.wrong_organisation");
}

TEST_CASE("brreg: what is no answer of the register's is a failure that may pass") {
    const auto asked = [](int status, const std::string& body, const char* type) {
        World world;
        world.expect("/enheter/").answer(status, body, {{"Content-Type", type}});
        const auto answer = world.ask({one});
        CHECK(answer.entries.empty());
        REQUIRE(answer.failure);
        CHECK(answer.failure->passing == (status != 400));
        return answer.failure->code.value;
    };
    CHECK(asked(200, "<html>logg inn</html>", "text/html") == "upstream.html_answer");
    CHECK(asked(200, "{\"organisasjonsnummer\":", "application/json") == "upstream.bad_answer");
    CHECK(asked(200, "[]", "application/json") == "upstream.bad_answer");
    CHECK(asked(200, "{}", "application/json") == "upstream.bad_answer");
    CHECK(asked(500, "{}", "application/json") == "upstream.server_error");
    CHECK(asked(400, "{}", "application/json") == "brreg.refused");
    CHECK(asked(200, json::write(unit(one, R"({"navn":7})")), "application/json") ==
          "brreg.unit_not_understood");
}

TEST_CASE("brreg: a search that lacks some of what it says it has is not believed") {
    World world;
    world.expect("/enheter?").answer_json(200, R"({"page":{"totalElements":2}})");
    CHECK(code(world.ask({one, two}).failure) == "upstream.bad_answer");
    World none;
    none.expect("/enheter?").answer_json(200, R"({"_embedded":{"enheter":[]}})");
    CHECK(code(none.ask({one, two}).failure) == "upstream.bad_answer");
}

TEST_CASE("brreg: 429 and its Retry-After leave the register alone for that long") {
    World world;
    world.expect("/enheter/").answer(429, "", {{"Retry-After", "60"}});
    const auto refused = world.ask({one});
    CHECK(code(refused.failure) == "upstream.rate_limited");
    CHECK(refused.failure->retry_after == seconds(60));
    CHECK(code(world.ask({two}).failure) == "upstream.rate_limited");
    CHECK(world.calls() == 1);
}

TEST_CASE("brreg: what is no organisation number is refused here") {
    World world;
    CHECK(code(world.ask({}).failure) == "brreg.not_an_organisation_number");
    CHECK(code(world.ask({"310001008"}).failure) == "brreg.not_an_organisation_number");
    CHECK(code(world.ask({one, "310001007&size=1"}).failure) == "brreg.not_an_organisation_number");
    CHECK(code(world.ask(std::vector<std::string>(1001, one)).failure) == "brreg.too_many_units");
    CHECK(code(world.ask({one}, "person").failure) == "register.none");
    CHECK(world.calls() == 0);
}

TEST_CASE("brreg: roles are asked for one by one, and of who has none there are none") {
    World world;
    world.expect("/api/enheter/310001007/roller")
        .answer_json(200, R"({"rollegrupper":[],"_links":{}})");
    world.expect("/api/enheter/310005002/roller").answer_json(404, "{}");
    const auto answer = world.ask({one, two}, "organisation.roles");
    REQUIRE_FALSE(answer.failure);
    CHECK(answer.entries.at(0).value["roles"].is_array());
    CHECK(answer.entries.at(1).value.is_null());
}

TEST_CASE("brreg: after it was stopped nothing is asked") {
    World world;
    tests::run(world.io, world.adapter->stop(world.fake.in(seconds(1))));
    CHECK(code(world.ask({one}).failure) == "connection.not_running");
}

TEST_CASE("brreg: its health is whether the register answers, and the last look-up") {
    World world;
    world.expect("/api/enheter?size=1").answer_json(200, R"({"page":{"totalElements":7}})");
    CHECK(tests::run(world.io, world.adapter->check_health(world.fake.in(seconds(5)))).condition ==
          sdk::Condition::ready);
    world.expect("/api/enheter?size=1").fail(core::Errc::unreachable);
    CHECK(tests::run(world.io, world.adapter->check_health(world.fake.in(seconds(5)))).condition ==
          sdk::Condition::down);
    world.expect("/api/enheter?size=1").answer_json(200, "{}");
    CHECK(tests::run(world.io, world.adapter->check_health(world.fake.in(seconds(5)))).condition ==
          sdk::Condition::down);
}
