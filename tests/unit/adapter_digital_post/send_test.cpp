#include "adapters/digital_post/dpi_message.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/jwk.hpp"
#include "tests/unit/adapter_digital_post/dpi_world.hpp"

#include <catch2/catch.hpp>

using namespace dpi_world;
using core::Errc;
using sdk::Verdict;

namespace {

const char* out = "https://corner2.example/api/v2/dpi/messages/out?kanal=sluse_310001007_byggesak";
const char* duplicate = "InstanceIdentifier or ConversationId already used.";

std::string statuses(const std::string& status) {
    return R"([{"status":")" + status + R"(","beskrivelse":"om kari"}])";
}

}   // namespace

TEST_CASE("digital_post: a letter goes as one POST of two parts, and is accepted with its own id") {
    World world;
    world.fake.http.expect("POST", out).answer(201);
    const auto outcome = world.send(world.delivery());
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == letters::delivery_id);
    const auto& call = world.call(0);
    CHECK(call.streamed);
    CHECK(call.stream_size == call.body.size());
    const std::string boundary = std::string("--sluse-") + letters::delivery_id;
    CHECK(call.body.starts_with(boundary +
                                "\r\nContent-Disposition: form-data; name=\"forretningsmelding\"; "
                                "filename=\"sbd.jwt\"\r\nContent-Type: application/jwt\r\n\r\n"));
    CHECK(call.body.find("\r\n" + boundary +
                         "\r\nContent-Disposition: form-data; name=\"dokumentpakke\"; "
                         "filename=\"asic.cms\"\r\nContent-Type: application/cms\r\n\r\n") !=
          std::string::npos);
    CHECK(call.body.ends_with("\r\n" + boundary + "--\r\n"));
    CHECK(world.fake.spools.open == 0);
}

TEST_CASE(
    "digital_post: the message is signed by the certificate it carries, and names exactly the "
    "bytes beside it") {
    World world;
    world.fake.http.next().answer(201);
    world.send(world.delivery());
    const auto posted = read_posted(world.call(0));
    const auto parts = gateway::crypto::jws_split(posted.jws);
    CHECK(parts->header_json == dpi::jws_header(identity(letters::municipality).der));
    CHECK(*gateway::crypto::verify_rs256_with_certificate(identity(letters::municipality).der,
                                                          parts->signing_input, parts->signature));
    CHECK(posted.document()["digital"]["dokumentpakkefingeravtrykk"]["digestValue"].as_string() ==
          gateway::crypto::base64_encode(gateway::crypto::sha256(posted.envelope).to_bytes()));
    CHECK(posted.document()["digital"]["maskinportentoken"].as_string() == "token-1");
    CHECK(world.call(0).header("Authorization") == "Bearer token-1");
    CHECK(posted.document()["digital"]["mottaker"]["postkasseadresse"].as_string() ==
          "kari.nordmann#4F2K");
    CHECK(posted.document()["standardBusinessDocumentHeader"]["receiver"]
              .items()[0]["identifier"]["value"]
              .as_string() == "0192:984661185");
}

TEST_CASE("digital_post: a supplier's letter has the municipality as sender and consumer, the "
          "supplier as signer") {
    World world(Wishes({}, letters::supplier));
    world.fake.http.next().answer(201);
    world.send(world.delivery());
    const auto posted = read_posted(world.call(0));
    CHECK(
        posted.document()["digital"]["avsender"]["virksomhetsidentifikator"]["value"].as_string() ==
        "0192:310001007");
    CHECK(posted.document()["standardBusinessDocumentHeader"]["sender"]
              .items()[0]["identifier"]["value"]
              .as_string() == "0192:991825827");
    CHECK(world.fake.tokens.asked.at(0).consumer_org == letters::municipality);
}

TEST_CASE("digital_post: the channel is noted before the first letter goes out by it") {
    World world;
    world.fake.http.next().answer_with(
        [&](const tests::SentRequest&) -> sdk::Result<sdk::HttpResponse> {
            CHECK(world.fake.state.entries.at("channels").value ==
                  R"(["sluse_310001007_byggesak"])");
            return sdk::HttpResponse(201, "");
        });
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
}

TEST_CASE("digital_post: that something may have left is remembered before it leaves") {
    World world;
    world.fake.http.next().answer_with(
        [&](const tests::SentRequest&) -> sdk::Result<sdk::HttpResponse> {
            CHECK(world.progress.value() == R"({"sentAt":"2026-01-15T12:00:00.000Z"})");
            return sdk::HttpResponse(201, "");
        });
    world.send(world.delivery());
    World other;
    other.progress.failure = core::Failure(Errc::stale_fence);
    CHECK(other.send(other.delivery()).verdict == Verdict::try_later);
    CHECK(other.fake.http.calls().empty());
}

