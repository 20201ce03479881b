// A person's report, legal hold, erasure on request and by time.

#include "gateway/records/log_chain.hpp"
#include "gateway/records/national_id.hpp"
#include "gateway/records/sealing.hpp"
#include "keeping_world.hpp"

using namespace gateway;
using namespace tests::records;
using namespace std::chrono_literals;

namespace {

std::string why(const std::optional<ports::Refusal>& refusal) {
    return refusal ? refusal->code.value : "";
}

void expect_whole_chain(KeepingWorld& world) {
    using gateway::records::canonical_bytes;
    using gateway::records::chain_hash;
    auto before = gateway::records::first_hash();
    for (const auto& entry : world.log()) {
        before = chain_hash(before, canonical_bytes(oslo, entry.number, entry.entry));
        REQUIRE(entry.hash == before);
    }
}

}   // namespace

TEST_CASE("report: what is held, from where, for what, and who got it, why and when") {
    KeepingWorld world;
    world.world.ask(world.world.question());
    ports::CorrectCommand correction;
    correction.asker = world.world.asker({"correct:person"});
    correction.dataset = "person";
    correction.handle = world.report().handle;
    correction.values = json::parse(R"({"names":{"first":"Karin"}})").value();
    correction.source = "pass";
    correction.until = world.world.clock.now() + 24h;
    REQUIRE_FALSE(tests::run(world.world.io, world.world.service->correct(correction)));
    const auto report = world.report();
    REQUIRE(why(report.refusal).empty());
    CHECK(report.tenant == oslo);
    CHECK(report.person == gateway::records::masked(kari));
    CHECK_FALSE(report.legal_hold);
    CHECK_FALSE(report.forgotten);
    REQUIRE(report.held.size() == 1);
    const auto& held = report.held.front();
    CHECK(held.dataset == "person");
    CHECK(held.name == "Folkeregisteret");
    CHECK(held.authority == "Skatteetaten");
    CHECK(held.sensitivity == "ordinary");
    CHECK(held.erase_at == world.world.clock.now() + 24h * 365);
    REQUIRE(held.purposes.size() == 1);
    CHECK(held.purposes.front().id == "opptak");
    CHECK(held.purposes.front().legal_basis == "barnehageloven § 16");
    REQUIRE(held.parts.size() == 1);
    CHECK(held.parts.front().source == "Folkeregisteret");
    CHECK(held.parts.front().values["names"]["first"].as_string() == "Kari");
    REQUIRE(held.corrections.size() == 1);
    CHECK(held.corrections.front().source == "pass");
    CHECK(held.corrections.front().person == "saksbehandler-7");
    REQUIRE(report.entries.size() == 4);   // read, reported, corrected, reported
    const auto& read = report.entries.front();
    CHECK(read.entry.entry.kind == ports::LogKind::read);
    CHECK(read.purpose_name == "opptak");
    CHECK(read.legal_basis == "barnehageloven § 16");
    CHECK(read.actor == "saksbehandler-7");
    CHECK(read.case_reference == "2026/17");
    const auto& own = report.entries.back();
    CHECK(own.entry.entry.kind == ports::LogKind::reported);
    CHECK(own.entry.entry.system.value == "operator:root");
    CHECK(own.reason == "innsyn 2026/17");
    CHECK(own.entry.number == report.until);
    CHECK_FALSE(report.more);
    CHECK(own.entry.entry.sealed_detail.find("innsyn") == std::string::npos);
    expect_whole_chain(world);
}

