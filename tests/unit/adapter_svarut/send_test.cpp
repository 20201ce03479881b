#include "tests/unit/adapter_svarut/svarut_world.hpp"

#include <catch2/catch.hpp>

using namespace svarut_world;
using core::Errc;
using sdk::Verdict;

TEST_CASE(
    "svarut: the shipment's JSON comes first and its files follow in its order and by its names") {
    World world;
    json::Value message = letter();
    json::Value more = parsed(R"({"name":"kart æ.pdf","mediaType":"application/pdf"})");
    message.find("documents")->push(std::move(more));
    const auto delivery = world.delivery(message);
    world.http()
        .expect("POST", std::string(sent_url) + "forsendelser/person")
        .answer_json(200, given_id());
    const auto outcome = world.send(delivery);
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == shipment_id);
    const auto parts = parts_of(world.call(0));
    REQUIRE(parts.size() == 3);
    CHECK(parts[0].head.find("name=\"forsendelse\"") != std::string::npos);
    CHECK(parts[0].head.find("application/json") != std::string::npos);
    CHECK(parts[1].head.find("filename=\"vedtak.pdf\"") != std::string::npos);
    CHECK(parts[1].body == "%PDF-1.7 bytes");
    CHECK(parts[2].head.find("filename=\"kart æ.pdf\"") != std::string::npos);
    CHECK(world.call(0).stream_size == world.call(0).body.size());
    const auto order = order_of(world.call(0));
    CHECK(order["eksternReferanse"].as_string() == key);
    CHECK(order["korrelasjonsid"].as_string() == "LON-17");
    CHECK(order["dokumenter"].items().at(1)["filnavn"].as_string() == "kart æ.pdf");
}

TEST_CASE("svarut: every call has the platform's three headers") {
    World world;
    world.http().expect("POST", "/person").answer_json(200, given_id());
    world.send(world.delivery());
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(world.call(0).header("IntegrasjonId") == "5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c0001");
    CHECK(world.call(0).header("IntegrasjonPassord") == "hemmelig");
    CHECK(world.fake.tokens.asked.front().scopes == std::vector<std::string>{"ks:fiks"});
    CHECK_FALSE(world.fake.log.holds("hemmelig"));
}

TEST_CASE("svarut: a refused token is replaced once, and the documents are read anew") {
    World world;
    world.http()
        .expect("POST", "/person")
        .answer_json(401, R"({"message":"Klarte ikke å validere access_token"})");
    world.http().expect("POST", "/person").answer_json(200, given_id());
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
    CHECK(parts_of(world.call(1)).at(1).body == "%PDF-1.7 bytes");
    CHECK(world.call(1).header("Authorization") == "Bearer token-2");
}

TEST_CASE("svarut: an attempt is written down before anything leaves") {
    World world;
    world.http().expect("POST", "/person").answer_with([&](const tests::SentRequest&) {
        CHECK(world.progress.remembered.size() == 1);
        CHECK(world.progress.value().find("2026-01-15T12:00:00.000Z") != std::string::npos);
        return sdk::HttpResponse(200, given_id());
    });
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
}

TEST_CASE("svarut: nothing is sent by who no longer holds the delivery") {
    World world;
    world.progress.failure = core::Failure(Errc::stale_fence);
    CHECK(world.send(world.delivery()).verdict == Verdict::try_later);
    CHECK(world.http().calls().empty());
}

TEST_CASE("svarut: a lost answer is searched for by our reference and found") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::answer_lost);
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    world.http()
        .expect("GET",
                std::string("/api/v2/kontoer/") + account + "/forsendelser?eksternRef=" + key)
        .answer_json(200, found({shipment_id}));
    const auto outcome = world.look_up(delivery);
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == shipment_id);
}

TEST_CASE("svarut: not found is believed only when nothing of the attempt can arrive any more") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::answer_lost);
    world.send(delivery);
    world.fake.clock.advance(std::chrono::minutes(19));
    world.http().expect("GET", "eksternRef=").answer_json(200, found({}));
    const auto early = world.look_up(delivery);
    CHECK(early.verdict == Verdict::try_later);
    CHECK(early.retry_after == seconds(30));
    world.fake.clock.advance(std::chrono::minutes(1));
    world.http().expect("GET", "eksternRef=").answer_json(200, found({}));
    CHECK(world.look_up(delivery).verdict == Verdict::not_found);
}

TEST_CASE("svarut: whatever makes it be sent again, what SvarUt has is not sent twice") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::answer_lost);
    world.send(delivery);
    world.http().expect("GET", "eksternRef=").answer_json(200, found({other_id, shipment_id}));
    const auto outcome = world.send(delivery);
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == other_id);
    CHECK(world.fake.log.holds("svarut.found_more_than_once"));
    CHECK(world.http().calls().size() == 2);
}

TEST_CASE("svarut: sent again while it is not known whether it arrived, that stays unknown") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::answer_lost);
    world.send(delivery);
    world.http().expect("GET", "eksternRef=").answer_json(200, found({}));
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    world.http().expect("GET", "eksternRef=").answer_json(500, "{}");
    CHECK(world.send(delivery).verdict == Verdict::unknown);
    world.http().expect("GET", "eksternRef=").fail(Errc::unreachable);
    CHECK(world.send(delivery).verdict == Verdict::try_later);
    CHECK(world.progress.value().find("begun") != std::string::npos);
}

