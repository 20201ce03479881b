#include "worlds.hpp"

using namespace tests;

namespace {

/// Subscriptions of `visma` in Oslo, and events to tell of.
template <class Kind>
class Subscribed : public World<Kind> {
public:
    ports::SubscriptionChange change;

    Subscribed() {
        auto& one = change.subscription;
        one.tenant = oslo;
        one.system = visma;
        one.id = this->ids->uuid();
        one.sealed_settings = std::string("\0sealed", 7);
        one.wrapped_key = "wrapped";
        one.created = this->now();
        change.at = this->now();
        put();
    }
    void put() {
        const auto version = this->run(this->store->put_subscription(change));
        REQUIRE(version.has_value());
        change.expected = *version;
    }
    ports::Subscription read() {
        auto found = this->run(this->store->find_subscription(oslo, change.subscription.id));
        REQUIRE((found.has_value() && found->has_value()));
        return **found;
    }
    std::vector<ports::WaitingCall> waiting() {
        auto calls = this->run(this->store->waiting_calls(oslo, change.subscription.id, 10));
        REQUIRE(calls.has_value());
        return *calls;
    }
    ports::SubscriptionStep step() {
        const auto now = read();
        ports::SubscriptionStep step;
        step.tenant = oslo;
        step.subscription = now.id;
        step.expected = now.progress.position;
        step.progress = now.progress;
        step.at = this->now();
        return step;
    }
    ports::WaitingCall call(std::uint64_t position, std::optional<core::Time> due) {
        ports::WaitingCall call;
        call.position = position;
        call.due = due;
        call.since = this->now();
        call.attempts = 1;
        call.code = "subscription.refused";
        return call;
    }
    ports::ReplayCommand again() {
        ports::ReplayCommand command;
        command.tenant = oslo;
        command.subscription = change.subscription.id;
        command.at = this->now();
        return command;
    }
    std::vector<std::uint64_t> places() {
        std::vector<std::uint64_t> places;
        for (const auto& call : waiting()) {
            places.push_back(call.position);
        }
        return places;
    }
    std::vector<ports::StoredEvent> log(std::uint64_t after = 0) {
        ports::EventQuery query;
        query.tenant = oslo;
        query.after = after;
        return this->run(this->store->events_after(query))->items;
    }
};

}   // namespace

TEMPLATE_TEST_CASE("store: a subscription is its tenant's, and changes from the version read",
                   "[contract]", InMemory, InSqlite) {
    Subscribed<TestType> world;
    world.restart();
    auto found = world.read();
    CHECK(found.sealed_settings == std::string("\0sealed", 7));
    CHECK(found.wrapped_key == "wrapped");
    CHECK(found.system == visma);
    CHECK(found.enabled);
    CHECK(found.version == 1);
    auto again = world.change;
    again.expected = 0;
    CHECK(world.fails(Errc::conflict, world.store->put_subscription(again)));
    again.expected = 7;
    CHECK(world.fails(Errc::conflict, world.store->put_subscription(again)));
    again.subscription.id = world.ids->uuid();
    CHECK(world.fails(Errc::not_found, world.store->put_subscription(again)));
    world.change.subscription.sealed_settings = "two";
    world.change.at = world.now() + 1h;
    world.put();
    found = world.read();
    CHECK(found.sealed_settings == "two");
    CHECK(found.changed == world.change.at);
    CHECK(found.version == 2);
    CHECK(world.run(world.store->list_subscriptions(oslo))->size() == 1);
    CHECK(world.run(world.store->list_subscriptions(std::nullopt))->size() == 1);
    CHECK(world.run(world.store->list_subscriptions(bergen))->empty());
    CHECK_FALSE(world.run(world.store->find_subscription(bergen, found.id))->has_value());
    CHECK(world.run(world.store->verify())->empty());
    CHECK(world.fails(Errc::not_found, world.store->remove_subscription(bergen, found.id)));
    world.ok(world.store->remove_subscription(oslo, found.id));
    CHECK(world.run(world.store->list_subscriptions(oslo))->empty());
    CHECK(world.run(world.store->verify())->empty());
}

