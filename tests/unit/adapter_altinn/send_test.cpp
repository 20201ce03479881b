#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

using namespace altinn_world;
using sdk::Verdict;

TEST_CASE("altinn: a letter of text is one JSON call, and accepted with Altinn's id") {
    World world;
    world.fake.http.expect("POST", "https://platform.example/correspondence/api/v1/correspondence")
        .answer_json(200, initialised());
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == letter_id);
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(world.call(0).header("Content-Type") == "application/json");
    CHECK(world.call(0).header("Ocp-Apim-Subscription-Key").empty());
}

TEST_CASE("altinn: the token is asked for on behalf of the delivery's tenant") {
    World world;
    world.fake.http.next().answer_json(200, initialised());
    world.send(delivery());
    REQUIRE(world.fake.tokens.asked.size() == 1);
    CHECK(world.fake.tokens.asked[0].consumer_org == "991825827");
    CHECK(world.fake.tokens.asked[0].scopes ==
          std::vector<std::string>{"altinn:serviceowner", "altinn:correspondence.write"});
}

TEST_CASE("altinn: small files go in the same call, streamed with their whole size known") {
    World world;
    world.fake.http.expect("POST", "/correspondence/upload").answer_json(200, initialised());
    CHECK(world.send(world.with_files()).verdict == Verdict::accepted);
    CHECK(world.call(0).streamed);
    CHECK(world.call(0).stream_size == world.call(0).body.size());
    CHECK(world.call(0).body.find("filename=\"fil2.pdf\"\r\nContent-Type: "
                                  "application/octet-stream\r\n\r\n%PDF bytes\r\n--") !=
          std::string::npos);
    CHECK(world.fake.documents.opened_for[0].value == "991825827");
}

TEST_CASE("altinn: a subscription key is sent when there is one") {
    World world(R"({"token_mode":"raw","subscription_key":"abc"})");
    world.fake.http.next().answer_json(200, initialised());
    world.send(delivery());
    CHECK(world.call(0).header("Ocp-Apim-Subscription-Key") == "abc");
}

TEST_CASE("altinn: a recipient who is reserved is a failure with its reason") {
    World world;
    world.fake.http.next().answer_json(200, initialised("Reserved"));
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.reserved");
    CHECK(outcome.upstream_reference == letter_id);
}

TEST_CASE("altinn: a lost answer is unknown, an unreachable Altinn is not") {
    World world;
    world.fake.http.next().fail(core::Errc::answer_lost);
    CHECK(world.send(delivery()).verdict == Verdict::unknown);
    world.fake.http.next().fail(core::Errc::unreachable);
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::try_later);
    CHECK(outcome.target_at_fault);
}

TEST_CASE(
    "altinn: a login page with 200, or other JSON, may hide a letter that was taken: unknown") {
    for (const char* body : {"<html>login</html>", R"({"hello":1})", "not json"}) {
        World world;
        world.fake.http.next().answer(200, body);
        CHECK(world.send(delivery()).verdict == Verdict::unknown);
    }
}

TEST_CASE("altinn: a key used before is looked up, and the letter that is there is the answer") {
    World world;
    world.fake.http.next().answer_json(409, problem(409, 1034));
    world.fake.http.expect("GET", "role=Sender&idempotentKey=" + std::string(key))
        .answer_json(200, ids(quoted(letter_id)));
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == letter_id);
}

TEST_CASE("altinn: a key used by a letter that cannot be seen is final, a look-up that fails "
          "leaves it unknown") {
    World world;
    world.fake.http.next().answer_json(409, problem(409, 1034));
    world.fake.http.expect("GET", "idempotentKey").answer_json(200, ids(""));
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.corr_01034");
    world.fake.http.next().answer_json(409, problem(409, 1034));
    world.fake.http.expect("GET", "idempotentKey").fail(core::Errc::unreachable);
    CHECK(world.send(delivery()).verdict == Verdict::unknown);
}

TEST_CASE("altinn: look-up tells found, not found and not known") {
    World world;
    world.fake.http.next().answer_json(200, ids(quoted(letter_id)));
    CHECK(world.look_up(delivery()).upstream_reference == letter_id);
    world.fake.http.next().answer_json(200, ids(""));
    CHECK(world.look_up(delivery()).verdict == Verdict::not_found);
    world.fake.http.next().answer(503, "");
    CHECK(world.look_up(delivery()).verdict == Verdict::try_later);
    world.fake.http.next().answer_json(400, problem(400, 1002));
    CHECK(world.look_up(delivery()).verdict == Verdict::try_later);
}

TEST_CASE("altinn: a 401 takes a new token once, then access is refused") {
    World world;
    world.fake.http.next().answer(401);
    world.fake.http.next().answer_json(200, initialised());
    CHECK(world.send(delivery()).verdict == Verdict::accepted);
    CHECK(world.call(1).header("Authorization") == "Bearer token-2");
    world.fake.http.next().answer(401);
    world.fake.http.next().answer(401);
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.access_refused");
}

TEST_CASE("altinn: a 401 with files sends the files again, whole") {
    World world;
    world.fake.http.next().answer(401);
    world.fake.http.next().answer_json(200, initialised());
    CHECK(world.send(world.with_files()).verdict == Verdict::accepted);
    CHECK(world.call(0).body == world.call(1).body);
}

