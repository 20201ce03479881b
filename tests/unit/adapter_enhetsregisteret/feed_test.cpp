#include "tests/unit/adapter_enhetsregisteret/brreg_world.hpp"

#include <catch2/catch.hpp>

using namespace brreg_world;

namespace {

constexpr const char* units = "oppdaterteEnheter";
constexpr const char* subs = "oppdaterteUnderenheter";

std::string from(const char* kind, std::int64_t id) {
    return "/oppdateringer/" + std::string(kind) + "?oppdateringsid=" + std::to_string(id) +
           "&page=0&size=500&sort=id,ASC";
}

}   // namespace

TEST_CASE("brreg: changes are asked for from the id after the last, of units and of sub-units") {
    World world;
    world.expect(from("enheter", 101))
        .answer_json(200, page(units, {update(105, one, "Ny"), update(107, two, "Sletting"),
                                       update(108, three, "Fjernet")}));
    world.expect(from("underenheter", 8)).answer_json(200, page(subs, {update(9, three)}));
    const auto told = world.changes("1;u=100;s=7");
    REQUIRE_FALSE(told.failure);
    REQUIRE(told.changes.size() == 4);
    CHECK(told.changes[0].id == "u-105");
    CHECK(told.changes[0].dataset == "organisation");
    CHECK(told.changes[0].key == one);
    CHECK(told.changes[0].events == std::vector<std::string>{"organisation.changed"});
    CHECK(told.changes[0].at == noon() - hours(1));
    CHECK(told.changes[1].events == std::vector<std::string>{"organisation.deleted"});
    CHECK_FALSE(told.changes[1].gone);   // its own answer says that it is deleted
    CHECK(told.changes[2].gone);
    CHECK(told.changes[3].id == "s-9");
    CHECK(told.cursor == "1;u=108;s=9");
    CHECK(told.more);
}

TEST_CASE("brreg: an empty page is the end, and leaves the place as it was") {
    World world;
    world.expect(from("enheter", 101)).answer_json(200, page(units, {}));
    world.expect(from("underenheter", 8)).answer_json(200, page(subs, {}));
    const auto told = world.changes("1;u=100;s=7");
    REQUIRE_FALSE(told.failure);
    CHECK(told.changes.empty());
    CHECK_FALSE(told.more);
    CHECK(told.cursor == "1;u=100;s=7");
}

TEST_CASE("brreg: both shapes of what was changed are tolerated, and all five words understood") {
    for (const char* changes :
         {R"([{"op":"replace","path":"/navn","value":"X"}])", R"(["replace","/navn","X"])", "{}"}) {
        World world;
        json::Value changed = update(101, one, "Ukjent");
        changed.set("endringer", *json::parse(changes));
        world.expect("/enheter?").answer_json(200, page(units, {changed}));
        world.expect("/underenheter?").answer_json(200, page(subs, {}));
        CHECK(world.changes("1;u=100;s=7").changes.size() == 1);
    }
}

TEST_CASE("brreg: what is told twice is there once, and what is out of order is not believed") {
    const auto told = [](const std::vector<json::Value>& updates) {
        World world;
        world.expect("/enheter?").answer_json(200, page(units, updates));
        world.fake.http.always("GET", "/underenheter?").answer_json(200, page(subs, {}));
        return world.changes("1;u=100;s=7");
    };
    CHECK(told({update(101, one), update(101, one), update(102, two)}).changes.size() == 2);
    CHECK(code(told({update(100, one)}).failure) == "brreg.feed_disorder");
    CHECK(code(told({update(103, one), update(102, two)}).failure) == "brreg.feed_disorder");
    CHECK(code(told({update(101, "12")}).failure) == "brreg.update_not_understood");
    CHECK(code(told({update(101, one, "Flyttet")}).failure) == "brreg.update_not_understood");
    CHECK(code(told({update(101, one, "Ny", "i går")}).failure) == "brreg.update_not_understood");
    json::Value without = update(101, one);
    without.remove("oppdateringsid");
    const auto failed = told({without});
    CHECK(code(failed.failure) == "brreg.feed_disorder");
    CHECK(failed.changes.empty());
    CHECK(failed.cursor.empty());
}

TEST_CASE("brreg: a page that is no page, or has lost its list, moves nothing") {
    for (const char* body : {"", "[]", "{}", "<html>", R"({"page":{"totalElements":3}})",
                             R"({"page":{},"_embedded":{"oppdaterteEnheter":{}}})"}) {
        World world;
        world.expect("/enheter?").answer_json(200, body);
        const auto told = world.changes("1;u=100;s=7");
        CHECK(told.failure);
        CHECK(told.cursor.empty());
    }
}

TEST_CASE("brreg: a failure of the second feed takes what the first said with it") {
    World world;
    world.expect("/enheter?").answer_json(200, page(units, {update(101, one)}));
    world.expect("/underenheter?").fail(core::Errc::answer_lost);
    const auto told = world.changes("1;u=100;s=7");
    CHECK(code(told.failure) == "upstream.answer_lost");
    CHECK(told.changes.empty());
}

TEST_CASE("brreg: a cursor that is not ours is told of, never begun anew from") {
    World world;
    for (const char* cursor : {"x", "1;u=;s=1", "1;u=1", "2;u=1;s=1", "1;u=1;s=1x", "1;u=-1;s=1"}) {
        const auto told = world.changes(cursor);
        CHECK(code(told.failure) == "register.cursor_unreadable");
        CHECK(told.broken);
        CHECK_FALSE(told.failure->passing);
    }
    CHECK(world.calls() == 0);
}

TEST_CASE("brreg: without a cursor the answer is where the feeds end now, without changes") {
    World world;
    world.expect("/oppdateringer/enheter?dato=2026-01-14T12:00:00.000Z&page=0&size=1")
        .answer_json(200, page(units, {update(100, one)}));
    world.expect("/oppdateringer/enheter?oppdateringsid=100&page=0&size=1000")
        .answer_json(200, page(units, {update(100, one), update(140, two)}));
    world.expect("/oppdateringer/enheter?oppdateringsid=141")
        .answer_json(200, page(units, {update(150, two)}));
    world.expect("/oppdateringer/enheter?oppdateringsid=151").answer_json(200, page(units, {}));
    // Nothing for a day, nothing for a month: further back.
    world.expect("/oppdateringer/underenheter?dato=2026-01-14").answer_json(200, page(subs, {}));
    world.expect("/oppdateringer/underenheter?dato=2025-12-16").answer_json(200, page(subs, {}));
    world.expect("/oppdateringer/underenheter?dato=2016-01-18").answer_json(200, page(subs, {}));
    const auto told = world.changes("");
    REQUIRE_FALSE(told.failure);
    CHECK(told.changes.empty());
    CHECK(told.cursor == "1;u=150;s=0");
}
