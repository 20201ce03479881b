#include "tests/unit/adapter_folkeregister/freg_world.hpp"

#include <catch2/catch.hpp>

using namespace freg_world;

namespace {

json::Value event(std::int64_t number, const char* type, const char* person = kari) {
    json::Value about;
    about.set("folkeregisteridentifikator", person).set("hendelsestype", type);
    about.set("hendelsesdokument", "doc" + std::to_string(number)).set("persondokument", "p");
    about.set("ajourholdstidspunkt", "2026-01-15T12:26:03.689+02:00");
    json::Value made;
    return made.set("sekvensnummer", number).set("hendelse", std::move(about));
}

std::string page(const std::vector<json::Value>& events) {
    json::Value list = json::Value::array();
    for (const auto& one : events) {
        list.push(one);
    }
    return json::write(list);
}

json::Value detail(std::int64_t number, const char* change, const char* person = kari) {
    return *json::parse(R"({"dokumentidentifikator":"doc)" + std::to_string(number) +
                        R"(","hendelse":{"folkeregisteridentifikator":")" + person +
                        R"(","egenskapshendelse":[{"entitetsendring":")" + change + R"("}]}})");
}

constexpr const char* feed = "/folkeregister/api/v1/rolle-f/v1/hendelser/feed?seq=101";
constexpr const char* bulk = "/folkeregister/api/v1/rolle-f/v1/hendelser/bulkoppslag";
constexpr const char* newest = "/hendelser/siste/sekvensnummer";

/// What is told of one event of this type, without details.
sdk::Change told_of(const char* type) {
    World world(settings(R"(,"event_details":false)"));
    world.expect("GET", feed).answer_json(200, page({event(101, type)}));
    const auto told = world.changes("1;100;");
    REQUIRE_FALSE(told.failure);
    return told.changes.at(0);
}

}   // namespace

TEST_CASE("freg: events are asked for after the last one, with the feed's role") {
    World world;
    world.expect("GET", feed)
        .answer_json(200,
                     page({event(101, "endringIBostedsadresse"), event(102, "endringINavn", ola)}));
    world.expect("POST", bulk).answer_json(200, page({detail(101, "registrereNy")}));
    const auto told = world.changes("1;100;");
    REQUIRE_FALSE(told.failure);
    REQUIRE(told.changes.size() == 2);
    CHECK(told.changes[0].id == "doc101");
    CHECK(told.changes[0].dataset == "person");
    CHECK(told.changes[0].key == kari);
    CHECK(told.changes[0].events == std::vector<std::string>{"person.moved"});
    CHECK(told.changes[0].at == core::parse_rfc3339("2026-01-15T10:26:03.689Z").value());
    CHECK(told.changes[1].events.empty());   // only to be asked for anew
    CHECK(told.cursor == "1;102;");
    CHECK(told.more);
    CHECK(world.call(1).body == R"({"dokumentidentifikator":["doc101"]})");
    CHECK(world.call(0).header("If-None-Match").empty());
}

TEST_CASE("freg: each type of event means what it means") {
    const auto meaning = [](const char* type) {
        const auto change = told_of(type);
        return change.events.empty() ? std::string() : change.events.at(0);
    };
    CHECK(meaning("endringIBostedsadresse") == "person.moved");
    CHECK(meaning("endringIBostedsadresseUtenFlytting").empty());
    CHECK(meaning("endringIInnflytting") == "person.moved");
    CHECK(meaning("endringIUtflytting") == "person.moved");
    CHECK(meaning("endringIDoedsfall") == "person.died");
    CHECK(meaning("endringIFoedselINorge") == "person.born");
    CHECK(meaning("endringIPostadresse") == "person.contact-changed");
    CHECK(meaning("endringIKontaktinformasjon") == "person.contact-changed");
    CHECK(meaning("endringIAdressebeskyttelse").empty());
    CHECK(meaning("endringINoeNytt").empty());
    CHECK(told_of("personErOpphoert").gone);
    CHECK(told_of("personErOpphoertSomDublett").gone);
    CHECK_FALSE(told_of("endringIDoedsfall").gone);
}

TEST_CASE("freg: a death that is taken back and a corrected address are no life events") {
    for (const bool wrapped : {false, true}) {
        World world;
        world.expect("GET", feed)
            .answer_json(
                200, page({event(101, "endringIDoedsfall"), event(102, "endringIBostedsadresse"),
                           event(103, "endringIDoedsfall", ola), event(104, "endringIDoedsfall")}));
        const std::string list = page(
            {detail(101, "annullere"), detail(102, "korrigere"), detail(103, "registrereNy", ola)});
        world.expect("POST", bulk)
            .answer_json(200, wrapped ? R"({"hendelsesdokument":)" + list + "}" : list);
        const auto told = world.changes("1;100;");
        REQUIRE(told.changes.size() == 4);   // all are to be asked for anew
        CHECK(told.changes[0].events.empty());
        CHECK(told.changes[1].events.empty());
        CHECK(told.changes[2].events == std::vector<std::string>{"person.died"});
        CHECK(told.changes[3].events == std::vector<std::string>{"person.died"});   // not told
    }
}

