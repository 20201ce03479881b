#include "gateway/records/retention_preview.hpp"
#include "tests/contract/records/retention_world.hpp"

#include <fstream>
#include <sstream>

using namespace tests;

namespace {

std::string bytes_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}   // namespace

TEMPLATE_TEST_CASE(
    "retention: the content of a letter that has ended goes when its time has come, its "
    "timeline and the log say so",
    "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    const auto kari = world.known_person(letter_kari_id);
    auto document = world.document(oslo, 'd');
    world.run(world.store->put_document(document)).value();
    auto command = world.sealed_letter();
    command.documents = {document.hash};
    command.idempotency.emplace();
    command.idempotency->key_token = "key";
    command.idempotency->fingerprint = "fingerprint";
    world.ended(DeliveryState::delivered, command);
    CHECK(world.run(world.store->exchanges(oslo, command.message, 1))->size() == 1);
    world.pass(24h * 29);
    CHECK(world.has_content(command));
    world.pass(48h);
    CHECK_FALSE(world.has_content(command));
    const auto view = world.get(oslo, command.message);
    CHECK(view.state == DeliveryState::delivered);
    CHECK(world.run(world.store->exchanges(oslo, command.message, 1))->empty());
    CHECK(world.event_names(command).back() == "content_erased");
    const auto erased = world.erasures();
    REQUIRE(erased.size() == 1);
    CHECK(erased.front().entry.subject == kari);
    CHECK(erased.front().entry.dataset == "letter/v1");
    CHECK(erased.front().entry.code.value == "erasure.message_retention");
    CHECK(erased.front().entry.fields == std::vector<std::string>{command.message.to_string()});
    // Its document has no reference any more, and is to be collected.
    const auto orphans = world.run(world.store->orphan_documents(world.now() - 24h, 10));
    REQUIRE(orphans->size() == 1);
    CHECK(orphans->front().hash == document.hash);
    // Nobody finds it by whom it was to; its idempotency key fits no content, and makes no double.
    ports::SearchQuery query;
    query.tenant = oslo;
    query.token = command.tokens.front();
    CHECK(world.run(world.store->search(query))->items.empty());
    auto again = world.sealed_letter();
    again.idempotency = command.idempotency;
    CHECK(world.run(world.store->accept(again))->result == ports::Accepted::conflict);
    world.check_sound();
    world.start_again();
    world.check_sound();
    // The key is nowhere in the files, the log of the database among them.
    if constexpr (TestType::durable) {
        for (const char* file : {"sluse.db", "sluse.db-wal"}) {
            CHECK(bytes_of_file(world.kind.folder.file(file)).find(command.wrapped_key) ==
                  std::string::npos);
        }
    }
    world.pass(24h * 10);
    CHECK(world.erasures().size() == 1);   // once
}

TEMPLATE_TEST_CASE("retention: what is open, waits for a receipt, is held or may be retried stays",
                   "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    std::vector<ports::AcceptCommand> stay;
    stay.push_back(world.sealed_letter());
    world.accept(stay.back());   // queued
    world.ok(world.store->hold(oslo, stay.back().delivery.id, world.now(), world.events("held")));
    stay.push_back(world.sealed_letter());
    world.ok(world.store->finish(
        world.finish(world.begun(stay.back()), DeliveryState::sent, Work::receipts)));
    stay.push_back(world.ended(DeliveryState::sent, world.sealed_letter()));
    stay.push_back(world.ended(DeliveryState::failed, world.sealed_letter()));
    const auto gone = world.delivered();
    world.pass(24h * 40);
    for (const auto& command : stay) {
        CHECK(world.has_content(command));
    }
    CHECK_FALSE(world.has_content(gone));
    // A rule may say how long a person may retry, and how long a receipt is waited for.
    world.rule().unfinished = 24h * 60;
    world.pass(24h * 15);
    CHECK(world.has_content(stay[2]));
    world.pass(24h * 10);
    CHECK(world.has_content(stay[0]));
    CHECK(world.has_content(stay[1]));   // asked for still
    CHECK_FALSE(world.has_content(stay[2]));
    CHECK_FALSE(world.has_content(stay[3]));
    world.check_sound();
}

TEMPLATE_TEST_CASE("retention: a legal hold of the message or of a person it is about stops it",
                   "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    const auto kari = world.known_person(letter_kari_id);
    unsigned at = 77;
    const auto other = next_synthetic_id(at);
    const auto of_person = world.delivered();
    const auto of_itself = world.ended(DeliveryState::read, world.sealed_letter(other.c_str()));
    world.ok(world.store->records().hold_subject(oslo, kari, true, {}));
    auto& holds = world.retention();
    world.ok(holds.hold_content(oslo, ports::KeptKind::message, of_itself.message.uuid, true,
                                world.now(), {}, {}));
    CHECK(
        world.fails(Errc::not_found, holds.hold_content(oslo, ports::KeptKind::message,
                                                        core::Uuid(), true, world.now(), {}, {})));
    world.pass(24h * 40);
    CHECK(world.has_content(of_person));
    CHECK(world.has_content(of_itself));
    world.ok(world.store->records().hold_subject(oslo, kari, false, {}));
    world.ok(holds.hold_content(oslo, ports::KeptKind::message, of_itself.message.uuid, false,
                                world.now(), {}, {}));
    world.pass(48h);
    CHECK_FALSE(world.has_content(of_person));
    CHECK_FALSE(world.has_content(of_itself));
}

