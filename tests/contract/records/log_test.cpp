#include "record_commands.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("access log: each tenant's entries are numbered without gaps, in a chain",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto empty = world.run(world.records().log_head(oslo));
    REQUIRE(empty.has_value());
    CHECK(empty->number == 0);
    CHECK(empty->hash == std::string(32, '\0'));
    const auto kari = world.known("kari");
    const auto first = world.run(world.records().write_log(
        oslo, {entry_of(world, kari), entry_of(world), entry_of(world, kari, gerica)}));
    REQUIRE(first.has_value());
    CHECK(first->number == 3);
    world.clock.advance(1s);
    REQUIRE(world.run(world.records().write_log(bergen, {entry_of(world)})).has_value());
    world.restart();
    const auto head = world.run(world.records().write_log(oslo, {entry_of(world, kari)}));
    CHECK(head->number == 4);
    CHECK(*world.run(world.records().log_head(oslo)) == *head);
    const auto entries = world.log();
    REQUIRE(entries.size() == 4);
    CHECK(entries[3].hash == head->hash);
    CHECK(first_broken(oslo, entries) == 0);
    CHECK(first_broken(bergen, world.log(bergen)) == 0);
    CHECK(first_broken(bergen, entries) == 1);   // the tenant is part of it
    const auto& read = entries[2].entry;
    const auto written = entry_of(world, kari, gerica);
    CHECK(read.kind == written.kind);
    CHECK(read.at == world.now() - 1s);
    CHECK(read.system == gerica);
    CHECK(read.purpose == written.purpose);
    CHECK(read.dataset == written.dataset);
    CHECK(read.fields == written.fields);
    CHECK(read.subject == kari);
    CHECK(read.freshness == written.freshness);
    CHECK(read.sealed_detail == written.sealed_detail);
    CHECK_FALSE(entries[1].entry.subject.has_value());
    world.check_sound();
}

TEMPLATE_TEST_CASE("access log: it is read by person and by system, from any entry on",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    for (int i = 0; i < 5; ++i) {
        REQUIRE(world
                    .run(world.records().write_log(oslo, {entry_of(world, kari),
                                                          entry_of(world, ola, gerica),
                                                          entry_of(world, kari, gerica)}))
                    .has_value());
    }
    const auto numbers = [&](const ports::LogQuery& query) {
        std::vector<std::uint64_t> list;
        for (const auto& one : *world.run(world.records().read_log(query))) {
            list.push_back(one.number);
        }
        return list;
    };
    ports::LogQuery query;
    query.tenant = oslo;
    query.after = 6;
    query.limit = 4;
    using Numbers = std::vector<std::uint64_t>;
    CHECK(numbers(query) == Numbers{7, 8, 9, 10});
    query.subject = kari;
    CHECK(numbers(query) == Numbers{7, 9, 10, 12});
    query.system = gerica;
    CHECK(numbers(query) == Numbers{9, 12, 15});
    query.subject.reset();
    CHECK(numbers(query) == Numbers{8, 9, 11, 12});
    query.tenant = bergen;
    CHECK(numbers(query).empty());
}

TEMPLATE_TEST_CASE("access log: a read of a version is written only while the record is of it",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto reads = [&](std::uint64_t version) {
        return world.run(world.records().log_read(oslo, entry_of(world, kari), version));
    };
    CHECK(reads(1).error().is(core::Errc::conflict));   // nothing is held yet
    world.keep(write_of(world, kari, "first"));
    const auto head = reads(1);
    REQUIRE(head.has_value());
    CHECK(head->number == 1);
    CHECK(world.run(world.records().log_read(bergen, entry_of(world, kari), 1))
              .error()
              .is(core::Errc::conflict));
    CHECK(world.run(world.records().log_read(oslo, entry_of(world), 1))
              .error()
              .is(core::Errc::invalid_argument));
    world.keep(write_of(world, kari, "second"));
    CHECK(reads(1).error().is(core::Errc::conflict));
    REQUIRE(reads(2).has_value());
    ports::FeedStep step;
    step.connection = brreg;
    step.tenant = oslo;
    step.at = world.now();
    step.outdated.emplace_back(kari, "person");
    REQUIRE(world.run(world.records().advance_feed(step)).has_value());
    CHECK(reads(2).error().is(core::Errc::conflict));
    REQUIRE(reads(3).has_value());
    ports::EraseCommand erasing;
    erasing.tenant = oslo;
    erasing.at = world.now();
    erasing.subject = kari;
    REQUIRE(world.run(world.records().erase(erasing)).has_value());
    CHECK(reads(3).error().is(core::Errc::conflict));
    CHECK(reads(4).error().is(core::Errc::conflict));
    const auto entries = world.log();
    REQUIRE(entries.size() == 3);
    CHECK(first_broken(oslo, entries) == 0);
    CHECK(*world.run(world.records().log_head(oslo)) ==
          *world.run(world.records().write_log(oslo, {})));
    world.check_sound();
}

TEMPLATE_TEST_CASE("access log: what is done and its entry are written together or not at all",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    REQUIRE(
        world.run(world.records().keep(oslo, {write_of(world, kari, "x")}, {entry_of(world, kari)}))
            .has_value());
    world.ok(world.records().hold_subject(oslo, kari, true, {entry_of(world, kari)}));
    CHECK(world.log().size() == 2);
    CHECK(world.fails(Errc::conflict, world.records().erase(world.forget(kari))));
    CHECK(world.fails(Errc::not_found,
                      world.records().hold_subject(oslo, core::Uuid(), true, {entry_of(world)})));
    CHECK(world.log().size() == 2);
    CHECK(first_broken(oslo, world.log()) == 0);
}