TEST_CASE("report: a long log comes in pages, each logged, and ends with the report's own making") {
    KeepingWorld world;
    for (int i = 0; i < 12; ++i) {
        world.world.ask(world.world.question());
    }
    world.world.ask(world.world.question(ola));
    const auto first = world.report(kari, 0, 0, 5);
    CHECK(first.entries.size() == 5);
    CHECK(first.more);
    CHECK(first.held.size() == 1);
    std::size_t all = first.entries.size();
    auto after = first.entries.back().entry.number;
    bool more = first.more;
    int pages = 1;
    for (; more && pages < 10; ++pages) {
        const auto page = world.report(kari, after, first.until, 5);
        CHECK(page.held.empty());
        all += page.entries.size();
        REQUIRE_FALSE(page.entries.empty());
        after = page.entries.back().entry.number;
        more = page.more;
    }
    CHECK(pages == 3);
    CHECK(all == 13);
    CHECK(after == first.until);
    CHECK(world.log().size() == 13 + 3);
}

TEST_CASE("report: nobody's, another tenant's and what is no id are refused, and that is logged") {
    KeepingWorld world;
    world.world.ask(world.world.question());
    const auto handle = world.report().handle;
    CHECK(why(world.report(ola).refusal) == "records.not_found");
    CHECK(why(world.report("12345678901").refusal) == "records.not_a_national_id");
    ports::ReportQuery query;
    query.which = world.which("", bergen);
    query.which.handle = handle;
    query.keeper = KeepingWorld::keeper("prøve");
    const auto elsewhere = tests::run(world.world.io, world.keeping.report(query));
    CHECK(why(elsewhere.refusal) == "records.not_found");
    CHECK(elsewhere.entries.empty());
    REQUIRE(world.log(bergen).size() == 1);
    CHECK(world.log(bergen).front().entry.kind == ports::LogKind::refused);
    query.which.tenant = oslo;
    CHECK(why(tests::run(world.world.io, world.keeping.report(query)).refusal).empty());
    CHECK(world.log().size() == 5);
}

TEST_CASE(
    "report: of whom nothing is held it says so, and that it was asked for stands in the log") {
    KeepingWorld world;
    // Whom nobody asked about: there is no handle, and the log must not tell who it was.
    CHECK(why(world.report(ola).refusal) == "records.not_found");
    REQUIRE(world.log().size() == 1);
    const auto asked = world.log().front().entry;
    CHECK(asked.kind == ports::LogKind::refused);
    CHECK(asked.system.value == "operator:root");
    CHECK(asked.code.value == "records.not_found");
    CHECK_FALSE(asked.subject);
    CHECK(asked.sealed_detail.empty());
    // Who was known, and of whom the clock has erased what was held: that, and why, is the report.
    world.world.ask(world.world.question());
    world.world.clock.advance(24h * 366);
    world.erase_due();
    const auto report = world.report();
    REQUIRE(why(report.refusal).empty());
    CHECK(report.held.empty());
    CHECK_FALSE(report.forgotten);
    REQUIRE(report.entries.size() == 3);
    CHECK(report.entries[1].entry.entry.kind == ports::LogKind::erased);
    CHECK(report.entries[2].entry.entry.kind == ports::LogKind::reported);
    expect_whole_chain(world);
}

TEST_CASE("erasure: all of a person goes, what was done stays explained, and the chain holds") {
    KeepingWorld world;
    world.world.ask(world.world.question());
    world.world.ask(world.world.question(ola));
    const auto done = world.erase();
    REQUIRE(why(done.refusal).empty());
    CHECK(done.records == 1);
    CHECK(why(world.erase().refusal) == "records.not_found");
    CHECK(why(world.report().refusal) == "records.not_found");
    ports::ReportQuery query;
    query.which = world.which("");
    query.which.handle = done.handle;
    query.keeper = KeepingWorld::keeper("innsyn");
    const auto report = tests::run(world.world.io, world.keeping.report(query));
    REQUIRE(why(report.refusal).empty());
    CHECK(report.forgotten);
    CHECK(report.person.empty());
    CHECK(report.held.empty());
    REQUIRE(report.entries.size() == 4);   // read, erased, erased, reported
    CHECK(report.entries[0].actor.empty());
    CHECK(report.entries[1].entry.entry.kind == ports::LogKind::erased);
    CHECK(report.entries[1].entry.entry.dataset == "person");
    CHECK(report.entries[1].entry.entry.code == core::Code("erasure.on_request"));
    CHECK(report.entries[1].reason == "krav 2026/18");
    CHECK(report.entries[2].entry.entry.dataset.empty());
    expect_whole_chain(world);
    // Another person is untouched; met again, the one who was erased is somebody new.
    CHECK(why(world.report(ola).refusal).empty());
    const auto again = world.world.ask(world.world.question());
    CHECK(again.records.front().handle != done.handle);
    CHECK(world.world.freg.asked.size() == 3);
}

