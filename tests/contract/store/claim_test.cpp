#include "worlds.hpp"

#include <map>
#include <set>

using namespace tests;

TEMPLATE_TEST_CASE("store: a claim shows all that an attempt needs", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    auto letter = world.letter(oslo);
    const auto first = world.document(oslo, 'b');
    const auto second = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(first)).has_value());
    REQUIRE(world.run(world.store->put_document(second)).has_value());
    letter.documents = {first.hash, second.hash};
    world.accept(letter);
    const auto item = world.claim_one();
    CHECK(item.tenant == oslo);
    CHECK(item.system == visma);
    CHECK(item.type == "letter/v1");
    CHECK(item.accepted_at == letter.at);
    CHECK(item.sealed_content == letter.sealed_content);
    CHECK(item.wrapped_key == letter.wrapped_key);
    CHECK(item.documents == letter.documents);
    CHECK(item.row.id == letter.delivery.id);
    CHECK(item.row.work == Work::send);
    CHECK(item.row.state == DeliveryState::queued);
    CHECK(item.fence.value == 1);
    CHECK_FALSE(item.was_interrupted);
}

TEMPLATE_TEST_CASE("store: a claimed delivery is claimed by nobody else until its lease ends",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    world.accept(world.letter(oslo));
    const auto item = world.claim_one();
    CHECK(world.claimed(world.claim()).empty());
    CHECK(world.next_due() == world.now() + 30s);
    world.clock.advance(20s);
    world.ok(world.store->extend(key_of(item), item.fence, world.now() + 30s));
    world.clock.advance(15s);
    CHECK(world.claimed(world.claim()).empty());
    world.clock.advance(15s);
    const auto again = world.claim_one();
    CHECK(again.fence > item.fence);
    CHECK_FALSE(again.was_interrupted);
}

TEMPLATE_TEST_CASE("store: a stale fence changes nothing and says so", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    const auto old = world.claim_one();
    world.clock.advance(31s);
    const auto now = world.claim_one();
    const auto before = world.event_names(letter);

    CHECK(world.fails(Errc::stale_fence,
                      world.store->extend(key_of(old), old.fence, world.now() + 1h)));
    CHECK(world.fails(Errc::stale_fence, world.store->begin_attempt(world.begin(old))));
    CHECK(world.fails(Errc::stale_fence, world.store->remember(key_of(old), old.fence, "progress",
                                                               world.events("progress"))));
    CHECK(world.fails(Errc::stale_fence,
                      world.store->finish(world.finish(old, DeliveryState::sent, Work::none))));
    auto receipt = world.receipt(key_of(old), "r-1", DeliveryState::delivered);
    receipt.fence = old.fence;
    CHECK(world.fails(Errc::stale_fence, world.store->apply_receipt(receipt)));
    auto of_another = key_of(now);
    of_another.tenant = bergen;
    CHECK(world.fails(Errc::stale_fence,
                      world.store->extend(of_another, now.fence, world.now() + 1h)));

    const auto row = world.newest(letter);
    CHECK(row.state == DeliveryState::queued);
    CHECK(row.attempts == 0);
    CHECK(row.sealed_progress.empty());
    CHECK(world.event_names(letter) == before);
    world.ok(world.store->begin_attempt(world.begin(now)));
}

TEMPLATE_TEST_CASE("store: a claim that was ended is over, also for its own holder", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.ok(world.store->finish(world.finish(item, DeliveryState::sent, Work::receipts)));
    CHECK(world.fails(Errc::stale_fence,
                      world.store->finish(world.finish(item, DeliveryState::failed, Work::none))));
    CHECK(world.newest(letter).state == DeliveryState::sent);
}

TEMPLATE_TEST_CASE("store: the intent is there before the attempt, and counts", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    const auto item = world.claim_one();
    auto begin = world.begin(item);
    begin.connection = svarut;
    begin.settings = R"({"account":"7"})";
    world.ok(world.store->begin_attempt(begin));
    auto row = world.newest(letter);
    CHECK(row.state == DeliveryState::sending);
    CHECK(row.attempts == 1);
    CHECK(row.connection == svarut);
    CHECK(row.settings == begin.settings);
    CHECK(world.get(oslo, letter.message).state == DeliveryState::sending);

    auto pending = world.finish(item, DeliveryState::pending, Work::send);
    pending.sealed_progress = "step one";
    world.ok(world.store->finish(pending));
    const auto next = world.claim_one();
    CHECK(next.row.sealed_progress == "step one");
    auto goes_on = world.begin(next);
    goes_on.counts = false;
    world.ok(world.store->begin_attempt(goes_on));
    world.ok(world.store->remember(key_of(next), next.fence, "step two", world.events("progress")));
    row = world.newest(letter);
    CHECK(row.attempts == 1);
    CHECK(row.sealed_progress == "step two");
    CHECK(world.event_names(letter) == std::vector<std::string>{"accepted", "attempt_started",
                                                                "pending", "attempt_started",
                                                                "progress"});
}