TEMPLATE_TEST_CASE(
    "retention: a clock that jumps far ahead erases nothing for a day, over a restart too",
    "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    const auto command = world.delivered();
    world.pass(1h);
    world.clock.jump(24h * 400);
    world.pass(12h);
    CHECK(world.has_content(command));
    CHECK(world.diary.holds("clock_not_believed"));
    world.start_again();
    world.pass(12h);
    CHECK(world.has_content(command));
    world.clock.jump(-24h * 400);   // it was put right in time
    world.pass(48h);
    CHECK(world.has_content(command));
    world.clock.jump(24h * 400);   // and this time nobody minds
    world.pass(48h);
    CHECK_FALSE(world.has_content(command));
}

TEMPLATE_TEST_CASE(
    "retention: many at once are erased in bounded steps, and a shorter rule is obeyed",
    "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    std::vector<ports::AcceptCommand> all;
    for (int i = 0; i < 250; ++i) {
        all.push_back(world.delivered());
        world.clock.advance(std::chrono::minutes(1));
    }
    world.rule().content = 24h * 365;
    world.pass(24h);
    world.rule().content = 24h * 10;
    world.pass(24h * 8);
    CHECK(world.erasures().empty());
    world.pass(24h * 3);
    CHECK(world.erasures().size() == 250);
    for (const auto& command : all) {
        CHECK_FALSE(world.has_content(command));
    }
    world.check_sound();
}

TEMPLATE_TEST_CASE("retention: what cannot be opened stays, for nobody knows whom it is of",
                   "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    auto letter = world.sealed_letter();
    letter.sealed_content.back() ^= 1;
    const auto command = world.ended(DeliveryState::delivered, std::move(letter));
    world.pass(24h * 40);
    CHECK(world.has_content(command));
    CHECK(world.erasures().empty());
    world.check_sound();
}

TEMPLATE_TEST_CASE("retention: an inbox item goes when all who received it have settled it",
                   "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    const auto command = world.sealed_item("form-1");
    const auto has_content = [&] {
        return !(*world.run(world.store->find_inbox(oslo, visma, command.id)))->wrapped_key.empty();
    };
    world.settle_of(visma);
    world.pass(24h * 40);
    CHECK(has_content());
    world.settle_of(gerica);
    world.pass(24h * 29);
    CHECK(has_content());
    world.pass(48h);
    CHECK_FALSE(has_content());
    CHECK(world.erasures().size() == 1);
    world.check_sound();
}

TEMPLATE_TEST_CASE(
    "retention: a preview says what would go and what stays and why, changes nothing, "
    "and that is what goes",
    "[contract]", InMemory, InSqlite) {
    RetentionWorld<TestType> world;
    world.rules[oslo].erase("form/v1");
    const auto kari = world.known_person(letter_kari_id);
    unsigned at = 77;
    const auto other = next_synthetic_id(at);
    const auto to_other = [&] { return world.sealed_letter(other.c_str()); };
    std::vector<ports::AcceptCommand> gone;
    gone.push_back(world.ended(DeliveryState::delivered, to_other()));
    gone.push_back(world.ended(DeliveryState::cancelled, to_other()));
    std::vector<ports::AcceptCommand> stay;
    stay.push_back(world.ended(DeliveryState::failed, to_other()));
    stay.push_back(world.delivered());   // to kari
    stay.push_back(world.ended(DeliveryState::delivered, to_other()));
    auto broken = to_other();
    broken.sealed_content.back() ^= 1;
    stay.push_back(world.ended(DeliveryState::delivered, std::move(broken)));
    stay.push_back(to_other());
    world.accept(stay.back());
    world.ok(world.store->records().hold_subject(oslo, kari, true, {}));
    world.ok(world.retention().hold_content(oslo, ports::KeptKind::message, stay[2].message.uuid,
                                            true, world.now(), {}, {}));
    world.clock.advance(24h * 31);
    stay.push_back(world.sealed_letter(other.c_str()));   // too young
    world.accept(stay.back());
    const auto look = [&] {
        gateway::records::RetentionPreview preview(gateway::records::PreviewParts{
            world.retention(), world.store->records(), world, world.vaults, world.clock,
            [&] { return std::make_shared<const core::MessageRetentions>(world.rules); }});
        const auto seen = world.run(preview.preview(oslo));
        REQUIRE(seen.has_value());
        REQUIRE(seen->contents.size() == 2);
        CHECK(seen->contents.back().kind == ports::KeptKind::inbox_item);
        CHECK(seen->quarantines.empty());   // kept for ever
        CHECK(world.run(preview.preview(bergen))->contents.empty());
        return seen->contents.front();
    };
    for (int twice = 0; twice < 2; ++twice) {
        const auto sight = look();
        CHECK(sight.type == "letter/v1");
        CHECK(sight.content_due == 2);
        CHECK(sight.open == 1);
        CHECK(sight.unfinished == 1);
        CHECK(sight.held == 1);
        CHECK(sight.person_held == 1);
        CHECK(sight.unreadable == 1);
        CHECK(sight.complete);
        for (const auto& command : gone) {
            CHECK(world.has_content(command));
        }
    }
    world.look();
    for (const auto& command : gone) {
        CHECK_FALSE(world.has_content(command));
    }
    for (const auto& command : stay) {
        CHECK(world.has_content(command));
    }
    CHECK(look().content_due == 0);
    // What is left of them, a second term later.
    world.rule().record = 24h * 90;
    world.clock.advance(24h * 91);
    CHECK(look().record_due == 2);
    CHECK(look().record_due == 2);
}