TEST_CASE("legal hold: nothing is erased, by request or by time, until it is lifted") {
    KeepingWorld world;
    world.world.ask(world.world.question());
    REQUIRE(why(world.hold(true).refusal).empty());
    CHECK(why(world.erase().refusal) == "records.legal_hold");
    CHECK(world.log().back().entry.kind == ports::LogKind::refused);
    CHECK(world.log().back().entry.code == core::Code("records.legal_hold"));
    world.world.clock.advance(24h * 366);
    world.erase_due();
    auto report = world.report();
    CHECK(report.legal_hold);
    CHECK(report.held.size() == 1);
    CHECK(report.entries[1].reason == "tvist 2026/19");
    CHECK(report.entries[1].entry.entry.code == core::Code("hold.set"));
    REQUIRE(why(world.hold(false).refusal).empty());
    world.erase_due();
    report = world.report();
    CHECK_FALSE(report.legal_hold);
    CHECK(report.held.empty());
    CHECK(why(world.hold(true, ola).refusal) == "records.not_found");
    expect_whole_chain(world);
}

TEST_CASE(
    "retention: what its purpose keeps no longer goes, each with rule and reason in the log") {
    KeepingWorld world;
    auto& tenant = world.world.tenant(oslo);
    tenant.purposes.at(core::PurposeId("opptak")).retention = 24h * 30;
    tenant.purposes.at(core::PurposeId("barnevern")).retention = 24h * 90;
    world.world.ask(world.world.question());
    auto question = world.world.question(ola);
    world.world.ask(question);
    world.world.clock.advance(25h);   // or it would be answered from what is held for the other
    question.asker = world.world.asker({"read:person:barnevern"}, "barnevern");
    world.world.ask(question);
    ports::PublishCommand published;
    published.asker = world.world.asker({"publish:plass"});
    published.dataset = "plass";
    published.items.resize(1);
    published.items.front().key = "lia";
    published.items.front().value = json::parse(R"({"navn":"Lia"})").value();
    REQUIRE_FALSE(world.world.publish(published).refusal);
    const auto before = world.log().size();
    world.erase_due();
    CHECK(world.log().size() == before);

    world.world.clock.advance(24h * 30);
    world.erase_due();
    auto log = world.log();
    REQUIRE(log.size() == before + 1);
    const auto& erased = log.back().entry;
    CHECK(erased.kind == ports::LogKind::erased);
    CHECK(erased.system.value == gateway::records::retention_author);
    CHECK(erased.purpose == core::PurposeId("opptak"));
    CHECK(erased.code == core::Code("erasure.retention"));
    CHECK(erased.dataset == "person");
    CHECK(erased.fields == std::vector<std::string>{"addresses.residence", "names", "protection"});
    CHECK(world.report(ola).held.size() == 1);   // the longer of its two purposes holds

    world.world.clock.advance(24h * 60);
    world.erase_due();
    CHECK(world.log().back().entry.purpose == core::PurposeId("barnevern"));
    world.world.clock.advance(24h * 3650);
    world.erase_due();
    CHECK(world.log().back().entry.code == core::Code("erasure.dataset_retention"));
    CHECK(world.log().back().entry.dataset == "plass");
    const auto settled = world.log().size();
    world.erase_due();
    CHECK(world.log().size() == settled);
    expect_whole_chain(world);
}

