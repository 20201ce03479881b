#include "tests/unit/fiks_receiver/receiver_world.hpp"

#include <catch2/catch.hpp>

using namespace receiver_world;
using namespace std::chrono_literals;
using core::Errc;

namespace {

const std::string sent = uuid(8000);   // the melding-id of what we sent
const core::DeliveryId delivery(*core::parse_uuid(uuid(8001)));

Wishes answering(const std::string& type, const std::string& body = "") {
    Wishes wishes;
    wishes.type = type;
    wishes.answers = sent;
    wishes.body = body;
    return wishes;
}

void knows(World& world) {
    world.fake.inbound.deliveries[sent] = delivery;
}

}   // namespace

TEST_CASE("fiks_io answers: mottatt is delivered, and says when the next is overdue") {
    World world;
    world.begin();
    knows(world);
    world.deliver(answering(archive + ".mottatt"));
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    const auto& news = world.fake.inbound.receipts[0];
    CHECK(news.delivery == delivery);
    CHECK(news.receipt.kind == sdk::ReceiptKind::delivered);
    CHECK(news.receipt.code == "fiks_io.received");
    CHECK(news.receipt.next_due == std::chrono::seconds(168h));
    CHECK(world.broker().acknowledged() == 1);
    CHECK(world.fake.inbound.messages.empty());
    world.deliver(answering(archive + ".mottatt"));   // sent once more: the same news
    CHECK(world.fake.inbound.receipts.size() == 1);
}

TEST_CASE("fiks_io answers: tidsavbrudd and serverfeil end the delivery, also without a sender") {
    World world;
    world.begin();
    knows(world);
    auto timed_out = answering("no.ks.fiks.kvittering.tidsavbrudd");
    timed_out.without = {"avsender-id", "melding-id"};
    world.deliver(timed_out);
    auto failed = answering("no.ks.fiks.kvittering.serverfeil.v1", "of unknown form");
    world.deliver(failed);
    world.deliver(answering("no.ks.fiks.kvittering.ugyldigforespoersel.v1"));
    REQUIRE(world.fake.inbound.receipts.size() == 3);
    CHECK(world.fake.inbound.receipts[0].receipt.kind == sdk::ReceiptKind::failed);
    CHECK(world.fake.inbound.receipts[0].receipt.code == "fiks_io.not_fetched_in_time");
    CHECK(world.fake.inbound.receipts[1].receipt.kind == sdk::ReceiptKind::failed);
    CHECK(world.fake.inbound.receipts[1].receipt.code == "fiks_io.receiver_failed");
    CHECK(world.broker().acknowledged() == 3);
    CHECK(world.desk.opened.empty());
}

TEST_CASE("fiks_io answers: a feilmelding refuses, with its words kept for people") {
    World world;
    world.begin();
    knows(world);
    world.deliver(answering("no.ks.fiks.plan.v2.feilmelding.ugyldigforespoersel",
                            R"({"errorId":"1","feilmelding":"Planen finnes ikke"})"));
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    const auto& receipt = world.fake.inbound.receipts[0].receipt;
    CHECK(receipt.kind == sdk::ReceiptKind::refused);
    CHECK(receipt.code == "fiks_io.answered_with_error");
    CHECK(receipt.upstream_text.find("Planen finnes ikke") != std::string::npos);
}

TEST_CASE("fiks_io answers: a result goes to the system that asked, and reads the delivery") {
    World world;
    world.begin();
    knows(world);
    world.deliver(answering("no.ks.fiks.plan.v2.innsyn.arealplan.hent.resultat", "{}"));
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.receipts[0].receipt.kind == sdk::ReceiptKind::read);
    REQUIRE(world.fake.inbound.messages.size() == 1);
    const auto& message = world.fake.inbound.messages[0];
    CHECK(message.in_reply_to == delivery);
    CHECK(message.documents.size() == 1);
    CHECK_FALSE(message.tell_when_stored);
    CHECK(message.content["replyTo"]["messageId"].as_string() == sent);
}

