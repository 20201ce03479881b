#include "record_commands.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("records: a subject is made once for each tenant, kind and token", "[contract]",
                   InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = person(world, "kari");
    auto ola = person(world, "ola");
    const auto made = world.run(world.records().subjects(oslo, {kari, ola}));
    REQUIRE(made.has_value());
    auto again = person(world, "kari");
    auto company = person(world, "kari");
    company.kind = core::RecordKeyKind::organisation;
    const auto found = world.run(world.records().subjects(oslo, {ola, again, company, again}));
    REQUIRE(found.has_value());
    REQUIRE(found->size() == 4);
    CHECK((*found)[0].handle == ola.handle);
    CHECK((*found)[1].handle == kari.handle);
    CHECK((*found)[1].sealed_key == kari.sealed_key);
    CHECK((*found)[1].wrapped_key == kari.wrapped_key);
    CHECK((*found)[2].handle == company.handle);
    CHECK((*found)[3].handle == kari.handle);
    const auto elsewhere = world.run(world.records().subjects(bergen, {again}));
    CHECK(elsewhere->front().handle == again.handle);
    world.restart();
    const auto by_token = world.run(
        world.records().find_subject_by_token(oslo, core::RecordKeyKind::person, token_of("kari")));
    REQUIRE((by_token.has_value() && by_token->has_value()));
    CHECK((*by_token)->handle == kari.handle);
    CHECK((*by_token)->created == kari.created);
    CHECK_FALSE(world.run(world.records().find_subject(bergen, kari.handle))->has_value());
    CHECK((*world.run(world.records().find_subject(oslo, kari.handle)))->token == kari.token);
    world.check_sound();
}

TEMPLATE_TEST_CASE("records: a record is what was last kept, with a version that grows",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    CHECK_FALSE(world.find(kari).has_value());
    auto first = write_of(world, kari, "first", 0);
    first.row.overridden = true;
    CHECK(world.keep(first).versions == std::vector<std::uint64_t>{1});
    world.clock.advance(1h);
    world.restart();
    const auto held = world.find(kari);
    REQUIRE(held.has_value());
    CHECK(held->version == 1);
    CHECK(held->overridden);
    CHECK_FALSE(held->absent);
    CHECK(held->sealed_value == first.row.sealed_value);
    CHECK(held->wrapped_key == first.row.wrapped_key);
    CHECK(held->source == first.row.source);
    CHECK(held->fields == first.row.fields);
    CHECK(held->purposes == first.row.purposes);
    CHECK(held->register_time == first.row.register_time);
    CHECK(held->fetched_at == first.row.fetched_at);
    CHECK(held->written_at == first.row.written_at);
    CHECK(held->valid_until == first.row.valid_until);
    CHECK(held->stale_until == first.row.stale_until);
    CHECK(held->erase_at == first.row.erase_at);
    auto absent = write_of(world, kari, "", 1);
    absent.row.absent = true;
    absent.row.sealed_value.clear();
    absent.row.wrapped_key.clear();
    absent.row.erase_at.reset();
    absent.row.register_time.reset();
    CHECK(world.keep(absent).versions == std::vector<std::uint64_t>{2});
    const auto gone = world.find(kari);
    REQUIRE(gone.has_value());
    CHECK(gone->absent);
    CHECK(gone->wrapped_key.empty());
    CHECK_FALSE(gone->erase_at.has_value());
    CHECK_FALSE(gone->register_time.has_value());
    CHECK_FALSE(world.find(kari, "person", bergen).has_value());
    CHECK(world.run(world.records().records_of(oslo, kari))->size() == 1);
    world.check_sound();
}

TEMPLATE_TEST_CASE("records: of writes that meet another version none is written, nor their log",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    world.keep(write_of(world, kari, "first"));
    const auto answer = world.run(world.records().keep(
        oslo, {write_of(world, ola, "new", 0), write_of(world, kari, "second", 0)},
        {entry_of(world, kari)}));
    REQUIRE(answer.has_value());
    REQUIRE(answer->conflict.has_value());
    CHECK(*answer->conflict == 1);
    CHECK(answer->versions.empty());
    CHECK_FALSE(world.find(ola).has_value());
    CHECK(world.find(kari)->sealed_value == "sealed first");
    CHECK(world.log().empty());
    // The same record twice in one call: the second comes after the first.
    const auto twice = world.run(world.records().keep(
        oslo, {write_of(world, kari, "second", 1), write_of(world, kari, "third", 2)},
        {entry_of(world, kari)}));
    REQUIRE(twice.has_value());
    CHECK(twice->versions == std::vector<std::uint64_t>{2, 3});
    CHECK(world.find(kari)->sealed_value == "sealed third");
    CHECK(world.log().size() == 1);
    CHECK(world.fails(Errc::not_found,
                      world.records().keep(oslo, {write_of(world, core::Uuid(), "x")}, {})));
    CHECK(world.fails(Errc::not_found,
                      world.records().keep(bergen, {write_of(world, kari, "x")}, {})));
    world.check_sound();
}

TEMPLATE_TEST_CASE("records: changes of a dataset come in commit order, each record once",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    world.keep(write_of(world, kari, "1"));
    world.keep(write_of(world, ola, "2"));
    world.keep(write_of(world, ola, "elsewhere", std::nullopt, "contact"));
    const auto seen = world.changes();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].subject == kari);
    CHECK(seen[1].subject == ola);
    CHECK(seen[1].at == world.now());
    world.keep(write_of(world, kari, "3"));
    const auto later = world.changes(seen[1].position);
    REQUIRE(later.size() == 1);
    CHECK(later[0].subject == kari);
    CHECK(later[0].version == 2);
    CHECK_FALSE(later[0].removed);
    CHECK(world.changes(0, 1).size() == 1);
    CHECK(world.changes(0, 1).front().subject == ola);
    world.clock.advance(1h);
    world.ok(world.records().erase(world.forget(ola)));
    const auto last = world.changes(later[0].position);
    REQUIRE(last.size() == 1);
    CHECK(last[0].subject == ola);
    CHECK(last[0].removed);
    CHECK(last[0].at == world.now());
    world.check_sound();
}

TEMPLATE_TEST_CASE("records: what is too much, or not whole, is refused before anything is written",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto refused = [&](Errc errc, const ports::RecordWrite& write) {
        return world.fails(errc, world.records().keep(oslo, {write}, {}));
    };
    auto large = write_of(world, kari, std::string(256 * 1024 + 100, 'x'));
    CHECK(refused(Errc::too_large, large));
    auto no_key = write_of(world, kari, "x");
    no_key.row.wrapped_key.clear();
    CHECK(refused(Errc::invalid_argument, no_key));
    auto no_dataset = write_of(world, kari, "x", std::nullopt, "");
    CHECK(refused(Errc::invalid_argument, no_dataset));
    auto no_token = person(world, "x");
    no_token.token = "short";
    CHECK(world.fails(Errc::invalid_argument, world.records().subjects(oslo, {no_token})));
    const std::vector<ports::Subject> many(1'001, person(world, "x"));
    CHECK(world.fails(Errc::too_large, world.records().subjects(oslo, many)));
    auto comma = entry_of(world);
    comma.fields = {"a,b"};
    CHECK(world.fails(Errc::invalid_argument, world.records().write_log(oslo, {comma})));
    auto heavy = entry_of(world);
    heavy.sealed_detail = std::string(8 * 1024, 'x');
    CHECK(world.fails(Errc::too_large, world.records().write_log(oslo, {heavy})));
    CHECK_FALSE(world.find(kari).has_value());
    CHECK(world.log().empty());
}