TEST_CASE("retention: many at once go in batches, and a correction alone ends by itself") {
    KeepingWorld world;
    std::vector<ports::Subject> wanted;
    std::vector<ports::RecordWrite> writes;
    const auto vault = world.world.vaults.find(oslo);
    for (int i = 0; i < 450; ++i) {
        wanted.push_back(gateway::records::new_subject(*vault, *world.world.ids,
                                                       core::RecordKeyKind::person,
                                                       std::to_string(i), world.world.clock.now()));
        ports::RecordWrite write;
        write.row.subject = wanted.back().handle;
        write.row.dataset = "person";
        write.row.fields = "[]";
        write.row.purposes = "[]";
        write.row.absent = true;
        write.row.erase_at = world.world.clock.now() + 1h;
        writes.push_back(std::move(write));
    }
    auto& store = world.store->records();
    REQUIRE(tests::run(world.world.io, store.subjects(oslo, wanted)).has_value());
    REQUIRE(tests::run(world.world.io, store.keep(oslo, writes, {})).has_value());
    world.world.clock.advance(2h);
    world.erase_due();
    CHECK(world.log().size() == 450);
    CHECK(world.log().front().entry.code == core::Code("erasure.correction_ended"));
    CHECK(tests::run(world.world.io, store.due_for_erasure(oslo, world.world.clock.now(), 10))
              ->empty());
}

TEST_CASE("retention: nothing goes by a clock that is not believed") {
    KeepingWorld world;
    world.world.ask(world.world.question());
    world.world.clock.advance(24h * 366);
    tests::run(world.world.io, world.eraser.erase_all(false));
    CHECK(world.report().held.size() == 1);
    CHECK(world.world.diary.holds("clock_not_believed"));
    world.erase_due();
    CHECK(world.report().held.empty());
}

TEST_CASE("retention: a store that fails is not passed over in silence") {
    World world;
    gateway::records::Eraser eraser(gateway::records::EraserParts{
        world.shelf, world, world.clock, world.diary, world.metrics, &world.prepared});
    tests::run(world.io, eraser.erase_all(true));
    CHECK(eraser.well());
    world.shelf.fails = true;
    tests::run(world.io, eraser.erase_all(true));
    CHECK_FALSE(eraser.well());
    CHECK(world.diary.holds("records_not_erased"));
    world.shelf.fails = false;
    tests::run(world.io, eraser.erase_all(true));
    CHECK(eraser.well());
}

TEST_CASE("retention: a rule that is made shorter lets go what was held already, a longer one does "
          "not bring time back") {
    KeepingWorld world;
    world.world.ask(world.world.question());
    world.world.ask(world.world.question(ola));
    auto& opptak = world.world.tenant(oslo).purposes.at(core::PurposeId("opptak"));
    REQUIRE(world.report().held.front().erase_at == world.world.clock.now() + 24h * 365);
    world.erase_due();
    const auto written = world.world.clock.now();
    opptak.retention = 24h * 30;
    world.erase_due();
    CHECK(world.report().held.front().erase_at == written + 24h * 30);
    CHECK(world.world.diary.holds("retention_shortened"));
    opptak.retention = 24h * 3650;
    world.erase_due();
    CHECK(world.report().held.front().erase_at == written + 24h * 30);
    REQUIRE_FALSE(world.hold(true, ola).refusal);
    world.world.clock.advance(24h * 31);
    world.erase_due();
    CHECK(world.report().held.empty());
    CHECK(world.report(ola).held.size() == 1);   // a legal hold stands over a rule
    const auto log = world.log();
    const auto erased = std::find_if(log.begin(), log.end(), [](const auto& one) {
        return one.entry.kind == ports::LogKind::erased;
    });
    REQUIRE(erased != log.end());
    CHECK(erased->entry.code.value == "erasure.retention");
    expect_whole_chain(world);
}