TEST_CASE("fiks_io answers: one to a message that we never sent is set aside with its bytes") {
    World world;
    world.begin();
    world.deliver(answering(archive + ".kvittering", "who is this for"));
    REQUIRE(world.until([&] { return world.broker().acknowledged() == 1; }));
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code == "fiks_io.answer_to_unknown");
    CHECK(world.fake.inbound.oddities[0].raw == "who is this for");
    CHECK_FALSE(world.fake.inbound.oddities[0].tell_when_stored);
    CHECK(world.fake.inbound.receipts.empty());
    CHECK(world.fake.inbound.messages.empty());
}

TEST_CASE("fiks_io answers: one that is here before our sending has its outcome is waited for") {
    World world;
    world.begin();
    world.deliver(answering(archive + ".mottatt"));
    CHECK(world.broker().acknowledged() == 0);
    knows(world);
    REQUIRE(world.until([&] { return world.broker().acknowledged() == 1; }));
    CHECK(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.oddities.empty());
}

TEST_CASE("fiks_io answers: where the answer to our sending was lost the correlation tells") {
    World world;
    world.begin();
    auto wishes = answering(archive + ".mottatt");
    wishes.correlation = delivery.to_string();
    world.deliver(wishes);
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.receipts[0].delivery == delivery);
    world.fake.inbound.strangers.insert(core::DeliveryId(*core::parse_uuid(uuid(8002))));
    wishes.correlation = uuid(8002);
    world.deliver(wishes);
    REQUIRE(world.until([&] { return world.broker().acknowledged() == 2; }));
    CHECK(world.fake.inbound.oddities.size() == 1);
}

TEST_CASE("fiks_io answers: one without svar-til, or that does not open, is set aside and no yes") {
    World world;
    world.begin();
    knows(world);
    auto aimless = answering(archive + ".mottatt");
    aimless.answers.clear();
    world.deliver(aimless);
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code == "fiks_io.header_missing");
    fiks::Opening shut;
    shut.code = "fiks_io.not_decryptable";
    world.desk.refusals.push_back(std::move(shut));
    world.deliver(answering(archive + ".kvittering", "shut"));
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.receipts[0].receipt.kind == sdk::ReceiptKind::other);
    CHECK(world.fake.inbound.receipts[0].receipt.code == "fiks_io.answer_unreadable");
    REQUIRE(world.fake.inbound.oddities.size() == 2);
    CHECK(world.fake.inbound.oddities[1].raw == "shut");
    CHECK_FALSE(world.fake.inbound.oddities[1].tell_when_stored);
    CHECK(world.broker().acknowledged() == 2);
}

TEST_CASE("fiks_io settled: stored is answered mottatt, again and again until it is taken, under "
          "one id") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.correlation = "sak-17";
    world.deliver(wishes);
    world.desk.outcomes.push_back(sdk::Outcome(sdk::Verdict::unknown, "upstream.answer_lost"));
    const auto what = world.told(sdk::Settlement::stored);
    CHECK(world.settled(what).verdict == sdk::Verdict::unknown);
    CHECK(world.settled(what).verdict == sdk::Verdict::accepted);
    REQUIRE(world.desk.answers.size() == 2);
    for (const auto& answer : world.desk.answers) {
        CHECK(answer.type == archive + ".mottatt");
        CHECK(answer.from == account_a);
        CHECK(answer.to == sender);
        CHECK(answer.in_reply_to == uuid(1));
        CHECK(answer.correlation == "sak-17");
        CHECK(answer.client_id == uuid(777));
        CHECK(answer.files.empty());
    }
}

TEST_CASE("fiks_io settled: what is infected is answered with an error, what waits for a person is "
          "here") {
    World world;
    world.begin();
    world.deliver(Wishes());
    auto what = world.told(sdk::Settlement::stored);
    what.quarantined = true;
    what.code = "inbox.unrouted";
    world.settled(what);
    CHECK(world.desk.answers.at(0).type == archive + ".mottatt");
    what.code = "inbox.infected";
    world.settled(what);
    const auto& answer = world.desk.answers.at(1);
    CHECK(answer.type == "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel");
    REQUIRE(answer.files.size() == 1);
    CHECK(answer.files[0].text.find("<ugyldigforespoersel") != std::string::npos);
    CHECK(answer.files[0].text.find(uuid(777)) != std::string::npos);
}

