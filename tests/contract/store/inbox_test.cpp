#include "inbox_commands.hpp"

using namespace tests;
using core::InboundState;
using ports::Inbounded;

TEMPLATE_TEST_CASE("store: an inbound item is stored once, by the upstream's id", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto first = inbound(world, "upstream-1");
    auto answer = world.run(world.store->store_inbound(first)).value();
    CHECK(answer.result == Inbounded::stored);
    CHECK(answer.id == first.id);
    CHECK_FALSE(answer.quarantined);
    answer = world.run(world.store->store_inbound(inbound(world, "upstream-1"))).value();
    CHECK(answer.result == Inbounded::duplicate);
    CHECK(answer.id == first.id);
    auto elsewhere = inbound(world, "upstream-1");
    elsewhere.connection = svarut;
    CHECK(world.run(world.store->store_inbound(elsewhere)).value().result == Inbounded::stored);
    auto unknown = inbound(world, "upstream-2");
    unknown.documents = {world.document(oslo, 'x').hash};
    CHECK(world.fails(Errc::not_found, world.store->store_inbound(unknown)));
    unknown.documents.clear();
    CHECK(world.run(world.store->store_inbound(unknown)).value().result == Inbounded::stored);
    world.check_sound();
}

TEMPLATE_TEST_CASE(
    "store: an inbox item is leased, comes again when not acknowledged, then is gone", "[contract]",
    InMemory, InSqlite) {
    World<TestType> world;
    const auto command = inbound(world, "1");
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    CHECK(*world.run(world.store->has_inbox(lease_for(world, visma))));
    auto items = world.run(world.store->lease_inbox(lease_for(world, visma))).value().items;
    REQUIRE(items.size() == 1);
    const auto first = items.front();
    CHECK(first.type == "form/v1");
    CHECK(first.sealed_content == "sealed 1");
    CHECK(first.wrapped_key == "key 1");
    CHECK(first.deliveries == 1);
    CHECK(first.state == InboundState::leased);
    CHECK(first.lease_until == world.now() + 30s);
    CHECK_FALSE(*world.run(world.store->has_inbox(lease_for(world, visma))));
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->items.empty());
    CHECK(world.run(world.store->lease_inbox(lease_for(world, gerica)))->items.empty());
    world.clock.advance(31s);
    items = world.run(world.store->lease_inbox(lease_for(world, visma))).value().items;
    REQUIRE(items.size() == 1);
    CHECK(items.front().deliveries == 2);
    CHECK(world.fails(Errc::conflict, world.store->settle_inbox(settle(world, first))));
    world.clock.advance(31s);   // expired, but nobody took it since
    world.ok(world.store->settle_inbox(settle(world, items.front())));
    world.ok(world.store->settle_inbox(settle(world, items.front())));
    CHECK(world.fails(Errc::conflict,
                      world.store->settle_inbox(settle(world, items.front(), false))));
    auto strange = settle(world, items.front());
    strange.id = world.ids->template next<core::InboxId>();
    CHECK(world.fails(Errc::not_found, world.store->settle_inbox(strange)));
    auto foreign = settle(world, items.front());
    foreign.system = gerica;
    CHECK(world.fails(Errc::not_found, world.store->settle_inbox(foreign)));
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->items.empty());
    world.restart();
    const auto found = world.run(world.store->find_inbox(oslo, visma, command.id)).value();
    REQUIRE(found.has_value());
    CHECK(found->state == InboundState::acknowledged);
    CHECK(found->sealed_answer == "answer of visma");
    CHECK_FALSE(world.run(world.store->find_inbox(oslo, gerica, command.id))->has_value());
    CHECK_FALSE(world.run(world.store->find_inbox(bergen, visma, command.id))->has_value());
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: what happens to an inbox item is told to its system, in order",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto command = inbound(world, "1");
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    const auto items = world.run(world.store->lease_inbox(lease_for(world, visma)))->items;
    world.ok(world.store->settle_inbox(settle(world, items.front())));
    ports::EventQuery query;
    query.tenant = oslo;
    query.system = visma;
    const auto events = world.run(world.store->events_after(query)).value().items;
    REQUIRE(events.size() == 2);
    CHECK(events[0].name == "received");
    CHECK(events[0].code.value == "inbox.received");
    CHECK(events[0].params == core::Params{{"type", "form/v1"}});
    CHECK(events[0].inbound == InboundState::received);
    CHECK(events[0].message.uuid == command.id.uuid);
    CHECK(events[0].connection == altinn);
    CHECK(events[1].name == "acknowledged");
    CHECK(events[1].inbound == InboundState::acknowledged);
    query.system = gerica;
    CHECK(world.run(world.store->events_after(query))->items.empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: a system is given only types that it may receive", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    REQUIRE(world.run(world.store->store_inbound(inbound(world, "1"))).has_value());
    auto lease = lease_for(world, visma);
    lease.types = {"transfer", "for"};
    CHECK_FALSE(*world.run(world.store->has_inbox(lease)));
    CHECK(world.run(world.store->lease_inbox(lease))->items.empty());
    lease.types = {"form"};
    CHECK(world.run(world.store->lease_inbox(lease))->items.size() == 1);
}

