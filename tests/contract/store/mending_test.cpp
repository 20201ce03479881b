#include "gateway/ports/failure_store.hpp"
#include "worlds.hpp"

using namespace tests;

namespace {

/// A corrected letter in place of this one, as it stands now.
template <class Kind>
ports::ReplaceCommand correction_of(World<Kind>& world, const ports::AcceptCommand& old,
                                    const std::string& order = {}) {
    const auto seen = world.newest(old);
    ports::ReplaceCommand command;
    command.old = old.message;
    command.seen = seen.id;
    command.seen_changed = seen.changed;
    command.closing = world.events("replaced");
    command.message = world.letter(old.tenant);
    command.message.delivery.order_token = order;
    command.message.events.push_back(world.event("replaces"));
    return command;
}

/// Brought to this state as dispatch or a person would bring it there.
template <class Kind>
void bring_to(World<Kind>& world, const ports::AcceptCommand& letter, DeliveryState state,
              const char* code = "refused") {
    if (state == DeliveryState::held) {
        world.accept(letter);
        world.ok(world.store->hold(letter.tenant, letter.delivery.id, world.now(),
                                   world.events("held")));
        return;
    }
    auto finish = world.finish(world.begun(letter), state, Work::none);
    finish.code = code;
    world.ok(world.store->finish(finish));
}

template <class Kind>
bool is_there(World<Kind>& world, const ports::AcceptCommand& letter) {
    return world.run(world.store->get(letter.tenant, letter.message))->has_value();
}

}   // namespace

