// Look-ups through the service: what leaves, what is asked of the register, what the log says.

#include "world.hpp"

#include <boost/asio/detached.hpp>

using namespace gateway;
using namespace tests::records;
using namespace std::chrono_literals;

namespace {

std::string why(const ports::LookUpAnswer& answer) {
    return answer.refusal ? answer.refusal->code.value : "";
}

}   // namespace

TEST_CASE("look-up: fetched once, then answered from what is held, with its origin") {
    World world;
    const auto first = world.ask(world.question());
    REQUIRE(why(first).empty());
    REQUIRE(first.records.size() == 1);
    const auto& record = first.records.front();
    CHECK(record.known);
    CHECK(record.key.empty());
    CHECK(record.values["names"]["first"].as_string() == "Kari");
    CHECK(record.values["addresses"]["residence"]["city"].as_string() == "OSLO");
    CHECK_FALSE(record.values.has("birthDate"));
    CHECK_FALSE(record.values.has("protection"));
    CHECK(record.fields.at("names").freshness == "fetched");
    CHECK(record.fields.at("names").source == "Folkeregisteret");
    CHECK(record.fields.at("names").authority == "Skatteetaten");
    REQUIRE(world.freg.asked.size() == 1);
    CHECK(world.freg.asked[0].purpose == "opptak");
    CHECK(world.freg.asked[0].fields ==
          std::vector<std::string>{"addresses.residence", "names", "protection"});

    world.clock.advance(23h);
    const auto again = world.ask(world.question());
    CHECK(again.records.front().fields.at("names").freshness == "fresh");
    CHECK(again.records.front().handle == record.handle);
    CHECK(world.freg.asked.size() == 1);

    world.clock.advance(2h);
    CHECK(world.ask(world.question()).records.front().fields.at("names").freshness == "fetched");
    CHECK(world.freg.asked.size() == 2);

    REQUIRE(world.log().size() == 3);
    for (const auto& entry : world.log()) {
        CHECK(entry.kind == ports::LogKind::read);
        CHECK(entry.system == core::SystemId("barnehage"));
        CHECK(entry.purpose == core::PurposeId("opptak"));
        CHECK(entry.subject == record.handle);
        CHECK(entry.fields == std::vector<std::string>{"addresses.residence", "names"});
        CHECK_FALSE(entry.sealed_detail.empty());
        CHECK(entry.sealed_detail.find("saksbehandler") == std::string::npos);
    }
    CHECK(world.log()[1].freshness == "fresh");
}

TEST_CASE("look-up: what lies in the store says nothing of who or what") {
    World world;
    world.ask(world.question());
    for (const auto& [key, row] : world.shelf.rows) {
        CHECK(row.sealed_value.find("Kari") == std::string::npos);
        CHECK(row.fields.find("Kari") == std::string::npos);
        CHECK(row.fields == R"(["addresses.residence","names","protection"])");
        CHECK(row.purposes == R"(["opptak"])");
        CHECK(row.erase_at == world.clock.now() + 24h * 365);
    }
    for (const auto& [key, subject] : world.shelf.subjects_) {
        CHECK(subject.sealed_key.find(kari) == std::string::npos);
        CHECK(subject.token.find(kari) == std::string::npos);
    }
}

TEST_CASE("look-up: nothing leaves that the log does not have") {
    World world;
    world.shelf.log_fails = true;
    const auto answer = world.ask(world.question());
    CHECK(why(answer) == "service.storage_failed");
    CHECK(answer.records.empty());
    auto refused = world.question();
    refused.asker.purpose = "annet";
    CHECK(why(world.ask(refused)) == "service.storage_failed");
    world.shelf.log_fails = false;
    world.shelf.fails = true;
    CHECK(why(world.ask(world.question())) == "service.storage_failed");
}