TEMPLATE_TEST_CASE("store: what is handed out at once fits in memory, the rest comes next",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    for (int i = 0; i < 10; ++i) {
        auto command = inbound(world, std::to_string(i));
        command.sealed_content.assign(1U << 20U, 'x');
        REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    }
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->items.size() == 8);
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->items.size() == 2);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: every system has its own copy and acknowledgement, and reads documents",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto document = world.document(oslo, 'd');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    auto command = inbound(world, "1", {visma, gerica});
    command.documents = {document.hash};
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    auto quarantined = inbound(world, "2", {});
    REQUIRE(world.run(world.store->store_inbound(quarantined))->quarantined);
    const auto items = world.run(world.store->lease_inbox(lease_for(world, visma)))->items;
    REQUIRE(items.size() == 1);
    world.ok(world.store->settle_inbox(settle(world, items.front())));
    CHECK(world.run(world.store->lease_inbox(lease_for(world, gerica)))->items.size() == 1);
    const core::SystemId stranger("stranger");
    CHECK(*world.run(world.store->may_read_document(oslo, gerica, false, document.hash)));
    CHECK_FALSE(*world.run(world.store->may_read_document(oslo, stranger, false, document.hash)));
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: inbox items of one order come one after the other, past no dead one",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    for (const auto* name : {"1", "2", "3"}) {
        auto command = inbound(world, name);
        command.order_token = std::string(name) == "3" ? "" : "case";
        REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    }
    const auto lease = [&] {
        return world.run(world.store->lease_inbox(lease_for(world, visma))).value();
    };
    auto batch = lease();
    REQUIRE(batch.items.size() == 2);
    CHECK(batch.items.at(0).sealed_content == "sealed 1");
    CHECK(batch.items.at(1).sealed_content == "sealed 3");
    world.ok(world.store->settle_inbox(settle(world, batch.items.at(1))));
    SECTION("the next comes when the first is settled") {
        world.ok(world.store->settle_inbox(settle(world, batch.items.at(0), false)));
        batch = lease();
        REQUIRE(batch.items.size() == 1);
        CHECK(batch.items.at(0).sealed_content == "sealed 2");
    }
    SECTION("one that is handed out too often dies, and a person moves it on") {
        const auto id = batch.items.at(0).id;
        for (int i = 0; i < 2; ++i) {
            world.clock.advance(31s);
            batch = lease();
            REQUIRE(batch.items.size() == 1);
            CHECK(batch.dead.empty());
        }
        const auto last = batch.items.at(0);
        CHECK(last.deliveries == 3);
        world.clock.advance(31s);
        CHECK(*world.run(world.store->has_inbox(lease_for(world, visma))));
        batch = lease();
        CHECK(batch.items.empty());
        REQUIRE(batch.dead.size() == 1);
        CHECK(batch.dead.at(0).id == id);
        CHECK(batch.dead.at(0).state == InboundState::dead);
        world.clock.advance(31s);
        batch = lease();
        CHECK(batch.items.empty());
        CHECK(batch.dead.empty());
        if (GENERATE(true, false)) {
            // Whoever had it last may still settle it: nobody leased it since.
            world.ok(world.store->settle_inbox(settle(world, last)));
            REQUIRE(lease().items.size() == 1);
        } else {
            CHECK(*world.run(world.store->replay_inbox(replay(world, id))) == 1);
            CHECK(world.fails(Errc::conflict, world.store->settle_inbox(settle(world, last))));
            CHECK(world.fails(Errc::conflict, world.store->replay_inbox(replay(world, id))));
            batch = lease();
            REQUIRE(batch.items.size() == 1);
            CHECK(batch.items.at(0).id == id);
            CHECK(batch.items.at(0).deliveries == 1);
        }
    }
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: what was settled is replayed for the system that is named", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto command = inbound(world, "1", {visma, gerica});
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    for (const auto& system : {visma, gerica}) {
        const auto items = world.run(world.store->lease_inbox(lease_for(world, system)))->items;
        REQUIRE(items.size() == 1);
        world.ok(world.store->settle_inbox(settle(world, items.front())));
    }
    CHECK(*world.run(world.store->replay_inbox(replay(world, command.id, gerica))) == 1);
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->items.empty());
    CHECK(world.run(world.store->lease_inbox(lease_for(world, gerica)))->items.size() == 1);
    const core::SystemId stranger("stranger");
    CHECK(world.fails(Errc::not_found,
                      world.store->replay_inbox(replay(world, command.id, stranger))));
    ports::InboxQuery query;
    query.tenant = oslo;
    auto listed = world.run(world.store->list_inbox(query)).value();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].system == gerica);
    CHECK(listed[0].sealed_content.empty());
    query.state = InboundState::acknowledged;
    listed = world.run(world.store->list_inbox(query)).value();
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].system == visma);
    query.state = InboundState::quarantined;
    CHECK(world.run(world.store->list_inbox(query))->empty());
    query.state.reset();
    query.system = gerica;
    CHECK(world.run(world.store->list_inbox(query))->size() == 1);
    query.before = listed[0].number;
    CHECK(world.run(world.store->list_inbox(query))->empty());
}

