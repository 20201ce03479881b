#include "worlds.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("store: adapter state changes only from the version that was read", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    CHECK(world.run(world.store->get_state(altinn, "cursor"))->version == 0);
    CHECK(*world.run(world.store->put_state(altinn, "cursor", "one", 0)) == 1);
    CHECK(world.fails(Errc::conflict, world.store->put_state(altinn, "cursor", "two", 0)));
    CHECK(*world.run(world.store->put_state(altinn, "cursor", "two", 1)) == 2);
    world.restart();
    const auto entry = world.run(world.store->get_state(altinn, "cursor"));
    CHECK(entry->value == "two");
    CHECK(entry->version == 2);
    CHECK(world.run(world.store->get_state(svarut, "cursor"))->version == 0);
    CHECK(world.fails(Errc::conflict, world.store->put_state(svarut, "cursor", "x", 3)));
}

TEMPLATE_TEST_CASE("store: a named lease has one owner, and a higher fence for the next",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto take = [&world](const std::string& owner) {
        return world.run(
            world.store->take_named_lease("mailbox", owner, world.now(), world.now() + 30s));
    };
    const auto first = take("node-1");
    REQUIRE((first.has_value() && first->has_value()));
    CHECK_FALSE(take("node-2")->has_value());
    CHECK(**take("node-1") == **first);   // renewed
    world.clock.advance(31s);
    const auto second = take("node-2");
    REQUIRE(second->has_value());
    CHECK(**second > **first);
    CHECK(world.fails(Errc::stale_fence, world.store->drop_named_lease("mailbox", **first)));
    CHECK(world.fails(Errc::stale_fence, world.store->drop_named_lease("other", **first)));
    world.ok(world.store->drop_named_lease("mailbox", **second));
    CHECK(**take("node-1") > **second);
}

TEMPLATE_TEST_CASE("store: a credential is found by its key id until and after it is revoked",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    ports::Credential credential;
    credential.key_id = "k1";
    credential.tenant = oslo;
    credential.system = visma;
    credential.kind = "system";
    credential.secret_hash = std::string("\0binary\xff", 8);
    credential.created = world.now();
    credential.note = "first";
    world.ok(world.store->put_credential(credential));
    CHECK(world.fails(Errc::conflict, world.store->put_credential(credential)));
    auto other = credential;
    other.key_id = "k2";
    other.tenant = bergen;
    world.ok(world.store->put_credential(other));
    const auto revoked_at = world.now() + 1h;
    world.ok(world.store->revoke_credential("k1", revoked_at));
    world.ok(world.store->revoke_credential("k1", revoked_at + 1h));
    CHECK(world.fails(Errc::not_found, world.store->revoke_credential("k3", revoked_at)));
    world.restart();
    const auto found = world.run(world.store->find_credential("k1"));
    REQUIRE((found.has_value() && found->has_value()));
    CHECK((*found)->secret_hash == credential.secret_hash);
    CHECK((*found)->tenant == oslo);
    CHECK((*found)->system == visma);
    CHECK((*found)->kind == "system");
    CHECK((*found)->note == "first");
    CHECK((*found)->revoked == revoked_at);
    CHECK_FALSE(world.run(world.store->find_credential("k3"))->has_value());
    CHECK(world.run(world.store->list_credentials(std::nullopt))->size() == 2);
    CHECK(world.run(world.store->list_credentials(bergen))->size() == 1);
}

TEMPLATE_TEST_CASE("store: configuration versions are numbered and come newest first", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    for (const auto* why : {"first", "second", "third"}) {
        ports::ConfigVersion version;
        version.at = world.now();
        version.who = "operator";
        version.why = why;
        version.files = "{}";
        REQUIRE(world.run(world.store->add_config_version(version)).has_value());
    }
    const auto versions = world.run(world.store->config_versions(2));
    REQUIRE(versions->size() == 2);
    CHECK(versions->at(0).version == 3);
    CHECK(versions->at(0).why == "third");
    CHECK(versions->at(1).version == 2);
    CHECK(world.run(world.store->config_versions(10))->size() == 3);
}

TEMPLATE_TEST_CASE("store: counts say how many deliveries are in each state", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::none)));
    auto waiting = world.letter(bergen);
    waiting.delivery.due = world.now() + 1h;
    world.accept(waiting);
    world.restart();
    const auto counts = world.run(world.store->counts());
    REQUIRE(counts.has_value());
    using Count = std::pair<DeliveryState, std::uint64_t>;
    CHECK(counts->deliveries ==
          std::vector<Count>{{DeliveryState::queued, 1}, {DeliveryState::sent, 1}});
    CHECK(counts->oldest_waiting == waiting.delivery.due);
    CHECK(counts->events == 4);
}

TEMPLATE_TEST_CASE("store: after close every call is unavailable", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    world.ok(world.store->close());
    world.ok(world.store->close());
    CHECK(world.fails(Errc::unavailable, world.store->accept(world.letter(oslo))));
    CHECK(world.fails(Errc::unavailable,
                      world.store->get(oslo, world.ids->template next<core::MessageId>())));
}
