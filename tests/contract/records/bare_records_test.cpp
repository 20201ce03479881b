// What is left of a message after its content was erased goes after a second term.

#include "tests/contract/records/retention_world.hpp"

using namespace tests;

namespace {

constexpr auto record_term = 24h * 90;

template <class Kind>
class BareWorld : public RetentionWorld<Kind> {
public:
    BareWorld() {
        this->rule().record = record_term;
        this->rules[oslo]["form/v1"].record = record_term;
    }
    /// With a look each day.
    void days(int number) { this->pass(24h * number, 24h); }

    ports::AcceptCommand keyed_and_delivered() {
        auto command = this->sealed_letter();
        command.idempotency.emplace();
        command.idempotency->key_token = "key";
        command.idempotency->fingerprint = "fingerprint";
        return this->ended(DeliveryState::delivered, std::move(command));
    }
    ports::AcceptCommand same_key(const ports::AcceptCommand& first) {
        auto again = this->sealed_letter();
        again.idempotency = first.idempotency;
        return again;
    }
    std::vector<ports::StoredEvent> event_log() {
        ports::EventQuery query;
        query.tenant = oslo;
        return this->run(this->store->events_after(query))->items;
    }
    std::uint64_t counted() {
        std::uint64_t sum = 0;
        for (const auto& one : this->run(this->store->message_counts(oslo)).value()) {
            sum += one.count;
        }
        return sum;
    }
    ports::BareRemoval removal(core::Duration age = record_term) {
        ports::BareRemoval command;
        command.tenant = oslo;
        command.type = "letter/v1";
        command.erased_before = this->now() - age;
        command.at = this->now();
        command.look_again = this->now() + 24h;
        command.log = entry_of(*this);
        command.log.kind = ports::LogKind::erased;
        return command;
    }
    ports::SubscriptionChange subscribed() {
        ports::SubscriptionChange change;
        auto& one = change.subscription;
        one.tenant = oslo;
        one.system = visma;
        one.id = this->ids->uuid();
        one.sealed_settings = "sealed";
        one.wrapped_key = "wrapped";
        one.created = this->now();
        change.at = this->now();
        change.expected = this->run(this->store->put_subscription(change)).value();
        return change;
    }
    void read_by(const core::Uuid& subscription, std::uint64_t position,
                 std::vector<ports::WaitingCall> waiting = {},
                 std::vector<std::uint64_t> settled = {}) {
        const auto found = this->run(this->store->find_subscription(oslo, subscription));
        REQUIRE((found.has_value() && found->has_value()));
        ports::SubscriptionStep step;
        step.tenant = oslo;
        step.subscription = subscription;
        step.expected = (*found)->progress.position;
        step.progress = (*found)->progress;
        step.progress.position = position;
        step.at = this->now();
        step.waiting = std::move(waiting);
        step.settled = std::move(settled);
        this->ok(this->store->advance_subscription(step));
    }
};

}   // namespace

TEMPLATE_TEST_CASE("bare records: go with all that names them a second term after the content, and "
                   "the log says so of nobody",
                   "[contract]", InMemory, InSqlite) {
    BareWorld<TestType> world;
    world.known_person(letter_kari_id);
    const auto command = world.keyed_and_delivered();
    const auto other = world.sealed_letter();
    world.accept(other);   // is open, and stays whole
    world.days(119);
    CHECK_FALSE(world.has_content(command));
    CHECK(world.has_record(command));
    CHECK(world.counted() == 2);
    world.days(4);
    CHECK_FALSE(world.has_record(command));
    CHECK(world.run(world.store->timeline(oslo, command.message, 10))->empty());
    for (const auto& event : world.event_log()) {
        CHECK(event.message == other.message);
    }
    CHECK(world.counted() == 1);
    CHECK(world.has_content(other));
    ports::SearchQuery query;
    query.tenant = oslo;
    query.type = "letter/v1";
    CHECK(world.run(world.store->search(query))->items.size() == 1);
    const auto erased = world.erasures();
    REQUIRE(erased.size() == 2);
    CHECK(erased.back().entry.code.value == "erasure.message_record");
    CHECK(erased.back().entry.dataset == "letter/v1");
    CHECK_FALSE(erased.back().entry.subject);
    CHECK(erased.back().entry.fields == std::vector<std::string>{command.message.to_string()});
    CHECK(world
              .run(world.retention().hold_content(oslo, ports::KeptKind::message,
                                                  command.message.uuid, true, world.now(), {}, {}))
              .error()
              .is(Errc::not_found));
    // Its idempotency key went with it.
    CHECK(world.run(world.store->find_idempotency(oslo, visma, "key")).value() == std::nullopt);
    world.check_sound();
    world.start_again();
    world.check_sound();
    CHECK(world.accept(world.same_key(command)).result == ports::Accepted::accepted);
    world.check_sound();
}

