#include "tests/unit/fiks_receiver/receiver_world.hpp"

#include <catch2/catch.hpp>

using namespace receiver_world;
using namespace std::chrono_literals;
using core::Errc;
using core::Failure;
namespace told = tests::amqp;

TEST_CASE("fiks_io receiver: a message is stored, and only then acknowledged") {
    World world;
    world.begin();
    std::size_t acknowledged_before = 99;
    world.fake.inbound.on_call = [&] { acknowledged_before = world.broker().acknowledged(); };
    Wishes wishes;
    wishes.client_id = uuid(500);
    wishes.correlation = "sak-17";
    world.deliver(wishes);
    CHECK(acknowledged_before == 0);
    CHECK(world.broker().acknowledged() == 1);
    REQUIRE(world.fake.inbound.messages.size() == 1);
    const auto& message = world.fake.inbound.messages[0];
    CHECK(message.type == "protocol/v1");
    CHECK(message.tenant == core::TenantId("310001007"));
    CHECK(message.facts.account == account_a);
    CHECK(message.facts.message_type == archive);
    CHECK(message.facts.sender == "310003003");
    CHECK(message.dedupe_id.find(uuid(500)) != std::string::npos);
    CHECK(message.content["messageType"].as_string() == archive);
    CHECK(message.content["correlation"].as_string() == "sak-17");
    CHECK(message.from["organisation"].as_string() == "310003003");
    REQUIRE(message.documents.size() == 1);
    CHECK(world.fake.documents.bytes_of(message.documents[0].sha256) == "envelope");
    CHECK(message.tell_when_stored);
    CHECK(message.receipt_owner == sdk::ReceiptOwner::gateway);
    CHECK(world.fake.inbound.alive_count > 0);
    CHECK(world.receiver->health().condition == sdk::Condition::ready);
}

TEST_CASE("fiks_io receiver: logs in as the integration, with its password and a fresh token") {
    World world;
    world.begin();
    CHECK(world.broker().password == std::string(1, '\0') + world.settings.access.integration_id +
                                         std::string(1, '\0') + "passord token-1");
    CHECK(world.fake.streams.asked[0].tls);
    world.add_broker();
    world.brokers[0]->end().end();
    REQUIRE(world.until([&] { return world.broker().is_consumed("fiksio.konto." + account_a); }));
    CHECK(world.fake.tokens.asked.size() == 2);
}

TEST_CASE(
    "fiks_io receiver: a report that the system owns the answer of is answered by nobody else") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.type = concern;
    world.deliver(wishes);
    const auto& message = world.fake.inbound.messages.at(0);
    CHECK(message.receipt_owner == sdk::ReceiptOwner::system);
    CHECK_FALSE(message.tell_when_stored);
    REQUIRE(message.answer_by);
    CHECK(*message.answer_by == world.fake.clock.now() + 24h);
    CHECK(world.broker().acknowledged() == 1);
    CHECK(world.desk.answers.empty());
}

TEST_CASE("fiks_io receiver: a payload in the document store is fetched and opened") {
    World world;
    world.begin();
    world.desk.elsewhere[uuid(9000)] = "a large envelope";
    Wishes wishes;
    wishes.elsewhere = uuid(9000);
    wishes.body = "";
    world.deliver(wishes);
    CHECK(world.desk.opened == std::vector<std::string>{"a large envelope"});
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.spools.open == 0);

    fiks::Fetched gone;
    gone.code = "fiks_io.payload_gone";
    world.desk.failures.push_back(std::move(gone));
    world.deliver(wishes);
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code == "fiks_io.payload_gone");
    CHECK(world.broker().acknowledged() == 2);
}

TEST_CASE("fiks_io receiver: while the store is full everything waits, unacknowledged, and no more "
          "is taken") {
    World world;
    world.begin();
    world.fake.inbound.failure = Failure(Errc::storage_full);
    world.deliver(Wishes());
    CHECK(world.broker().acknowledged() == 0);
    CHECK(world.broker().requeued() == 0);
    CHECK(world.broker().count(60, 30) == 2);   // both queues are cancelled, the channels stay
    CHECK(world.receiver->health().code == "fiks_io.holding");
    CHECK_FALSE(world.alive_until([&] { return world.broker().acknowledged() > 0; }));
    world.fake.inbound.failure.reset();
    REQUIRE(world.alive_until([&] { return world.broker().acknowledged() == 1; }));
    CHECK(world.fake.inbound.messages.size() == 1);
    world.settle();
    CHECK(world.broker().is_consumed("fiksio.konto." + account_a));
    CHECK(world.receiver->health().condition == sdk::Condition::ready);
}