TEMPLATE_TEST_CASE("store: a subscription's progress and its waiting calls are written at once",
                   "[contract]", InMemory, InSqlite) {
    Subscribed<TestType> world;
    auto step = world.step();
    step.progress.position = 9;
    step.progress.failures = 2;
    step.progress.failing_since = world.now();
    step.progress.retry_at = world.now() + 5s;
    step.progress.last_success = world.now() - 1h;
    step.progress.last_failure = world.now();
    step.progress.last_code = "subscription.refused";
    step.progress.last_params = {{"status", "500"}};
    step.waiting = {world.call(4, world.now() + 5min), world.call(7, world.now() + 5s),
                    world.call(8, std::nullopt)};
    world.ok(world.store->advance_subscription(step));
    CHECK(world.fails(Errc::conflict, world.store->advance_subscription(step)));   // it has moved
    auto unknown = step;
    unknown.tenant = bergen;
    CHECK(world.fails(Errc::not_found, world.store->advance_subscription(unknown)));
    world.restart();
    auto found = world.read();
    CHECK(found.progress.position == 9);
    CHECK(found.progress.failures == 2);
    CHECK(found.progress.failing_since == step.progress.failing_since);
    CHECK(found.progress.retry_at == step.progress.retry_at);
    CHECK(found.progress.last_success == step.progress.last_success);
    CHECK(found.progress.last_failure == step.progress.last_failure);
    CHECK(found.progress.last_code == step.progress.last_code);
    CHECK(found.progress.last_params == step.progress.last_params);
    CHECK(found.waiting == 2);
    CHECK(found.given_up == 1);
    CHECK(found.version == 1);   // the owner's settings did not change
    CHECK(world.places() == std::vector<std::uint64_t>{7, 4});   // the first due first
    CHECK(world.waiting().front().attempts == 1);
    CHECK(world.waiting().front().code == core::Code("subscription.refused"));
    step = world.step();
    step.settled = {7, 8, 100};
    step.waiting = {world.call(4, world.now() + 1h)};
    world.ok(world.store->advance_subscription(step));
    CHECK(world.places() == std::vector<std::uint64_t>{4});
    CHECK(world.waiting().front().due == world.now() + 1h);
    CHECK(world.read().given_up == 0);
}

TEMPLATE_TEST_CASE("store: a subscription that is disabled says so once among its system's events",
                   "[contract]", InMemory, InSqlite) {
    Subscribed<TestType> world;
    world.accept(world.letter(oslo));
    auto step = world.step();
    step.progress.failures = 3;
    step.progress.failing_since = world.now();
    step.waiting = {world.call(1, world.now() + 9h)};
    step.disable = "subscription.gone";
    step.disabling = world.events("subscription_disabled");
    step.disabling.front().params = {{"status", "410"}};
    world.ok(world.store->advance_subscription(step));
    step.disabling = world.events("subscription_disabled");
    world.ok(world.store->advance_subscription(step));   // disabled already
    world.restart();
    auto found = world.read();
    CHECK_FALSE(found.enabled);
    CHECK(found.disabled_code == core::Code("subscription.gone"));
    CHECK(found.version == 2);
    const auto log = world.log();
    REQUIRE(log.size() == 2);
    const auto& said = log.back();
    CHECK(said.name == "subscription_disabled");
    CHECK(said.system == visma);
    CHECK(said.subscription == found.id);
    CHECK(said.message == core::MessageId());
    CHECK(said.params == core::Params{{"status", "410"}});
    CHECK_FALSE(log.front().subscription.has_value());
    CHECK(world.run(world.store->counts())->events == 2);
    CHECK(world.run(world.store->verify())->empty());
    // Enabled again: old failures are forgotten, what waits is tried now.
    world.change.expected = found.version;
    world.change.at = world.now() + 1min;
    world.put();
    found = world.read();
    CHECK(found.enabled);
    CHECK(found.progress.failures == 0);
    CHECK_FALSE(found.progress.failing_since.has_value());
    CHECK(world.waiting().front().due == world.change.at);
    CHECK(world.waiting().front().since == world.change.at);
    // Its owner disables it.
    world.change.subscription.enabled = false;
    world.change.disabling = world.events("subscription_disabled");
    world.put();
    world.change.disabling = world.events("subscription_disabled");
    world.put();
    CHECK(world.log().size() == 3);
}