TEMPLATE_TEST_CASE("bare records: until it is swept an idempotency key of one that went still "
                   "makes no double, and the store is sound",
                   "[contract]", InMemory, InSqlite) {
    BareWorld<TestType> world;
    const auto command = world.keyed_and_delivered();
    world.days(32);
    world.clock.advance(record_term);
    const auto done = world.run(world.retention().remove_bare(world.removal()));
    REQUIRE(done.has_value());
    CHECK(done->removed == 1);
    CHECK_FALSE(done->more);
    world.check_sound();
    CHECK(world.accept(world.same_key(command)).result == ports::Accepted::conflict);
    world.start_again();
    world.days(3);   // the first day the clock is not believed
    world.check_sound();
    CHECK(world.accept(world.same_key(command)).result == ports::Accepted::accepted);
    // Forgotten, so nothing of it is found or done once more.
    CHECK(world.run(world.retention().forget_removed(world.now() + 24h)).value() == 0);
    CHECK(world.run(world.retention().remove_bare(world.removal()))->removed == 0);
}

TEMPLATE_TEST_CASE("bare records: what is held or was not read by a subscription stays, and is "
                   "looked at again",
                   "[contract]", InMemory, InSqlite) {
    BareWorld<TestType> world;
    const auto subscription = world.subscribed();
    const auto held = world.delivered();
    const auto unread = world.delivered();
    world.ok(world.retention().hold_content(oslo, ports::KeptKind::message, held.message.uuid, true,
                                            world.now(), {}, {}));
    world.days(31);
    CHECK(world.has_content(held));
    CHECK_FALSE(world.has_content(unread));
    world.ok(world.retention().hold_content(oslo, ports::KeptKind::message, held.message.uuid,
                                            false, world.now(), {}, {}));
    world.days(2);
    CHECK_FALSE(world.has_content(held));
    world.ok(world.retention().hold_content(oslo, ports::KeptKind::message, held.message.uuid, true,
                                            world.now(), {}, {}));
    world.days(100);
    CHECK(world.has_record(held));
    CHECK(world.has_record(unread));
    const auto would = world.run(world.retention().count_bare(world.removal()));
    REQUIRE(would.has_value());
    CHECK(would->removed == 0);
    CHECK(would->held == 1);
    CHECK(would->unread == 1);
    // Read, but a call about one of its events is still to be made.
    const auto last = world.event_log().back().position;
    ports::WaitingCall call;
    for (const auto& event : world.event_log()) {
        if (event.message == unread.message) {
            call.position = event.position;
        }
    }
    REQUIRE(call.position > 0);
    call.due = world.now() + 24h * 300;
    call.since = world.now();
    call.attempts = 1;
    world.read_by(subscription.subscription.id, last, {call});
    world.days(3);
    CHECK(world.has_record(unread));
    world.read_by(subscription.subscription.id, last, {}, {call.position});
    world.days(3);
    CHECK_FALSE(world.has_record(unread));
    CHECK(world.has_record(held));
    world.ok(world.retention().hold_content(oslo, ports::KeptKind::message, held.message.uuid,
                                            false, world.now(), {}, {}));
    world.days(3);
    CHECK_FALSE(world.has_record(held));
    world.check_sound();
}

TEMPLATE_TEST_CASE("bare records: what failed goes with its deliveries, and an inbox item with its "
                   "copies",
                   "[contract]", InMemory, InSqlite) {
    BareWorld<TestType> world;
    world.rule().unfinished = 24h * 40;
    const auto failed = world.ended(DeliveryState::failed, world.sealed_letter());
    auto retry = world.retry(oslo, failed.delivery.id);
    world.ok(world.store->retry(retry));
    const auto claimed = world.claim_one();
    world.ok(world.store->begin_attempt(world.begin(claimed)));
    world.ok(world.store->finish(world.finish(claimed, DeliveryState::failed, Work::none)));
    const auto item = world.sealed_item("form-1");
    world.settle_of(visma);
    world.settle_of(gerica);
    world.days(35);
    CHECK(world.has_content(failed));
    world.days(90);
    CHECK_FALSE(world.run(world.store->find_inbox(oslo, visma, item.id))->has_value());
    CHECK(world.has_record(failed));
    world.days(8);
    CHECK_FALSE(world.has_record(failed));
    CHECK(world.event_log().empty());
    CHECK(world.counted() == 0);
    CHECK(world.run(world.store->counts())->events == 0);
    world.check_sound();
    // What comes under the same key of its component is new.
    world.sealed_item("form-1");
    world.check_sound();
}

TEMPLATE_TEST_CASE("bare records: without a second term they stay for ever", "[contract]", InMemory,
                   InSqlite) {
    BareWorld<TestType> world;
    world.rule().record.reset();
    const auto command = world.delivered();
    world.days(400);
    CHECK_FALSE(world.has_content(command));
    CHECK(world.has_record(command));
    CHECK(world.erasures().size() == 1);
}