TEST_CASE("fiks_io settled: a report is received when its system has it, refused when it says so, "
          "and silent otherwise") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.type = concern;
    world.deliver(wishes);
    CHECK(world.settled(world.told(sdk::Settlement::overdue)).verdict == sdk::Verdict::accepted);
    CHECK(world.desk.answers.empty());   // KS prints and posts what nobody has answered
    CHECK(world.fake.log.holds("fiks_io.answer_overdue"));
    world.settled(world.told(sdk::Settlement::acknowledged));
    CHECK(world.desk.answers.at(0).type == "no.ks.fiks.bekymringsmelding.mottatt.v1");
    auto rejected = world.told(sdk::Settlement::rejected);
    rejected.reason = "Feil kommune";
    world.settled(rejected);
    const auto& answer = world.desk.answers.at(1);
    CHECK(answer.type == "no.ks.fiks.bekymringsmelding.feilet.v1");
    REQUIRE(answer.files.size() == 1);
    CHECK(json::parse(answer.files[0].text).value()["melding"].as_string() == "Feil kommune");
    CHECK(world.fake.log.holds("fiks_io.message_not_taken"));
    CHECK_FALSE(world.fake.log.holds("Feil kommune"));
}

TEST_CASE(
    "fiks_io settled: an account can say that the system owns an answer that the table gives us") {
    World world;
    world.settings.accounts[0].owners[archive] = fiks::AnswerOwner::system;
    world.begin();
    world.deliver(Wishes());
    CHECK(world.fake.inbound.messages.at(0).receipt_owner == sdk::ReceiptOwner::system);
    world.settled(world.told(sdk::Settlement::acknowledged));
    CHECK(world.desk.answers.at(0).type == archive + ".mottatt");
}

TEST_CASE("fiks_io settled: a query is answered by its result alone") {
    World world;
    world.begin();
    Wishes wishes;
    wishes.type = search;
    world.deliver(wishes);
    CHECK(world.settled(world.told(sdk::Settlement::stored)).verdict == sdk::Verdict::accepted);
    CHECK(world.desk.answers.empty());
}

TEST_CASE("fiks_io settled: words of a system become XML and JSON that mean them") {
    const auto* asked = fiks::find(archive);
    REQUIRE(asked != nullptr);
    const auto* error = fiks::find(asked->invalid);
    REQUIRE(error != nullptr);
    const auto files = fiks::error_files(*asked, *error, uuid(1), "a < b & \"c\" \x01");
    REQUIRE(files.size() == 1);
    CHECK(files[0].text.find("a &lt; b &amp; \"c\" </") != std::string::npos);
}

TEST_CASE("fiks_io watch: an account without a consumer, or where messages pile up, is told") {
    World world;
    world.begin();
    fiks::AccountStatus status;
    status.valid_receiver = true;
    status.consumers = 0;
    world.desk.statuses[account_b] = status;
    for (int i = 0; i < 4; ++i) {
        world.broker().end().push(tests::amqp::frame(8, 0, ""));
        world.advance(30s);
    }
    CHECK(world.receiver->health().code == "fiks_io.account_without_consumer");
    status.consumers = 1;
    world.desk.statuses[account_b] = status;
    for (int i = 0; i < 20; ++i) {
        status.unfetched += 200;
        world.desk.statuses[account_b] = status;
        world.broker().end().push(tests::amqp::frame(8, 0, ""));
        world.advance(30s);
    }
    CHECK(world.receiver->health().code == "fiks_io.unfetched_growing");
    status.valid_receiver = false;
    world.desk.statuses[account_b] = status;
    for (int i = 0; i < 3; ++i) {
        world.broker().end().push(tests::amqp::frame(8, 0, ""));
        world.advance(30s);
    }
    CHECK(world.receiver->health().code == "fiks_io.account_not_valid");
    CHECK(world.fake.log.holds(account_b));
}
