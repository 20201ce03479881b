// A D-number that was replaced by a birth number: what systems and the person are told.

#include "gateway/records/succession.hpp"

#include "feed_world.hpp"
#include "keeping_world.hpp"

using namespace tests;
using namespace tests::records;
using std::chrono::minutes;

namespace {

json::Value renumbered(const std::string& current, const std::string& former) {
    auto value = World::person(current);
    auto before = json::Value::array();
    before.push(former);
    value.find("nationalIds")->set("former", std::move(before));
    return value;
}

core::PurposeConfig& opptak(core::Configuration& configuration) {
    return configuration.tenants.at(oslo).purposes.at(core::PurposeId("opptak"));
}

}   // namespace

TEST_CASE("succession: what a register says of ids is read strictly") {
    const auto read = [](const char* text) {
        return gateway::records::read_national_ids(json::parse(text).value());
    };
    const auto ids =
        read(R"({"current":"17859130003","former":["17859130003","x",7,"12345678901"]})");
    CHECK(ids.current == "17859130003");
    CHECK(ids.former.empty());
    CHECK(read(R"({"current":"12345678901"})").current.empty());
    CHECK(read("null").current.empty());
    CHECK(read("{}").former.empty());
}

TEST_CASE(
    "succession: a look-up by an ended id says so, and by which handle only where the purpose "
    "may know") {
    KeepingWorld world;
    const auto before = world.world.ask(world.world.question(ola)).records.front();
    CHECK_FALSE(before.ended);
    world.world.freg.persons[ola] = renumbered(kari, ola);
    world.world.freg.persons[kari] = renumbered(kari, ola);
    world.world.clock.advance(std::chrono::hours(25));
    const auto ended = world.world.ask(world.world.question(ola)).records.front();
    CHECK(ended.handle == before.handle);
    CHECK(ended.ended);
    CHECK_FALSE(ended.replaced_by);
    CHECK(ended.values["names"]["first"].as_string() == "Kari");
    opptak(*world.world.configuration).datasets["person"].insert("nationalIds");
    const auto told = world.world.ask(world.world.question(ola)).records.front();
    CHECK(told.ended);
    const auto in_use = world.world.ask(world.world.question(kari)).records.front();
    CHECK_FALSE(in_use.ended);
    CHECK(told.replaced_by == in_use.handle);
    const auto log = world.log();
    const auto links = std::count_if(log.begin(), log.end(), [](const auto& one) {
        return one.entry.code.value == "records.id_replaced";
    });
    CHECK(links == 1);
}

TEST_CASE("succession: who is looked up by the id in use is linked with whom was known before") {
    KeepingWorld world;
    const auto before = world.world.ask(world.world.question(ola)).records.front();
    world.world.freg.persons[kari] = renumbered(kari, ola);
    const auto in_use = world.world.ask(world.world.question(kari)).records.front();
    const auto report = world.report(kari);
    CHECK(report.others == std::vector<core::Uuid>{before.handle});
    CHECK(report.handle == in_use.handle);
}

TEST_CASE("succession: report, legal hold and erasure by either id are of the whole person") {
    KeepingWorld world;
    const auto ended = world.world.ask(world.world.question(ola)).records.front().handle;
    world.world.freg.persons[kari] = renumbered(kari, ola);
    const auto in_use = world.world.ask(world.world.question(kari)).records.front().handle;
    for (const char* by : {ola, kari}) {
        const auto report = world.report(by);
        REQUIRE_FALSE(report.refusal);
        CHECK(report.held.size() == 2);
        CHECK(report.others.size() == 1);
        std::set<core::Uuid> about;
        for (const auto& entry : report.entries) {
            about.insert(*entry.entry.entry.subject);
        }
        CHECK(about == std::set<core::Uuid>{ended, in_use});
        CHECK(report.entries.back().entry.number == report.until);
        CHECK(report.entries.front().actor == "saksbehandler-7");
    }
    // In pages it is the same.
    const auto first = world.report(ola, 0, 0, 2);
    CHECK(first.entries.size() == 2);
    CHECK(first.more);
    CHECK_FALSE(world.hold(true, ola).refusal);
    CHECK(world.report(kari).legal_hold);
    CHECK(world.erase(kari).refusal->code.value == "records.legal_hold");
    CHECK_FALSE(world.hold(false, kari).refusal);
    const auto erased = world.erase(ola);
    REQUIRE_FALSE(erased.refusal);
    CHECK(erased.records == 2);
    CHECK(world.report(kari).refusal->code.value == "records.not_found");
    CHECK(world.report(ola).refusal->code.value == "records.not_found");
}

TEST_CASE(
    "succession: a new number in the feed is told to who knew the old one, by the handle they "
    "have") {
    FeedWorld world;
    auto& purpose = opptak(*world.configuration);
    purpose.events.insert("person.contact-changed");
    purpose.datasets["person"].insert("nationalIds");
    const auto held = world.look_up(ola);
    world.freg.persons[kari] = renumbered(kari, ola);
    world.freg.persons[ola] = renumbered(kari, ola);
    world.feed.add(kari, "person.contact-changed").renumbered = true;
    world.pass(minutes(2));
    const auto told = world.told(barnehage);
    REQUIRE(told.size() == 1);
    CHECK(told.front().subject == held.handle);
    CHECK(told.front().name == "person.contact-changed");
    const auto now = world.look_up(ola);
    CHECK(now.ended);
    CHECK(now.replaced_by == world.look_up(kari).handle);
    CHECK_FALSE(world.diary.holds(kari));
    CHECK_FALSE(world.diary.holds(ola));
}
