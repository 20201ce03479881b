#include "worlds.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("store: of an order one delivery is open at a time, oldest first", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.ordered(oslo, "case-1");
    const auto second = world.ordered(oslo, "case-1");
    const auto third = world.ordered(oslo, "case-1");
    const auto other = world.ordered(oslo, "case-2");
    const auto elsewhere = world.ordered(bergen, "case-1");
    for (const auto& letter : {first, second, third, other, elsewhere}) {
        world.accept(letter);
    }
    auto items = world.claimed(world.claim());
    REQUIRE(items.size() == 3);
    auto item = items[0].row.id == first.delivery.id ? items[0] : items[1];
    if (items[2].row.id == first.delivery.id) {
        item = items[2];
    }
    CHECK(item.row.id == first.delivery.id);
    CHECK(world.claimed(world.claim()).empty());
    // A passing failure keeps the order: the second still waits.
    world.ok(world.store->begin_attempt(world.begin(item)));
    auto again = world.finish(item, DeliveryState::queued, Work::send);
    again.due = world.now() + 1s;
    world.ok(world.store->finish(again));
    CHECK(world.claimed(world.claim()).empty());
    world.clock.advance(1s);
    item = world.claim_one();
    CHECK(item.row.id == first.delivery.id);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::receipts)));
    item = world.claim_one();
    CHECK(item.row.id == second.delivery.id);
    world.restart();
    world.clock.advance(1min);
    items = world.claimed(world.claim());
    REQUIRE(items.size() == 3);   // second, other, elsewhere: their leases are over
    for (const auto& claimed : items) {
        CHECK(claimed.row.id != third.delivery.id);
    }
}

TEMPLATE_TEST_CASE("store: an order goes on when its first ends, however it ends", "[contract]",
                   InMemory, InSqlite) {
    const auto ending = GENERATE(DeliveryState::failed, DeliveryState::expired, DeliveryState::sent,
                                 DeliveryState::delivered, DeliveryState::cancelled);
    World<TestType> world;
    const auto first = world.ordered(oslo, "case-1");
    const auto second = world.ordered(oslo, "case-1");
    const auto item = world.begun(first);
    world.accept(second);
    CHECK(world.claimed(world.claim()).empty());
    world.ok(world.store->finish(world.finish(item, ending, Work::none)));
    CHECK(world.claim_one().row.id == second.delivery.id);
}

TEMPLATE_TEST_CASE("store: a held delivery holds up its order until it is released or retried",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.ordered(oslo, "case-1");
    const auto second = world.ordered(oslo, "case-1");
    auto item = world.begun(first);
    world.accept(second);
    world.ok(world.store->finish(world.finish(item, DeliveryState::held, Work::none)));
    CHECK(world.claimed(world.claim()).empty());
    CHECK_FALSE(world.next_due().has_value());
    // The retry takes the place of what it replaces, before the second.
    auto retry = world.retry(oslo, first.delivery.id);
    retry.delivery.order_token = "case-1";
    world.ok(world.store->retry(retry));
    item = world.claim_one();
    CHECK(item.row.id == retry.delivery.id);
    CHECK(world.claimed(world.claim()).empty());
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::none)));
    CHECK(world.claim_one().row.id == second.delivery.id);
}

TEMPLATE_TEST_CASE("store: cancelling the first of an order frees the next", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto first = world.ordered(oslo, "case-1");
    const auto second = world.ordered(oslo, "case-1");
    world.accept(first);
    world.accept(second);
    CHECK(*world.run(world.store->cancel(world.cancel(first, false))) ==
          ports::CancelAnswer::cancelled);
    CHECK(world.claim_one().row.id == second.delivery.id);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: proof that the first arrived frees the next of its order", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.ordered(oslo, "case-1");
    const auto second = world.ordered(oslo, "case-1");
    const auto item = world.begun(first);
    world.accept(second);
    world.ok(world.store->finish(world.finish(item, DeliveryState::held, Work::look_up)));
    REQUIRE(world
                .run(world.store->apply_receipt(
                    world.receipt(key_of(first), "r", DeliveryState::delivered)))
                .has_value());
    CHECK(world.claim_one().row.id == second.delivery.id);
}

TEMPLATE_TEST_CASE("store: one waiting in an order still expires in time", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto first = world.ordered(oslo, "case-1");
    auto second = world.ordered(oslo, "case-1");
    second.delivery.expires_at = world.now() + 1h;
    const auto item = world.begun(first);
    world.ok(world.store->finish(world.finish(item, DeliveryState::held, Work::none)));
    world.accept(second);
    CHECK(world.next_due() == second.delivery.expires_at);
    world.clock.advance(1h);
    CHECK(world.claim_one().row.id == second.delivery.id);
}
