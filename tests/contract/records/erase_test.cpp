#include "record_commands.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("erasure: who is forgotten has no key, no records, and is new when met again",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    world.keep(write_of(world, kari, "1"));
    world.keep(write_of(world, kari, "2", std::nullopt, "contact"));
    world.keep(write_of(world, ola, "3"));
    REQUIRE(world.run(world.records().write_log(oslo, {entry_of(world, kari)})).has_value());
    world.ok(world.records().erase(world.forget(kari)));
    world.restart();
    CHECK(world.run(world.records().records_of(oslo, kari))->empty());
    CHECK_FALSE(world.find(kari).has_value());
    CHECK(world.find(ola).has_value());
    const auto left = world.run(world.records().find_subject(oslo, kari));
    REQUIRE((left.has_value() && left->has_value()));
    CHECK((*left)->wrapped_key.empty());
    CHECK((*left)->sealed_key.empty());
    CHECK((*left)->token.empty());
    CHECK(world.fails(Errc::not_found,
                      world.records().keep(oslo, {write_of(world, kari, "late")}, {})));
    const auto anew = world.known("kari");
    CHECK(anew != kari);
    world.keep(write_of(world, anew, "4", 0));
    // Its entries are there, and the proof holds: what they said of it is closed for ever.
    CHECK(world.log().size() == 2);
    CHECK(world.log().back().entry.kind == ports::LogKind::erased);
    CHECK(first_broken(oslo, world.log()) == 0);
    world.ok(world.records().erase(world.forget(kari)));   // again: nothing is left to do
    CHECK(world.fails(Errc::not_found, world.records().erase(world.forget(core::Uuid()))));
    world.check_sound();
}

TEMPLATE_TEST_CASE("erasure: a record whose time has come goes alone, and no version comes twice",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    auto soon = write_of(world, kari, "soon");
    soon.row.erase_at = world.now() + 1h;
    world.keep(soon);
    auto never = write_of(world, ola, "never");
    never.row.erase_at.reset();
    world.keep(never);
    world.keep(write_of(world, ola, "later", std::nullopt, "contact"));
    const auto due = [&] {
        const auto rows = world.run(world.records().due_for_erasure(oslo, world.now(), 10));
        REQUIRE(rows.has_value());
        return *rows;
    };
    CHECK(due().empty());
    world.clock.advance(2h);
    REQUIRE(due().size() == 1);
    CHECK(due().front().subject == kari);
    CHECK(due().front().wrapped_key == soon.row.wrapped_key);
    world.ok(world.records().hold_subject(oslo, kari, true, {}));
    CHECK(due().empty());
    ports::EraseCommand command;
    command.tenant = oslo;
    command.at = world.now();
    command.records = {ports::RecordWish(kari, "person"), ports::RecordWish(kari, "nothing")};
    CHECK(world.fails(Errc::conflict, world.records().erase(command)));
    world.ok(world.records().hold_subject(oslo, kari, false, {}));
    world.ok(world.records().erase(command));
    CHECK(due().empty());
    CHECK_FALSE(world.find(kari).has_value());
    CHECK_FALSE((*world.run(world.records().find_subject(oslo, kari)))->wrapped_key.empty());
    CHECK(world.keep(write_of(world, kari, "again", 0)).versions == std::vector<std::uint64_t>{3});
    world.check_sound();
}

TEMPLATE_TEST_CASE("erasure: what was written anew since it was due is not erased with it",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    for (const auto& handle : {kari, ola}) {
        auto soon = write_of(world, handle, "soon");
        soon.row.erase_at = world.now() + 1h;
        world.keep(soon);
    }
    world.clock.advance(2h);
    REQUIRE(world.run(world.records().due_for_erasure(oslo, world.now(), 10))->size() == 2);
    world.keep(write_of(world, ola, "anew"));   // between the question and the deed
    ports::EraseCommand command;
    command.tenant = oslo;
    command.at = world.now();
    command.records = {ports::RecordWish(kari, "person"), ports::RecordWish(ola, "person")};
    CHECK(world.fails(Errc::conflict, world.records().erase(command)));
    CHECK(world.find(kari).has_value());
    CHECK(world.find(ola).has_value());
    const auto due = world.run(world.records().due_for_erasure(oslo, world.now(), 10));
    REQUIRE(due->size() == 1);
    command.records = {ports::RecordWish(kari, "person")};
    world.ok(world.records().erase(command));
    CHECK_FALSE(world.find(kari).has_value());
    CHECK(world.find(ola).has_value());
    world.check_sound();
}

TEMPLATE_TEST_CASE(
    "erasing: shorter rules let go what is held earlier, page by page, and keep nothing longer",
    "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto written = world.now();
    for (const char* who : {"kari", "ola", "per"}) {
        world.keep(write_of(world, world.known(who), who));
    }
    const auto kari = world.known("kari");
    auto corrected = write_of(world, kari, "corrected", std::nullopt, "contact");
    corrected.row.overridden = true;
    world.keep(corrected);
    auto of_two = write_of(world, kari, "of two", std::nullopt, "organisation");
    of_two.row.purposes = R"(["barnehage","ukjent"])";
    world.keep(of_two);
    world.keep(write_of(world, world.known("kari", bergen), "elsewhere"), bergen);
    ports::RetentionRules rules;
    rules.purposes["barnehage"] = 48h;
    const auto apply = [&](std::size_t limit) {
        std::size_t shortened = 0;
        ports::RecordWish after;
        for (int page = 0; page < 10; ++page) {
            const auto looked = world.run(world.records().shorten(oslo, rules, after, limit));
            REQUIRE(looked.has_value());
            shortened += looked->shortened;
            if (!looked->last) {
                break;
            }
            after = *looked->last;
        }
        return shortened;
    };
    CHECK(apply(2) == 3);
    CHECK(apply(100) == 0);
    world.restart();
    CHECK(world.find(kari)->erase_at == written + 48h);
    CHECK(world.find(kari)->version == 1);
    CHECK(world.find(kari, "contact")->erase_at == corrected.row.erase_at);
    CHECK(world.find(kari, "organisation")->erase_at == of_two.row.erase_at);
    CHECK(world.find(world.known("kari", bergen), "person", bergen)->erase_at ==
          written + 24h * 365);
    rules.purposes["barnehage"] = 24h * 3650;
    CHECK(apply(100) == 0);
    rules.datasets["person"] = 12h;   // the tenant's own
    CHECK(apply(100) == 3);
    world.check_sound();
}