TEST_CASE("digital_post: notice is ordered for who may be notified, and what cannot be is noted") {
    World world;
    auto content = letters::letter();
    content.set("notify", letters::parsed(R"({"channel":"EmailAndSms","email":{"subject":"s",
        "body":"Brev"},"sms":{"body":"Brev"}})"));
    auto whom = contact();
    whom.remove("mobile");
    world.fake.registers.knows("contact", letters::person, whom);
    world.fake.http.next().answer(201);
    world.send(world.delivery(content));
    const auto posted = read_posted(world.call(0));
    CHECK(posted.document()["digital"]["varsler"].has("epostvarsel"));
    CHECK_FALSE(posted.document()["digital"]["varsler"].has("smsvarsel"));
    CHECK(world.progress.has_note("digital_post.notice_not_possible"));
}

TEST_CASE("digital_post: who cannot be reached digitally is a failure with its reason") {
    const auto refused = [](const char* member, const char* value, bool ignore = false) {
        World world;
        auto whom = contact();
        whom.set(member, letters::parsed(value));
        if (std::string(member) == "mailbox" || std::string(member) == "certificate") {
            whom.remove(member);
        }
        world.fake.registers.knows("contact", letters::person, whom);
        auto content = letters::letter();
        content.set("ignoreReservation", ignore);
        world.fake.http.always("POST", out).answer(201);
        return world.send(world.delivery(content));
    };
    CHECK(refused("reserved", "true").code.value == "digital_post.recipient_reserved");
    CHECK(refused("reserved", "true", true).verdict == Verdict::accepted);
    CHECK(refused("status", R"("deleted")").code.value == "digital_post.recipient_deleted");
    CHECK(refused("mailbox", "0").code.value == "digital_post.no_mailbox");
    CHECK(refused("certificate", "0").code.value == "digital_post.no_mailbox");
    CHECK(refused("status", R"("deleted")").verdict == Verdict::rejected);
}

TEST_CASE("digital_post: a person the register does not know has no mailbox") {
    World world;
    world.fake.registers.values.clear();
    CHECK(world.send(world.delivery()).code.value == "digital_post.no_mailbox");
    CHECK(world.fake.registers.asked.at(0).dataset == "contact");
    CHECK(world.fake.registers.asked.at(0).tenant.value == letters::municipality);
}

TEST_CASE(
    "digital_post: a register that does not answer lets the letter wait, one that is not set up "
    "does not") {
    World world;
    world.fake.registers.fail("krr.unavailable");
    const auto waits = world.send(world.delivery());
    CHECK(waits.verdict == Verdict::try_later);
    CHECK(waits.code.value == "krr.unavailable");
    CHECK_FALSE(waits.target_at_fault);
    world.fake.registers.fail("register.none", false);
    CHECK(world.send(world.delivery()).verdict == Verdict::rejected);
}

TEST_CASE("digital_post: a register that answers nonsense is not believed") {
    for (const char* nonsense :
         {"7", R"({"mailbox":{"address":"a","operator":"x"},"certificate":"AAAA"})",
          R"({"mailbox":{"address":"","operator":"984661185"},"certificate":"AAAA"})",
          R"({"mailbox":{"address":"a","operator":"984661185"},"certificate":"not base64"})"}) {
        World world;
        world.fake.registers.knows("contact", letters::person, letters::parsed(nonsense));
        const auto outcome = world.send(world.delivery());
        CHECK(outcome.code.value == "digital_post.register_unusable");
        CHECK(outcome.verdict == Verdict::try_later);
    }
    World world;
    world.fake.registers.values.clear();
    CHECK(world.send(world.delivery(letters::letter(), letters::on_paper)).code.value ==
          "digital_post.register_unusable");
}

TEST_CASE("digital_post: a printed letter is closed for the print service and has no mailbox") {
    World world;
    world.fake.http.expect("POST", out).answer(200);
    auto content = letters::letter();
    content.set("print", letters::parsed(R"({"duplex":false})"));
    CHECK(world.send(world.delivery(content, letters::on_paper)).verdict == Verdict::accepted);
    const auto posted = read_posted(world.call(0));
    CHECK(posted.document()["utskrift"]["mottaker"]["navn"].as_string() == "Kari Nordmann");
    CHECK(posted.document()["standardBusinessDocumentHeader"]["receiver"]
              .items()[0]["identifier"]["value"]
              .as_string() == std::string("0192:") + print_operator);
    CHECK(world.fake.registers.asked.at(0).keys == std::vector<std::string>{""});
    CHECK(world.progress.has_note("digital_post.sides_not_chosen"));
}

