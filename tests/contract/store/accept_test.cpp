#include "worlds.hpp"

using namespace tests;

TEMPLATE_TEST_CASE("store: what was accepted is read back whole", "[contract]", InMemory,
                   InSqlite) {
    World<TestType> world;
    const auto document = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(document)).has_value());
    auto letter = world.letter(oslo);
    letter.documents.push_back(document.hash);
    letter.delivery.expires_at = world.now() + 48h;
    letter.events.front().params.emplace_back("connection", "altinn");
    letter.events.front().sealed_params = "sealed";
    CHECK(world.accept(letter).result == ports::Accepted::accepted);
    world.restart();

    const auto view = world.get(oslo, letter.message);
    CHECK(view.id == letter.message);
    CHECK(view.system == visma);
    CHECK(view.type == "letter/v1");
    CHECK(view.created == letter.at);
    CHECK(view.state == DeliveryState::queued);
    CHECK(view.sealed_content == letter.sealed_content);
    CHECK(view.wrapped_key == letter.wrapped_key);
    REQUIRE(view.deliveries.size() == 1);
    const auto& row = view.deliveries.front();
    CHECK(row.id == letter.delivery.id);
    CHECK(row.message == letter.message);
    CHECK(row.connection == altinn);
    CHECK(row.settings == letter.delivery.settings);
    CHECK(row.state == DeliveryState::queued);
    CHECK(row.work == Work::send);
    CHECK(row.due == letter.delivery.due);
    CHECK(row.expires_at == letter.delivery.expires_at);
    CHECK(row.upstream_key == letter.delivery.upstream_key);
    CHECK(row.attempts == 0);

    const auto events = world.run(world.store->timeline(oslo, letter.message, 10));
    REQUIRE(events.has_value());
    REQUIRE(events->size() == 1);
    const auto& event = events->front();
    CHECK(event.position == 1);
    CHECK(event.id == letter.events.front().id);
    CHECK(event.tenant == oslo);
    CHECK(event.system == visma);
    CHECK(event.delivery == letter.delivery.id);
    CHECK(event.connection == altinn);
    CHECK(event.state == DeliveryState::queued);
    CHECK(event.name == "accepted");
    CHECK(event.params == letter.events.front().params);
    CHECK(event.sealed_params == "sealed");
    CHECK(event.next == letter.delivery.due);
    CHECK(event.wrapped_key == letter.wrapped_key);
    world.check_sound();
}

TEMPLATE_TEST_CASE(
    "store: the same key and content gives the first answer, other content a conflict",
    "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.keyed(oslo, "key-1", "content-1");
    CHECK(world.accept(first).result == ports::Accepted::accepted);
    const auto again = world.accept(world.keyed(oslo, "key-1", "content-1"));
    CHECK(again.result == ports::Accepted::same);
    CHECK(again.message == first.message);
    const auto other = world.accept(world.keyed(oslo, "key-1", "content-2"));
    CHECK(other.result == ports::Accepted::conflict);
    world.restart();
    CHECK(world.accept(world.keyed(oslo, "key-1", "content-1")).result == ports::Accepted::same);

    const auto entry = world.run(world.store->find_idempotency(oslo, visma, "key-1"));
    REQUIRE((entry.has_value() && entry->has_value()));
    CHECK((*entry)->message == first.message);
    CHECK((*entry)->fingerprint == "content-1");
    CHECK_FALSE(world.run(world.store->find_idempotency(oslo, visma, "key-2"))->has_value());
    CHECK_FALSE(world.run(world.store->find_idempotency(oslo, gerica, "key-1"))->has_value());
    CHECK_FALSE(world.run(world.store->find_idempotency(bergen, visma, "key-1"))->has_value());
    CHECK(world.run(world.store->counts())->events == 1);
}

TEMPLATE_TEST_CASE("store: an idempotency key belongs to one system of one tenant", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    CHECK(world.accept(world.keyed(oslo, "key", "content")).result == ports::Accepted::accepted);
    CHECK(world.accept(world.keyed(bergen, "key", "content")).result == ports::Accepted::accepted);
    auto other_system = world.keyed(oslo, "key", "content");
    other_system.system = gerica;
    CHECK(world.accept(other_system).result == ports::Accepted::accepted);
}

TEMPLATE_TEST_CASE("store: of two at once with one key one is accepted and both get its answer",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto first = world.keyed(oslo, "key", "content");
    const auto second = world.keyed(oslo, "key", "content");
    std::vector<core::Result<ports::AcceptAnswer>> answers;
    for (const auto& command : {first, second}) {
        boost::asio::co_spawn(
            world.io, world.store->accept(command),
            [&answers](const std::exception_ptr&, core::Result<ports::AcceptAnswer> answer) {
                answers.push_back(std::move(answer));
            });
    }
    world.io.restart();
    world.io.run();
    REQUIRE(answers.size() == 2);
    CHECK(answers[0]->result == ports::Accepted::accepted);
    CHECK(answers[1]->result == ports::Accepted::same);
    CHECK(answers[1]->message == first.message);
    CHECK_FALSE(world.run(world.store->get(oslo, second.message))->has_value());
}