TEST_CASE(
    "fiks_io receiver: a connection that breaks meanwhile is made anew once the store works") {
    World world;
    world.begin();
    world.fake.inbound.failure = Failure(Errc::storage_full);
    world.deliver(Wishes());
    world.brokers[0]->end().end();
    world.add_broker();
    world.fake.inbound.failure.reset();
    REQUIRE(world.until([&] { return world.broker().is_consumed("fiksio.konto." + account_a); }));
    Wishes again;
    again.id = uuid(1);
    again.redelivered = true;
    world.deliver(again);
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.broker().acknowledged() == 1);
}

TEST_CASE("fiks_io receiver: a key that is away is waited for, a package that opens with none is "
          "set aside") {
    World world;
    world.begin();
    fiks::Opening away;
    away.code = "fiks_io.key_unavailable";
    away.passing = true;
    world.desk.refusals.push_back(std::move(away));
    world.deliver(Wishes());
    CHECK(world.broker().acknowledged() == 0);
    REQUIRE(world.until([&] { return world.broker().acknowledged() == 1; }));
    CHECK(world.fake.inbound.messages.size() == 1);

    fiks::Opening shut;
    shut.code = "fiks_io.not_decryptable";
    world.desk.refusals.push_back(std::move(shut));
    world.deliver(Wishes());
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    const auto& oddity = world.fake.inbound.oddities[0];
    CHECK(oddity.code == "fiks_io.not_decryptable");
    CHECK(oddity.raw == "envelope");
    CHECK(oddity.tell_when_stored);
    CHECK(world.broker().acknowledged() == 2);

    sdk::InboundSettled what;
    what.item = core::InboxId(*core::parse_uuid(uuid(321)));
    what.memo = oddity.memo;
    what.settlement = sdk::Settlement::stored;
    what.quarantined = true;
    what.code = oddity.code;
    CHECK(world.settled(what).verdict == sdk::Verdict::accepted);
    REQUIRE(world.desk.answers.size() == 1);
    CHECK(world.desk.answers[0].type == "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel");
    CHECK(world.desk.answers[0].in_reply_to == uuid(2));
    CHECK(world.desk.answers[0].client_id == uuid(321));
}

TEST_CASE("fiks_io receiver: what cannot be opened and is large is set aside as a document") {
    World world;
    world.begin();
    fiks::Opening shut;
    shut.code = "fiks_io.not_decryptable";
    world.desk.refusals.push_back(std::move(shut));
    Wishes wishes;
    wishes.body = std::string((1U << 20U) + 1, 'x');
    world.deliver(wishes);
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    const auto& oddity = world.fake.inbound.oddities[0];
    CHECK(oddity.raw.empty());
    REQUIRE(oddity.documents.size() == 1);
    CHECK(world.fake.documents.bytes_of(oddity.documents[0].sha256) == wishes.body);
}

TEST_CASE(
    "fiks_io receiver: missing headers, numbers for texts and unknown types go to quarantine") {
    World world;
    world.begin();
    Wishes nameless;
    nameless.without = {"avsender-id"};
    world.deliver(nameless);
    Wishes number;
    number.without = {"type"};
    number.more = told::short_text("type") + "I" + told::u32(17);
    world.deliver(number);
    Wishes unknown;
    unknown.type = "no.example.unknown.v1";
    world.deliver(unknown);
    Wishes unnamed;
    unnamed.without = {"melding-id"};
    world.deliver(unnamed);
    Wishes absent;
    absent.body = "";
    world.deliver(absent);
    CHECK(world.broker().acknowledged() == 5);
    std::vector<std::string> codes;
    for (const auto& one : world.fake.inbound.oddities) {
        codes.push_back(one.code.value);
    }
    CHECK(codes == std::vector<std::string>{"fiks_io.header_missing", "fiks_io.header_not_text",
                                            "fiks_io.type_unknown", "fiks_io.header_missing",
                                            "fiks_io.payload_absent"});
    const auto& oddities = world.fake.inbound.oddities;
    CHECK_FALSE(oddities[0].tell_when_stored);   // nobody to tell
    CHECK_FALSE(oddities[2].tell_when_stored);   // nothing to tell it with
    CHECK(oddities[4].tell_when_stored);
    world.deliver(unnamed);   // delivered again: one effect
    CHECK(world.fake.inbound.oddities.size() == 5);
    CHECK(world.broker().acknowledged() == 6);
}

