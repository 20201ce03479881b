#include "tests/unit/adapter_svarinn/svarinn_world.hpp"

#include <catch2/catch.hpp>

using namespace svarinn_world;
using core::Errc;
using sdk::Settlement;
using sdk::Verdict;

namespace {

std::string package(const tests::NamedFiles& files = two_files()) {
    return tests::sealed_for_fakes(tests::plain_zip(files));
}

}   // namespace

TEST_CASE(
    "svarinn: a shipment is stored with its files before SvarUt is told that it was received") {
    World world;
    world.lists({nested()});
    world.downloads(package());
    world.fake.http.expect("PATCH", "/status").answer_with([&](const tests::SentRequest& sent) {
        CHECK(world.fake.inbound.messages.size() == 1);
        CHECK(sent.body == R"({"status":"MOTTATT"})");
        return sdk::HttpResponse(200, "");
    });
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    const auto& message = world.fake.inbound.messages[0];
    REQUIRE(message.documents.size() == 2);
    CHECK(message.documents[1].name == "kart æ.pdf");
    CHECK(message.documents[1].media_type == "application/pdf");
    CHECK(world.fake.documents.bytes_of(message.documents[1].sha256) == "%PDF-1.7 kart");
    CHECK(world.fake.inbound.alive_count > 0);
    CHECK(world.call(0).header("Authorization") == "Basic bW90dGFrZXI6aGVtbWVsaWc=");
    CHECK_FALSE(world.fake.log.holds("hemmelig"));
}

TEST_CASE("svarinn: nothing is told when it could not be stored, and it is fetched again") {
    World world;
    world.lists({nested()});
    world.downloads(package());
    world.fake.inbound.failure = core::Failure(Errc::storage_failed);
    CHECK_FALSE(world.round());
    world.fake.inbound.failure.reset();
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.downloads(package());
    world.takes_receipt();
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("svarinn: a receipt without an answer is repeated without fetching again") {
    World world;
    world.lists({nested()});
    world.downloads(package());
    world.fake.http.expect("PATCH", "/status").fail(Errc::answer_lost);
    CHECK_FALSE(world.round());
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.takes_receipt();
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.http.calls().size() == 5);
}

TEST_CASE("svarinn: a crash between store and receipt makes no second message") {
    World world;
    world.lists({nested()});
    world.downloads(package());
    world.fake.http.expect("PATCH", "/status").fail(Errc::unreachable);
    world.round();
    world.restart();
    world.lists({nested()});
    world.downloads(package());
    world.takes_receipt();
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.inbound.calls == 2);
}

TEST_CASE("svarinn: a file with another hash than listed is not received, and quarantined after "
          "repeats") {
    World world;
    auto item = nested();
    item.find("filer")->mutable_items().back().set("hash", std::string(64, 'a'));
    const std::string sealed = package();
    for (int tries = 1; tries <= 3; ++tries) {
        world.lists({item});
        world.downloads(sealed);
        if (tries == 1) {   // told once, not at every try
            world.takes_receipt();
        }
        CHECK_FALSE(world.round());
        CHECK(world.fake.inbound.oddities.size() == (tries < 3 ? 0U : 1U));
        world.fake.clock.advance(std::chrono::hours(2));
    }
    const auto told = parsed(world.call(2).body);
    CHECK(told["status"].as_string() == "FEILET");
    CHECK_FALSE(told["feil"]["permanent"].as_bool());
    CHECK(world.fake.inbound.messages.empty());
    const auto& oddity = world.fake.inbound.oddities.at(0);
    CHECK(oddity.code.value == "svarinn.hash_differs");
    REQUIRE(oddity.documents.size() == 1);
    CHECK(world.fake.documents.bytes_of(oddity.documents[0].sha256) == sealed);
    CHECK(parsed(oddity.raw)["tittel"].as_string() == "Søknad");
}

TEST_CASE("svarinn: after as many tries as configured SvarUt is told to send it on") {
    World world(R"(,"quarantine_after":1,"send_on_after":2)");
    world.lists({nested()});
    world.downloads("no envelope at all");
    world.takes_receipt();
    world.round();
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.downloads("no envelope at all");
    world.takes_receipt();
    world.round();
    CHECK(parsed(world.last_call().body)["feil"]["permanent"].as_bool());
    CHECK(world.fake.inbound.oddities.size() == 1);
}