TEST_CASE(
    "altinn: without a token letters wait while it may pass and fail when it needs a person") {
    World world;
    sdk::TokenFailure failure;
    failure.code = "maskinporten.unavailable";
    world.fake.tokens.failure = failure;
    CHECK(world.send(delivery()).verdict == Verdict::try_later);
    world.fake.tokens.failure->code = "maskinporten.mp_121";
    world.fake.tokens.failure->passing = false;
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "maskinporten.mp_121");
}

TEST_CASE("altinn: a document that is gone is final") {
    World world;
    auto given = world.with_files(1);
    given.documents[0].sha256.bytes[0] = 99;
    CHECK(world.send(given).code.value == "delivery.document_unreadable");
}

TEST_CASE("altinn: the Maskinporten token is exchanged once and used for half an hour at most") {
    World world("{}");
    const auto token = altinn_token("a", world.fake.clock.now() + std::chrono::hours(5));
    world.fake.http.expect("GET", "/authentication/api/v1/exchange/maskinporten")
        .answer(200, quoted(token));
    world.fake.http.next().answer_json(200, initialised());
    world.fake.http.next().answer_json(200, initialised());
    world.send(delivery());
    world.send(delivery());
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(world.call(1).header("Authorization") == "Bearer " + token);
    world.fake.clock.advance(std::chrono::minutes(30));
    const auto next = altinn_token("b", world.fake.clock.now() + std::chrono::minutes(30));
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(200, next);
    world.fake.http.next().answer_json(200, initialised());
    world.send(delivery());
    CHECK(world.call(4).header("Authorization") == "Bearer " + next);
}

TEST_CASE("altinn: an exchange that refuses the token gets a new one, once") {
    World world("{}");
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(401);
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(401);
    const auto outcome = world.send(delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.exchange_refused");
    CHECK(world.call(1).header("Authorization") == "Bearer token-2");
}

TEST_CASE("altinn: an exchange that is down or answers a web page passes") {
    World world(R"({"exchange_test":true})");
    world.fake.http.expect("GET", "/exchange/maskinporten?test=true").answer(200, "<html>x</html>");
    CHECK(world.send(delivery()).verdict == Verdict::try_later);
    world.fake.clock.advance(seconds(3));
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(503);
    CHECK(world.send(delivery()).verdict == Verdict::try_later);
}

TEST_CASE("altinn: cancel purges before publication and says when it is too late") {
    World world;
    auto given = delivery();
    given.upstream_reference = letter_id;
    world.fake.http.expect("DELETE", std::string(letter_id) + "/purge")
        .answer_json(200, quoted(letter_id));
    CHECK(world.cancel(given).verdict == Verdict::accepted);
    world.fake.http.expect("DELETE", "/purge").answer_json(400, problem(400, 1014));
    CHECK(world.cancel(given).verdict == Verdict::accepted);
    world.fake.http.expect("DELETE", "/purge").answer_json(400, problem(400, 1013));
    const auto outcome = world.cancel(given);
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "altinn.corr_01013");
    world.fake.http.expect("DELETE", "/purge").fail(core::Errc::answer_lost);
    CHECK(world.cancel(given).verdict == Verdict::unknown);
}

TEST_CASE("altinn: a cancel before anything was sent finds nothing and is agreed to") {
    World world;
    world.fake.http.expect("GET", "idempotentKey").answer_json(200, ids(""));
    CHECK(world.cancel(delivery()).verdict == Verdict::accepted);
}

TEST_CASE("altinn: receipts come from the overview, from details when notices are wanted") {
    World world;
    auto given = delivery();
    given.upstream_reference = letter_id;
    const std::string overview =
        R"({"correspondenceId":")" + std::string(letter_id) + R"(","status":"Published"})";
    world.fake.http.expect("GET", "/correspondence/" + std::string(letter_id))
        .answer_json(200, overview);
    const auto told = world.poll(given);
    REQUIRE(told.has_value());
    CHECK(told->items.size() == 1);
    CHECK(world.call(0).url.find("/details") == std::string::npos);
    World detailed(R"({"token_mode":"raw","notice_details":true})");
    detailed.fake.http.expect("GET", "/details").answer_json(200, overview);
    CHECK(detailed.poll(given).has_value());
}

TEST_CASE(
    "altinn: a letter that Altinn no longer knows is told of once and not asked about again") {
    World world;
    auto given = delivery();
    given.upstream_reference = letter_id;
    given.accepted_at = world.fake.clock.now();
    world.fake.http.next().answer_json(404, problem(404, 1001));
    CHECK_FALSE(world.poll(given).has_value());
    world.fake.clock.advance(std::chrono::hours(2));
    world.fake.http.next().answer_json(404, problem(404, 1001));
    const auto told = world.poll(given);
    REQUIRE(told.has_value());
    CHECK(told->items.at(0).code.value == "altinn.purged");
    CHECK_FALSE(told->ask_again.has_value());
}

TEST_CASE("altinn: tokens, recipients and what Altinn said never stand in the log") {
    World world("{}");
    const auto token = altinn_token("a", world.fake.clock.now() + std::chrono::minutes(30));
    world.fake.http.expect("GET", "/exchange/maskinporten").answer(200, token);
    world.fake.http.next().answer_json(400, R"({"code":"CORR-01002","detail":"about 310002003"})");
    world.send(delivery());
    CHECK_FALSE(world.fake.log.holds("token-1"));
    CHECK_FALSE(world.fake.log.holds(token));
    CHECK_FALSE(world.fake.log.holds("310002003"));
}
