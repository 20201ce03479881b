#include "worlds.hpp"

using namespace tests;
using ports::CancelAnswer;

TEMPLATE_TEST_CASE("store: before any attempt a cancel takes effect at once", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    const auto holder = world.claim_one();   // has not begun
    CHECK(*world.run(world.store->cancel(world.cancel(letter, false))) == CancelAnswer::cancelled);
    CHECK(world.get(oslo, letter.message).state == DeliveryState::cancelled);
    CHECK(world.event_names(letter) ==
          std::vector<std::string>{"accepted", "cancel_requested", "cancelled"});
    CHECK(world.fails(Errc::stale_fence, world.store->begin_attempt(world.begin(holder))));
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::terminal);
    world.clock.advance(1h);
    CHECK(world.claimed(world.claim()).empty());
}

TEMPLATE_TEST_CASE("store: after an attempt a cancel is asked of the component", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto item = world.begun(letter);
    auto sent = world.finish(item, DeliveryState::sent, Work::receipts);
    sent.due = world.now() + 1h;
    world.ok(world.store->finish(sent));
    CHECK(*world.run(world.store->cancel(world.cancel(letter, false))) ==
          CancelAnswer::not_possible);
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::requested);
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::requested);
    CHECK(world.event_names(letter) ==
          std::vector<std::string>{"accepted", "attempt_started", "sent", "cancel_requested"});
    item = world.claim_one();
    CHECK(item.row.work == Work::cancel);
    CHECK(item.row.state == DeliveryState::sent);
    CHECK(item.row.cancel_requested);
    // No answer yet: asked again when due.
    auto later = world.finish(item, DeliveryState::sent, Work::cancel);
    later.due = world.now() + 1min;
    world.ok(world.store->finish(later));
    CHECK(world.newest(letter).cancel_requested);
    CHECK(world.next_due() == world.now() + 1min);
    world.clock.advance(1min);
    item = world.claim_one();
    auto refused = world.finish(item, DeliveryState::sent, Work::receipts);
    refused.cancel_answered = true;
    world.ok(world.store->finish(refused));
    CHECK_FALSE(world.newest(letter).cancel_requested);
    CHECK(world.newest(letter).work == Work::receipts);
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::requested);
}

TEMPLATE_TEST_CASE("store: a cancel that comes during an attempt is done right after it",
                   "[contract]", InMemory, InSqlite) {
    const auto outcome =
        GENERATE(DeliveryState::queued, DeliveryState::pending, DeliveryState::sent);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::requested);
    CHECK(world.newest(letter).state == DeliveryState::sending);
    auto finish =
        world.finish(item, outcome, outcome == DeliveryState::sent ? Work::receipts : Work::send);
    finish.due = world.now() + 1h;
    world.ok(world.store->finish(finish));
    const auto next = world.claim_one();
    CHECK(next.row.work == Work::cancel);
    CHECK(next.row.state == outcome);
    auto withdrawn = world.finish(next, DeliveryState::cancelled, Work::none);
    withdrawn.cancel_answered = true;
    world.ok(world.store->finish(withdrawn));
    CHECK(world.newest(letter).state == DeliveryState::cancelled);
}

TEMPLATE_TEST_CASE("store: what ends held while a cancel was asked for is cancelled, not forgotten",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::requested);
    world.ok(world.store->finish(world.finish(item, DeliveryState::held, Work::none)));
    const auto next = world.claim_one();
    CHECK(next.row.work == Work::cancel);
    CHECK(next.row.state == DeliveryState::sending);
    CHECK(next.row.cancel_requested);
    // Whoever knew of the wish and still holds it back has decided.
    world.ok(world.store->finish(world.finish(next, DeliveryState::held, Work::none)));
    CHECK(world.newest(letter).state == DeliveryState::held);
    world.clock.advance(1h);
    CHECK(world.claimed(world.claim()).empty());
}

TEMPLATE_TEST_CASE("store: an unknown outcome is looked up before it is cancelled", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto item = world.begun(letter);
    auto lost = world.finish(item, DeliveryState::sending, Work::look_up);
    lost.due = world.now() + 1h;
    world.ok(world.store->finish(lost));
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) == CancelAnswer::requested);
    item = world.claim_one();
    CHECK(item.row.work == Work::look_up);
    CHECK(item.row.cancel_requested);
}

TEMPLATE_TEST_CASE("store: only the system that sent it cancels a message", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    auto command = world.cancel(letter, true);
    command.system = gerica;
    CHECK(*world.run(world.store->cancel(command)) == CancelAnswer::not_found);
    command.system.reset();   // an operator
    CHECK(*world.run(world.store->cancel(command)) == CancelAnswer::cancelled);
}