TEST_CASE("freg: details of somebody else, refused or unreadable move nothing") {
    const auto failed = [](int status, const std::string& body) {
        World world;
        world.expect("GET", feed).answer_json(200, page({event(101, "endringIDoedsfall")}));
        world.expect("POST", bulk).answer_json(status, body);
        const auto told = world.changes("1;100;");
        CHECK(told.changes.empty());
        CHECK(told.cursor.empty());
        return code(told.failure);
    };
    CHECK(failed(200, page({detail(101, "registrereNy", ola)})) == "freg.wrong_person");
    CHECK(failed(403, "{}") == "freg.role_refused");
    CHECK(failed(200, "{") == "upstream.bad_answer");
    CHECK(failed(500, "") == "upstream.server_error");
}

TEST_CASE("freg: the end is an empty page, kept with its tag, and 304 says that nothing is new") {
    World world;
    world.expect("GET", feed).answer_json(200, "[]", {{"ETag", "\"abc\""}});
    world.expect("GET", newest).answer_json(200, R"({"sekvensnummer":100})");
    const auto end = world.changes("1;100;");
    REQUIRE_FALSE(end.failure);
    CHECK_FALSE(end.more);
    CHECK(end.cursor == "1;100;\"abc\"");
    world.expect("GET", feed).answer(304);
    const auto still = world.changes(end.cursor);
    REQUIRE_FALSE(still.failure);
    CHECK(still.cursor == end.cursor);
    CHECK_FALSE(still.more);
    CHECK(world.call(2).header("If-None-Match") == "\"abc\"");
    // 304 to somebody who has no tag is no answer.
    world.expect("GET", feed).answer(304);
    CHECK(world.changes("1;100;").failure);
}

TEST_CASE("freg: a list that was set back is told of, and never read on as if nothing were") {
    World world;
    world.expect("GET", feed).answer_json(200, "[]");
    world.expect("GET", newest).answer_json(200, R"({"sekvensnummer":40})");
    const auto told = world.changes("1;100;");
    CHECK(code(told.failure) == "freg.feed_rolled_back");
    CHECK(told.broken);
    CHECK_FALSE(told.failure->passing);
}

TEST_CASE("freg: gaps are noticed and repeats are told once") {
    World world;
    world.expect("GET", feed)
        .answer_json(200, page({event(103, "endringINavn"), event(103, "endringINavn"),
                                event(107, "endringINavn")}));
    const auto told = world.changes("1;100;");
    CHECK(told.changes.size() == 2);
    CHECK(told.cursor == "1;107;");
    CHECK(world.fake.log.holds("register.feed_gap"));
    CHECK_FALSE(world.fake.log.holds(kari));
}

TEST_CASE("freg: events out of order, before the last or not understood are not believed") {
    const auto failed = [](const std::string& body) {
        World world;
        world.expect("GET", feed).answer_json(200, body);
        const auto told = world.changes("1;100;");
        CHECK(told.changes.empty());
        return code(told.failure);
    };
    CHECK(failed(page({event(102, "x"), event(101, "x")})) == "freg.feed_disorder");
    CHECK(failed(page({event(100, "x")})) == "freg.feed_disorder");
    CHECK(failed(R"([{"hendelse":{}}])") == "freg.feed_disorder");
    CHECK(failed(page({event(101, "x", "123")})) == "freg.event_not_understood");
    CHECK(failed(page({event(101, "")})) == "freg.event_not_understood");
    CHECK(failed("{}") == "upstream.bad_answer");
    CHECK(failed("<html>") == "upstream.html_answer");
    CHECK(failed("") == "upstream.bad_answer");
}

TEST_CASE("freg: without a cursor the answer is where the list stands now, told in either form") {
    for (const char* body : {R"({"sekvensnummer":40241})", "40241"}) {
        World world;
        world.expect("GET", newest).answer_json(200, body);
        const auto told = world.changes("");
        REQUIRE_FALSE(told.failure);
        CHECK(told.changes.empty());
        CHECK(told.cursor == "1;40241;");
    }
    World world;
    world.expect("GET", newest).answer_json(200, R"({"sekvensnummer":"mange"})");
    CHECK(code(world.changes("").failure) == "upstream.bad_answer");
}

TEST_CASE("freg: a cursor that is not ours is told of, never begun anew from") {
    World world;
    for (const char* cursor : {"x", "1;", "1;x;", "2;1;", "1;-1;"}) {
        const auto told = world.changes(cursor);
        CHECK(code(told.failure) == "register.cursor_unreadable");
        CHECK(told.broken);
    }
    CHECK(world.calls() == 0);
}

TEST_CASE("freg: without a role for events there is no feed") {
    const World world(R"({"integration_id":"5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001",)"
                      R"("integration_password":"p","roles":{"a":"r"}})");
    CHECK(world.adapter->feed() == nullptr);
}

TEST_CASE("freg: its health is whether the register answers the feed's role") {
    World world;
    const auto health = [&] {
        return tests::run(world.io, world.adapter->check_health(world.fake.in(seconds(5))));
    };
    world.expect("GET", newest).answer_json(200, R"({"sekvensnummer":1})");
    CHECK(health().condition == sdk::Condition::ready);
    world.expect("GET", newest).answer_json(403, "{}");
    CHECK(health().condition == sdk::Condition::degraded);
    world.expect("GET", newest).fail(core::Errc::unreachable);
    CHECK(health().condition == sdk::Condition::down);
}
