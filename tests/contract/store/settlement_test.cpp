#include "inbox_commands.hpp"

using namespace tests;
using ports::SettlementKind;

namespace {

template <class Kind>
std::vector<ports::Settlement> claimed_settlements(World<Kind>& world) {
    return world.run(world.store->claim_settlements(settlements(world))).value();
}

template <class Kind>
ports::InboxItem leased(World<Kind>& world, const core::SystemId& system) {
    const auto items = world.run(world.store->lease_inbox(lease_for(world, system)))->items;
    REQUIRE(items.size() == 1);
    return items.front();
}

ports::SettlementDone told(const ports::Settlement& settlement,
                           std::optional<core::Time> again = {}) {
    ports::SettlementDone done;
    done.tenant = settlement.tenant;
    done.id = settlement.id;
    done.again_at = again;
    return done;
}

ports::ReleaseCommand release(Commands& commands, const ports::InboundCommand& item,
                              const std::vector<core::SystemId>& systems) {
    ports::ReleaseCommand command;
    command.tenant = item.tenant;
    command.id = item.id;
    command.at = commands.now();
    command.who = "key 3f9a";
    command.sealed_reason = "sealed reason";
    command.systems = systems;
    command.event_ids = event_ids(commands, systems.size());
    return command;
}

}   // namespace