TEMPLATE_TEST_CASE("mending: a corrected message closes the old one and is accepted, at once",
                   "[contract]", InMemory, InSqlite) {
    const auto state = GENERATE(DeliveryState::failed, DeliveryState::expired, DeliveryState::held);
    World<TestType> world;
    const auto letter = world.letter(oslo);
    bring_to(world, letter, state);
    const auto correction = correction_of(world, letter);
    const auto answer = world.run(world.store->replace(correction));
    REQUIRE(answer.has_value());
    CHECK(answer->result == ports::Accepted::accepted);
    CHECK(answer->message == correction.message.message);
    world.restart();
    const auto old = world.get(oslo, letter.message);
    CHECK(old.state == DeliveryState::cancelled);
    CHECK(old.replaced_by == correction.message.message);
    CHECK_FALSE(old.replaces.has_value());
    CHECK(old.deliveries.back().code == core::Code("replaced"));
    CHECK(world.event_names(letter).back() == "replaced");
    const auto next = world.get(oslo, correction.message.message);
    CHECK(next.state == DeliveryState::queued);
    CHECK(next.replaces == letter.message);
    CHECK(world.event_names(correction.message) ==
          std::vector<std::string>{"accepted", "replaces"});
    CHECK(world.claim_one().row.message == correction.message.message);
    CHECK(world.run(ports::failures_of(*world.store).failures(oslo))->empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("mending: what is closed for a corrected message is never sent again",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    bring_to(world, letter, DeliveryState::failed);
    const auto stale = correction_of(world, letter);
    REQUIRE(world.run(world.store->replace(correction_of(world, letter))).has_value());
    CHECK(world.fails(Errc::conflict, world.store->retry(world.retry(oslo, letter.delivery.id))));
    CHECK(world.fails(Errc::conflict, world.store->replace(stale)));
    CHECK(world.fails(Errc::conflict, world.store->replace(correction_of(world, letter))));
    CHECK(
        world.fails(Errc::conflict, world.store->hold(oslo, letter.delivery.id, world.now(), {})));
    CHECK(world.fails(Errc::conflict,
                      world.store->release(oslo, letter.delivery.id, world.now(), {})));
    CHECK(*world.run(world.store->cancel(world.cancel(letter, true))) ==
          ports::CancelAnswer::terminal);
    CHECK_FALSE(is_there(world, stale.message));
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
}

TEMPLATE_TEST_CASE("mending: nothing is changed when the old one is not as it was seen",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    bring_to(world, letter, DeliveryState::failed);
    const auto before = correction_of(world, letter);
    world.clock.advance(1s);
    world.ok(world.store->retry(world.retry(oslo, letter.delivery.id)));
    auto finish = world.finish(world.claim_one(), DeliveryState::failed, Work::none);
    world.ok(world.store->finish(finish));
    CHECK(world.fails(Errc::conflict, world.store->replace(before)));
    auto other_time = correction_of(world, letter);
    other_time.seen_changed += 1us;
    CHECK(world.fails(Errc::conflict, world.store->replace(other_time)));
    CHECK(world.get(oslo, letter.message).state == DeliveryState::failed);
    CHECK_FALSE(is_there(world, before.message));
    auto nobodys = correction_of(world, letter);
    nobodys.old = world.letter(oslo).message;
    CHECK(world.fails(Errc::not_found, world.store->replace(nobodys)));
    CHECK(world.run(world.store->replace(correction_of(world, letter))).has_value());
    world.check_sound();
}

TEMPLATE_TEST_CASE("mending: what is under way, handed over or withdrawn is not corrected",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    const auto refused = [&] {
        return world.fails(Errc::conflict, world.store->replace(correction_of(world, letter)));
    };
    CHECK(refused());   // queued
    const auto item = world.claim_one();
    CHECK(refused());
    world.ok(world.store->begin_attempt(world.begin(item)));
    CHECK(refused());   // sending
    const auto end = GENERATE(DeliveryState::sent, DeliveryState::delivered, DeliveryState::read,
                              DeliveryState::cancelled, DeliveryState::pending);
    world.ok(world.store->finish(world.finish(item, end, Work::none)));
    CHECK(refused());
    CHECK(world.newest(letter).state == end);
}

TEMPLATE_TEST_CASE("mending: what may have arrived is not corrected, now or after a retry",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    SECTION("held, for nobody knows") {
        auto held = world.finish(world.begun(letter), DeliveryState::held, Work::none);
        held.code = "delivery.unknown_outcome";
        world.ok(world.store->finish(held));
    }
    SECTION("held by a person while its outcome was unknown") {
        auto again = world.finish(world.begun(letter), DeliveryState::queued, Work::send);
        again.code = "attempt_unknown";
        again.due = world.now() + 1h;
        world.ok(world.store->finish(again));
        world.ok(world.store->hold(oslo, letter.delivery.id, world.now(), world.events("held")));
    }
    SECTION("held in the middle of an attempt whose holder vanished") {
        world.begun(letter);
        world.clock.advance(31s);
        world.ok(world.store->hold(oslo, letter.delivery.id, world.now(), world.events("held")));
    }
    CHECK(world.fails(Errc::conflict, world.store->replace(correction_of(world, letter))));
    world.ok(world.store->retry(world.retry(oslo, letter.delivery.id)));
    auto refused = world.finish(world.claim_one(), DeliveryState::failed, Work::none);
    refused.code = "refused";
    world.ok(world.store->finish(refused));
    CHECK(world.fails(Errc::conflict, world.store->replace(correction_of(world, letter))));
}

TEMPLATE_TEST_CASE("mending: what lies with the recipient already is not corrected when its copy "
                   "fails",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto delivered = world.finish(world.begun(letter), DeliveryState::delivered, Work::none);
    delivered.unread_at = world.now() + 1h;
    world.ok(world.store->finish(delivered));
    world.clock.advance(1h);
    const auto claimed = world.claimed(world.claim_receipts());
    REQUIRE(claimed.size() == 1);
    auto copy = world.finish(claimed.front(), DeliveryState::delivered, Work::none);
    copy.unread_settled = true;
    copy.take_over = world.instead();
    world.ok(world.store->finish(copy));
    auto refused = world.finish(world.claim_one(), DeliveryState::failed, Work::none);
    world.ok(world.store->finish(refused));
    REQUIRE(world.get(oslo, letter.message).state == DeliveryState::failed);
    CHECK(world.fails(Errc::conflict, world.store->replace(correction_of(world, letter))));
}

TEMPLATE_TEST_CASE("mending: the same correction again is the first answer, another a conflict",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    bring_to(world, letter, DeliveryState::failed);
    auto correction = correction_of(world, letter);
    correction.message.idempotency.emplace();
    correction.message.idempotency->key_token = "edit";
    correction.message.idempotency->fingerprint = "content";
    REQUIRE(world.run(world.store->replace(correction)).has_value());
    auto again = correction_of(world, letter);
    again.message.idempotency = correction.message.idempotency;
    const auto same = world.run(world.store->replace(again));
    REQUIRE(same.has_value());
    CHECK(same->result == ports::Accepted::same);
    CHECK(same->message == correction.message.message);
    again.message.idempotency->fingerprint = "other content";
    CHECK(world.run(world.store->replace(again))->result == ports::Accepted::conflict);
    CHECK_FALSE(is_there(world, again.message));
    auto unknown = correction_of(world, correction.message);
    unknown.message.documents.push_back(world.document(oslo, 'x').hash);
    CHECK(world.run(world.store->replace(unknown))->result == ports::Accepted::unknown_document);
}

TEMPLATE_TEST_CASE("mending: a corrected message has the place of the old one in its order",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.ordered(oslo, "sak 7");
    const auto second = world.ordered(oslo, "sak 7");
    world.accept(first);
    world.accept(second);
    world.ok(world.store->hold(oslo, first.delivery.id, world.now(), world.events("held")));
    CHECK(world.claimed(world.claim()).empty());
    const auto correction = correction_of(world, first, "sak 7");
    REQUIRE(world.run(world.store->replace(correction)).has_value());
    const auto item = world.claim_one();
    CHECK(item.row.message == correction.message.message);
    world.ok(world.store->begin_attempt(world.begin(item)));
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::none)));
    CHECK(world.claim_one().row.message == second.message);
    world.check_sound();
}
