#include "tests/unit/adapter_digital_post/dpi_world.hpp"

#include <catch2/catch.hpp>

using namespace dpi_world;
using core::Errc;
using sdk::Verdict;

namespace {

std::string statuses(const std::string& status) {
    return R"([{"status":")" + status + R"(","beskrivelse":"om kari"}])";
}

}   // namespace

TEST_CASE("digital_post: look-up tells found, failed for good, not there and not known") {
    World world;
    const auto what = world.delivery();
    world.fake.http.next().answer_json(200, statuses("SENDT"));
    CHECK(world.look_up(what).upstream_reference == letters::delivery_id);
    world.fake.http.next().answer_json(200, statuses("FEILET"));
    const auto failed = world.look_up(what);
    CHECK(failed.verdict == Verdict::rejected);
    CHECK(failed.upstream_text == "om kari");
    world.fake.http.next().answer(404);
    CHECK(world.look_up(what).verdict == Verdict::not_found);
    world.fake.http.next().answer_json(200, "[]");
    CHECK(world.look_up(what).verdict == Verdict::not_found);
    for (const int status : {400, 403, 500}) {
        world.fake.http.next().answer(status);
        CHECK(world.look_up(what).verdict == Verdict::try_later);
    }
    world.fake.http.next().answer(401);
    world.fake.http.next().answer(401);
    CHECK(world.look_up(what).verdict == Verdict::try_later);
    world.fake.http.next().answer(200, "<html>");
    CHECK(world.look_up(what).verdict == Verdict::try_later);
    world.fake.http.next().fail(Errc::answer_lost);
    CHECK(world.look_up(what).verdict == Verdict::try_later);
    world.fake.tokens.failure.emplace();
    world.fake.tokens.failure->passing = false;
    CHECK(world.look_up(what).verdict == Verdict::try_later);
}

TEST_CASE("digital_post: not found shortly after something left is not believed yet") {
    World world;
    const auto what = world.delivery();
    world.fake.http.next().fail(Errc::answer_lost);
    world.send(what);
    world.fake.clock.advance(seconds(50));
    world.fake.http.next().answer(404);
    const auto early = world.look_up(what);
    CHECK(early.verdict == Verdict::try_later);
    CHECK(early.code.value == "digital_post.unsettled");
    CHECK(early.retry_after == seconds(70));
    world.fake.clock.advance(seconds(70));
    world.fake.http.next().answer(404);
    CHECK(world.look_up(what).verdict == Verdict::not_found);
}

TEST_CASE("digital_post: statuses are asked for until an operator has told, then no more") {
    World world;
    const auto what = world.delivery();
    world.fake.http.expect("GET", "/statuses")
        .answer_json(200, R"([{"status":"OPPRETTET","timestamp":"2026-01-15T11:00:00Z"},
                              {"status":"SENDT"}])");
    const auto told = world.poll(what);
    REQUIRE(told.has_value());
    REQUIRE(told->items.size() == 2);
    CHECK(told->items[0].dedupe_id == "status/created");
    CHECK(told->items[0].at == *core::parse_rfc3339("2026-01-15T11:00:00Z"));
    CHECK(told->items[1].at == world.fake.clock.now());
    CHECK(told->items[1].kind == sdk::ReceiptKind::other);
    REQUIRE(told->ask_again.has_value());
    world.fake.http.expect("GET", "/messages/in")
        .answer_json(
            200, World::unread({world.signed_receipt(receipts::receipt("leveringskvittering"))}));
    world.fake.http.expect("POST", "/read").answer(200);
    world.receive();
    const auto after = world.poll(what);
    REQUIRE(after.has_value());
    CHECK(after->items.empty());
    CHECK_FALSE(after->ask_again.has_value());
}

TEST_CASE("digital_post: a letter that corner 2 gives up fails, unless it tried again since") {
    World world;
    const auto what = world.delivery();
    world.fake.http.next().answer_json(200, statuses("FEILET"));
    auto told = world.poll(what);
    CHECK(told->items.at(0).kind == sdk::ReceiptKind::failed);
    CHECK(told->items.at(0).code.value == "digital_post.not_forwarded");
    CHECK(told->items.at(0).upstream_text == "om kari");
    world.fake.http.next().answer_json(200, R"([{"status":"FEILET"},{"status":"SENDT"}])");
    told = world.poll(what);
    CHECK(told->items.at(0).kind == sdk::ReceiptKind::other);
}

TEST_CASE("digital_post: corner 2 is asked once more, a day later, about what it has passed on") {
    World world;
    const auto what = world.delivery();
    const auto ask_again = [&] {
        world.fake.http.next().answer_json(200, statuses("SENDT"));
        return world.poll(what)->ask_again;
    };
    world.fake.clock.advance(seconds(60));
    CHECK(ask_again() == seconds(24 * 3600 - 60));
    world.fake.clock.advance(std::chrono::hours(24) - seconds(61));
    CHECK(ask_again() == seconds(10));
    world.fake.clock.advance(seconds(1));
    CHECK_FALSE(ask_again().has_value());
}

TEST_CASE("digital_post: statuses are asked for ever less often, and not for ever") {
    World world;
    const auto what = world.delivery();
    const auto ask_again = [&](const std::string& body) {
        world.fake.http.next().answer_json(200, body);
        return world.poll(what)->ask_again;
    };
    CHECK(ask_again("[]") == seconds(10));
    world.fake.clock.advance(std::chrono::hours(10));
    CHECK(ask_again("[]") == seconds(3600));
    world.fake.clock.advance(std::chrono::hours(24 * 6));
    CHECK(ask_again(statuses("OPPRETTET")) == seconds(6 * 3600));
    world.fake.clock.advance(std::chrono::hours(24 * 24));
    CHECK_FALSE(ask_again(statuses("OPPRETTET")).has_value());
    world.fake.http.next().answer(500);
    CHECK_FALSE(world.poll(what).has_value());
    world.fake.http.next().fail(Errc::unreachable);
    CHECK_FALSE(world.poll(what).has_value());
}

TEST_CASE(
    "digital_post: health asks without effect, and tells token, access and certificate apart") {
    World world;
    world.fake.http.expect("GET", "/messages/in?kanal=sluse&page_size=1").answer(204);
    CHECK(world.health().condition == sdk::Condition::ready);
    world.fake.http.next().answer(403);
    auto health = world.health();
    CHECK(health.condition == sdk::Condition::degraded);
    CHECK(health.code.value == "digital_post.no_access");
    world.fake.http.next().fail(Errc::unreachable);
    CHECK(world.health().condition == sdk::Condition::down);
    sdk::TokenFailure failure;
    failure.code = "maskinporten.mp_121";
    failure.passing = false;
    world.fake.tokens.failure = failure;
    CHECK(world.health().condition == sdk::Condition::degraded);
    world.fake.tokens.failure.reset();
    world.fake.keys.failure = core::Failure(Errc::unavailable);
    world.fake.http.next().answer(204);
    health = world.health();
    CHECK(health.condition == sdk::Condition::degraded);
    CHECK(health.code.value == "digital_post.key_unavailable");
}

TEST_CASE("digital_post: a certificate about to run out is told of while all is well") {
    World world;
    world.fake.clock.advance(std::chrono::hours(24 * 340));
    world.fake.http.next().answer(204);
    const auto health = world.health();
    CHECK(health.condition == sdk::Condition::ready);
    CHECK(health.code.value == "seal.certificate_expires");
}