TEST_CASE("svarinn: garbage, truncation, a wrong key and other files are refused by their names") {
    struct Bad {
        std::string body;
        std::string code;
    };
    const std::string whole = package();
    const std::vector<Bad> all{
        {"", "svarinn.package_unreadable"},
        {std::string(4096, 'x'), "svarinn.package_unreadable"},
        {whole.substr(0, whole.size() / 2), "svarinn.package_unreadable"},
        {whole + "more", "svarinn.package_unreadable"},
        {tests::sealed_for_fakes("PK but no ZIP"), "svarinn.package_unreadable"},
        {tests::sealed_for_fakes("%PDF-1.7 brev"), "svarinn.package_unreadable"},
        {package({{"brev.pdf", "%PDF-1.7 brev"}}), "svarinn.files_differ"},
        {package({{"brev.pdf", "%PDF-1.7 brev"}, {"annet.pdf", "x"}}), "svarinn.files_differ"},
        {package({{"brev.pdf", "%PDF-1.7 brev"}, {"kart æ.pdf", "%PDF-1.7 kart"}, {"skjult", "x"}}),
         "svarinn.files_differ"},
        {package({{"../brev.pdf", "x"}, {"kart æ.pdf", "y"}}), "svarinn.package_unreadable"},
    };
    for (const auto& bad : all) {
        World world(R"(,"quarantine_after":1)");
        world.lists({nested()});
        world.downloads(bad.body);
        world.takes_receipt();
        CHECK_FALSE(world.round());
        REQUIRE(world.fake.inbound.oddities.size() == 1);
        CHECK(world.fake.inbound.oddities[0].code.value == bad.code);
        CHECK(world.fake.inbound.messages.empty());
    }
    World world(R"(,"quarantine_after":1)");
    world.fake.keys.unwrapper = [](core::KeyTransport, const std::string&, std::size_t bytes) {
        return std::string(bytes, 'w');
    };
    world.lists({nested()});
    world.downloads(whole);
    world.takes_receipt();
    world.round();
    const auto code = world.fake.inbound.oddities.at(0).code.value;
    CHECK((code == "svarinn.not_decryptable" || code == "svarinn.package_unreadable"));
}

TEST_CASE("svarinn: while one key takes over from another, either opens what comes") {
    World world;
    world.fake.keys.public_keys = {"new", "old"};
    world.fake.keys.unwrappers = {[](core::KeyTransport, const std::string&, std::size_t bytes) {
                                      return std::string(bytes, 'w');
                                  },
                                  [](core::KeyTransport, const std::string&, std::size_t bytes) {
                                      return std::string(bytes, 'k');
                                  }};
    world.lists({nested()});
    world.downloads(package());
    world.takes_receipt();
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("svarinn: our own trouble is told to nobody and costs no try") {
    World world(R"(,"quarantine_after":1)");
    world.lists({nested()});
    world.downloads(package());
    world.fake.keys.failure = core::Failure(Errc::unavailable);
    CHECK_FALSE(world.round());
    world.fake.keys.failure.reset();
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.downloads(package());
    world.fake.documents.failure = core::Failure(Errc::storage_full);
    CHECK_FALSE(world.round());
    CHECK(world.fake.inbound.oddities.empty());
    CHECK(world.fake.http.calls().size() == 4);
}

TEST_CASE("svarinn: 503 and a lost download mean later, with no word to SvarUt") {
    World world;
    world.lists({nested()});
    world.fake.http.expect("GET", std::string("/") + shipment_id).answer(503);
    CHECK_FALSE(world.round());
    world.fake.clock.advance(std::chrono::hours(1));
    world.lists({nested()});
    world.fake.http.expect("GET", std::string("/") + shipment_id).fail(Errc::answer_lost);
    CHECK_FALSE(world.round());
    CHECK(world.fake.inbound.oddities.empty());
}

TEST_CASE("svarinn: one bad shipment holds up no other") {
    World world;
    world.lists({nested(), nested(two_files(), other_id)});
    world.downloads("garbage");
    world.takes_receipt();
    world.downloads(package(), other_id);
    world.takes_receipt(200, other_id);
    CHECK_FALSE(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.inbound.messages[0].dedupe_id == other_id);
}

TEST_CASE("svarinn: a list that cannot be had or read is told as trouble until it can") {
    World world;
    world.fake.http.expect("GET", list_url).answer(401);
    CHECK_FALSE(world.round());
    CHECK(world.poller->trouble()->code.value == "svarinn.access_refused");
    world.fake.http.expect("GET", list_url).fail(Errc::unreachable);
    CHECK_FALSE(world.round());
    world.fake.http.expect("GET", list_url).answer(200, "<html>login</html>");
    CHECK_FALSE(world.round());
    CHECK(world.fake.inbound.alive_count == 0);
    world.lists({});
    CHECK(world.round());
    CHECK_FALSE(world.poller->trouble().has_value());
}

TEST_CASE("svarinn: an item that cannot be read is quarantined once, as it came") {
    World world;
    for (int i = 0; i < 2; ++i) {
        world.lists({parsed(R"({"tittel":"uten id"})")});
        CHECK(world.round());
    }
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code.value == "svarinn.item_unreadable");
    CHECK(world.fake.inbound.oddities[0].raw == R"({"tittel":"uten id"})");
}

TEST_CASE("svarinn: the password goes to the configured address alone") {
    World world;
    auto item = nested();
    item.set("nedlastingslenke", "https://svarut.example.evil.no/x");
    world.lists({item});
    world.fake.http.expect("GET", std::string(list_url) + "/" + shipment_id).answer(200, package());
    world.takes_receipt();
    CHECK(world.round());
    CHECK(world.call(1).url == std::string(list_url) + "/" + shipment_id);
}

