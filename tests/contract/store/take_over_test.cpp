#include "worlds.hpp"

using namespace tests;

namespace {

template <class Kind>
ports::ClaimedDelivery sent(World<Kind>& world, const ports::AcceptCommand& letter) {
    const auto item = world.begun(letter);
    auto finish = world.finish(item, DeliveryState::sent, Work::receipts);
    finish.due = world.now() + 1h;
    world.ok(world.store->finish(finish));
    return item;
}

template <class Kind>
core::DeliveryState state_of(World<Kind>& world, const ports::AcceptCommand& letter, int index) {
    return world.get(letter.tenant, letter.message)
        .deliveries.at(static_cast<std::size_t>(index))
        .state;
}

/// Delivered, with its unread rule an hour from now.
template <class Kind>
void deliver(World<Kind>& world, const ports::AcceptCommand& letter) {
    sent(world, letter);
    auto receipt = world.receipt(key_of(letter), "delivered", DeliveryState::delivered);
    receipt.unread_at = world.now() + 1h;
    REQUIRE(world.run(world.store->apply_receipt(receipt)).has_value());
}

template <class Kind>
ports::FinishCommand copy_of(World<Kind>& world, const ports::ClaimedDelivery& item) {
    auto command = world.finish(item, DeliveryState::delivered, Work::none);
    command.unread_settled = true;
    command.take_over = world.instead();
    return command;
}

}   // namespace

TEMPLATE_TEST_CASE("store: what takes over is opened with the end of the old delivery",
                   "[contract]", InMemory, InSqlite) {
    const auto state = GENERATE(DeliveryState::failed, DeliveryState::expired);
    World<TestType> world;
    const auto letter = world.ordered(oslo, "case 7");
    const auto later = world.ordered(oslo, "case 7");
    const auto item = world.begun(letter);
    world.accept(later);
    auto finish = world.finish(item, state, Work::none);
    finish.take_over = world.instead("case 7");
    world.ok(world.store->finish(finish));
    const auto view = world.get(oslo, letter.message);
    REQUIRE(view.deliveries.size() == 2);
    CHECK(view.deliveries[0].state == state);
    CHECK(view.deliveries[1].id == finish.take_over->delivery.id);
    CHECK(view.deliveries[1].replaces == letter.delivery.id);
    CHECK(view.deliveries[1].connection == svarut);
    CHECK(view.deliveries[1].channel == core::Channel::paper);
    CHECK(view.deliveries[1].choice == "instead");
    CHECK(view.state == DeliveryState::queued);
    CHECK(world.event_names(letter).back() == "taken_over");
    // It stands where the old one stood: the later letter of its order still waits.
    world.restart();
    CHECK(world.claim_one().row.id == finish.take_over->delivery.id);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: nothing takes over from a delivery that goes on", "[contract]", InMemory,
                   InSqlite) {
    const auto state = GENERATE(DeliveryState::queued, DeliveryState::pending, DeliveryState::sent,
                                DeliveryState::delivered, DeliveryState::held,
                                DeliveryState::sending, DeliveryState::cancelled);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    auto finish = world.finish(item, state, Work::none);
    finish.take_over = world.instead();
    world.ok(world.store->finish(finish));
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
}

TEMPLATE_TEST_CASE("store: a receipt of failure brings what takes over, and only the first does",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    sent(world, letter);
    auto first = world.receipt(key_of(letter), "failed", DeliveryState::failed);
    first.take_over = world.instead();
    auto second = world.receipt(key_of(letter), "failed too", DeliveryState::failed);
    second.take_over = world.instead();
    CHECK(world.run(world.store->apply_receipt(first))->taken_over);
    CHECK_FALSE(world.run(world.store->apply_receipt(second))->taken_over);
    const auto again = world.run(world.store->apply_receipt(first));
    CHECK(again->duplicate);
    CHECK_FALSE(again->taken_over);
    CHECK(world.get(oslo, letter.message).deliveries.size() == 2);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: of a receipt and an answer that both end it only one brings another",
                   "[contract]", InMemory, InSqlite) {
    const bool receipt_first = GENERATE(true, false);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    auto finish = world.finish(item, DeliveryState::failed, Work::none);
    finish.take_over = world.instead();
    auto receipt = world.receipt(key_of(letter), "failed", DeliveryState::failed);
    receipt.take_over = world.instead();
    if (receipt_first) {
        REQUIRE(world.run(world.store->apply_receipt(receipt))->taken_over);
        world.run(world.store->finish(finish)).has_value();
    } else {
        world.ok(world.store->finish(finish));
        CHECK_FALSE(world.run(world.store->apply_receipt(receipt))->taken_over);
    }
    CHECK(world.get(oslo, letter.message).deliveries.size() == 2);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: proof of delivery before the refusal is written keeps others away",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    REQUIRE(world
                .run(world.store->apply_receipt(
                    world.receipt(key_of(letter), "1", DeliveryState::delivered)))
                .has_value());
    auto finish = world.finish(item, DeliveryState::failed, Work::none);
    finish.take_over = world.instead();
    world.ok(world.store->finish(finish));
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
    CHECK(world.get(oslo, letter.message).state == DeliveryState::delivered);
}