TEMPLATE_TEST_CASE("store: a day's items are counted by system, type and state", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto from = world.now();
    REQUIRE(
        world.run(world.store->store_inbound(inbound(world, "1", {visma, gerica}))).has_value());
    REQUIRE(world.run(world.store->store_inbound(inbound(world, "2"))).has_value());
    auto transfer = inbound(world, "3");
    transfer.type = "transfer/v1";
    REQUIRE(world.run(world.store->store_inbound(transfer)).has_value());
    REQUIRE(world.run(world.store->store_inbound(inbound(world, "4", {}))).has_value());
    auto oddity = inbound(world, "5", {});
    oddity.type = "oddity";
    REQUIRE(world.run(world.store->store_inbound(oddity)).has_value());
    auto lease = lease_for(world, visma);
    lease.limit = 1;
    const auto items = world.run(world.store->lease_inbox(lease))->items;
    world.ok(world.store->settle_inbox(settle(world, items.front())));
    world.clock.advance(24h);
    REQUIRE(world.run(world.store->store_inbound(inbound(world, "6"))).has_value());
    const auto count = [](const core::SystemId& system, const char* type, InboundState state) {
        ports::InboxCount made;
        made.system = system;
        made.type = type;
        made.state = state;
        made.count = 1;
        return made;
    };
    const auto counts = world.run(world.store->inbox_counts(oslo, {}, from, from + 24h)).value();
    CHECK(counts == std::vector{count(core::SystemId(), "form/v1", InboundState::quarantined),
                                count(gerica, "form/v1", InboundState::received),
                                count(visma, "form/v1", InboundState::received),
                                count(visma, "form/v1", InboundState::acknowledged),
                                count(visma, "transfer/v1", InboundState::received)});
    CHECK(world.run(world.store->inbox_counts(oslo, gerica, from, from + 24h))->size() == 1);
    CHECK(world.run(world.store->inbox_counts(bergen, {}, from, from + 24h))->empty());
    CHECK(world.run(world.store->inbox_counts(oslo, visma, from + 24h, from + 48h))->size() == 1);
}