TEST_CASE("look-up: each thing that is missing is refused, logged, and asks no register") {
    World world;
    const auto expect = [&](ports::RecordLookUp question, const std::string& code) {
        INFO(code);
        const auto before = world.log().size();
        const auto answer = world.ask(std::move(question));
        CHECK(why(answer) == code);
        CHECK(answer.records.empty());
        REQUIRE(world.log().size() == before + 1);
        CHECK(world.log().back().kind == ports::LogKind::refused);
        CHECK(world.log().back().code.value == code);
        CHECK(world.freg.asked.empty());
    };
    auto question = world.question();
    question.asker.purpose = "";
    expect(question, "records.purpose_missing");
    question.asker.purpose = "17859130003";
    expect(question, "records.unknown_purpose");
    CHECK(world.log().back().purpose.empty());
    question = world.question();
    question.asker.purpose = "barnevern";
    expect(question, "auth.not_granted");
    question = world.question();
    question.asker.caller.grants = {"read:contact:opptak", "messages:read-all"};
    expect(question, "auth.not_granted");
    question = world.question();
    question.dataset = "personer";
    expect(question, "records.unknown_dataset");
    CHECK(world.log().back().dataset.empty());
    question = world.question();
    question.asker.caller.grants.insert("read:contact:opptak");
    question.dataset = "contact";
    expect(question, "records.dataset_not_in_purpose");
    question = world.question();
    question.fields = {{"names", "birthDate"}};
    expect(question, "records.field_not_in_purpose");
    question.fields = {{"addresses"}};
    expect(question, "records.field_not_in_purpose");
    question.fields = {{"shoes"}};
    expect(question, "records.unknown_field");
    question = world.question("17859130004");
    expect(question, "records.not_a_national_id");
    question.keys = {kari, "1"};
    expect(question, "records.not_a_national_id");
    question.keys.assign(1001, kari);
    expect(question, "records.too_many_keys");
    question = world.question();
    question.kind = core::RecordKeyKind::organisation;
    question.keys = {"310001007"};
    expect(question, "records.other_key");
    CHECK(world.shelf.subjects_.empty());   // nobody is made known by a refusal
}

TEST_CASE("look-up: a refusal about somebody who is known stands in that person's log") {
    World world;
    const auto handle = world.ask(world.question()).records.front().handle;
    auto refused = world.question();
    refused.fields = {{"birthDate"}};
    world.ask(refused);
    CHECK(world.log().back().kind == ports::LogKind::refused);
    CHECK(world.log().back().subject == handle);
}

TEST_CASE("look-up: a handle is the tenant's own") {
    World world;
    const auto handle = world.ask(world.question()).records.front().handle;
    auto by_handle = world.question();
    by_handle.keys.clear();
    by_handle.handle = handle;
    const auto same = world.ask(by_handle);
    REQUIRE(why(same).empty());
    CHECK(same.records.front().values["names"]["first"].as_string() == "Kari");
    CHECK(world.freg.asked.size() == 1);
    by_handle.asker.caller.tenant = bergen;
    CHECK(why(world.ask(by_handle)) == "records.not_found");
    CHECK(world.log(bergen).back().kind == ports::LogKind::refused);
    CHECK_FALSE(world.log(bergen).back().subject);
}

TEST_CASE("look-up: a hundred that ask for the same at once cost the register one call") {
    World world;
    world.freg.hangs = true;
    world.configuration->records.look_up_time_max = 2min;
    int answered = 0;
    for (int i = 0; i < 100; ++i) {
        auto done = [&](const std::exception_ptr& error, const ports::LookUpAnswer& answer) {
            answered += !error && !answer.refusal && answer.records.front().known ? 1 : 0;
        };
        boost::asio::co_spawn(world.io, world.service->look_up(world.question()), done);
    }
    CHECK(tests::run_until(
        world.io, world.clock, [&] { return answered == 100; }, 2min));
    CHECK(answered == 100);
    CHECK(world.freg.asked.size() == 1);
    CHECK(world.log().size() == 100);
}

TEST_CASE("look-up: a batch is one call for all that is missing, answered in its order") {
    World world;
    world.ask(world.question(ola));
    auto batch = world.question();
    batch.keys = {kari, ola, kari};
    const auto answer = world.ask(batch);
    REQUIRE(answer.records.size() == 3);
    CHECK(answer.records[0].handle == answer.records[2].handle);
    CHECK(answer.records[0].handle != answer.records[1].handle);
    CHECK(answer.records[1].fields.at("names").freshness == "fresh");
    REQUIRE(world.freg.asked.size() == 2);
    CHECK(world.freg.asked[1].keys == std::vector<std::string>{kari});
    CHECK(world.log().size() == 4);
}

TEST_CASE("look-up: a register that does not know the key is not asked again for an hour") {
    World world;
    world.freg.persons.clear();
    const auto answer = world.ask(world.question());
    REQUIRE(why(answer).empty());
    CHECK_FALSE(answer.records.front().known);
    CHECK(world.log().back().freshness == "absent");
    world.clock.advance(59min);
    world.ask(world.question());
    CHECK(world.freg.asked.size() == 1);
    world.clock.advance(2min);
    world.freg.persons[kari] = World::person(kari);
    CHECK(world.ask(world.question()).records.front().known);
    CHECK(world.freg.asked.size() == 2);
}