TEMPLATE_TEST_CASE("store: a holder that vanished in an attempt leaves an interrupted delivery",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    world.clock.advance(31s);
    const auto again = world.claim_one();
    CHECK(again.was_interrupted);
    CHECK(again.row.state == DeliveryState::sending);
    CHECK(again.fence > item.fence);
    // Its outcome is unknown and is looked up: no longer interrupted.
    world.ok(world.store->finish(world.finish(again, DeliveryState::sending, Work::look_up)));
    const auto look_up = world.claim_one();
    CHECK_FALSE(look_up.was_interrupted);
    CHECK(look_up.row.work == Work::look_up);
}

TEMPLATE_TEST_CASE("store: finishing keeps what it does not name and sets what it does",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    auto item = world.begun(letter);
    auto first = world.finish(item, DeliveryState::queued, Work::send);
    first.failures = 2;
    first.code = core::Code("altinn.unavailable");
    first.params.emplace_back("status", "503");
    first.sealed_progress = "progress";
    first.sealed_upstream_reference = "reference";
    first.tokens.emplace_back(std::uint8_t{6}, "upstream token");
    world.ok(world.store->finish(first));
    item = world.claim_one();
    CHECK(item.row.failures == 2);
    CHECK(item.row.code == core::Code("altinn.unavailable"));
    CHECK(item.row.params == first.params);
    CHECK(item.row.sealed_progress == "progress");
    CHECK(item.row.sealed_upstream_reference == "reference");
    auto second = world.finish(item, DeliveryState::sent, Work::receipts);
    second.due = world.now() + 1h;
    second.overdue_at = world.now() + 24h;
    world.ok(world.store->finish(second));
    world.restart();
    const auto row = world.newest(letter);
    CHECK(row.failures == 0);
    CHECK(row.code.empty());
    CHECK(row.sealed_progress == "progress");
    CHECK(row.sealed_upstream_reference == "reference");
    CHECK(row.due == world.now() + 1h);
    CHECK(row.overdue_at == world.now() + 24h);
    ports::SearchQuery query;
    query.tenant = oslo;
    query.token = ports::SearchToken(6, "upstream token");
    CHECK(world.run(world.store->search(query))->items.size() == 1);
}

TEMPLATE_TEST_CASE("store: receipts are another lane, and an overdue one is due there",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    const auto item = world.begun(letter);
    auto sent = world.finish(item, DeliveryState::sent, Work::receipts);
    sent.due = world.now() + 1h;
    sent.overdue_at = world.now() + 10min;
    world.ok(world.store->finish(sent));
    CHECK_FALSE(world.next_due(ports::Lane::attempts).has_value());
    CHECK(world.next_due(ports::Lane::receipts) == world.now() + 10min);
    world.clock.advance(11min);
    CHECK(world.claimed(world.claim()).empty());
    auto polled = world.claimed(world.claim_receipts());
    REQUIRE(polled.size() == 1);
    auto overdue = world.finish(polled.front(), DeliveryState::sent, Work::receipts);
    overdue.due = world.now() + 49min;
    overdue.overdue_said = true;
    world.ok(world.store->finish(overdue));
    CHECK_FALSE(world.newest(letter).overdue_at.has_value());
    CHECK(world.next_due(ports::Lane::receipts) == world.now() + 49min);

    const auto without_polls = world.letter(bergen);
    const auto other = world.begun(without_polls);
    auto waits = world.finish(other, DeliveryState::sent, Work::none);
    waits.overdue_at = world.now() + 5min;
    world.ok(world.store->finish(waits));
    world.clock.advance(5min);
    polled = world.claimed(world.claim_receipts());
    REQUIRE(polled.size() == 1);
    CHECK(polled.front().row.id == without_polls.delivery.id);
}

