#include "gateway/json/value.hpp"
#include "gateway/records/message_eraser.hpp"
#include "gateway/records/sealing.hpp"
#include "tests/contract/records/record_commands.hpp"
#include "tests/contract/store/inbox_commands.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/national_ids.hpp"

#include <fstream>
#include <sstream>

using namespace tests;
namespace records = gateway::records;
namespace json = gateway::json;
namespace crypto = gateway::crypto;

namespace {

constexpr const char* kari_id = "17859130003";

/// A store of letters with what they say sealed for real, and the eraser over it.
class RetentionWorld : public World<InSqlite>, public ports::ConfigurationSource {
public:
    RetentionWorld() {
        std::array<std::uint8_t, 32> bytes{};
        bytes.fill(7);
        const crypto::SecretKey secret(bytes);
        vault = std::make_shared<const crypto::Vault>(secret);
        vaults.put(oslo, vault);
        configuration->tenants[oslo].id = oslo;
        rules[oslo]["letter/v1"].content = 24h * 30;
        rules[oslo]["form/v1"].content = 24h * 30;
        configuration->records.synthetic_ids = true;
        make_eraser();
    }

    std::shared_ptr<const core::Configuration> current() const override { return configuration; }
    core::MessageRetention& rule() { return rules[oslo]["letter/v1"]; }

    void make_eraser() {
        const records::MessageEraserParts parts{
            *store, *ports::retention_store_of(*store), *this, vaults, clock, *ids, diary, metrics};
        eraser = std::make_unique<records::MessageEraser>(parts);
    }
    /// A new life of the process.
    void start_again() {
        eraser.reset();
        restart();
        make_eraser();
    }

    ports::AcceptCommand sealed_letter(const char* person = kari_id) {
        auto command = letter(oslo);
        const auto owner = command.message.to_bytes();
        const auto key = vault->new_key(*ids, owner);
        auto recipient = json::Value::object();
        recipient.set("person", person);
        auto content = json::Value::object();
        content.set("title", "Vedtak").set("recipient", std::move(recipient));
        command.sealed_content = key.key.seal(*ids, "content", owner, json::write(content));
        command.wrapped_key = key.wrapped;
        command.tokens.emplace_back(static_cast<std::uint8_t>(crypto::TokenKind::recipient),
                                    vault->token(crypto::TokenKind::recipient, person));
        return command;
    }
    ports::AcceptCommand ended(DeliveryState state, ports::AcceptCommand command) {
        const auto claimed = begun(command);
        ok(store->finish(finish(claimed, state, Work::none)));
        return command;
    }
    ports::AcceptCommand delivered() { return ended(DeliveryState::delivered, sealed_letter()); }

    /// So long a time, with a look every half hour of it.
    void pass(core::Duration time) {
        const auto end = clock.now() + time;
        do {
            run(eraser->erase_all(rules));
            clock.advance(std::chrono::minutes(30));
        } while (clock.now() < end);
        run(eraser->erase_all(rules));
    }
    bool has_content(const ports::AcceptCommand& command) {
        const auto view = get(oslo, command.message);
        CHECK(view.wrapped_key.empty() == view.sealed_content.empty());
        return !view.wrapped_key.empty();
    }
    std::vector<ports::LogEntry> erasures() {
        ports::LogQuery query;
        query.tenant = oslo;
        query.limit = 1000;
        const auto log = run(store->records().read_log(query));
        std::vector<ports::LogEntry> found;
        for (const auto& one : *log) {
            if (one.entry.kind == ports::LogKind::erased) {
                found.push_back(one);
            }
        }
        return found;
    }
    core::Uuid known_person(const char* number) {
        std::vector<ports::Subject> wanted{
            records::new_subject(*vault, *ids, core::RecordKeyKind::person, number, clock.now())};
        return run(store->records().subjects(oslo, wanted))->front().handle;
    }
    void sound() { CHECK(run(store->verify()).value() == std::vector<std::string>()); }