TEST_CASE("svarinn: where the receipt is the systems', only they cause it, also after a restart") {
    World world(R"(,"receipt_owner":"system","answer_hours":4)");
    world.lists({nested()});
    world.downloads(package());
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    CHECK(world.fake.inbound.messages[0].receipt_owner == sdk::ReceiptOwner::system);
    CHECK(world.fake.inbound.messages[0].answer_by ==
          world.fake.clock.now() + std::chrono::hours(4));
    world.restart();
    world.lists({nested()});
    CHECK(world.round());   // neither fetched again nor receipted
    world.takes_receipt();
    CHECK(world.settle(Settlement::acknowledged).verdict == Verdict::accepted);
    CHECK(world.last_call().body == R"({"status":"MOTTATT"})");
    CHECK(world.fake.state.entries.empty());
}

TEST_CASE(
    "svarinn: a rejection and a missed deadline let SvarUt send it on, unless it is to be left") {
    World world(R"(,"receipt_owner":"system")");
    world.takes_receipt();
    CHECK(world.settle(Settlement::rejected, "Ikke vår sak").verdict == Verdict::accepted);
    const auto rejected = parsed(world.last_call().body)["feil"];
    CHECK(rejected["permanent"].as_bool());
    CHECK(rejected["feilmelding"].as_string().find("Ikke vår sak") != std::string::npos);
    world.takes_receipt();
    CHECK(world.settle(Settlement::overdue).verdict == Verdict::accepted);
    CHECK(parsed(world.last_call().body)["feil"]["permanent"].as_bool());
    World left(R"(,"receipt_owner":"system","when_overdue":"leave")");
    CHECK(left.settle(Settlement::overdue).verdict == Verdict::accepted);
    CHECK(left.fake.http.calls().empty());
}

TEST_CASE(
    "svarinn: a settlement that cannot be told now is told later, one that never can is an alarm") {
    World world(R"(,"receipt_owner":"system")");
    world.takes_receipt(503);
    CHECK(world.settle(Settlement::acknowledged).verdict == Verdict::try_later);
    world.fake.http.expect("PATCH", "/status").fail(Errc::answer_lost);
    CHECK(world.settle(Settlement::acknowledged).verdict == Verdict::try_later);
    world.takes_receipt(404);
    const auto never = world.settle(Settlement::acknowledged);
    CHECK(never.verdict == Verdict::rejected);
    CHECK(never.code.value == "svarinn.refused");
}

TEST_CASE("svarinn: by v1 a single PDF comes as it is, and receipts have calls of their own") {
    World world(R"(,"version":"v1")");
    json::Value item = parsed(R"({"id":"d1c6d795-f1a0-4a36-bce1-a4d9f26696db","tittel":"Brev",
        "filmetadata":[{"filnavn":"brev.pdf","mimetype":"application/pdf"}]})");
    world.fake.http
        .expect("GET", "https://svarut.example/tjenester/svarinn/mottaker/hentNyeForsendelser")
        .answer_json(200, listing({item}));
    world.fake.http.expect("GET", std::string("/svarinn/forsendelse/") + shipment_id)
        .answer(200, tests::sealed_for_fakes("%PDF-1.7 brev"));
    world.fake.http.expect("POST", std::string("/kvitterMottak/forsendelse/") + shipment_id)
        .answer(200);
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    const auto& document = world.fake.inbound.messages[0].documents.at(0);
    CHECK(world.fake.documents.bytes_of(document.sha256) == "%PDF-1.7 brev");
    world.fake.http.expect("POST", std::string("/mottakFeilet/forsendelse/") + shipment_id)
        .answer(200);
    CHECK(world.settle(Settlement::rejected).verdict == Verdict::accepted);
    CHECK(parsed(world.last_call().body)["permanent"].as_bool());
}

TEST_CASE("svarinn: what would unpack to far more than it is never reaches the disk") {
    World world(R"(,"bytes_max":1000,"quarantine_after":1)");
    const tests::NamedFiles large{{"brev.pdf", std::string(4000, 'a')}};
    world.lists({nested(large)});
    world.downloads(package(large));
    world.takes_receipt();
    CHECK_FALSE(world.round());
    CHECK(world.fake.inbound.oddities.at(0).code.value == "svarinn.package_unreadable");
    CHECK(world.fake.documents.written_for.size() == 1);   // the envelope, for quarantine
}

TEST_CASE("svarinn: without a key that opens anything the connection is degraded, and says so") {
    World world;
    svarinn::SvarInnAdapter adapter(world.settings, *world.fake.host);
    world.fake.keys.public_keys.clear();
    world.fake.http.next().answer(200);
    const auto health = tests::run(world.io, adapter.check_health(world.fake.in(seconds(5))));
    CHECK(health.condition == sdk::Condition::degraded);
    CHECK(health.code.value == "svarinn.key_unavailable");
}