TEMPLATE_TEST_CASE("store: a held delivery waits for a person and is the same when released",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    world.ok(world.store->hold(oslo, letter.delivery.id, world.now(), world.events("held")));
    CHECK(world.get(oslo, letter.message).state == DeliveryState::held);
    CHECK(world.claimed(world.claim()).empty());
    CHECK(
        world.fails(Errc::conflict, world.store->hold(oslo, letter.delivery.id, world.now(), {})));
    world.restart();
    world.ok(world.store->release(oslo, letter.delivery.id, world.now(), world.events("released")));
    CHECK(world.fails(Errc::conflict,
                      world.store->release(oslo, letter.delivery.id, world.now(), {})));
    const auto item = world.claim_one();
    CHECK(item.row.id == letter.delivery.id);
    CHECK(item.row.upstream_key == letter.delivery.upstream_key);
    CHECK(item.row.state == DeliveryState::queued);
    CHECK(world.event_names(letter) == std::vector<std::string>{"accepted", "held", "released"});
}

TEMPLATE_TEST_CASE("store: released with an unknown outcome it is looked up, not sent",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    CHECK(
        world.fails(Errc::conflict, world.store->hold(oslo, letter.delivery.id, world.now(), {})));
    world.clock.advance(31s);   // the holder vanished in the middle
    world.ok(world.store->hold(oslo, letter.delivery.id, world.now(), {}));
    CHECK(world.fails(Errc::stale_fence,
                      world.store->finish(world.finish(item, DeliveryState::sent, Work::none))));
    world.ok(world.store->release(oslo, letter.delivery.id, world.now(), {}));
    const auto again = world.claim_one();
    CHECK(again.row.work == Work::look_up);
    CHECK(again.row.state == DeliveryState::sending);
}

TEMPLATE_TEST_CASE("store: what is handed over or ended cannot be held", "[contract]", InMemory,
                   InSqlite) {
    const auto state =
        GENERATE(DeliveryState::sent, DeliveryState::delivered, DeliveryState::failed);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, state, Work::none)));
    CHECK(
        world.fails(Errc::conflict, world.store->hold(oslo, letter.delivery.id, world.now(), {})));
    CHECK(world.newest(letter).state == state);
}

TEMPLATE_TEST_CASE("store: a retry closes the old delivery and opens a new one at once",
                   "[contract]", InMemory, InSqlite) {
    const auto state = GENERATE(DeliveryState::failed, DeliveryState::expired,
                                DeliveryState::cancelled, DeliveryState::held);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, state, Work::none)));
    const auto retry = world.retry(oslo, letter.delivery.id);
    world.ok(world.store->retry(retry));
    const auto view = world.get(oslo, letter.message);
    REQUIRE(view.deliveries.size() == 2);
    CHECK(view.state == DeliveryState::queued);
    const bool was_held = state == DeliveryState::held;
    CHECK(view.deliveries[0].state == (was_held ? DeliveryState::failed : state));
    CHECK(view.deliveries[1].id == retry.delivery.id);
    CHECK(view.deliveries[1].replaces == letter.delivery.id);
    CHECK(view.deliveries[1].upstream_key == retry.delivery.upstream_key);
    CHECK(view.deliveries[1].attempts == 0);
    CHECK(world.fails(Errc::conflict, world.store->retry(world.retry(oslo, letter.delivery.id))));
    CHECK(world.claim_one().row.id == retry.delivery.id);
    world.restart();
    CHECK(world.get(oslo, letter.message).deliveries.size() == 2);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: a retry of what has changed since it was seen changes nothing",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.ok(
        world.store->finish(world.finish(world.begun(letter), DeliveryState::failed, Work::none)));
    auto retry = world.retry(oslo, letter.delivery.id);
    retry.seen_changed = world.now() - 1us;
    CHECK(world.fails(Errc::conflict, world.store->retry(retry)));
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
    retry.seen_changed = world.newest(letter).changed;
    world.ok(world.store->retry(retry));
}

TEMPLATE_TEST_CASE("store: what still runs or has been handed over is not retried", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    CHECK(world.fails(Errc::conflict, world.store->retry(world.retry(oslo, letter.delivery.id))));
    const auto item = world.claim_one();
    world.ok(world.store->begin_attempt(world.begin(item)));
    CHECK(world.fails(Errc::conflict, world.store->retry(world.retry(oslo, letter.delivery.id))));
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::none)));
    CHECK(world.fails(Errc::conflict, world.store->retry(world.retry(oslo, letter.delivery.id))));
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
}