TEST_CASE("look-up: while the register fails what is held is given, marked, until it is too old") {
    World world;
    world.ask(world.question());
    world.clock.advance(25h);
    world.freg.failure.emplace();
    world.freg.failure->code = "upstream.unreachable";
    const auto stale = world.ask(world.question());
    REQUIRE(why(stale).empty());
    CHECK(stale.records.front().fields.at("names").freshness == "stale");
    CHECK(world.log().back().freshness == "stale");
    world.clock.advance(24h * 7);
    const auto too_old = world.ask(world.question());
    CHECK(why(too_old) == "records.register_unavailable");
    CHECK(too_old.retry_after.has_value());
    CHECK(world.log().back().kind == ports::LogKind::refused);
    CHECK(world.log().back().code.value == "records.register_unavailable");
}

TEST_CASE("look-up: a register that asks for time gets it") {
    World world;
    world.freg.failure.emplace();
    world.freg.failure->code = "upstream.rate_limited";
    world.freg.failure->retry_after = 30s;
    CHECK(world.ask(world.question()).retry_after == 30s);
    for (int i = 0; i < 20; ++i) {
        world.clock.advance(1s);
        const auto answer = world.ask(world.question());
        CHECK(why(answer) == "records.register_unavailable");
        CHECK(answer.retry_after == 30s - std::chrono::seconds(i + 1));
    }
    CHECK(world.freg.asked.size() == 1);
    world.freg.failure.reset();
    world.clock.advance(11s);
    CHECK(why(world.ask(world.question())).empty());
    CHECK(world.freg.asked.size() == 2);
}

TEST_CASE("look-up: an answer about somebody else is refused, and nothing of it is kept") {
    World world;
    world.freg.answers_about = ola;
    CHECK(why(world.ask(world.question())) == "records.wrong_answer");
    CHECK(world.shelf.rows.empty());
    world.clock.advance(1min);
    world.freg.answers_about.clear();
    world.freg.persons[kari] = World::person(ola);   // says so inside
    world.tenant(oslo)
        .purposes.at(core::PurposeId("opptak"))
        .datasets["person"]
        .insert("nationalIds");
    CHECK(why(world.ask(world.question())) == "records.wrong_answer");
    CHECK(world.shelf.rows.empty());
    auto swapped = world.question();
    swapped.keys = {kari, ola};
    world.clock.advance(1min);
    CHECK(world.ask(swapped).records.at(1).failure->code.value == "records.wrong_answer");
}

TEST_CASE("look-up: a graded address leaves only to a purpose with the right") {
    World world;
    world.freg.persons[kari] = World::person(kari, "confidential");
    const auto without = world.ask(world.question());
    CHECK_FALSE(without.records.front().values.has("addresses"));
    CHECK(without.records.front().withheld == std::vector<std::string>{"addresses.residence"});
    CHECK(world.log().back().fields == std::vector<std::string>{"names"});
    auto with_right = world.question();
    with_right.asker = world.asker({"read:person:barnevern"}, "barnevern");
    const auto with = world.ask(with_right);
    CHECK(with.records.front().values["addresses"]["residence"]["city"].as_string() == "OSLO");
}

TEST_CASE(
    "look-up: what a feed outdated is fetched anew, and an address of it is never given stale") {
    World world;
    world.ask(world.question());
    world.clock.advance(1min);
    world.shelf.outdate("person", world.clock.now());
    world.freg.persons[kari] = World::person(kari, "strictly-confidential");
    world.freg.failure.emplace();
    world.freg.failure->code = "upstream.unreachable";
    CHECK(why(world.ask(world.question())) == "records.register_unavailable");
    auto names = world.question();
    names.fields = {{"names"}};
    CHECK(world.ask(names).records.front().fields.at("names").freshness == "stale");
    world.freg.failure.reset();
    world.clock.advance(1min);
    const auto fresh = world.ask(world.question());
    REQUIRE(why(fresh).empty());
    CHECK_FALSE(fresh.records.front().values.has("addresses"));
    CHECK(world.freg.asked.back().fresh);
}

TEST_CASE("look-up: a clock that jumps makes nothing valid longer than it is") {
    World world;
    world.clock.jump(24h * 30);
    world.ask(world.question());   // "fetched" a month ahead
    world.clock.jump(-24h * 30);
    world.ask(world.question());
    CHECK(world.freg.asked.size() == 2);
    world.clock.jump(24h * 2);
    world.ask(world.question());
    CHECK(world.freg.asked.size() == 3);
}