TEMPLATE_TEST_CASE("store: a message that refers to an unknown document is not accepted",
                   "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto known = world.document(oslo, 'a');
    REQUIRE(world.run(world.store->put_document(known)).has_value());
    auto letter = world.keyed(oslo, "key", "content");
    letter.documents = {known.hash, world.document(oslo, 'b').hash};
    const auto answer = world.accept(letter);
    CHECK(answer.result == ports::Accepted::unknown_document);
    CHECK(answer.unknown_document == letter.documents[1]);
    CHECK_FALSE(world.run(world.store->get(oslo, letter.message))->has_value());
    CHECK_FALSE(world.run(world.store->find_idempotency(oslo, visma, "key"))->has_value());
    CHECK(world.run(world.store->counts())->events == 0);

    auto of_another_tenant = world.letter(bergen);
    of_another_tenant.documents = {known.hash};
    CHECK(world.accept(of_another_tenant).result == ports::Accepted::unknown_document);
}

TEMPLATE_TEST_CASE("store: an id that is taken changes nothing", "[contract]", InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    auto again = world.letter(oslo);
    again.message = letter.message;
    CHECK(world.fails(Errc::conflict, world.store->accept(again)));
    CHECK(world.get(oslo, letter.message).deliveries.size() == 1);
    CHECK(world.run(world.store->counts())->events == 1);
    auto elsewhere = world.letter(bergen);
    elsewhere.message = letter.message;
    CHECK(world.accept(elsewhere).result == ports::Accepted::accepted);
    world.check_sound();
}

TEMPLATE_TEST_CASE("store: of many accepted at once each is whole, and only one whose id is taken "
                   "is refused",
                   "[contract]", InMemory, InSqlite) {
    // More than one statement writes at once, of every size; the second time one of them is taken.
    for (const bool taken : {false, true}) {
        World<TestType> world;
        const auto before = world.letter(oslo);
        world.accept(before);
        std::vector<ports::AcceptCommand> letters;
        for (int i = 0; i < 23; ++i) {
            letters.push_back(world.letter(i % 3 == 0 ? bergen : oslo));
            letters.back().tokens.emplace_back(1, "token " + std::to_string(i));
        }
        letters[9].tenant = oslo;
        letters[9].message = taken ? before.message : letters[9].message;
        std::vector<std::optional<core::Result<ports::AcceptAnswer>>> answers(letters.size());
        for (std::size_t i = 0; i < letters.size(); ++i) {
            boost::asio::co_spawn(
                world.io, world.store->accept(letters[i]),
                [&answers, i](const std::exception_ptr&, core::Result<ports::AcceptAnswer> answer) {
                    answers[i] = std::move(answer);
                });
        }
        world.io.restart();
        world.io.run();
        for (std::size_t i = 0; i < letters.size(); ++i) {
            INFO(i);
            REQUIRE(answers[i]);
            if (taken && i == 9) {
                CHECK(answers[i]->error().is(Errc::conflict));
                continue;
            }
            REQUIRE(answers[i]->has_value());
            const auto found = world.get(letters[i].tenant, letters[i].message);
            CHECK(found.sealed_content == letters[i].sealed_content);
            CHECK(found.wrapped_key == letters[i].wrapped_key);
            REQUIRE(found.deliveries.size() == 1);
            CHECK(found.deliveries.front().id == letters[i].delivery.id);
            const auto told =
                world.run(world.store->timeline(letters[i].tenant, letters[i].message, 10));
            CHECK(told->size() == letters[i].events.size());
        }
        const auto counts = world.run(world.store->counts());
        CHECK(counts->events == 1 + letters.size() - (taken ? 1 : 0));
        world.check_sound();
    }
}

TEMPLATE_TEST_CASE("store: what belongs to one tenant is unknown to another", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    const auto letter = world.letter(oslo);
    world.accept(letter);
    CHECK_FALSE(world.run(world.store->get(bergen, letter.message))->has_value());
    CHECK(world.run(world.store->timeline(bergen, letter.message, 10))->empty());
    CHECK(world.fails(Errc::not_found,
                      world.store->hold(bergen, letter.delivery.id, world.now(), {})));
    CHECK(
        world.fails(Errc::not_found, world.store->retry(world.retry(bergen, letter.delivery.id))));
    auto cancel = world.cancel(letter, true);
    cancel.tenant = bergen;
    CHECK(*world.run(world.store->cancel(cancel)) == ports::CancelAnswer::not_found);
    ports::EventQuery query;
    query.tenant = bergen;
    const auto page = world.run(world.store->events_after(query));
    CHECK(page->items.empty());
    CHECK(page->last == 1);
}

TEMPLATE_TEST_CASE("store: hints come after a commit, for events and for work", "[contract]",
                   InMemory, InSqlite) {
    World<TestType> world;
    int events = 0;
    int work = 0;
    world.store->on_events([&] { ++events; });
    world.store->on_work([&] { ++work; });
    world.accept(world.letter(oslo));
    CHECK(events == 1);
    CHECK(work == 1);
    world.accept(world.keyed(oslo, "key", "content"));
    world.accept(world.keyed(oslo, "key", "content"));
    CHECK(events == 2);
    CHECK(work == 2);
    // Whoever waits for work looks again before this is due.
    auto later = world.letter(oslo);
    later.delivery.due = world.now() + 1h;
    world.accept(later);
    CHECK(events == 3);
    CHECK(work == 2);
}
