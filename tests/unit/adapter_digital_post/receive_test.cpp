#include "tests/unit/adapter_digital_post/dpi_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace dpi_world;
using core::Errc;
using receipts::receipt;

namespace {

const std::string read_path = std::string("/messages/in/") + receipts::receipt_id + "/read";

/// A world that has sent a letter, so that its channel is asked for.
struct Sent : World {
    explicit Sent(const Wishes& wishes = Wishes()) : World(wishes) {
        fake.http.expect("POST", "/messages/out").answer(201);
        send(delivery());
    }
    tests::ScriptedHttpClient& http() { return fake.http; }
    void gives(const std::vector<std::string>& jws) {
        http()
            .expect("GET", "/messages/in?kanal=sluse_310001007_byggesak&page_size=100")
            .answer_json(200, unread(jws));
    }
    void expects_read() { http().expect("POST", read_path).answer(200); }
    const sdk::Oddity& oddity() const { return fake.inbound.oddities.at(0); }
};

std::string id_number(int number) {
    return "ff88849c-e281-4809-8555-" + std::to_string(100000000000 + number);
}

}   // namespace

TEST_CASE("digital_post: a receipt is stored first and marked read after") {
    Sent world;
    const auto jws = world.signed_receipt(receipt("leveringskvittering"));
    world.gives({jws});
    world.http()
        .expect("POST", read_path)
        .answer_with([&](const tests::SentRequest&) -> sdk::Result<sdk::HttpResponse> {
            CHECK(world.fake.inbound.receipts.size() == 1);
            return sdk::HttpResponse(200, "");
        });
    world.receive();
    REQUIRE(world.fake.inbound.receipts.size() == 1);
    const auto& news = world.fake.inbound.receipts[0];
    CHECK(news.delivery.to_string() == letters::delivery_id);
    CHECK(news.receipt.kind == sdk::ReceiptKind::delivered);
    CHECK(news.raw == jws);
    CHECK(world.fake.inbound.alive_count > 0);
}

TEST_CASE("digital_post: receipts are fetched with a token on behalf of nobody") {
    Sent world(Wishes({}, letters::supplier));
    const auto asked_before = world.fake.tokens.asked.size();
    world.gives({});
    world.receive();
    CHECK(world.fake.tokens.asked.at(asked_before).consumer_org.empty());
}

TEST_CASE("digital_post: a receipt that cannot be stored is not marked read, and comes again") {
    Sent world;
    const auto jws = world.signed_receipt(receipt("leveringskvittering"));
    world.fake.inbound.failure = core::Failure(Errc::storage_failed);
    world.gives({jws});
    world.receive();
    CHECK(world.fake.inbound.receipts.empty());
    world.fake.inbound.failure.reset();
    world.gives({jws});
    world.expects_read();
    world.receive();
    CHECK(world.fake.inbound.receipts.size() == 1);
}

TEST_CASE(
    "digital_post: a receipt that was stored but not marked read is told once and marked then") {
    Sent world;
    const auto jws = world.signed_receipt(receipt("leveringskvittering"));
    world.gives({jws});
    world.http().expect("POST", read_path).fail(Errc::answer_lost);
    world.gives({jws});
    world.expects_read();
    world.receive();
    CHECK(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.calls == 2);
}

TEST_CASE("digital_post: corner 2 that no longer knows a receipt has had it marked") {
    Sent world;
    world.gives({world.signed_receipt(receipt("aapningskvittering"))});
    world.http().expect("POST", read_path).answer(404);
    world.receive();
    CHECK(world.fake.inbound.alive_count == 1);
    CHECK(world.fake.inbound.receipts.at(0).receipt.kind == sdk::ReceiptKind::read);
}

TEST_CASE("digital_post: receipts are taken in whatever order they come, months later too") {
    Sent world;
    world.fake.clock.advance(std::chrono::hours(24 * 200));
    world.gives({world.signed_receipt(receipt("aapningskvittering", {}, letters::delivery_id,
                                              "digital", id_number(1))),
                 world.signed_receipt(receipt("leveringskvittering", {}, letters::delivery_id,
                                              "digital", id_number(2)))});
    world.http().expect("POST", id_number(1) + "/read").answer(200);
    world.http().expect("POST", id_number(2) + "/read").answer(200);
    world.receive();
    REQUIRE(world.fake.inbound.receipts.size() == 2);
    CHECK(world.fake.inbound.receipts[0].receipt.kind == sdk::ReceiptKind::read);
    CHECK(world.fake.inbound.receipts[1].receipt.kind == sdk::ReceiptKind::delivered);
}

TEST_CASE("digital_post: a receipt about a letter we never sent is kept aside and marked read") {
    Sent world;
    world.fake.inbound.strangers.insert(*core::DeliveryId::parse(letters::delivery_id));
    world.gives({world.signed_receipt(receipt("leveringskvittering"))});
    world.expects_read();
    world.receive();
    CHECK(world.oddity().code.value == "digital_post.receipt_unknown_conversation");
    CHECK(world.oddity().media_type == "application/jwt");
}

