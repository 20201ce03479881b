#include "worlds.hpp"

using namespace tests;

namespace {

ports::InboundCommand inbound(Commands& commands, const std::string& dedupe) {
    ports::InboundCommand command;
    command.tenant = oslo;
    command.id = commands.ids->next<core::InboxId>();
    command.connection = altinn;
    command.dedupe_key = dedupe;
    command.type = "form/v1";
    command.at = commands.now();
    command.sealed_content = "sealed " + dedupe;
    command.wrapped_key = "key " + dedupe;
    command.copies = {visma};
    return command;
}

ports::InboxLease lease_for(Commands& commands, const core::SystemId& system) {
    ports::InboxLease command;
    command.tenant = oslo;
    command.system = system;
    command.now = commands.now();
    command.until = commands.now() + 30s;
    return command;
}

ports::InboxSettle settle(Commands& commands, const ports::InboxItem& item) {
    ports::InboxSettle command;
    command.tenant = oslo;
    command.system = visma;
    command.id = item.id;
    command.lease = item.lease;
    command.at = commands.now();
    return command;
}

}   // namespace

TEMPLATE_TEST_CASE("store: an inbound item is stored once, by the upstream's id", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto first = inbound(world, "upstream-1");
    CHECK(*world.run(world.store->store_inbound(first)) == ports::InboundAnswer::stored);
    CHECK(*world.run(world.store->store_inbound(inbound(world, "upstream-1"))) ==
          ports::InboundAnswer::duplicate);
    auto elsewhere = inbound(world, "upstream-1");
    elsewhere.connection = svarut;
    CHECK(*world.run(world.store->store_inbound(elsewhere)) == ports::InboundAnswer::stored);
    auto unknown = inbound(world, "upstream-2");
    unknown.documents = {world.document(oslo, 'x').hash};
    CHECK(world.fails(Errc::not_found, world.store->store_inbound(unknown)));
    unknown.documents.clear();
    CHECK(*world.run(world.store->store_inbound(unknown)) == ports::InboundAnswer::stored);
    world.check_sound();
}

TEMPLATE_TEST_CASE(
    "store: an inbox item is leased, comes again when not acknowledged, then is gone", "[contract]",
    InMemory, InSqlite) {
    World<TestType> world;
    REQUIRE(world.run(world.store->store_inbound(inbound(world, "1"))).has_value());
    auto items = world.run(world.store->lease_inbox(lease_for(world, visma)));
    REQUIRE(items->size() == 1);
    const auto first = items->front();
    CHECK(first.type == "form/v1");
    CHECK(first.sealed_content == "sealed 1");
    CHECK(first.wrapped_key == "key 1");
    CHECK(first.deliveries == 1);
    CHECK(first.lease_until == world.now() + 30s);
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->empty());
    CHECK(world.run(world.store->lease_inbox(lease_for(world, gerica)))->empty());
    world.clock.advance(31s);
    items = world.run(world.store->lease_inbox(lease_for(world, visma)));
    REQUIRE(items->size() == 1);
    CHECK(items->front().deliveries == 2);
    CHECK(world.fails(Errc::conflict, world.store->settle_inbox(settle(world, first))));
    world.clock.advance(31s);   // expired, but nobody took it since
    world.ok(world.store->settle_inbox(settle(world, items->front())));
    world.ok(world.store->settle_inbox(settle(world, items->front())));
    auto rejected = settle(world, items->front());
    rejected.acknowledged = false;
    CHECK(world.fails(Errc::conflict, world.store->settle_inbox(rejected)));
    rejected.id = world.ids->template next<core::InboxId>();
    CHECK(world.fails(Errc::not_found, world.store->settle_inbox(rejected)));
    CHECK(world.run(world.store->lease_inbox(lease_for(world, visma)))->empty());
}

TEMPLATE_TEST_CASE("store: every system has its own copy and acknowledgement", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    auto command = inbound(world, "1");
    command.copies = {visma, gerica};
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    auto quarantined = inbound(world, "2");
    quarantined.copies.clear();
    REQUIRE(world.run(world.store->store_inbound(quarantined)).has_value());
    const auto items = world.run(world.store->lease_inbox(lease_for(world, visma)));
    REQUIRE(items->size() == 1);
    world.ok(world.store->settle_inbox(settle(world, items->front())));
    CHECK(world.run(world.store->lease_inbox(lease_for(world, gerica)))->size() == 1);
}

TEMPLATE_TEST_CASE("store: inbox items of one order come one after the other", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    for (const auto* name : {"1", "2", "3"}) {
        auto command = inbound(world, name);
        command.order_token = std::string(name) == "3" ? "" : "case";
        REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    }
    auto items = world.run(world.store->lease_inbox(lease_for(world, visma)));
    REQUIRE(items->size() == 2);
    CHECK(items->at(0).sealed_content == "sealed 1");
    CHECK(items->at(1).sealed_content == "sealed 3");
    world.ok(world.store->settle_inbox(settle(world, items->at(0))));
    items = world.run(world.store->lease_inbox(lease_for(world, visma)));
    REQUIRE(items->size() == 1);
    CHECK(items->at(0).sealed_content == "sealed 2");
}
