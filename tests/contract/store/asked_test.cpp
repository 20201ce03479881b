#include "gateway/ports/asked_store.hpp"
#include "worlds.hpp"

using namespace tests;
using ports::AskedState;

namespace {

template <class Kind>
ports::AskedStore& asked_in(World<Kind>& world) {
    return ports::asked_of(*world.store);
}

template <class Kind>
ports::AskedAct an_act(World<Kind>& world, const core::TenantId& tenant, const char* target) {
    ports::AskedAct act;
    act.id = world.ids->uuid();
    act.tenant = tenant;
    act.act = "group-retry";
    act.target = target;
    act.who = "account kari";
    act.asked = world.now();
    act.expires = world.now() + 24h;
    act.sealed_why = "hvorfor";
    act.words_key = "nøkkel 1";
    act.sealed_request = "hva";
    act.request_key = "nøkkel 2";
    return act;
}

ports::AskedMove decided(const ports::AskedAct& act, AskedState to, core::Time at) {
    ports::AskedMove move;
    move.id = act.id;
    move.to = to;
    move.at = at;
    move.by = "account ola";
    move.sealed_answer = "derfor";
    return move;
}

/// As lists have it.
ports::AskedAct listed(ports::AskedAct act) {
    act.sealed_request.clear();
    act.request_key.clear();
    return act;
}

}   // namespace

TEMPLATE_TEST_CASE(
    "store: an asked act stays as it was asked, and is listed without what was asked", "[contract]",
    InMemory, InSqlite) {
    World<TestType> world;
    auto& asked = asked_in(world);
    const auto first = an_act(world, oslo, "a");
    world.clock.advance(1s);
    const auto second = an_act(world, bergen, "a");
    world.clock.advance(1s);
    const auto third = an_act(world, oslo, "");
    for (const auto& act : {first, second, third}) {
        world.ok(asked.ask(act));
    }
    world.restart();
    auto& now = asked_in(world);
    CHECK(world.run(now.find_asked(first.id)).value() == first);
    CHECK(world.run(now.find_asked(world.ids->uuid())).value() == std::nullopt);
    ports::AskedQuery query;
    query.limit = 2;
    CHECK(world.run(now.asked(query)).value() == std::vector{listed(third), listed(second)});
    query.after = std::pair(second.asked, second.id);
    CHECK(world.run(now.asked(query)).value() == std::vector{listed(first)});
    query.after.reset();
    query.tenants = {oslo};
    CHECK(world.run(now.asked(query)).value() == std::vector{listed(third), listed(first)});
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: the same act of a target waits once, and another again when it is over",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto& asked = asked_in(world);
    const auto first = an_act(world, oslo, "a");
    world.ok(asked.ask(first));
    CHECK(world.fails(Errc::conflict, asked.ask(an_act(world, oslo, "a"))));
    world.ok(asked.ask(an_act(world, bergen, "a")));
    world.ok(asked.ask(an_act(world, oslo, "b")));
    world.ok(asked.ask(an_act(world, oslo, "")));
    world.ok(asked.ask(an_act(world, oslo, "")));
    world.ok(asked.move_asked(decided(first, AskedState::declined, world.now())));
    world.ok(asked.ask(an_act(world, oslo, "a")));
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: too many that wait are refused", "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto& asked = asked_in(world);
    for (std::size_t i = 0; i < ports::asked_open_max; ++i) {
        REQUIRE(world.run(asked.ask(an_act(world, oslo, ""))).has_value());
    }
    CHECK(world.fails(Errc::too_large, asked.ask(an_act(world, oslo, ""))));
    world.ok(asked.ask(an_act(world, bergen, "")));
}

