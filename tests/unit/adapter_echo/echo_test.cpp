#include "adapters/echo/echo_adapter.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace gateway::echo;

namespace {

core::Delivery delivery() {
    core::Delivery made;
    made.upstream_key = "key-1";
    made.content = R"({"type":"letter","title":"T"})";
    made.settings = R"({"queue":"demo"})";
    return made;
}

sdk::Outcome outcome(int status, std::string body = {}) {
    sdk::HttpResponse response(status, std::move(body));
    response.headers.emplace_back("Content-Type", "application/json");
    return decode(response);
}

}   // namespace

TEST_CASE("echo: the letter is posted as it stands, with the key that tells a repeat") {
    const auto settings = read_settings("https://x.example", R"({"path":"/inbox"})");
    const auto request = encode(*settings, delivery());
    CHECK(request.method == "POST");
    CHECK(request.url == "https://x.example/inbox");
    CHECK(request.body == R"({"type":"letter","title":"T"})");
    CHECK(sdk::find_header(request.headers, "Idempotency-Key") == "key-1");
    CHECK(sdk::find_header(request.headers, "X-Queue") == "demo");
}

TEST_CASE("echo: an answer of the 200s is accepted for good, with its id") {
    const auto accepted = outcome(201, R"({"id":"abc"})");
    CHECK(accepted.verdict == sdk::Verdict::accepted);
    CHECK(accepted.upstream_reference == "abc");
    CHECK(accepted.delivered_already);
    CHECK(outcome(204).verdict == sdk::Verdict::accepted);
}

TEST_CASE("echo: 408, 429 and the 500s pass, other 400s are final, a redirect is no answer") {
    CHECK(outcome(503).verdict == sdk::Verdict::try_later);
    CHECK(outcome(429).verdict == sdk::Verdict::try_later);
    CHECK(outcome(408).verdict == sdk::Verdict::try_later);
    CHECK(outcome(422).verdict == sdk::Verdict::rejected);
    CHECK(outcome(422).params == core::Params{{"status", "422"}});
    CHECK(outcome(302).verdict == sdk::Verdict::unknown);
}

TEST_CASE("echo: a lost answer is unknown, no connection is not") {
    CHECK(decode(core::Failure(core::Errc::answer_lost)).verdict == sdk::Verdict::unknown);
    CHECK(decode(core::Failure(core::Errc::unreachable)).verdict == sdk::Verdict::try_later);
}

TEST_CASE("echo: a letter that must be on paper is not for it") {
    const auto letter = json::parse(R"({"mustBe":"paper"})");
    REQUIRE(check(*letter, {}).size() == 1);
    CHECK(check(*letter, {})[0].pointer == "/mustBe");
    const auto printer = json::parse(R"({"channel":"paper"})");
    CHECK(check(*letter, *printer).empty());
    CHECK(channel_of(*printer) == core::Channel::paper);
    CHECK(channel_of({}) == core::Channel::digital);
}

TEST_CASE("echo: health is whether somebody answers") {
    boost::asio::io_context io;
    tests::FakeHost fake;
    sdk::ConnectionFacts facts;
    facts.base_url = "https://x.example";
    facts.settings = "{}";
    auto adapter = std::move(*create(facts, *fake.host));
    fake.http.expect("HEAD", "x.example/").answer(404);
    CHECK(tests::run(io, adapter->check_health(fake.in(std::chrono::seconds(5)))).condition ==
          sdk::Condition::ready);
    fake.http.expect("HEAD", "x.example/").fail(core::Errc::unreachable);
    CHECK(tests::run(io, adapter->check_health(fake.in(std::chrono::seconds(5)))).condition ==
          sdk::Condition::down);
}