TEST_CASE("look-up: a slow register is given up, and what came late is kept all the same") {
    World world;
    world.freg.hangs = true;
    world.configuration->records.look_up_time_max = 5s;
    std::optional<ports::LookUpAnswer> answer;
    boost::asio::co_spawn(
        world.io, world.service->look_up(world.question()),
        [&](const std::exception_ptr&, ports::LookUpAnswer given) { answer = std::move(given); });
    CHECK(tests::run_until(
        world.io, world.clock, [&] { return answer.has_value(); }, 30s));
    REQUIRE(answer);
    CHECK(why(*answer) == "records.register_slow");
}

TEST_CASE("look-up: one purpose's answer serves another that may see it, and no more") {
    World world;
    world.ask(world.question());
    auto other = world.question();
    other.asker = world.asker({"read:person:barnevern"}, "barnevern");
    other.fields = {{"names"}};
    world.ask(other);
    CHECK(world.freg.asked.size() == 1);
    world.tenant(oslo).purposes.at(core::PurposeId("barnevern")).datasets["person"] = {"names",
                                                                                       "birthDate"};
    other.fields.reset();
    const auto answer = world.ask(other);
    CHECK(world.freg.asked.size() == 2);
    CHECK(world.freg.asked.back().purpose == "barnevern");
    CHECK(answer.records.front().values.has("birthDate"));
    CHECK_FALSE(answer.records.front().values.has("addresses"));
    CHECK(world.shelf.rows.begin()->second.purposes == R"(["opptak","barnevern"])");
    CHECK(world.ask(world.question()).records.front().values.has("addresses"));
    CHECK(world.freg.asked.size() == 2);
}

TEST_CASE("correction: stands over the register with source and end, and is gone after it") {
    World world;
    const auto handle = world.ask(world.question()).records.front().handle;
    ports::CorrectCommand command;
    command.asker = world.asker({"correct:person"});
    command.dataset = "person";
    command.handle = handle;
    command.values.set("names", "Kari Hansen");
    command.source = "vigselsattest";
    command.until = world.clock.now() + 12h;
    auto nobody = command;
    nobody.asker.actor.clear();
    CHECK(tests::run(world.io, world.service->correct(nobody))->code.value ==
          "records.actor_missing");
    auto not_granted = command;
    not_granted.asker.caller.grants.clear();
    CHECK(tests::run(world.io, world.service->correct(not_granted))->code.value ==
          "auth.not_granted");
    CHECK_FALSE(tests::run(world.io, world.service->correct(command)));
    CHECK(world.log().back().kind == ports::LogKind::corrected);
    CHECK(world.log().back().subject == handle);
    const auto corrected = world.ask(world.question()).records.front();
    CHECK(corrected.values["names"].as_string() == "Kari Hansen");
    CHECK(corrected.fields.at("names").source == "vigselsattest");
    CHECK(corrected.fields.at("names").corrected_until == command.until);
    world.clock.advance(13h);
    const auto after = world.ask(world.question()).records.front();
    CHECK(after.values["names"]["first"].as_string() == "Kari");
    CHECK(world.freg.asked.size() == 1);
}

TEST_CASE("access log: shown to who may see it, and every showing is in it") {
    World world;
    const auto handle = world.ask(world.question()).records.front().handle;
    ports::LogReading reading;
    reading.asker = world.asker({"access-log:read"}, "");
    reading.handle = handle;
    const auto page = tests::run(world.io, world.service->read_log(reading));
    REQUIRE_FALSE(page.refusal);
    REQUIRE(page.entries.size() == 1);
    CHECK(page.entries[0].actor == "saksbehandler-7");
    CHECK(page.entries[0].case_reference == "2026/17");
    CHECK(page.entries[0].legal_basis == "barnehageloven § 16");
    CHECK(world.log().back().kind == ports::LogKind::log_read);
    CHECK(tests::run(world.io, world.service->read_log(reading)).entries.size() == 2);
    reading.asker.caller.grants.clear();
    CHECK(tests::run(world.io, world.service->read_log(reading)).refusal->code.value ==
          "auth.not_granted");
    CHECK(world.log().back().kind == ports::LogKind::refused);
    reading.asker = world.asker({"access-log:read"}, "", bergen);
    CHECK(tests::run(world.io, world.service->read_log(reading)).refusal->code.value ==
          "records.not_found");
    world.shelf.log_fails = true;
    reading.asker = world.asker({"access-log:read"}, "");
    CHECK(tests::run(world.io, world.service->read_log(reading)).entries.empty());
}