    crypto::Vaults vaults;
    std::shared_ptr<const crypto::Vault> vault;
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
    core::MessageRetentions rules;
    RecordingLog diary;
    NoMetrics metrics;
    std::unique_ptr<records::MessageEraser> eraser;
};

std::string bytes_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}   // namespace

TEST_CASE("retention: the content of a letter that has ended goes when its time has come, its "
          "timeline and the log say so") {
    RetentionWorld world;
    const auto kari = world.known_person(kari_id);
    auto document = world.document(oslo, 'd');
    world.run(world.store->put_document(document)).value();
    auto command = world.sealed_letter();
    command.documents = {document.hash};
    command.idempotency.emplace();
    command.idempotency->key_token = "key";
    command.idempotency->fingerprint = "fingerprint";
    world.ended(DeliveryState::delivered, command);
    world.pass(24h * 29);
    CHECK(world.has_content(command));
    world.pass(48h);
    CHECK_FALSE(world.has_content(command));
    const auto view = world.get(oslo, command.message);
    CHECK(view.state == DeliveryState::delivered);
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
    world.sound();
    world.start_again();
    world.sound();
    // The key is nowhere in the files, the log of the database among them.
    for (const char* file : {"sluse.db", "sluse.db-wal"}) {
        CHECK(bytes_of_file(world.kind.folder.file(file)).find(command.wrapped_key) ==
              std::string::npos);
    }
    world.pass(24h * 10);
    CHECK(world.erasures().size() == 1);   // once
}

TEST_CASE("retention: what is open, waits for a receipt, is held or may be retried stays") {
    RetentionWorld world;
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
    world.sound();
}

TEST_CASE("retention: a legal hold of the message or of a person it is about stops it") {
    RetentionWorld world;
    const auto kari = world.known_person(kari_id);
    unsigned at = 77;
    const auto other = next_synthetic_id(at);
    const auto of_person = world.delivered();
    const auto of_itself = world.ended(DeliveryState::read, world.sealed_letter(other.c_str()));
    world.ok(world.store->records().hold_subject(oslo, kari, true, {}));
    auto& holds = *ports::retention_store_of(*world.store);
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

TEST_CASE("retention: a clock that jumps far ahead erases nothing for a day, over a restart too") {
    RetentionWorld world;
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

TEST_CASE("retention: many at once are erased in bounded steps, and a shorter rule is obeyed") {
    RetentionWorld world;
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
    world.sound();
}

TEST_CASE("retention: what cannot be opened stays, for nobody knows whom it is of") {
    RetentionWorld world;
    auto letter = world.sealed_letter();
    letter.sealed_content.back() ^= 1;
    const auto command = world.ended(DeliveryState::delivered, std::move(letter));
    world.pass(24h * 40);
    CHECK(world.has_content(command));
    CHECK(world.erasures().empty());
    world.sound();
}

TEST_CASE("retention: an inbox item goes when all who received it have settled it") {
    RetentionWorld world;
    auto command = inbound(world, "form-1", {visma, gerica});
    const auto owner = command.id.to_bytes();
    const auto key = world.vault->new_key(*world.ids, owner);
    command.sealed_content =
        key.key.seal(*world.ids, "content", owner, R"({"from":"17859130003"})");
    command.wrapped_key = key.wrapped;
    REQUIRE(world.run(world.store->store_inbound(command)).has_value());
    const auto settle_of = [&](const core::SystemId& system) {
        auto lease = lease_for(world, system);
        const auto batch = world.run(world.store->lease_inbox(lease));
        REQUIRE(batch->items.size() == 1);
        world.ok(world.store->settle_inbox(settle(world, batch->items.front())));
    };
    const auto has_content = [&] {
        return !(*world.run(world.store->find_inbox(oslo, visma, command.id)))->wrapped_key.empty();
    };
    settle_of(visma);
    world.pass(24h * 40);
    CHECK(has_content());
    settle_of(gerica);
    world.pass(24h * 29);
    CHECK(has_content());
    world.pass(48h);
    CHECK_FALSE(has_content());
    CHECK(world.erasures().size() == 1);
    world.sound();
}