TEMPLATE_TEST_CASE("store: what a person holds or somebody cancels is taken over by nobody",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto held = world.letter(oslo);
    world.ok(world.store->finish(world.finish(world.begun(held), DeliveryState::held, Work::none)));
    auto receipt = world.receipt(key_of(held), "1", DeliveryState::failed);
    receipt.take_over = world.instead();
    CHECK_FALSE(world.run(world.store->apply_receipt(receipt))->taken_over);
    CHECK(world.get(oslo, held.message).state == DeliveryState::failed);

    const auto cancelled = world.letter(oslo);
    const auto item = world.begun(cancelled);
    REQUIRE(*world.run(world.store->cancel(world.cancel(cancelled, true))) ==
            ports::CancelAnswer::requested);
    auto finish = world.finish(item, DeliveryState::failed, Work::none);
    finish.take_over = world.instead();
    world.ok(world.store->finish(finish));
    CHECK(world.get(oslo, cancelled.message).deliveries.size() == 1);
}

TEMPLATE_TEST_CASE("store: only the newest delivery of a message is taken over", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    deliver(world, letter);
    world.clock.advance(1h);
    const auto due = world.claimed(world.claim_receipts());
    REQUIRE(due.size() == 1);
    world.ok(world.store->finish(copy_of(world, due.front())));
    REQUIRE(world.get(oslo, letter.message).deliveries.size() == 2);
    auto returned = world.receipt(key_of(letter), "returned", DeliveryState::failed);
    returned.cause = core::FailureCause::returned;
    returned.take_over = world.instead();
    CHECK_FALSE(world.run(world.store->apply_receipt(returned))->taken_over);
    CHECK(state_of(world, letter, 0) == DeliveryState::failed);
    CHECK(world.get(oslo, letter.message).deliveries.size() == 2);
    CHECK(world.get(oslo, letter.message).state == DeliveryState::queued);
}

TEMPLATE_TEST_CASE("store: a late receipt of a delivery taken over is only an event", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    sent(world, letter);
    auto failed = world.receipt(key_of(letter), "failed", DeliveryState::failed);
    failed.take_over = world.instead();
    REQUIRE(world.run(world.store->apply_receipt(failed))->taken_over);
    const auto late = world.run(world.store->apply_receipt(
        world.receipt(key_of(letter), "late", DeliveryState::delivered)));
    CHECK(late->state == DeliveryState::failed);
    CHECK(world.event_names(letter).back() == "receipt_delivered");
    CHECK(world.get(oslo, letter.message).state == DeliveryState::queued);
}

TEMPLATE_TEST_CASE("store: an unopened letter falls due when its rule says, also after a restart",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    deliver(world, letter);
    const auto at = world.now() + 1h;
    CHECK(world.newest(letter).unread_at == at);
    CHECK(world.next_due(ports::Lane::receipts) == at);
    world.restart();
    CHECK(world.newest(letter).unread_at == at);
    world.clock.advance(59min);
    CHECK(world.claimed(world.claim_receipts()).empty());
    world.clock.advance(1min);
    const auto due = world.claimed(world.claim_receipts());
    REQUIRE(due.size() == 1);
    const auto copy = copy_of(world, due.front());
    world.ok(world.store->finish(copy));
    const auto view = world.get(oslo, letter.message);
    REQUIRE(view.deliveries.size() == 2);
    CHECK(view.deliveries[0].state == DeliveryState::delivered);
    CHECK_FALSE(view.deliveries[0].unread_at);
    CHECK(view.deliveries[1].replaces == letter.delivery.id);
    world.clock.advance(24h * 30);
    CHECK(world.claimed(world.claim_receipts()).empty());   // once
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: opened in time, before or during the claim, there is no copy",
                   "[contract]", InMemory, InSqlite) {
    const bool during_claim = GENERATE(true, false);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    deliver(world, letter);
    std::vector<ports::ClaimedDelivery> due;
    if (during_claim) {
        world.clock.advance(1h);
        due = world.claimed(world.claim_receipts());
        REQUIRE(due.size() == 1);
    }
    REQUIRE(world
                .run(world.store->apply_receipt(
                    world.receipt(key_of(letter), "opened", DeliveryState::read)))
                ->state == DeliveryState::read);
    if (during_claim) {
        world.run(world.store->finish(copy_of(world, due.front()))).has_value();
    } else {
        world.clock.advance(2h);
        CHECK(world.claimed(world.claim_receipts()).empty());
    }
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
    CHECK(world.get(oslo, letter.message).state == DeliveryState::read);
}