TEST_CASE("digital_post: paper without a return address, or for a graded address, is never sent") {
    World world;
    CHECK(world.send(world.delivery(letters::letter(), R"({"service":"print"})")).code.value ==
          "digital_post.return_address_missing");
    auto content = letters::letter();
    content.set("confidentiality", letters::parsed(R"({"level":"strict","gradedAddress":true})"));
    CHECK(world.send(world.delivery(content, letters::on_paper)).code.value ==
          "letter.graded_address_not_printed");
    content = letters::letter();
    content.remove("address");
    CHECK(world.send(world.delivery(content, letters::on_paper)).code.value ==
          "letter.address_missing");
    CHECK(world.fake.registers.asked.empty());
    CHECK_FALSE(world.fake.log.holds("Storgata"));
}

TEST_CASE("digital_post: a 401 takes a new token once, and the message is signed anew with it") {
    World world;
    world.fake.http.next().answer(401);
    world.fake.http.next().answer(201);
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
    const auto first = read_posted(world.call(0));
    const auto second = read_posted(world.call(1));
    CHECK(second.document()["digital"]["maskinportentoken"].as_string() == "token-2");
    CHECK(world.call(1).header("Authorization") == "Bearer token-2");
    CHECK(first.envelope == second.envelope);
    World refused;
    refused.fake.http.next().answer(401);
    refused.fake.http.next().answer(401);
    const auto outcome = refused.send(refused.delivery());
    CHECK(outcome.verdict == Verdict::rejected);
    CHECK(outcome.code.value == "upstream.unauthorised");
}

TEST_CASE("digital_post: without a token letters wait while it may pass and fail when it needs a "
          "person") {
    World world;
    sdk::TokenFailure failure;
    failure.code = "maskinporten.unavailable";
    world.fake.tokens.failure = failure;
    CHECK(world.send(world.delivery()).verdict == Verdict::try_later);
    world.fake.tokens.failure->passing = false;
    CHECK(world.send(world.delivery()).verdict == Verdict::rejected);
    CHECK(world.progress.value().empty());
}

TEST_CASE("digital_post: a lost answer is unknown, no connection is not, a failure inside is") {
    World world;
    world.fake.http.next().fail(Errc::answer_lost);
    CHECK(world.send(world.delivery()).verdict == Verdict::unknown);
    world.fake.http.next().fail(Errc::unreachable);
    CHECK(world.send(world.delivery()).verdict == Verdict::try_later);
    world.fake.http.next().answer(502);
    CHECK(world.send(world.delivery()).verdict == Verdict::unknown);
    world.fake.http.next().answer(503);
    CHECK(world.send(world.delivery()).verdict == Verdict::try_later);
}

TEST_CASE(
    "digital_post: an id that is used is looked up, and the letter that is there is the answer") {
    World world;
    world.fake.http.next().answer(400, duplicate);
    world.fake.http
        .expect("GET", std::string("/messages/out/") + letters::delivery_id + "/statuses")
        .answer_json(200, statuses("OPPRETTET"));
    const auto outcome = world.send(world.delivery());
    CHECK(outcome.verdict == Verdict::accepted);
    CHECK(outcome.upstream_reference == letters::delivery_id);
}

TEST_CASE("digital_post: an id that is used by nothing we can see is never sent again blindly") {
    World world;
    world.fake.http.next().answer(400, duplicate);
    world.fake.http.expect("GET", "/statuses").answer(404);
    const auto outcome = world.send(world.delivery());
    CHECK(outcome.verdict == Verdict::unknown);
    CHECK(outcome.code.value == "digital_post.id_used_unseen");
    World down;
    down.fake.http.next().answer(400, duplicate);
    down.fake.http.expect("GET", "/statuses").fail(Errc::unreachable);
    CHECK(down.send(down.delivery()).verdict == Verdict::unknown);
}

