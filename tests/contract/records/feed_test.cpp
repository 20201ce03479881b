#include "record_commands.hpp"

using namespace tests;

namespace {

ports::FeedStep step_of(const Commands& commands, const std::string& cursor,
                        std::uint64_t expected) {
    ports::FeedStep step;
    step.connection = brreg;
    step.tenant = oslo;
    step.cursor = cursor;
    step.expected = expected;
    step.at = commands.now();
    return step;
}

ports::FeedStep::Telling telling_of(Commands& commands, core::Uuid subject, const std::string& id,
                                    const core::SystemId& system = visma) {
    ports::FeedStep::Telling telling;
    telling.system = system;
    telling.subject = subject;
    telling.dedupe_id = id;
    telling.event = commands.event("person.moved");
    return telling;
}

}   // namespace

TEMPLATE_TEST_CASE("feeds: a step and all it caused are durable together, once", "[contract]",
                   InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    const auto ola = world.known("ola");
    world.keep(write_of(world, kari, "old"));
    world.keep(write_of(world, ola, "old"));
    const auto none = world.run(world.records().feed_cursor(brreg, oslo));
    CHECK(none->version == 0);
    CHECK(none->cursor.empty());
    auto step = step_of(world, "17", 0);
    step.outdated = {ports::RecordWish(kari, "person"), ports::RecordWish(kari, "contact")};
    step.writes = {write_of(world, ola, "new", 1)};
    step.log = {entry_of(world, ola)};
    step.events = {telling_of(world, kari, "change 17"), telling_of(world, kari, "change 17"),
                   telling_of(world, kari, "change 17", gerica)};
    world.ok(world.records().advance_feed(step));
    CHECK(world.fails(Errc::conflict, world.records().advance_feed(step)));
    world.restart();
    const auto cursor = world.run(world.records().feed_cursor(brreg, oslo));
    CHECK(cursor->cursor == "17");
    CHECK(cursor->version == 1);
    CHECK(cursor->at == world.now());
    CHECK(world.run(world.records().feed_cursor(brreg, bergen))->version == 0);
    CHECK(world.find(kari)->valid_until == world.now());
    CHECK(world.find(kari)->sealed_value == "sealed old");
    CHECK(world.find(ola)->sealed_value == "sealed new");
    CHECK(world.log().size() == 1);
    ports::EventQuery query;
    query.tenant = oslo;
    query.system = visma;
    const auto told = world.run(world.store->events_after(query));
    REQUIRE(told.has_value());
    REQUIRE(told->items.size() == 1);
    CHECK(told->items.front().name == "person.moved");
    CHECK(told->items.front().subject == kari);
    CHECK(told->items.front().message == core::MessageId());
    query.system = gerica;
    CHECK(world.run(world.store->events_after(query))->items.size() == 1);
    // The register tells the change again.
    auto again = step_of(world, "18", 1);
    again.events = {telling_of(world, kari, "change 17"), telling_of(world, kari, "change 18")};
    world.ok(world.records().advance_feed(again));
    CHECK(world.run(world.store->events_after(query))->items.size() == 1);
    query.system = visma;
    CHECK(world.run(world.store->events_after(query))->items.size() == 2);
    world.check_sound();
}

TEMPLATE_TEST_CASE("feeds: that a system was told stands in the log once, though the change is "
                   "told again",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    auto telling = telling_of(world, kari, "change 17");
    telling.log = entry_of(world, kari);
    telling.log->kind = ports::LogKind::told;
    auto step = step_of(world, "17", 0);
    step.events = {telling, telling};
    world.ok(world.records().advance_feed(step));
    auto again = step_of(world, "17", 1);
    again.events = {telling};
    world.ok(world.records().advance_feed(again));
    world.restart();
    REQUIRE(world.log().size() == 1);
    CHECK(world.log().front().entry.kind == ports::LogKind::told);
    CHECK(world.log().front().entry.subject == kari);
    auto wrong = step_of(world, "18", 2);
    telling.dedupe_id = "change 18";
    telling.log->fields = {""};
    wrong.events = {telling};
    CHECK(world.fails(Errc::invalid_argument, world.records().advance_feed(wrong)));
    world.check_sound();
}

TEMPLATE_TEST_CASE("feeds: what was fetched before the change does not overwrite that it is known",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    world.keep(write_of(world, kari, "old"));
    const auto before = world.find(kari)->version;
    auto step = step_of(world, "1", 0);
    step.outdated = {ports::RecordWish(kari, "person")};
    world.ok(world.records().advance_feed(step));
    const auto answer =
        world.run(world.records().keep(oslo, {write_of(world, kari, "stale", before)}, {}));
    REQUIRE(answer.has_value());
    CHECK(answer->conflict == std::optional<std::size_t>(0));
    CHECK(world.keep(write_of(world, kari, "fresh", world.find(kari)->version)).conflict ==
          std::nullopt);
    world.check_sound();
}

TEMPLATE_TEST_CASE("feeds: a step that meets another record or an unknown subject changes nothing",
                   "[contract]", InMemory, InSqlite) {
    RecordWorld<TestType> world;
    const auto kari = world.known("kari");
    world.keep(write_of(world, kari, "old"));
    auto conflict = step_of(world, "1", 0);
    conflict.writes = {write_of(world, kari, "new", 7)};
    conflict.events = {telling_of(world, kari, "change")};
    CHECK(world.fails(Errc::conflict, world.records().advance_feed(conflict)));
    auto unknown = step_of(world, "1", 0);
    unknown.events = {telling_of(world, core::Uuid(), "change")};
    unknown.outdated = {ports::RecordWish(kari, "person")};
    CHECK(world.fails(Errc::not_found, world.records().advance_feed(unknown)));
    auto long_cursor = step_of(world, std::string(1'001, 'x'), 0);
    CHECK(world.fails(Errc::too_large, world.records().advance_feed(long_cursor)));
    CHECK(world.run(world.records().feed_cursor(brreg, oslo))->version == 0);
    CHECK(world.find(kari)->version == 1);
    CHECK(*world.run(world.store->last_position()) == 0);
}