TEST_CASE("digital_post: a receipt with a wrong signature is not believed, and kept whole") {
    Sent world;
    auto jws = world.signed_receipt(receipt("leveringskvittering"));
    const auto other = world.signed_receipt(receipt("aapningskvittering"));
    jws = jws.substr(0, jws.rfind('.')) + other.substr(other.rfind('.'));
    world.gives({jws});
    world.expects_read();
    world.receive();
    CHECK(world.fake.inbound.receipts.empty());
    CHECK(world.oddity().code.value == "digital_post.receipt_not_trusted");
    CHECK(world.oddity().params == core::Params{{"reason", "seal.signature_wrong"}});
    CHECK(world.oddity().raw == jws);
}

TEST_CASE("digital_post: a receipt from somebody else than it says is not believed") {
    Sent world;
    world.gives({world.signed_receipt(receipt("leveringskvittering"), letters::supplier)});
    world.expects_read();
    world.receive();
    CHECK(world.oddity().params == core::Params{{"reason", "seal.organisation_other"}});
}

TEST_CASE("digital_post: receipts are held against the trust file: authority, policy, time, use") {
    const auto reason = [](const tests::BusinessIdentity& who) {
        Sent world;
        const std::string header =
            R"({"x5c":[")" + gateway::crypto::base64_encode(who.der) + R"("],"alg":"RS256"})";
        auto input =
            gateway::crypto::jws_signing_input(header, json::write(receipt("leveringskvittering")));
        const auto signature = who.sign(input);
        world.gives({gateway::crypto::jws_compact(std::move(input), signature)});
        world.expects_read();
        world.receive();
        return world.fake.inbound.oddities.empty() ? "taken" : world.oddity().params.at(0).second;
    };
    tests::BusinessWishes wishes;
    wishes.subject[2].second = std::string("NTRNO-") + receipts::mailbox_operator;
    CHECK(reason(authority().issue(wishes)) == "taken");
    auto expired = wishes;
    expired.not_after = tests::judged_at() - seconds(1);
    CHECK(reason(authority().issue(expired)) == "seal.certificate_expired");
    auto of_no_policy = wishes;
    of_no_policy.policies = "1.2.3.4";
    CHECK(reason(authority().issue(of_no_policy)) == "seal.certificate_policy_unknown");
    auto for_keys_only = wishes;
    for_keys_only.key_usage = "critical,keyEncipherment";
    CHECK(reason(authority().issue(for_keys_only)) == "seal.certificate_key_usage");
    CHECK(reason(authority().self_signed(wishes)) != "taken");
    static const tests::BusinessAuthority stranger("Another CA");
    CHECK(reason(stranger.issue(wishes)) == "seal.certificate_untrusted");
}

TEST_CASE(
    "digital_post: a revoked signer is not believed; while nobody can say, receipts wait where "
    "that is asked for") {
    Sent world;
    world.revocations.revoked = {identity(receipts::mailbox_operator).der};
    world.fake.clock.advance(std::chrono::minutes(16));   // a newer list is due
    world.gives({world.signed_receipt(receipt("leveringskvittering"))});
    world.expects_read();
    world.receive();
    CHECK(world.oddity().params == core::Params{{"reason", "seal.certificate_revoked"}});
    World strict(Wishes(R"(,"revocation":"require")"));
    strict.revocations.down = true;
    strict.fake.http.expect("GET", "/messages/in")
        .answer_json(200, World::unread({strict.signed_receipt(receipt("leveringskvittering"))}));
    strict.receive();
    CHECK(strict.fake.inbound.calls == 0);
    CHECK(strict.fake.log.holds("digital_post.receipt_waits"));
}

TEST_CASE("digital_post: where operators are named, nobody else's receipts are taken") {
    Sent world(Wishes(R"(,"operators":["922020175"])"));
    world.gives({world.signed_receipt(receipt("leveringskvittering"))});
    world.expects_read();
    world.receive();
    CHECK(world.oddity().code.value == "digital_post.receipt_unknown_operator");
    Sent named(Wishes(R"(,"operators":["922020175","984661185"])"));
    named.gives({named.signed_receipt(receipt("leveringskvittering"))});
    named.expects_read();
    named.receive();
    CHECK(named.fake.inbound.receipts.size() == 1);
}

TEST_CASE(
    "digital_post: a receipt against its schema is kept aside, and marked read by its own id") {
    Sent world;
    world.gives(
        {world.signed_receipt(receipt("leveringskvittering", R"(,"maskinportentoken":"t")"))});
    world.expects_read();
    world.receive();
    CHECK(world.oddity().code.value == "digital_post.receipt_against_schema");
}

TEST_CASE("digital_post: what is no message at all is marked read by the id in its address") {
    Sent world;
    world.gives({"truncat"});
    world.expects_read();
    world.receive();
    CHECK(world.oddity().code.value == "digital_post.receipt_malformed");
    CHECK(world.oddity().raw == "truncat");
}

TEST_CASE("digital_post: what has no id anywhere is kept once, and holds up nothing") {
    Sent world;
    const std::string body =
        R"([{"forretningsmelding":"x"},{"forretningsmelding":)" +
        json::write(json::Value(world.signed_receipt(receipt("leveringskvittering")))) + "}]";
    for (int round = 0; round < 2; ++round) {
        world.http().expect("GET", "/messages/in").answer_json(200, body);
        world.expects_read();
    }
    world.receive();
    CHECK(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.alive_count == 2);
}