TEMPLATE_TEST_CASE("store: opened after the copy was made, the opening is news of the old one",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    deliver(world, letter);
    world.clock.advance(1h);
    world.ok(world.store->finish(copy_of(world, world.claimed(world.claim_receipts()).front())));
    REQUIRE(world
                .run(world.store->apply_receipt(
                    world.receipt(key_of(letter), "opened", DeliveryState::read)))
                .has_value());
    CHECK(state_of(world, letter, 0) == DeliveryState::read);
    CHECK(world.get(oslo, letter.message).state == DeliveryState::queued);
}

TEMPLATE_TEST_CASE("store: polling wakes for the rule, and the rule alone wakes what is not polled",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    auto finish = world.finish(item, DeliveryState::delivered, Work::receipts);
    finish.due = world.now() + 24h;
    finish.unread_at = world.now() + 2h;
    world.ok(world.store->finish(finish));
    CHECK(world.next_due(ports::Lane::receipts) == world.now() + 2h);
    world.clock.advance(2h);
    const auto due = world.claimed(world.claim_receipts());
    REQUIRE(due.size() == 1);
    // Not answered: the rule stands, and does not wake it before the next question.
    auto again = world.finish(due.front(), DeliveryState::delivered, Work::receipts);
    again.due = world.now() + 1h;
    world.ok(world.store->finish(again));
    CHECK(world.next_due(ports::Lane::receipts) == world.now() + 1h);
    CHECK(world.newest(letter).unread_at.has_value());
}

TEMPLATE_TEST_CASE("store: a delivery without a connection is chosen for, then sent", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    auto letter = world.letter(oslo);
    letter.delivery.connection.reset();
    letter.delivery.expires_at = world.now() + 24h;
    world.accept(letter);
    CHECK(world.claimed(world.claim()).empty());
    CHECK(world.next_due() == world.now() + 24h);   // but it expires there
    auto choices = world.claim();
    choices.lane = ports::Lane::choices;
    const auto item = world.claimed(choices);
    REQUIRE(item.size() == 1);
    CHECK(item.front().row.work == Work::choose);
    auto finish = world.finish(item.front(), DeliveryState::queued, Work::send);
    finish.chosen.emplace();
    finish.chosen->connection = svarut;
    finish.chosen->settings = R"({"account":"7"})";
    finish.chosen->channel = core::Channel::paper;
    finish.chosen->choice = "second";
    finish.chosen->expires_at = world.now() + 3h;
    world.ok(world.store->finish(finish));
    world.restart();
    const auto next = world.claim_one();
    CHECK(next.row.connection == svarut);
    CHECK(next.row.settings == R"({"account":"7"})");
    CHECK(next.row.channel == core::Channel::paper);
    CHECK(next.row.choice == "second");
    CHECK(next.row.expires_at == world.now() + 3h);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: held before it was chosen for, it is chosen for when released",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto letter = world.letter(oslo);
    letter.delivery.connection.reset();
    world.accept(letter);
    world.ok(world.store->hold(oslo, letter.delivery.id, world.now(), {}));
    world.ok(world.store->release(oslo, letter.delivery.id, world.now(), {}));
    CHECK(world.newest(letter).work == Work::choose);
}

TEMPLATE_TEST_CASE("store: messages are counted by system, channel and state, and stay exact",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto letter = world.letter(oslo);
    letter.delivery.channel = core::Channel::digital;
    const auto item = world.begun(letter);
    world.accept(world.letter(bergen));
    auto finish = world.finish(item, DeliveryState::failed, Work::none);
    finish.take_over = world.instead();
    world.ok(world.store->finish(finish));
    world.restart();
    const auto of_oslo = world.run(world.store->message_counts(oslo));
    REQUIRE(of_oslo->size() == 1);
    CHECK(of_oslo->front().system == visma);
    CHECK(of_oslo->front().channel == core::Channel::paper);
    CHECK(of_oslo->front().state == DeliveryState::queued);
    CHECK(of_oslo->front().count == 1);
    const auto all = world.run(world.store->message_counts(std::nullopt));
    REQUIRE(all->size() == 2);
    CHECK_FALSE(all->back().channel);
    world.check_sound();
}
