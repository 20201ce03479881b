#include "worlds.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("store: a receipt counts once, by its own id", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::receipts)));
    const auto receipt = world.receipt(key_of(letter), "receipt-1", DeliveryState::delivered);
    auto answer = world.run(world.store->apply_receipt(receipt));
    CHECK_FALSE(answer->duplicate);
    CHECK(answer->state == DeliveryState::delivered);
    const auto names = world.event_names(letter);
    world.restart();
    answer = world.run(world.store->apply_receipt(receipt));
    CHECK(answer->duplicate);
    CHECK(answer->state == DeliveryState::delivered);
    CHECK(world.event_names(letter) == names);
}

TEMPLATE_TEST_CASE("store: a later receipt of lower rank is an event, not a state", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::none)));
    const auto apply = [&](const std::string& id, DeliveryState reached, core::FailureCause cause) {
        auto receipt = world.receipt(key_of(letter), id, reached);
        receipt.cause = cause;
        return world.run(world.store->apply_receipt(receipt))->state;
    };
    CHECK(apply("1", DeliveryState::delivered, core::FailureCause::none) ==
          DeliveryState::delivered);
    CHECK(apply("2", DeliveryState::sent, core::FailureCause::none) == DeliveryState::delivered);
    CHECK(apply("3", DeliveryState::failed, core::FailureCause::none) == DeliveryState::delivered);
    CHECK(apply("4", DeliveryState::failed, core::FailureCause::returned) == DeliveryState::failed);
    CHECK(apply("5", DeliveryState::delivered, core::FailureCause::none) == DeliveryState::failed);
    CHECK(world.event_names(letter).size() == 8);
    CHECK(world.fails(Errc::not_found, world.store->apply_receipt(world.receipt(
                                           ports::DeliveryKey(bergen, letter.delivery.id), "6",
                                           DeliveryState::sent))));
}

TEMPLATE_TEST_CASE(
    "store: who dies between two receipts of one answer is followed by who asks again",
    "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto item = world.begun(letter);
    auto sent = world.finish(item, DeliveryState::sent, Work::receipts);
    sent.due = world.now();
    world.ok(world.store->finish(sent));
    item = world.claimed(world.claim_receipts()).at(0);
    auto read = world.receipt(key_of(letter), "read", DeliveryState::read);
    read.fence = item.fence;
    CHECK(world.run(world.store->apply_receipt(read))->state == DeliveryState::read);
    world.restart();
    world.clock.advance(1h);   // its lease is over
    item = world.claimed(world.claim_receipts()).at(0);
    CHECK(item.row.work == Work::receipts);
    CHECK(item.row.state == DeliveryState::read);
    auto last = world.receipt(key_of(letter), "delivered", DeliveryState::delivered);
    last.fence = item.fence;
    CHECK_FALSE(world.run(world.store->apply_receipt(last))->duplicate);
    world.ok(world.store->finish(world.finish(item, DeliveryState::read, Work::none)));
    world.clock.advance(1h);
    CHECK(world.claimed(world.claim_receipts()).empty());
}

TEMPLATE_TEST_CASE("store: who asks for receipts and hears nothing new changes nothing to be seen",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto item = world.begun(letter);
    auto sent = world.finish(item, DeliveryState::sent, Work::receipts);
    sent.due = world.now();
    world.ok(world.store->finish(sent));
    const auto changed = world.newest(letter).changed;
    world.clock.advance(1h);
    item = world.claimed(world.claim_receipts()).at(0);
    auto same = world.finish(item, DeliveryState::sent, Work::receipts);
    same.due = world.now() + 1h;
    same.events.clear();
    world.ok(world.store->finish(same));
    CHECK(world.newest(letter).changed == changed);
    CHECK(world.run(world.store->get(oslo, letter.message)).value()->changed == changed);
    world.clock.advance(1h);
    item = world.claimed(world.claim_receipts()).at(0);
    world.ok(world.store->finish(world.finish(item, DeliveryState::delivered, Work::none)));
    CHECK(world.newest(letter).changed == world.now());
}

TEMPLATE_TEST_CASE("store: a receipt during an attempt is not undone by its holder", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    REQUIRE(world
                .run(world.store->apply_receipt(
                    world.receipt(key_of(letter), "1", DeliveryState::delivered)))
                .has_value());
    SECTION("who says sent") {
        world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::receipts)));
        CHECK(world.newest(letter).work == Work::receipts);
    }
    SECTION("who got no answer and would look up") {
        world.ok(world.store->finish(world.finish(item, DeliveryState::sending, Work::look_up)));
        CHECK(world.newest(letter).work == Work::receipts);
    }
    SECTION("who would send again") {
        world.ok(world.store->finish(world.finish(item, DeliveryState::queued, Work::send)));
        CHECK(world.newest(letter).work == Work::receipts);
    }
    SECTION("who says failed") {
        world.ok(world.store->finish(world.finish(item, DeliveryState::failed, Work::none)));
    }
    SECTION("who never came back") {
        world.clock.advance(1min);
    }
    CHECK(world.newest(letter).state == DeliveryState::delivered);
    CHECK(world.claimed(world.claim()).empty());
}