TEST_CASE("fiks_io receiver: other headers that are no text change nothing") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.more = told::short_text("x-delivery-count") + "l" + told::u64(1) +
                  told::short_text("x-death") + "A" + told::long_text("");
    world.deliver(wishes);
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE(
    "fiks_io receiver: a redelivery is acknowledged and nothing else, a resend is answered again") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.client_id = uuid(600);
    wishes.id = uuid(41);
    world.deliver(wishes);
    wishes.redelivered = true;
    world.deliver(wishes);
    CHECK(world.broker().acknowledged() == 2);
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.desk.answers.empty());
    wishes.id = uuid(42);
    wishes.redelivered = false;
    world.deliver(wishes);
    CHECK(world.broker().acknowledged() == 3);
    CHECK(world.fake.inbound.messages.size() == 1);
    REQUIRE(world.desk.answers.size() == 1);
    CHECK(world.desk.answers[0].type == archive + ".mottatt");
    CHECK(world.desk.answers[0].in_reply_to == uuid(42));
}

TEST_CASE(
    "fiks_io receiver: a resend of what a system settled gets the system's answer, or none yet") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.type = concern;
    wishes.client_id = uuid(600);
    world.deliver(wishes);
    world.deliver(wishes);
    CHECK(world.desk.answers.empty());
    // The store knows what became of it, whoever asks: also a program that was started since.
    auto& settled = world.fake.inbound.settled[world.fake.inbound.messages.at(0).dedupe_id];
    settled.settled = sdk::Settlement::acknowledged;
    world.deliver(wishes);
    REQUIRE(world.desk.answers.size() == 1);
    CHECK(world.desk.answers[0].type == "no.ks.fiks.bekymringsmelding.mottatt.v1");
    CHECK(world.desk.answers[0].in_reply_to == uuid(3));
    settled.settled = sdk::Settlement::rejected;
    settled.reason = "Feil kommune";
    world.deliver(wishes);
    REQUIRE(world.desk.answers.size() == 2);
    CHECK(world.desk.answers[1].type == "no.ks.fiks.bekymringsmelding.feilet.v1");
    REQUIRE(world.desk.answers[1].files.size() == 1);
    CHECK(world.desk.answers[1].files[0].text.find("Feil kommune") != std::string::npos);
    settled.settled = sdk::Settlement::overdue;   // KS prints and posts it
    world.deliver(wishes);
    CHECK(world.desk.answers.size() == 2);
    CHECK(world.broker().acknowledged() == 5);
}

TEST_CASE("fiks_io receiver: a resend of what is infected is refused again, of what waits for a "
          "person received again") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.client_id = uuid(600);
    world.deliver(wishes);
    auto& settled = world.fake.inbound.settled[world.fake.inbound.messages.at(0).dedupe_id];
    settled.settled = sdk::Settlement::stored;
    settled.quarantined = true;
    settled.code = "inbox.infected";
    world.deliver(wishes);
    REQUIRE(world.desk.answers.size() == 1);
    CHECK(world.desk.answers[0].type == "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel");
    settled.code = "inbox.unrouted";
    world.deliver(wishes);
    REQUIRE(world.desk.answers.size() == 2);
    CHECK(world.desk.answers[1].type == archive + ".mottatt");
}

TEST_CASE("fiks_io receiver: what one sender sends is stored as it came, whatever takes longer") {
    World world;
    world.begin();
    world.desk.slow = {{"first", 10}, {"second", 1}};
    for (const char* body : {"first", "second", "third"}) {
        Wishes wishes;
        wishes.body = body;
        world.deliver(wishes);
    }
    Wishes other;
    other.from = uuid(88);
    other.body = "other";
    world.deliver(other);
    REQUIRE(world.fake.inbound.messages.size() == 1);   // nobody else waits for it
    CHECK(world.fake.inbound.messages[0].from["account"].as_string() == uuid(88));
    REQUIRE(world.until([&] { return world.broker().acknowledged() == 4; }));
    std::vector<std::string> ids;
    for (const auto& one : world.fake.inbound.messages) {
        ids.push_back(one.content["messageId"].as_string());
    }
    CHECK(ids == std::vector<std::string>{uuid(4), uuid(1), uuid(2), uuid(3)});
}