TEST_CASE("digital_post: one bad receipt among good ones keeps none of them back") {
    Sent world;
    std::vector<std::string> all;
    for (int i = 0; i < 5; ++i) {
        all.push_back(
            world.signed_receipt(receipt(i == 2 ? "ukjentkvittering" : "leveringskvittering", {},
                                         letters::delivery_id, "digital", id_number(i))));
    }
    world.gives(all);
    for (int i = 0; i < 5; ++i) {
        world.http().expect("POST", id_number(i) + "/read").answer(i == 1 ? 500 : 200);
    }
    world.receive();
    CHECK(world.fake.inbound.receipts.size() == 4);
    CHECK(world.fake.inbound.oddities.size() == 1);
}

TEST_CASE("digital_post: behind a full page there is more, and it is fetched at once") {
    Sent world;
    std::vector<std::string> full;
    for (int i = 0; i < 100; ++i) {
        full.push_back("bad" + std::to_string(i));
    }
    world.gives(full);
    world.http().always("POST", "/read").answer(200);
    world.gives({});
    const auto before = world.fake.clock.steady();
    world.receive();
    CHECK(world.fake.clock.steady() == before);
    CHECK(world.fake.inbound.oddities.size() == 100);
}

TEST_CASE("digital_post: every channel that was ever used is asked for, also after a restart") {
    Sent world;
    auto other = world.delivery();
    other.system = core::SystemId("skole");
    world.http().expect("POST", "kanal=sluse_310001007_skole").answer(201);
    world.send(other);
    World restarted;
    restarted.fake.state.entries = world.fake.state.entries;
    restarted.fake.http.expect("GET", "kanal=sluse_310001007_byggesak").answer(204);
    restarted.fake.http.expect("GET", "kanal=sluse_310001007_skole").answer(204);
    restarted.receive();
    CHECK(restarted.fake.inbound.alive_count == 1);
}

TEST_CASE("digital_post: before anything was sent corner 2 is asked all the same, so that somebody "
          "notices when it does not answer") {
    World world;
    world.fake.http.expect("GET", "/messages/in?kanal=sluse&page_size=100").answer(204);
    world.receive();
    CHECK(world.fake.inbound.alive_count == 1);
}

TEST_CASE(
    "digital_post: a channel that fails does not hide the others, and the watchdog is not fed") {
    Sent world;
    auto other = world.delivery();
    other.system = core::SystemId("skole");
    world.http().expect("POST", "kanal=sluse_310001007_skole").answer(201);
    world.send(other);
    world.http().expect("GET", "kanal=sluse_310001007_byggesak").answer(500);
    world.http()
        .expect("GET", "kanal=sluse_310001007_skole")
        .answer_json(200, World::unread({world.signed_receipt(receipt("leveringskvittering"))}));
    world.expects_read();
    world.receive();
    CHECK(world.fake.inbound.receipts.size() == 1);
    CHECK(world.fake.inbound.alive_count == 0);
}

TEST_CASE("digital_post: a component that is down is asked ever less often, at most every five "
          "minutes") {
    Sent world;
    std::vector<core::SteadyTime> asked;
    for (int i = 0; i < 8; ++i) {
        world.http()
            .expect("GET", "/messages/in")
            .answer_with([&](const tests::SentRequest&) -> sdk::Result<sdk::HttpResponse> {
                asked.push_back(world.fake.clock.steady());
                return core::Failure(Errc::unreachable);
            });
    }
    world.receive();
    REQUIRE(asked.size() == 8);
    std::vector<long> pauses;
    for (std::size_t i = 1; i < asked.size(); ++i) {
        pauses.push_back(std::chrono::duration_cast<seconds>(asked[i] - asked[i - 1]).count());
    }
    CHECK(pauses == std::vector<long>{20, 40, 80, 160, 300, 300, 300});
}

TEST_CASE("digital_post: every call of the receiver has a deadline of half a minute at most") {
    Sent world;
    world.gives({world.signed_receipt(receipt("leveringskvittering"))});
    world.http().next().hang();   // marking read
    world.http().next().hang();   // asking again
    world.gives({});
    const auto before = world.fake.http.calls().size();
    world.receive();
    REQUIRE(world.fake.http.calls().size() >= before + 4);
    for (std::size_t i = before; i < before + 4; ++i) {
        CHECK(world.call(i).deadline - core::SteadyTime{} <=
              world.fake.clock.steady() - core::SteadyTime{} + seconds(30));
    }
    CHECK(world.fake.inbound.alive_count > 0);
}

TEST_CASE("digital_post: channels that cannot be read are tried again") {
    Sent world;
    world.fake.state.entries["channels"].value = "not json";
    world.fake.http.always("GET", "/messages/in").answer(204);
    world.receive();
    CHECK(world.fake.inbound.alive_count == 0);
    CHECK(world.fake.log.holds("digital_post.channels_unreadable"));
}