TEMPLATE_TEST_CASE(
    "store: of two that decide at once one does, and what was asked goes with its end",
    "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto& asked = asked_in(world);
    const auto act = an_act(world, oslo, "a");
    world.ok(asked.ask(act));
    world.clock.advance(1min);
    world.ok(asked.move_asked(decided(act, AskedState::approved, world.now())));
    CHECK(world.fails(Errc::conflict,
                      asked.move_asked(decided(act, AskedState::declined, world.now()))));
    auto expected = act;
    expected.state = AskedState::approved;
    expected.decided_by = "account ola";
    expected.decided = world.now();
    expected.sealed_answer = "derfor";
    CHECK(world.run(asked.find_asked(act.id)).value() == expected);

    ports::AskedMove end;
    end.id = act.id;
    end.from = AskedState::approved;
    end.to = AskedState::refused;
    end.at = world.now() + 1s;
    end.code = core::Code("message.changed_meanwhile");
    world.ok(asked.move_asked(end));
    CHECK(world.fails(Errc::conflict, asked.move_asked(end)));
    expected = listed(expected);
    expected.state = AskedState::refused;
    expected.ended = end.at;
    expected.code = end.code;
    CHECK(world.run(asked.find_asked(act.id)).value() == expected);
    ports::AskedQuery query;
    query.open = true;
    CHECK(world.run(asked.asked(query)).value().empty());
    end.id = world.ids->uuid();
    CHECK(world.fails(Errc::not_found, asked.move_asked(end)));
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: what is approved or past its time is due, and what ended long ago goes",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto& asked = asked_in(world);
    const auto approved = an_act(world, oslo, "a");
    auto late = an_act(world, oslo, "b");
    late.expires = world.now() + 1h;
    const auto waits = an_act(world, oslo, "c");
    const auto gone = an_act(world, oslo, "d");
    for (const auto& act : {approved, late, waits, gone}) {
        world.ok(asked.ask(act));
    }
    world.ok(asked.move_asked(decided(approved, AskedState::approved, world.now())));
    world.ok(asked.move_asked(decided(gone, AskedState::withdrawn, world.now())));
    const auto due = [&](core::Time at) {
        std::vector<core::Uuid> ids;
        for (const auto& act : world.run(asked.asked_due(at, 10)).value()) {
            ids.push_back(act.id);
        }
        return ids;
    };
    CHECK(due(world.now()) == std::vector{approved.id});
    CHECK(due(world.now() + 1h).size() == 2);
    CHECK(world.run(asked.asked_due(world.now() + 1h, 1)).value().size() == 1);

    world.ok(asked.forget_asked(world.now()));
    CHECK(world.run(asked.find_asked(gone.id)).value().has_value());
    world.ok(asked.forget_asked(world.now() + 1s));
    CHECK_FALSE(world.run(asked.find_asked(gone.id)).value().has_value());
    CHECK(world.run(asked.find_asked(waits.id)).value().has_value());
    world.check_sound();
}

TEST_CASE("store: what waited for a second person when a backup was made is over after its restore",
          "[contract]") {
    World<InSqlite> world;
    const auto act = an_act(world, oslo, "a");
    world.ok(asked_in(world).ask(act));
    world.ok(asked_in(world).move_asked(decided(act, AskedState::approved, world.now())));
    TemporaryFolder backup;
    world.ok(world.store->backup(backup.path()));
    TemporaryFolder place;
    const auto into = place.file("sluse.db");
    REQUIRE(gateway::store::restore_backup(backup.file("sluse-data.db"),
                                           backup.file("sluse-keys.db"), into)
                .has_value());
    CHECK(gateway::store::verify_database(into)->empty());
    boost::asio::io_context io;
    LoopExecutor executor(io);
    gateway::store::SqliteOptions options;
    options.path = into;
    const auto opened = gateway::store::make_sqlite_store(std::move(options), executor, executor,
                                                          executor, world.clock);
    REQUIRE(opened.has_value());
    const auto found = tests::run(io, ports::asked_of(**opened).find_asked(act.id)).value();
    REQUIRE(found);
    CHECK(found->state == AskedState::expired);
    CHECK(found->code == core::Code("approval.restored"));
    CHECK(found->words_key == act.words_key);
    CHECK(found->request_key.empty());
    tests::run(io, (*opened)->close());
}