TEST_CASE(
    "digital_post: a refusal after an attempt whose end nobody knows is held against the list") {
    World world;
    world.progress = tests::FakeProgress(R"({"sentAt":"2026-01-15T11:00:00.000Z"})");
    world.fake.http.next().answer(400, "whatever it says");
    world.fake.http.expect("GET", "/statuses").answer_json(200, statuses("SENDT"));
    CHECK(world.send(world.delivery()).verdict == Verdict::accepted);
    World absent;
    absent.progress = tests::FakeProgress(R"({"sentAt":"2026-01-15T11:00:00.000Z"})");
    absent.fake.http.next().answer(400, "whatever it says");
    absent.fake.http.expect("GET", "/statuses").answer(204);
    CHECK(absent.send(absent.delivery()).code.value == "digital_post.refused");
    World failed;
    failed.progress = tests::FakeProgress(R"({"sentAt":"2026-01-15T11:00:00.000Z"})");
    failed.fake.http.next().answer(403);
    failed.fake.http.expect("GET", "/statuses").answer_json(200, statuses("FEILET"));
    CHECK(failed.send(failed.delivery()).code.value == "digital_post.not_forwarded");
}

TEST_CASE(
    "digital_post: a key that is away, or a certificate that is not ours, lets letters wait") {
    World world;
    world.fake.keys.failure = core::Failure(Errc::unavailable);
    CHECK(world.send(world.delivery()).code.value == "digital_post.key_unavailable");
    World other;
    other.fake.keys.chain = {identity(letters::supplier).der};
    const auto outcome = other.send(other.delivery());
    CHECK(outcome.code.value == "digital_post.certificate_not_ours");
    CHECK(outcome.verdict == Verdict::try_later);
    World unfit;   // a key of another certificate: nobody could verify the letter
    unfit.fake.keys.signer = [](const std::string& bytes) {
        return identity(letters::supplier).sign(bytes);
    };
    CHECK(unfit.send(unfit.delivery()).code.value == "digital_post.key_unavailable");
    World bare;
    bare.fake.keys.chain.clear();
    CHECK(bare.send(bare.delivery()).code.value == "digital_post.key_unavailable");
}

TEST_CASE("digital_post: our own certificate that has run out signs nothing") {
    World world;
    tests::BusinessWishes wishes;
    wishes.subject[2].second = std::string("NTRNO-") + letters::municipality;
    wishes.not_after = tests::judged_at() - seconds(1);
    world.fake.keys.chain = {authority().issue(wishes).der};
    CHECK(world.send(world.delivery()).code.value == "seal.certificate_expired");
    world.fake.http.next().answer(204);
    const auto health = world.health();
    CHECK(health.condition == sdk::Condition::degraded);
    CHECK(health.code.value == "seal.certificate_expired");
}

TEST_CASE("digital_post: a document that is gone or damaged is final, a full disk is not") {
    World world;
    auto given = world.delivery();
    given.documents[0].sha256.bytes[0] ^= 1U;
    CHECK(world.send(given).code.value == "delivery.document_unreadable");
    given = world.delivery();
    given.documents[0].size += 1;
    CHECK(world.send(given).code.value == "delivery.document_unreadable");
    given = world.delivery();
    given.documents[0].size -= 1;
    CHECK(world.send(given).verdict == Verdict::rejected);
    world.fake.spools.failure = core::Failure(Errc::too_large);   // more than we said there is
    CHECK(world.send(world.delivery()).code.value == "digital_post.package_failed");
    world.fake.spools.failure = core::Failure(Errc::storage_full);
    const auto full = world.send(world.delivery());
    CHECK(full.verdict == Verdict::try_later);
    CHECK(full.code.value == "service.storage_full");
    CHECK(world.fake.http.calls().empty());
    CHECK(world.fake.spools.open == 0);
}

TEST_CASE("digital_post: what is stored of a delivery in another shape is a fault of ours") {
    World world;
    auto broken = world.delivery();
    broken.content = "x";
    CHECK(world.send(broken).code.value == "service.internal");
}

TEST_CASE("digital_post: a letter cannot be taken back") {
    World world;
    CHECK(tests::run(world.io, world.adapter->sender()->cancel(world.delivery(), world.in(1)))
              .verdict == Verdict::rejected);
}

TEST_CASE("digital_post: nothing personal, no token and nothing of what was said is ever logged") {
    World world;
    world.fake.http.always("GET", "/statuses").answer(400, "om 17859130003");
    for (const int status : {400, 403, 500}) {
        world.fake.http.next().answer(status, "om 17859130003 og token-1");
        world.send(world.delivery());
    }
    world.fake.http.next().answer(500, "om 17859130003");
    world.receive();
    for (const char* secret :
         {"17859130003", "token-", "Vedtak", "kari", "Storgata", "om 1785", "4F2K"}) {
        CHECK_FALSE(world.fake.log.holds(secret));
    }
}
