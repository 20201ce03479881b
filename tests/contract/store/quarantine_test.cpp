#include "worlds.hpp"

using namespace tests;

namespace {

ports::InboundCommand oddity(Commands& commands, const std::string& dedupe) {
    ports::InboundCommand command;
    command.tenant = oslo;
    command.id = commands.ids->next<core::InboxId>();
    command.connection = altinn;
    command.dedupe_key = dedupe;
    command.type = "oddity";
    command.at = commands.now();
    command.sealed_content = "sealed " + dedupe;
    command.wrapped_key = "key " + dedupe;
    command.code = core::Code("receiver.unreadable");
    command.params = {{"part", "signature"}};
    command.media_type = "application/xml";
    command.content_bytes = 42;
    return command;
}

ports::QuarantineQuery waiting_of(const core::TenantId& tenant) {
    ports::QuarantineQuery query;
    query.tenant = tenant;
    return query;
}

ports::ResolveCommand settle(Commands& commands, const ports::InboundCommand& item) {
    ports::ResolveCommand command;
    command.tenant = item.tenant;
    command.id = item.id;
    command.at = commands.now();
    command.who = "key 3f9a";
    command.sealed_reason = "sealed reason";
    return command;
}

template <class Kind>
std::vector<core::InboxId> listed(World<Kind>& world, const ports::QuarantineQuery& query) {
    std::vector<core::InboxId> ids;
    const auto items = world.run(world.store->quarantined(query));
    REQUIRE(items.has_value());
    for (const auto& item : *items) {
        CHECK(item.sealed_content.empty());
        ids.push_back(item.id);
    }
    return ids;
}

}   // namespace

TEMPLATE_TEST_CASE("store: what nobody can handle is kept whole, once, and told with its reason",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto command = oddity(world, "1");
    command.tenant_known = false;
    CHECK(world.run(world.store->store_inbound(command)).value().result ==
          ports::Inbounded::stored);
    CHECK(world.run(world.store->store_inbound(oddity(world, "1"))).value().result ==
          ports::Inbounded::duplicate);
    world.restart();
    CHECK(world.run(world.store->store_inbound(oddity(world, "1"))).value().result ==
          ports::Inbounded::duplicate);
    const auto items = world.run(world.store->quarantined(waiting_of(oslo)));
    REQUIRE(items->size() == 1);
    const auto found = world.run(world.store->find_quarantined(oslo, command.id));
    REQUIRE(found->has_value());
    CHECK((*found)->sealed_content == "sealed 1");
    CHECK((*found)->wrapped_key == "key 1");
    for (const auto& item : {items->front(), **found}) {
        CHECK(item.tenant == oslo);
        CHECK_FALSE(item.tenant_known);
        CHECK(item.id == command.id);
        CHECK(item.connection == altinn);
        CHECK(item.at == command.at);
        CHECK(item.code == command.code);
        CHECK(item.params == command.params);
        CHECK(item.media_type == "application/xml");
        CHECK(item.content_bytes == 42);
        CHECK_FALSE(item.resolved);
    }
    CHECK(world.run(world.store->counts())->quarantined == 1);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: the quarantine is listed newest first, page by page, each tenant's own",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    std::vector<core::InboxId> newest_first;
    for (const auto* name : {"1", "2", "3"}) {
        const auto command = oddity(world, name);
        REQUIRE(world.run(world.store->store_inbound(command)).has_value());
        newest_first.insert(newest_first.begin(), command.id);
    }
    auto foreign = oddity(world, "1");
    foreign.tenant = bergen;
    REQUIRE(world.run(world.store->store_inbound(foreign)).has_value());
    auto usual = oddity(world, "4");
    usual.copies = {visma};
    usual.event_ids = {world.ids->template next<core::EventId>()};
    REQUIRE(world.run(world.store->store_inbound(usual)).has_value());
    CHECK(listed(world, waiting_of(oslo)) == newest_first);
    CHECK(listed(world, waiting_of(bergen)) == std::vector{foreign.id});
    auto page = waiting_of(oslo);
    page.limit = 2;
    const auto first = world.run(world.store->quarantined(page));
    REQUIRE(first->size() == 2);
    page.before = first->back().number;
    CHECK(listed(world, page) == std::vector{newest_first.back()});
    CHECK_FALSE(
        world.run(world.store->find_quarantined(bergen, newest_first.front()))->has_value());
    CHECK_FALSE(world.run(world.store->find_quarantined(oslo, usual.id))->has_value());
    CHECK(world.run(world.store->counts())->quarantined == 4);
}

TEMPLATE_TEST_CASE("store: a quarantined item is settled once, by whom and why, and stays",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto command = oddity(world, "1");
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    auto elsewhere = settle(world, command);
    elsewhere.tenant = bergen;
    CHECK(world.fails(Errc::not_found, world.store->resolve_quarantined(elsewhere)));
    world.ok(world.store->resolve_quarantined(settle(world, command)));
    CHECK(world.fails(Errc::conflict, world.store->resolve_quarantined(settle(world, command))));
    world.restart();
    CHECK(listed(world, waiting_of(oslo)).empty());
    auto settled = waiting_of(oslo);
    settled.resolved = true;
    CHECK(listed(world, settled) == std::vector{command.id});
    const auto found = world.run(world.store->find_quarantined(oslo, command.id));
    REQUIRE(found->has_value());
    CHECK((*found)->resolved == world.now());
    CHECK((*found)->resolved_by == "key 3f9a");
    CHECK((*found)->sealed_reason == "sealed reason");
    CHECK((*found)->sealed_content == "sealed 1");
    CHECK(world.run(world.store->counts())->quarantined == 0);
    CHECK(world.run(world.store->store_inbound(oddity(world, "1"))).value().result ==
          ports::Inbounded::duplicate);
}

TEMPLATE_TEST_CASE(
    "store: no document is an orphan while something of its tenant waits in quarantine",
    "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto item = oddity(world, "with files");
    REQUIRE(world.run(world.store->put_document(world.document(oslo, 'a'))).has_value());
    REQUIRE(world.run(world.store->store_inbound(item)).has_value());
    CHECK(world.run(world.store->orphan_documents(world.now() + 1h, 10))->empty());
    world.ok(world.store->resolve_quarantined(settle(world, item)));
    CHECK(world.run(world.store->orphan_documents(world.now() + 1h, 10))->size() == 1);
}