TEMPLATE_TEST_CASE("store: claims are fair by tenant however many one of them has", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const core::TenantId third("991825827");
    for (int i = 0; i < 40; ++i) {
        world.accept(world.letter(oslo));
    }
    for (int i = 0; i < 3; ++i) {
        world.accept(world.letter(bergen));
        world.accept(world.letter(third));
    }
    std::map<std::string, int> served;
    for (const auto& item : world.claimed(world.claim(9))) {
        ++served[item.tenant.value];
    }
    CHECK(served ==
          std::map<std::string, int>{{oslo.value, 3}, {bergen.value, 3}, {third.value, 3}});
    CHECK(world.claimed(world.claim(5)).size() == 5);
}

TEMPLATE_TEST_CASE("store: one delivery at a time is taken from each tenant in turn", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    for (int i = 0; i < 3; ++i) {
        world.accept(world.letter(oslo));
        world.accept(world.letter(bergen));
    }
    std::vector<std::string> turns;
    for (int i = 0; i < 6; ++i) {
        const auto items = world.claimed(world.claim(1));
        REQUIRE(items.size() == 1);
        turns.push_back(items.front().tenant.value);
    }
    for (std::size_t i = 1; i < turns.size(); ++i) {
        CHECK(turns[i] != turns[i - 1]);
    }
}

TEMPLATE_TEST_CASE("store: what is due first is claimed first, and nothing before it is due",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto later = world.letter(oslo);
    later.delivery.due = world.now() + 20min;
    auto sooner = world.letter(oslo);
    sooner.delivery.due = world.now() + 10min;
    world.accept(later);
    world.accept(sooner);
    CHECK(world.claimed(world.claim()).empty());
    CHECK(world.next_due() == sooner.delivery.due);
    world.clock.advance(30min);
    const auto items = world.claimed(world.claim());
    REQUIRE(items.size() == 2);
    CHECK(items[0].row.id == sooner.delivery.id);
    CHECK(items[1].row.id == later.delivery.id);
}

TEMPLATE_TEST_CASE("store: deliveries of an excluded connection are left alone", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    auto to_svarut = world.letter(oslo);
    to_svarut.delivery.connection = svarut;
    auto unchosen = world.letter(oslo);
    unchosen.delivery.connection.reset();
    unchosen.delivery.due = world.now() + 1h;
    world.accept(world.letter(oslo));
    world.accept(to_svarut);
    world.accept(unchosen);
    auto command = world.claim();
    command.excluded = {altinn};
    const auto items = world.claimed(command);
    REQUIRE(items.size() == 1);
    CHECK(items.front().row.id == to_svarut.delivery.id);
    CHECK_FALSE(world.next_due(ports::Lane::attempts, {altinn, svarut}));
    CHECK(world.next_due(ports::Lane::choices, {altinn, svarut}) == unchosen.delivery.due);
    CHECK(world.next_due() == world.now());
}

TEMPLATE_TEST_CASE("store: a deadline is met also while the connection is excluded", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    auto letter = world.letter(oslo);
    letter.delivery.due = world.now() + 10h;
    letter.delivery.expires_at = world.now() + 1h;
    world.accept(letter);
    CHECK(world.next_due(ports::Lane::attempts, {altinn}) == letter.delivery.expires_at);
    auto command = world.claim();
    command.excluded = {altinn};
    CHECK(world.claimed(command).empty());
    world.clock.advance(1h);
    command = world.claim();
    command.excluded = {altinn};
    const auto items = world.claimed(command);
    REQUIRE(items.size() == 1);
    CHECK(world.claimed(world.claim()).empty());
    world.ok(world.store->finish(world.finish(items.front(), DeliveryState::expired, Work::none)));
    CHECK(world.get(oslo, letter.message).state == DeliveryState::expired);
    CHECK_FALSE(world.next_due().has_value());
}

TEMPLATE_TEST_CASE("store: what has been sent, or has an unknown outcome, does not expire",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    auto letter = world.letter(oslo);
    letter.delivery.expires_at = world.now() + 1h;
    const auto item = world.begun(letter);
    auto unknown = world.finish(item, DeliveryState::sending, Work::look_up);
    unknown.due = world.now() + 5h;
    world.ok(world.store->finish(unknown));
    CHECK(world.next_due() == world.now() + 5h);
    world.clock.advance(2h);
    CHECK(world.claimed(world.claim()).empty());
}
