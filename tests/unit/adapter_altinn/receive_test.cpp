#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

using namespace altinn_world;
using core::Errc;
namespace altinn = gateway::altinn;

namespace {

const std::string letters = "/correspondence/api/v1/correspondence";
const std::string path = letters + "/" + letter_id;
const std::string bytes = "%PDF-1.7";

altinn::Settings settings_of() {
    sdk::ConnectionFacts facts;
    facts.base_url = "https://platform.example";
    facts.settings = R"({"token_mode":"raw","receive":[
        {"tenant":"310002003","organisation":"310356875","resource":"ttd-brev"}]})";
    return *altinn::read_settings(facts);
}

std::string received(bool confirm, bool with_file) {
    json::Value content;
    content.set("messageTitle", "Tilsyn").set("messageBody", "# Tilsyn").set("language", "nb");
    json::Value files = json::Value::array();
    if (with_file) {
        json::Value file;
        file.set("id", first_attachment).set("fileName", "../brev.pdf");
        files.push(file.set("dataType", "application/pdf"));
    }
    content.set("attachments", std::move(files));
    json::Value body;
    body.set("correspondenceId", letter_id).set("status", "Fetched");
    body.set("sender", "urn:altinn:organization:identifier-no:991825827");
    body.set("sendersReference", "ref-1").set("published", "2026-01-15T11:00:00Z");
    body.set("isConfirmationNeeded", confirm).set("content", std::move(content));
    return json::write(body);
}

/// A poller whose rounds are run one by one.
struct Receiving {
    boost::asio::io_context io;
    tests::FakeHost fake;
    altinn::Settings settings = settings_of();
    std::unique_ptr<altinn::LetterPoller> poller;

    Receiving() { start(); }
    /// As after a crash: only what is durable is known.
    void start() { poller = std::make_unique<altinn::LetterPoller>(settings, *fake.host); }
    bool round() { return tests::run(io, poller->round()); }
    tests::ScriptedHttpClient& http() { return fake.http; }
    void finds(const std::string& inside) {
        http().expect("GET", "role=Recipient&status=Published").answer_json(200, ids(inside));
    }
    void gives(bool confirm = false, bool with_file = true) {
        http().expect("GET", path).answer_json(200, received(confirm, with_file));
        if (with_file) {
            http()
                .expect("GET", path + "/attachment/" + first_attachment + "/download")
                .answer(200, bytes);
        }
    }
};

}   // namespace

TEST_CASE("altinn: a letter to us is fetched with its files, stored, and only then told of") {
    const bool confirm = GENERATE(false, true);
    Receiving world;
    world.finds(quoted(letter_id));
    world.gives(confirm);
    world.http()
        .expect("POST", path + (confirm ? "/confirm" : "/markasread"))
        .answer_with([&](const tests::SentRequest&) -> sdk::Result<sdk::HttpResponse> {
            CHECK(world.fake.inbound.messages.size() == 1);
            return sdk::HttpResponse(200, quoted(letter_id));
        });
    CHECK(world.round());
    REQUIRE(world.fake.inbound.messages.size() == 1);
    const auto& message = world.fake.inbound.messages[0];
    CHECK(message.type == "letter/v1");
    CHECK(message.dedupe_id == letter_id);
    CHECK(message.tenant == core::TenantId("310002003"));
    CHECK(message.facts.account == "310356875");
    CHECK(message.facts.sender == "991825827");
    CHECK(message.content["title"].as_string() == "Tilsyn");
    CHECK(message.content["confirm"].as_bool() == confirm);
    CHECK(message.keys.at("reference") == "ref-1");
    REQUIRE(message.documents.size() == 1);
    CHECK(message.documents[0].name == ".._brev.pdf");
    CHECK(world.fake.documents.bytes_of(message.documents[0].sha256) == bytes);
    CHECK(world.fake.inbound.alive_count == 1);
}

TEST_CASE("altinn: letters to us are read with the system user of their recipient") {
    Receiving world;
    world.finds("");
    CHECK(world.round());
    REQUIRE(world.fake.tokens.asked.size() == 1);
    CHECK(world.fake.tokens.asked[0].system_user_org == "310356875");
    CHECK(world.fake.tokens.asked[0].scopes ==
          std::vector<std::string>{"altinn:correspondence.read"});
}

TEST_CASE("altinn: a letter that was fetched before a crash is fetched again, though no search "
          "finds it") {
    Receiving world;
    world.finds(quoted(letter_id));
    world.http().expect("GET", path).answer_json(200, received(false, true));
    world.http().expect("GET", "/download").fail(Errc::answer_lost);
    CHECK(!world.round());
    CHECK(world.fake.inbound.messages.empty());
    world.start();
    world.finds("");
    world.gives();
    world.http().expect("POST", "/markasread").answer_json(200, quoted(letter_id));
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
    world.start();
    world.finds("");
    CHECK(world.round());
}

TEST_CASE("altinn: nothing is told while the store says no, and the letter comes again") {
    Receiving world;
    world.finds(quoted(letter_id));
    world.gives(false, false);
    world.fake.inbound.failure = core::Failure(Errc::storage_full);
    CHECK(!world.round());
    world.fake.inbound.failure.reset();
    world.fake.clock.advance(std::chrono::hours(2));
    world.finds("");
    world.gives(false, false);
    world.http().expect("POST", "/markasread").answer_json(200, quoted(letter_id));
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("altinn: what we have is told again when the answer is lost, and not fetched again") {
    const int number = GENERATE(1040, 1041, 0);
    Receiving world;
    world.finds(quoted(letter_id));
    world.gives(false, false);
    world.http().expect("POST", "/markasread").fail(Errc::answer_lost);
    CHECK(!world.round());
    world.fake.clock.advance(std::chrono::hours(2));
    world.finds("");
    if (number == 0) {
        world.http().expect("POST", "/markasread").answer_json(200, quoted(letter_id));
    } else {
        world.http().expect("POST", "/markasread").answer_json(400, problem(400, number));
    }
    CHECK(world.round());
    CHECK(world.fake.inbound.messages.size() == 1);
}

TEST_CASE("altinn: a letter that was deleted before it was fetched is told of") {
    Receiving world;
    world.finds(quoted(letter_id));
    world.http().expect("GET", path).answer_json(404, problem(404, 1001));
    CHECK(world.round());
    REQUIRE(world.fake.inbound.oddities.size() == 1);
    CHECK(world.fake.inbound.oddities[0].code.value == "altinn.gone_before_fetched");
}
