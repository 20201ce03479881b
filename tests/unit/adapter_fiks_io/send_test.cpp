#include "tests/unit/adapter_fiks_io/fiks_world.hpp"

#include <catch2/catch.hpp>

using namespace fiks_world;

namespace {

constexpr const char* send_path = "/fiks-io/api/v1/send";

std::string query(const std::string& more = {}) {
    return R"({"type":"protocol","version":1,"messageType":)"
           R"("no.ks.fiks.plan.v2.innsyn.arealplan.hent","to":{"account":")" +
           std::string(archive_account) + R"("},"payload":{"json":{"a":1}})" + more + "}";
}

std::string receipt() {
    return R"({"type":"protocol","version":1,"messageType":)"
           R"("no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater.mottatt","to":{"account":")" +
           std::string(archive_account) +
           R"("},"correlation":"dialog-17","ttlSeconds":60,"replyTo":{"messageId":")" + message_id +
           R"(","messageType":"no.ks.fiks.arkiv.v1.arkivering.arkivmelding.oppdater"}})";
}

}   // namespace

TEST_CASE("fiks send: metadata and package go as two parts of one streamed request") {
    World world;
    world.knows_archive();
    auto delivery = world.delivery(query());
    delivery.documents.push_back(world.fake.documents.add("kart.pdf", std::string(700'000, 'k')));
    world.fake.http.expect("POST", send_path).answer_json(202, sent_answer());
    const auto outcome = world.send(delivery);
    CHECK(outcome.verdict == sdk::Verdict::accepted);
    CHECK(outcome.upstream_reference == message_id);
    CHECK(outcome.receipt_due == std::chrono::hours(24));
    CHECK_FALSE(outcome.delivered_already);
    const auto& call = world.fake.http.calls().back();
    CHECK(call.streamed);
    CHECK_FALSE(call.stream_size.has_value());
    CHECK(call.header("IntegrasjonPassord") == "p w");
    const auto posted = read_posted(call);
    CHECK(posted.metadata["avsenderKontoId"].as_string() == our_account);
    CHECK(posted.metadata["mottakerKontoId"].as_string() == archive_account);
    CHECK(posted.metadata["meldingType"].as_string() == "no.ks.fiks.plan.v2.innsyn.arealplan.hent");
    CHECK_FALSE(posted.metadata.has("svarPaMelding"));
    CHECK_FALSE(posted.metadata.has("ttl"));
    const auto& headers = posted.metadata["headere"];
    CHECK(headers["klientMeldingId"].as_string() == delivery.upstream_key);
    CHECK(headers["klientKorrelasjonsId"].as_string() == delivery.id.to_string());
    CHECK(headers["klientKorrelasjonId"].as_string() == delivery.id.to_string());

    // The archive opens it with its own key.
    World archive;
    archive.fake.keys.unwrapper = unwrapper_of(identity(archive_owner));
    archive.fake.keys.public_keys = {public_key_of(identity(archive_owner))};
    archive.fake.http.always("GET", "offentligNokkel").answer(404);
    const auto opened = archive.open(posted.data, municipality);
    REQUIRE(opened.package.has_value());
    REQUIRE(opened.package->files.size() == 2);
    CHECK(opened.package->files[0].name == "payload.json");
    CHECK(opened.package->files[0].media_type == "application/json");
    CHECK(archive.fake.documents.bytes_of(opened.package->files[0].sha256) == R"({"a":1})");
    CHECK(opened.package->files[1].size == 700'000);
    CHECK(opened.package->signature.holds);
}

TEST_CASE("fiks send: an answer without payload is metadata alone, and needs no certificate") {
    World world;
    world.fake.http.expect("POST", send_path).answer_json(202, sent_answer());
    const auto outcome = world.send(world.delivery(receipt()));
    CHECK(outcome.verdict == sdk::Verdict::accepted);
    CHECK(outcome.delivered_already);
    CHECK_FALSE(outcome.receipt_due.has_value());
    const auto posted = read_posted(world.fake.http.calls().front());
    CHECK_FALSE(posted.has_data);
    CHECK(posted.metadata["svarPaMelding"].as_string() == message_id);
    CHECK(posted.metadata["ttl"].as_int() == 60'000);
    CHECK(posted.metadata["headere"]["klientKorrelasjonsId"].as_string() == "dialog-17");
}

TEST_CASE(
    "fiks send: a lost answer is unknown, and the next attempt has the same klientMeldingId") {
    World world;
    const auto delivery = world.delivery(receipt());
    world.fake.http.expect("POST", send_path).fail(core::Errc::answer_lost);
    CHECK(world.send(delivery).verdict == sdk::Verdict::unknown);
    world.fake.http.expect("POST", send_path).answer(500);
    CHECK(world.send(delivery).verdict == sdk::Verdict::unknown);
    world.fake.http.expect("POST", send_path).answer(200, "<html>");
    CHECK(world.send(delivery).verdict == sdk::Verdict::unknown);
    world.fake.http.expect("POST", send_path).answer_json(202, R"({"meldingId":"none"})");
    CHECK(world.send(delivery).verdict == sdk::Verdict::unknown);
    world.fake.http.expect("POST", send_path).answer_json(200, sent_answer());
    CHECK(world.send(delivery).verdict == sdk::Verdict::accepted);
    for (const auto& call : world.fake.http.calls()) {
        CHECK(read_posted(call).metadata["headere"]["klientMeldingId"].as_string() ==
              delivery.upstream_key);
    }
}

TEST_CASE("fiks send: every refusal has its name, and only what may pass is tried again") {
    World world;
    const auto delivery = world.delivery(receipt());
    const auto outcome = [&](int status, const std::string& body = "{}") {
        world.fake.http.expect("POST", send_path).answer_json(status, body);
        return world.send(delivery);
    };
    const auto is = [](const sdk::Outcome& what, sdk::Verdict verdict, const char* code) {
        CHECK(what.verdict == verdict);
        CHECK(what.code.value == code);
    };
    is(outcome(400), sdk::Verdict::rejected, "fiks_io.refused");
    is(outcome(403), sdk::Verdict::rejected, "fiks.no_access");
    is(outcome(404), sdk::Verdict::rejected, "fiks_io.account_unknown");
    is(outcome(413), sdk::Verdict::rejected, "fiks_io.too_large");
    is(outcome(409), sdk::Verdict::rejected, "fiks.refused");
    is(outcome(429), sdk::Verdict::try_later, "upstream.rate_limited");
    is(outcome(503), sdk::Verdict::try_later, "upstream.server_error");
    is(outcome(502), sdk::Verdict::unknown, "upstream.server_error");
    world.fake.http.expect("POST", send_path).fail(core::Errc::unreachable);
    is(world.send(delivery), sdk::Verdict::try_later, "upstream.unreachable");
    const std::string refused = R"({"message":"Autentisering feilet for integrasjon med id x"})";
    world.fake.http.expect("POST", send_path).answer_json(401, refused);
    world.fake.http.expect("POST", send_path).answer_json(401, refused);
    const auto waits = world.send(delivery);
    is(waits, sdk::Verdict::try_later, "fiks.integration_refused");
    CHECK(waits.target_at_fault);
}

TEST_CASE("fiks send: after a refused token the package is made anew and sent with a new one") {
    World world;
    world.knows_archive();
    world.fake.http.expect("POST", send_path).answer_json(401, R"({"message":"access_token"})");
    world.fake.http.expect("POST", send_path).answer_json(202, sent_answer());
    CHECK(world.send(world.delivery(query())).verdict == sdk::Verdict::accepted);
    const auto& calls = world.fake.http.calls();
    CHECK(read_posted(calls[calls.size() - 2]).has_data);
    CHECK(read_posted(calls.back()).has_data);
    CHECK(calls.back().header("Authorization") == "Bearer token-2");
}

TEST_CASE("fiks send: an account that is not the tenant's sends nothing") {
    World world;
    const std::string with = R"({"account":")" + std::string(archive_account) + "\"}";
    CHECK(world.send(world.delivery(query(), with)).code.value == "fiks_io.account_not_ours");
    auto delivery = world.delivery(query());
    delivery.tenant = core::TenantId(archive_owner);
    CHECK(world.send(delivery).code.value == "fiks_io.account_not_ours");
    CHECK(world.fake.http.calls().empty());
}

TEST_CASE("fiks send: a message for nobody, and a file that no package can hold, are final") {
    World world;
    world.knows_archive();
    const auto nobody = world.send(world.delivery(
        R"({"type":"protocol","version":1,"messageType":)"
        R"("no.ks.fiks.plan.v2.innsyn.arealplan.hent","payload":{"json":{"a":1}}})"));
    CHECK(nobody.verdict == sdk::Verdict::rejected);
    CHECK(nobody.code.value == "fiks_io.receiver_not_named");
    world.fake.http.always("POST", send_path).answer_json(202, sent_answer());
    auto delivery = world.delivery(query());
    delivery.documents.push_back(world.fake.documents.add("../kart.pdf", "a map"));
    const auto unpacked = world.send(delivery);
    CHECK(unpacked.verdict == sdk::Verdict::rejected);
    CHECK(unpacked.code.value == "fiks_io.package_failed");
}

TEST_CASE("fiks send: an expired certificate is used and stands on the timeline") {
    World world;
    world.knows_archive();
    world.fake.clock.advance(std::chrono::hours(24 * 3650));
    world.fake.http.expect("POST", send_path).answer_json(202, sent_answer());
    CHECK(world.send(world.delivery(query())).verdict == sdk::Verdict::accepted);
    CHECK(world.progress.has_note("fiks_io.certificate_expired"));
}

TEST_CASE("fiks send: nothing is sent for a receiver without a usable certificate") {
    World world;
    world.fake.http.always("GET", "offentligNokkel").answer(404);
    CHECK(world.send(world.delivery(query())).code.value == "fiks_io.receiver_without_key");
}

TEST_CASE(
    "fiks send: a document that is gone or changed breaks the package off, and is no unknown") {
    World world;
    world.knows_archive();
    auto delivery = world.delivery(query());
    auto document = world.fake.documents.add("a.pdf", "a document");
    document.size = 11;   // one byte more than there is
    delivery.documents.push_back(document);
    world.fake.http.always("POST", send_path).answer_json(202, sent_answer());
    const auto shorter = world.send(delivery);
    CHECK(shorter.verdict == sdk::Verdict::rejected);
    CHECK(shorter.code.value == "delivery.document_unreadable");
    delivery.documents.front().sha256 = core::Sha256();
    CHECK(world.send(delivery).code.value == "delivery.document_unreadable");
}

TEST_CASE("fiks send: while the key is away everything waits") {
    World world;
    world.knows_archive();
    world.fake.http.always("POST", send_path).answer_json(202, sent_answer());
    world.fake.keys.signer = [](const std::string&) { return std::string("not a signature"); };
    const auto wrong = world.send(world.delivery(query()));
    CHECK(wrong.code.value == "fiks_io.key_unavailable");
    CHECK(wrong.verdict == sdk::Verdict::try_later);
    world.fake.keys.failure = core::Failure(core::Errc::unavailable);
    CHECK(world.send(world.delivery(query())).code.value == "fiks_io.key_unavailable");
}

TEST_CASE("fiks send: an error that comes as a file is held against its schema before it goes") {
    World world;
    world.knows_archive();
    auto delivery = world.delivery(
        R"({"type":"protocol","version":1,"messageType":)"
        R"("no.ks.fiks.plan.v2.feilmelding.serverfeil","to":{"account":")" +
        std::string(archive_account) + R"("},"replyTo":{"messageId":")" + message_id +
        R"(","messageType":"no.ks.fiks.plan.v2.innsyn.arealplan.hent"}})");
    delivery.documents.push_back(world.fake.documents.add("feilmelding.json", R"({"a":1})"));
    CHECK(world.send(delivery).code.value == "fiks_io.payload_invalid");
    delivery.documents = {world.fake.documents.add("feilmelding.json", "no JSON")};
    CHECK(world.send(delivery).code.value == "fiks_io.payload_invalid");
    delivery.documents = {
        world.fake.documents.add("feilmelding.json", R"({"errorId":"1","feilmelding":"Nede"})")};
    world.fake.http.expect("POST", send_path).answer_json(202, sent_answer());
    CHECK(world.send(delivery).verdict == sdk::Verdict::accepted);
}

TEST_CASE("fiks send: a paused protocol is carried, with a remark") {
    World world;
    world.knows_archive();
    world.fake.http.expect("POST", send_path).answer_json(202, sent_answer());
    const auto delivery =
        world.delivery(R"({"type":"protocol","version":1,"messageType":)"
                       R"("no.ks.fiks.politisk.behandling.v1.utvalg.hent","to":{"account":")" +
                       std::string(archive_account) + R"("},"payload":{"json":{}}})");
    CHECK(world.send(delivery).verdict == sdk::Verdict::accepted);
    CHECK(world.progress.has_note("fiks_io.protocol_paused"));
}