TEST_CASE("svarut: what cannot have arrived is sent again, and that is told") {
    World world(R"(,"believed_missing_after_seconds":60)");
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::answer_lost);
    world.send(delivery);
    world.fake.clock.advance(seconds(60));
    world.http().expect("GET", "eksternRef=").answer_json(200, found({}));
    world.http().expect("POST", "/person").answer_json(200, given_id());
    CHECK(world.send(delivery).verdict == Verdict::accepted);
    CHECK(world.progress.has_note("svarut.sent_anew"));
}

TEST_CASE("svarut: a search that fails says nothing of the shipment") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::answer_lost);
    world.send(delivery);
    for (const int status : {403, 404, 500, 429}) {
        world.http().expect("GET", "eksternRef=").answer_json(status, "{}");
        CHECK(world.look_up(delivery).verdict == Verdict::try_later);
    }
    for (const char* body : {"<html>", "{}", R"({"forsendelseIds":["../x"]})", "[]"}) {
        world.http().expect("GET", "eksternRef=").answer_json(200, body);
        CHECK(world.look_up(delivery).verdict == Verdict::try_later);
    }
}

TEST_CASE("svarut: an attempt that never left needs no search") {
    World world;
    const auto delivery = world.delivery();
    world.http().expect("POST", "/person").fail(Errc::unreachable);
    CHECK(world.send(delivery).verdict == Verdict::try_later);
    CHECK(world.look_up(delivery).verdict == Verdict::not_found);
    world.http().expect("POST", "/person").answer_json(503, "{}");
    CHECK(world.send(delivery).verdict == Verdict::try_later);
    CHECK(world.look_up(delivery).verdict == Verdict::not_found);
    CHECK(world.http().calls().size() == 2);
}

TEST_CASE(
    "svarut: a fault of SvarUt's own may have had an effect, and so may an answer that is none") {
    for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
             {500, "{}"}, {502, "<html>"}, {200, "<html>"}, {200, R"({"id":"../../x"})"}}) {
        World world;
        world.http().expect("POST", "/person").answer_json(status, body);
        CHECK(world.send(world.delivery()).verdict == Verdict::unknown);
        CHECK(world.progress.value().find("begun") != std::string::npos);
    }
}

TEST_CASE("svarut: a refusal is final, with SvarUt's words sealed and its error id told") {
    World world;
    world.http()
        .expect("POST", "/person")
        .answer_json(
            400, R"({"status":400,"errorId":"a1b2-c3","message":"Mottaker 17859130003 er feil"})");
    const auto outcome = world.send(world.delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "svarut.refused");
    CHECK(outcome.params == core::Params{{"status", "400"}, {"error", "a1b2-c3"}});
    CHECK(outcome.upstream_text.find("Mottaker") != std::string::npos);
    CHECK_FALSE(world.fake.log.holds("17859130003"));
}

TEST_CASE(
    "svarut: an account that SvarUt does not know, or that nobody configured, is our own fault") {
    World world;
    world.http().expect("POST", "/person").answer_json(404, R"({"errorId":"e"})");
    CHECK(world.send(world.delivery()).code.value == "svarut.account_unknown");
    auto other = world.delivery();
    other.tenant = core::TenantId("310002003");
    const auto outcome = world.send(other);
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "svarut.no_account");
}

TEST_CASE("svarut: the route's account is used where it names one") {
    World world;
    world.http()
        .expect("POST", "/api/v3/kontoer/5a0f7d3e-0c5d-4d55-9a7e-8f2b5d1c00ff/forsendelser/person")
        .answer_json(200, given_id());
    const auto delivery =
        world.delivery(letter(), R"({"account":"5A0F7D3E-0C5D-4D55-9A7E-8F2B5D1C00FF"})");
    CHECK(world.send(delivery).verdict == Verdict::accepted);
}

TEST_CASE("svarut: a document that is gone ends the delivery, one that cannot be read now waits") {
    World world;
    auto delivery = world.delivery();
    delivery.documents[0].sha256 = core::Sha256();
    const auto outcome = world.send(delivery);
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "delivery.document_unreadable");
    CHECK(world.http().calls().empty());
}

TEST_CASE("svarut: SvarUt takes nothing back") {
    World world;
    const auto outcome =
        tests::run(world.io, world.adapter->sender()->cancel(world.delivery(), world.in(10)));
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "cancel_refused");
}

TEST_CASE("svarut: an attempt may take the 16 minutes that SvarUt takes in data, and is believed "
          "missing only later") {
    const auto all = svarut::capabilities();
    REQUIRE(all.size() == 2);
    for (const auto& one : all) {
        CHECK(one.attempt_time_max == std::chrono::minutes(16));
        CHECK(svarut::Settings().believed_missing_after > one.attempt_time_max);
        CHECK(one.deduplicates == sdk::Deduplicates::none);
        CHECK(one.answers_lookup);
    }
}

TEST_CASE("svarut: in production nothing is believed missing while SvarUt may still take it in") {
    sdk::ConnectionFacts facts;
    facts.settings = R"({"believed_missing_after_seconds":959})";
    facts.base_url = "https://svarut.ks.no";
    CHECK_FALSE(svarut::read_settings(facts).has_value());
    facts.base_url = "https://test.svarut.ks.no";
    CHECK(svarut::read_settings(facts).has_value());
    facts.environment = "prod";   // by an address of one's own
    CHECK_FALSE(svarut::read_settings(facts).has_value());
    facts.settings = "{}";
    CHECK(svarut::read_settings(facts).has_value());
}