TEMPLATE_TEST_CASE("store: a replay moves the position back, or lets calls wait again",
                   "[contract]", InMemory, InSqlite) {
    Subscribed<TestType> world;
    auto step = world.step();
    step.progress.position = 20;
    step.progress.retry_at = world.now() + 1h;
    step.waiting = {world.call(5, world.now() + 1h), world.call(15, world.now() + 1h),
                    world.call(6, std::nullopt)};
    world.ok(world.store->advance_subscription(step));
    auto again = world.again();
    again.after = 30;   // ahead of it: nothing to move
    world.ok(world.store->replay(again));
    CHECK(world.read().progress.position == 20);
    CHECK_FALSE(world.read().progress.retry_at.has_value());
    again.after = 10;
    world.ok(world.store->replay(again));
    CHECK(world.read().progress.position == 10);
    CHECK(world.places() == std::vector<std::uint64_t>{5});   // 15 is told again by the log
    step = world.step();
    step.expected = 20;
    CHECK(world.fails(Errc::conflict, world.store->advance_subscription(step)));
    again = world.again();
    again.positions = {3, 5, 11};   // 11 lies ahead
    again.given_up = true;
    world.ok(world.store->replay(again));
    world.restart();
    CHECK(world.places() == std::vector<std::uint64_t>{3, 5, 6});
    CHECK(world.waiting().back().due == world.now());
    CHECK(world.waiting().back().attempts == 0);
    CHECK(world.read().given_up == 0);
    again.tenant = bergen;
    CHECK(world.fails(Errc::not_found, world.store->replay(again)));
}

TEMPLATE_TEST_CASE("store: events are found by position, by id and from a time on", "[contract]",
                   InMemory, InSqlite) {
    Subscribed<TestType> world;
    world.accept(world.letter(oslo));
    world.accept(world.letter(bergen));
    world.clock.advance(1h);
    const auto from = world.now();
    auto letter = world.letter(oslo);
    letter.system = gerica;
    world.accept(letter);
    world.restart();
    const auto log = world.log();
    REQUIRE(log.size() == 2);
    const auto events = [](const auto& found) {
        std::vector<core::EventId> ids;
        for (const auto& event : *found) {
            ids.push_back(event.id);
        }
        return ids;
    };
    const std::vector<std::uint64_t> places{log[1].position, log[0].position, 2, 99};
    CHECK(events(world.run(world.store->events_at(oslo, places))) ==
          std::vector<core::EventId>{log[0].id, log[1].id});   // 2 is another tenant's
    const std::vector<core::EventId> ids{log[1].id, world.ids->template next<core::EventId>(),
                                         log[0].id};
    CHECK(events(world.run(world.store->find_events(oslo, std::nullopt, ids))) ==
          std::vector<core::EventId>{log[0].id, log[1].id});
    CHECK(events(world.run(world.store->find_events(oslo, visma, ids))) ==
          std::vector<core::EventId>{log[0].id});
    CHECK(world.run(world.store->find_events(bergen, std::nullopt, ids))->empty());
    CHECK(*world.run(world.store->position_before(oslo, from)) == log[1].position - 1);
    CHECK(*world.run(world.store->position_before(oslo, from - 2h)) == log[0].position - 1);
    CHECK(*world.run(world.store->position_before(oslo, from + 1h)) == 3);
    ports::EventQuery query;
    query.tenant = oslo;
    CHECK(*world.run(world.store->count_events_after(query)) == 2);
    query.limit = 1;
    CHECK(*world.run(world.store->count_events_after(query)) == 1);
    query.system = visma;
    query.after = log[0].position;
    CHECK(*world.run(world.store->count_events_after(query)) == 0);
}