TEMPLATE_TEST_CASE("store: proof of delivery before an attempt begins keeps it from beginning",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    const auto item = world.claim_one();
    REQUIRE(world
                .run(world.store->apply_receipt(
                    world.receipt(key_of(letter), "1", DeliveryState::sent)))
                .has_value());
    CHECK(world.fails(Errc::stale_fence, world.store->begin_attempt(world.begin(item))));
    CHECK(world.newest(letter).state == DeliveryState::sent);
    CHECK(world.claimed(world.claim()).empty());
    CHECK(world.claimed(world.claim_receipts()).size() == 1);
}

TEMPLATE_TEST_CASE("store: a receipt with a claim needs the claim, and the claim goes on",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::receipts)));
    const auto polled = world.claimed(world.claim_receipts());
    REQUIRE(polled.size() == 1);
    auto receipt = world.receipt(key_of(letter), "1", DeliveryState::delivered);
    receipt.fence = polled.front().fence;
    CHECK(world.run(world.store->apply_receipt(receipt))->state == DeliveryState::delivered);
    auto finish = world.finish(polled.front(), DeliveryState::sent, Work::receipts);
    finish.due = world.now() + 1h;
    world.ok(world.store->finish(finish));
    CHECK(world.newest(letter).state == DeliveryState::delivered);
    CHECK(world.newest(letter).due == world.now() + 1h);
    CHECK(world.newest(letter).code == core::Code("receipt"));
}

TEMPLATE_TEST_CASE("store: a cancelled or expired delivery is moved by no receipt", "[contract]",
                   InMemory, InSqlite) {
    const auto state = GENERATE(DeliveryState::cancelled, DeliveryState::expired);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, state, Work::none)));
    CHECK(world
              .run(world.store->apply_receipt(
                  world.receipt(key_of(letter), "1", DeliveryState::delivered)))
              ->state == state);
    CHECK(world.event_names(letter).back() == "receipt_delivered");
}

TEMPLATE_TEST_CASE("store: a delivery is found by its id among the tenants asked for, however "
                   "long ago it ended",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::cancelled, Work::none)));
    world.clock.advance(24h * 300);
    world.restart();
    const std::vector<core::TenantId> both{bergen, oslo};
    const auto found = world.run(world.store->find_delivery(both, letter.delivery.id));
    REQUIRE(found->has_value());
    CHECK((*found)->tenant == oslo);
    CHECK((*found)->system == visma);
    CHECK((*found)->wrapped_key == letter.wrapped_key);
    CHECK((*found)->row.message == letter.message);
    CHECK((*found)->row.connection == altinn);
    CHECK((*found)->row.state == DeliveryState::cancelled);
    const std::vector<core::TenantId> other{bergen};
    CHECK_FALSE(world.run(world.store->find_delivery(other, letter.delivery.id))->has_value());
    const auto stranger = world.ids->template next<core::DeliveryId>();
    CHECK_FALSE(world.run(world.store->find_delivery(both, stranger))->has_value());
}

TEMPLATE_TEST_CASE(
    "store: what a receipt says of the message stays with it, and it is found by that",
    "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::none)));
    auto receipt = world.receipt(key_of(letter), "kvittering", DeliveryState::read);
    receipt.sealed_result = "sealed result";
    receipt.tokens.emplace_back(std::uint8_t{5}, std::string(32, 'j'));
    REQUIRE(world.run(world.store->apply_receipt(receipt)).has_value());
    auto other = world.receipt(key_of(letter), "news", DeliveryState::delivered);
    REQUIRE(world.run(world.store->apply_receipt(other)).has_value());
    world.restart();
    const auto view = world.run(world.store->get(oslo, letter.message)).value();
    CHECK(view->deliveries.back().sealed_result == "sealed result");
    ports::SearchQuery query;
    query.tenant = oslo;
    query.token = ports::SearchToken(std::uint8_t{5}, std::string(32, 'j'));
    const auto page = world.run(world.store->search(query)).value();
    REQUIRE(page.items.size() == 1);
    CHECK(page.items.front().id == letter.message);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: a receipt may say until when another is to come", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto finish = world.finish(world.begun(letter), DeliveryState::sent, Work::none);
    finish.overdue_at = world.now() + 1h;
    world.ok(world.store->finish(finish));
    const auto overdue = [&] {
        const auto view = world.run(world.store->get(oslo, letter.message)).value();
        return view->deliveries.back().overdue_at;
    };
    CHECK(overdue() == world.now() + 1h);
    auto receipt = world.receipt(key_of(letter), "mottatt", DeliveryState::delivered);
    receipt.overdue_at = world.now() + 48h;
    REQUIRE(world.run(world.store->apply_receipt(receipt)).has_value());
    CHECK(overdue() == world.now() + 48h);
    receipt = world.receipt(key_of(letter), "kvittering", DeliveryState::read);
    receipt.overdue_at = world.now() + 48h;
    REQUIRE(world.run(world.store->apply_receipt(receipt)).has_value());
    CHECK_FALSE(overdue());
}