TEST_CASE("fiks_io receiver: a body for which there is no room is asked for again once there is") {
    World world;
    world.begin();
    world.fake.spools.failure = Failure(Errc::storage_full);
    Wishes wishes;
    wishes.body = std::string(3U << 20U, 'x');
    world.deliver(wishes);
    CHECK_FALSE(world.alive_until([&] { return world.broker().requeued() > 0; }));
    world.fake.spools.failure.reset();
    REQUIRE(world.alive_until([&] { return world.broker().requeued() == 1; }));
    CHECK(world.broker().acknowledged() == 0);
    CHECK(world.fake.inbound.messages.empty());
}

TEST_CASE("fiks_io receiver: connects for ever, with pauses, and says why it is not connected") {
    World world;
    world.start();
    CHECK(world.receiver->health().code == "fiks_io.queue_away");
    for (int i = 0; i < 10; ++i) {
        world.advance(60s);
    }
    const auto tried = world.fake.streams.asked.size();
    CHECK(tried >= 3);
    world.add_broker();
    REQUIRE(world.until([&] { return world.broker().is_consumed("fiksio.konto." + account_a); }));
    CHECK(world.receiver->health().condition == sdk::Condition::ready);
}

TEST_CASE("fiks_io receiver: a refused login takes a new token, and is not tried in haste") {
    World world;
    world.add_broker().refuses_login = 403;
    world.start();
    CHECK(world.receiver->health().code == "fiks_io.login_refused");
    CHECK(world.fake.tokens.invalidated == std::vector<std::string>{"token-1"});
    world.add_broker();
    world.advance(20s);
    CHECK(world.brokers.back()->password.empty());
    REQUIRE(world.until([&] { return !world.broker().password.empty(); }));
    CHECK(world.broker().password.ends_with("token-2"));
}

TEST_CASE("fiks_io receiver: without a token it waits, and keeps a connection that it has") {
    World world;
    sdk::TokenFailure failure;
    failure.code = "maskinporten.unreachable";
    world.fake.tokens.failure = failure;
    world.start();
    CHECK(world.receiver->health().code == "maskinporten.unreachable");
    CHECK(world.fake.streams.asked.empty());
    world.fake.tokens.failure.reset();
    world.add_broker();
    REQUIRE(world.until([&] { return world.broker().is_consumed("fiksio.konto." + account_a); }));
    world.fake.tokens.failure = failure;
    // Heartbeats of the broker for an hour: nothing asks for a token.
    for (int i = 0; i < 360; ++i) {
        world.broker().end().push(told::frame(8, 0, ""));
        world.advance(10s);
    }
    CHECK(world.receiver->is_connected());
    CHECK(world.fake.streams.asked.size() == 1);
}

TEST_CASE(
    "fiks_io receiver: a queue that is refused costs the others nothing, and is asked for again") {
    World world;
    world.add_broker().refuses["fiksio.konto." + account_b] = 403;
    world.start();
    CHECK(world.broker().is_consumed("fiksio.konto." + account_a));
    CHECK(world.receiver->health().code == "fiks_io.account_not_consumed");
    world.deliver(Wishes());
    CHECK(world.broker().acknowledged() == 1);
    world.broker().refuses.clear();
    REQUIRE(world.until([&] { return world.broker().is_consumed("fiksio.konto." + account_b); }));
    world.settle();
    CHECK(world.receiver->health().condition == sdk::Condition::ready);
    CHECK(world.fake.streams.asked.size() == 1);
}

TEST_CASE("fiks_io receiver: stopped, it finishes and acknowledges what it has, and says goodbye") {
    World world;
    world.begin();
    world.desk.slow = {{"slow", 2}};
    Wishes wishes;
    wishes.body = "slow";
    world.deliver(wishes);
    world.stop();
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.broker().acknowledged() == 1);
    CHECK(world.broker().count(10, 50) == 1);
}

TEST_CASE("fiks_io receiver: started again, it goes on") {
    World world;
    world.begin();
    world.stop_signal.emit(boost::asio::cancellation_type::terminal);
    REQUIRE(world.until([&] { return world.ended; }));
    CHECK(world.receiver->health().condition == sdk::Condition::ready);   // of another node now
    world.begin();
    world.deliver(Wishes());
    CHECK(world.broker().acknowledged() == 1);
}