TEMPLATE_TEST_CASE("store: an adapter is told when every system has acknowledged, until it knows",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto command = telling(inbound(world, "1", {visma, gerica}), world.now() + 24h);
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    CHECK(*leased(world, visma).answer_by == world.now() + 24h);
    world.clock.advance(31s);
    world.ok(world.store->settle_inbox(settle(world, leased(world, visma))));
    CHECK(claimed_settlements(world).empty());
    world.ok(world.store->settle_inbox(settle(world, leased(world, gerica))));
    world.restart();
    auto due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    CHECK(due[0].kind == SettlementKind::acknowledged);
    CHECK(due[0].id == command.id);
    CHECK(due[0].connection == altinn);
    CHECK(due[0].type == "form/v1");
    CHECK(due[0].dedupe_key == "1");
    CHECK(due[0].sealed_content == "sealed 1");
    CHECK(due[0].wrapped_key == "key 1");
    CHECK(due[0].system == gerica);
    CHECK(due[0].sealed_answer == "answer of gerica");
    CHECK(due[0].at == world.now());
    CHECK_FALSE(due[0].overdue_now);
    CHECK(claimed_settlements(world).empty());
    world.clock.advance(60s);   // whoever claimed it is gone
    due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    world.ok(world.store->finish_settlement(told(due[0], world.now() + 5min)));
    world.clock.advance(5min);
    due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    CHECK(due[0].failures == 1);
    world.ok(world.store->finish_settlement(told(due[0])));
    world.clock.advance(48h);   // past its deadline: it was settled in time
    CHECK(claimed_settlements(world).empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: documents stay until the adapter knows what was answered with them",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    REQUIRE(world.run(world.store->put_document(world.document(oslo, 'a'))).has_value());
    REQUIRE(world.run(world.store->store_inbound(telling(inbound(world, "1")))).has_value());
    const auto orphans = [&] {
        return world.run(world.store->orphan_documents(world.now() + 1h, 10))->size();
    };
    CHECK(orphans() == 1);   // nobody has answered with any
    world.ok(world.store->settle_inbox(settle(world, leased(world, visma))));
    CHECK(orphans() == 0);
    const auto due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    world.ok(world.store->finish_settlement(told(due[0], world.now() + 24h * 30)));
    CHECK(orphans() == 0);
    world.ok(world.store->finish_settlement(told(due[0])));
    CHECK(orphans() == 1);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: the first rejection settles an item, what comes after tells nothing",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto command = telling(inbound(world, "1", {visma, gerica}), world.now() + 24h);
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    world.ok(world.store->settle_inbox(settle(world, leased(world, visma), false)));
    const auto due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    CHECK(due[0].kind == SettlementKind::rejected);
    CHECK(due[0].system == visma);
    const auto events =
        world.run(world.store->timeline(oslo, core::MessageId(command.id.uuid), 10));
    CHECK(events->back().code.value == "inbox.rejected");
    world.ok(world.store->finish_settlement(told(due[0])));
    world.ok(world.store->settle_inbox(settle(world, leased(world, gerica))));
    CHECK(*world.run(world.store->replay_inbox(replay(world, command.id))) == 2);
    world.clock.advance(48h);
    CHECK(claimed_settlements(world).empty());
}

TEMPLATE_TEST_CASE("store: an item that nobody settles in time is overdue, once, and told",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto command = telling(inbound(world, "1"), world.now() + 24h);
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    world.clock.advance(24h - 1s);
    CHECK(claimed_settlements(world).empty());
    const auto item = leased(world, visma);
    world.clock.advance(1s);
    auto due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    CHECK(due[0].kind == SettlementKind::overdue);
    CHECK(due[0].overdue_now);
    CHECK(due[0].system.empty());
    world.ok(world.store->settle_inbox(settle(world, item)));   // late, but it has it
    world.clock.advance(60s);
    due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    CHECK(due[0].kind == SettlementKind::overdue);
    CHECK_FALSE(due[0].overdue_now);
    world.ok(world.store->finish_settlement(told(due[0])));
    world.clock.advance(48h);
    CHECK(claimed_settlements(world).empty());
    std::vector<std::string> names;
    const auto events =
        world.run(world.store->timeline(oslo, core::MessageId(command.id.uuid), 10));
    for (const auto& event : *events) {
        names.push_back(event.name);
    }
    CHECK(names == std::vector<std::string>{"received", "overdue", "acknowledged"});
    CHECK((*events)[1].code.value == "inbox.overdue");
}

TEMPLATE_TEST_CASE("store: of an item without a deadline nothing is told before it is settled",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    REQUIRE(world.run(world.store->store_inbound(telling(inbound(world, "1")))).has_value());
    REQUIRE(world.run(world.store->store_inbound(inbound(world, "2"))).has_value());
    world.clock.advance(24h * 365);
    CHECK(claimed_settlements(world).empty());
    const auto batch = world.run(world.store->lease_inbox(lease_for(world, visma))).value();
    for (const auto& item : batch.items) {
        world.ok(world.store->settle_inbox(settle(world, item)));
    }
    const auto due = claimed_settlements(world);
    REQUIRE(due.size() == 1);   // of the other nobody wants to know
    CHECK(due[0].dedupe_key == "1");
    auto unknown = due[0];
    unknown.id = world.ids->template next<core::InboxId>();
    CHECK(world.fails(Errc::not_found, world.store->finish_settlement(told(unknown))));
}

TEMPLATE_TEST_CASE("store: a quarantined message is released to systems, once, with its documents",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto document = world.document(oslo, 'd');
    document.uploader = core::SystemId();   // an adapter wrote it
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    auto command = telling(inbound(world, "1", {}), world.now() + 24h);
    command.documents = {document.hash};
    command.order_token = "case";
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    const auto found = world.run(world.store->find_quarantined(oslo, command.id)).value();
    REQUIRE(found.has_value());
    CHECK(found->type == "form/v1");
    CHECK(found->sealed_raw == "raw 1");
    CHECK_FALSE(*world.run(world.store->may_read_document(oslo, visma, false, document.hash)));
    auto foreign = release(world, command, {visma});
    foreign.tenant = bergen;
    CHECK(world.fails(Errc::not_found, world.store->release_quarantined(foreign)));
    CHECK(world.fails(Errc::invalid_argument,
                      world.store->release_quarantined(release(world, command, {}))));
    world.ok(world.store->release_quarantined(release(world, command, {visma, gerica})));
    CHECK(world.fails(Errc::conflict,
                      world.store->release_quarantined(release(world, command, {visma}))));
    CHECK(world.run(world.store->counts())->quarantined == 0);
    CHECK(*world.run(world.store->may_read_document(oslo, visma, false, document.hash)));
    for (const auto& system : {visma, gerica}) {
        CHECK(claimed_settlements(world).empty());
        const auto item = leased(world, system);
        CHECK(item.sealed_content == "sealed 1");
        world.ok(world.store->settle_inbox(settle(world, item)));
    }
    CHECK(claimed_settlements(world).size() == 1);
    const auto again = world.run(world.store->store_inbound(inbound(world, "1", {}))).value();
    CHECK(again.result == ports::Inbounded::duplicate);
    CHECK_FALSE(again.quarantined);
    auto oddity = inbound(world, "odd", {});
    oddity.type = "oddity";
    REQUIRE(world.run(world.store->store_inbound(oddity)).has_value());
    CHECK(world.fails(Errc::conflict,
                      world.store->release_quarantined(release(world, oddity, {visma}))));
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: that an item is stored is told at once, and nothing later", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    auto command = telling(inbound(world, "1", {visma}));
    command.telling->at_once = true;
    SECTION("of one that a system receives") {
        REQUIRE(world.run(world.store->store_inbound(command)).has_value());
        world.ok(world.store->settle_inbox(settle(world, leased(world, visma))));
    }
    SECTION("of one in quarantine, with the reason") {
        command.copies.clear();
        command.event_ids.clear();
        command.code = core::Code("inbox.unrouted");
        REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    }
    world.restart();
    auto due = claimed_settlements(world);
    REQUIRE(due.size() == 1);
    CHECK(due[0].kind == SettlementKind::stored);
    CHECK(due[0].id == command.id);
    CHECK(due[0].at == command.at);
    CHECK(due[0].quarantined == command.copies.empty());
    CHECK(due[0].code.value == (command.copies.empty() ? "inbox.unrouted" : ""));
    world.ok(world.store->finish_settlement(told(due[0])));
    world.clock.advance(48h);
    CHECK(claimed_settlements(world).empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: of an item that comes again it says what its adapter was told",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto again = [&](const std::string& dedupe) {
        return world.run(world.store->store_inbound(inbound(world, dedupe))).value();
    };
    const auto owned = telling(inbound(world, "1"), world.now() + 24h);
    REQUIRE(world.run(world.store->store_inbound(owned)).has_value());
    CHECK(again("1").result == ports::Inbounded::duplicate);
    CHECK_FALSE(again("1").settled.has_value());
    world.ok(world.store->settle_inbox(settle(world, leased(world, visma), false)));
    world.restart();
    const auto rejected = again("1");
    CHECK(rejected.id == owned.id);
    CHECK(rejected.settled == SettlementKind::rejected);
    CHECK(rejected.sealed_answer == "answer of visma");
    CHECK(rejected.wrapped_key == "key 1");

    auto aside = telling(inbound(world, "2", {}));
    aside.telling->at_once = true;
    aside.code = core::Code("inbox.infected");
    REQUIRE(world.run(world.store->store_inbound(aside)).has_value());
    CHECK(again("2").settled == SettlementKind::stored);
    CHECK(again("2").quarantined);
    CHECK(again("2").code.value == "inbox.infected");

    REQUIRE(world.run(world.store->store_inbound(telling(inbound(world, "3"), world.now() + 1h)))
                .has_value());
    world.clock.advance(1h);
    REQUIRE(claimed_settlements(world).size() == 3);
    CHECK(again("3").settled == SettlementKind::overdue);

    REQUIRE(world.run(world.store->store_inbound(inbound(world, "4"))).has_value());
    CHECK_FALSE(again("4").settled.has_value());   // nobody wants to know of it
    world.check_sound();
}
