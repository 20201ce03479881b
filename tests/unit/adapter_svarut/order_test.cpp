#include "tests/unit/adapter_svarut/svarut_world.hpp"

#include <catch2/catch.hpp>

using namespace svarut_world;

namespace {

constexpr const char* reply_to =
    R"("reply_to":{"name":"Sluse kommune","organisation":"310001007","line":"Rådhuset","postal_code":"0037","city":"Oslo"})";

/// What would be sent, by whom it is sent.
json::Value order(const json::Value& message, const std::string& with) {
    World world;
    sdk::ConnectionFacts facts;
    facts.base_url = "https://svarut.example";
    facts.settings = settings();
    const auto configured = svarut::read_settings(facts);
    const auto delivery = world.delivery(message, with);
    const auto shipment = svarut::read_shipment(delivery, *configured);
    REQUIRE(shipment.has_value());
    return svarut::describe(*shipment, world.fake.clock.now());
}

std::string where(const json::Value& message, const std::string& with) {
    World world;
    world.http().next().answer_json(200, given_id());
    world.send(world.delivery(message, with));
    const std::string& url = world.call(0).url;
    return url.substr(url.find("/api/"));
}

json::Value to(const char* kind, const json::Value& value) {
    json::Value message = letter();
    json::Value recipient;
    recipient.set(kind, value);
    message.set("recipient", std::move(recipient));
    return message;
}

json::Value to_her_id() {
    return to("nhn", parsed(R"({"herId":"8094866","patient":{"person":"17912099997",
        "givenName":"Ola","middleName":"M","familyName":"Eksempel"}})"));
}

}   // namespace

TEST_CASE("svarut: each kind of recipient goes to its own address") {
    const std::string base = std::string("/api/v3/kontoer/") + account + "/forsendelser/";
    CHECK(where(letter(), "{}") == base + "person");
    CHECK(where(to("organisation", "310002003"), "{}") == base + "organisasjon");
    CHECK(where(transfer(), "{}") == base + "organisasjon");
    CHECK(where(letter(), R"({"delivery":"print"})") == base + "print");
    CHECK(where(to_her_id(), "{}") == base + "nhn");
}

TEST_CASE("svarut: SvarUt chooses the way unless the route, the letter or a graded address says "
          "otherwise") {
    CHECK_FALSE(order(letter(), "{}").has("kunDigitalLevering"));
    CHECK(order(letter(), R"({"delivery":"digital"})")["kunDigitalLevering"].as_bool());
    json::Value digital = letter();
    digital.set("mustBe", "digital");
    CHECK(order(digital, "{}")["kunDigitalLevering"].as_bool());
    json::Value graded = letter();
    graded.set("confidentiality", parsed(R"({"level":"strict","gradedAddress":true})"));
    CHECK(order(graded, "{}")["kunDigitalLevering"].as_bool());
}

TEST_CASE("svarut: a person is named, numbered and addressed, and printed on both sides") {
    const auto sent = order(letter(), "{}");
    CHECK(sent["mottaker"]["navn"].as_string() == "Kari Nordmann");
    CHECK(sent["mottaker"]["digitalId"].as_string() == "17859130003");
    CHECK(sent["mottaker"]["adresse"]["adresselinje1"].as_string() == "Storgata 1");
    CHECK(sent["mottaker"]["adresse"]["postnummer"].as_string() == "0150");
    CHECK_FALSE(sent["mottaker"]["adresse"].has("landkode"));
    CHECK(sent["utskriftskonfigurasjon"]["tosidig"].as_bool());
    CHECK(sent["sikkerhetsniva"].as_string() == "BETYDELIG");
    CHECK(sent["avgivendeSystem"].as_string() == "acos");
    CHECK_FALSE(sent.has("kryptert"));
}

TEST_CASE("svarut: on paper there is no number, and what is not to be printed stays out") {
    json::Value message = letter();
    message.find("documents")->push(parsed(R"({"name":"kart.pdf","mediaType":"application/pdf"})"));
    message.find("print")->set("exclude", json::Value::array().push("kart.pdf"));
    const auto sent = order(message, R"({"delivery":"print"})");
    CHECK_FALSE(sent["mottaker"].has("digitalId"));
    CHECK_FALSE(sent.has("sikkerhetsniva"));
    REQUIRE(sent["dokumenter"].items().size() == 1);
    CHECK_FALSE(sent["dokumenter"].items()[0].has("skalEkskluderesFraUtskrift"));
}

TEST_CASE(
    "svarut: where it may be printed, attachments that cannot be are left out of the envelope") {
    json::Value message = letter();
    message.find("documents")->push(parsed(R"({"name":"tall.xlsx","mediaType":"application/x"})"));
    const auto sent = order(message, "{}");
    CHECK_FALSE(sent["dokumenter"].items()[0].has("skalEkskluderesFraUtskrift"));
    CHECK(sent["dokumenter"].items()[1]["skalEkskluderesFraUtskrift"].as_bool());
    const auto digital = order(message, R"({"delivery":"digital"})");
    CHECK_FALSE(digital["dokumenter"].items()[1].has("skalEkskluderesFraUtskrift"));
}

TEST_CASE("svarut: a foreign address has its country, a Norwegian one has none") {
    json::Value message = letter();
    message.set("address", parsed(R"({"name":"Anna","lines":["Kungsgatan 1"],"postalCode":"111 22",
        "city":"Stockholm","country":"SE"})"));
    CHECK(order(message, "{}")["mottaker"]["adresse"]["landkode"].as_string() == "SE");
}

TEST_CASE("svarut: what is printed in colour goes by v2, which alone can") {
    json::Value message = letter();
    message.find("print")->set("colour", true);
    CHECK(where(message, "{}") == std::string("/api/v2/kontoer/") + account + "/forsendelser");
    const auto sent = order(message, "{}");
    CHECK(sent["utskriftskonfigurasjon"]["utskriftMedFarger"].as_bool());
    CHECK(sent["mottaker"]["adresselinje1"].as_string() == "Storgata 1");
    CHECK(sent["mottaker"]["digitalId"].as_string() == "17859130003");
    CHECK(sent["eksternReferanse"].as_string() == key);
    CHECK(where(message, R"({"delivery":"digital"})").starts_with("/api/v3/"));
}

TEST_CASE("svarut: the health network is told the patient and whom to call") {
    json::Value message = to_her_id();
    message.set("summary", "Kort om saken");
    const std::string contact =
        R"({"contact":{"given_name":"Kari","family_name":"Ansatt","telephone":"55555555"}})";
    const auto sent = order(message, contact);
    CHECK(sent["mottakertype"].as_string() == "HER_ID");
    CHECK(sent["mottakerHerId"].as_int() == 8094866);
    CHECK(sent["pasient"]["fodselsnummer"].as_string() == "17912099997");
    CHECK(sent["pasient"]["mellomnavn"].as_string() == "M");
    CHECK(sent["avsenderKontakt"]["telefonnummer"].as_string() == "55555555");
    CHECK(sent["beskrivelse"].as_string() == "Kort om saken");
    CHECK_FALSE(sent.has("dokumenter"));
    message.set("sender", parsed(R"({"person":{"givenName":"Per","familyName":"Lege",
        "telephone":"22222222"}})"));
    CHECK(order(message, contact)["avsenderKontakt"]["fornavn"].as_string() == "Per");
    const auto gp = to("nhn", parsed(R"({"gpOf":"17912099997","patient":{"givenName":"Ola",
        "familyName":"Eksempel"}})"));
    const auto to_gp = order(gp, contact);
    CHECK(to_gp["mottakertype"].as_string() == "FASTLEGE");
    CHECK(to_gp["pasient"]["fodselsnummer"].as_string() == "17912099997");
    CHECK_FALSE(to_gp.has("mottakerHerId"));
}

TEST_CASE(
    "svarut: an organisation gets type, confidential post and what its archive wants to know") {
    json::Value message = transfer();
    message.set("archive", parsed(R"({"forImport":{"folderId":"2026/17","caseYear":2026,
        "caseWorker":"Kari","documentDate":"2026-01-02"},
        "fromSender":{"caseSequence":4,"caseWorker":"Kari","extra":[{"key":"a","value":"b"}]}})"));
    const auto sent = order(message, R"({"shipment_type":"Plan","confidential_post":true})");
    CHECK(sent["forsendelsestype"].as_string() == "Plan");
    CHECK(sent["taushetsbelagtPost"].as_bool());
    CHECK(sent["mottaker"]["navn"].as_string() == "310002003");
    CHECK(sent["dokumenter"].items()[0]["dokumentType"].as_string() == "U");
    const auto& import = sent["metadataForImport"];
    CHECK(import["mappeId"].as_string() == "2026/17");
    CHECK(import["saksaar"].as_int() == 2026);
    CHECK(import["dokumentetsDato"].as_string() == "2026-01-02T00:00:00Z");
    CHECK_FALSE(import.has("saksbehandler"));
    CHECK(sent["metadataFraAvleverendeSystem"]["saksbehandler"].as_string() == "Kari");
    CHECK(sent["metadataFraAvleverendeSystem"]["ekstraMetadata"].items().size() == 1);
    message.set("category", "Bygg");
    CHECK(order(message, R"({"shipment_type":"Plan"})")["forsendelsestype"].as_string() == "Bygg");
}

TEST_CASE("svarut: an answer is invited to the route's address, and says what it answers") {
    json::Value message = letter();
    message.set("reply",
                parsed(R"({"wanted":true,"answers":"0192f3c4-7d5e-7b61-9c1f-0a1b2c3d4e5f"})"));
    const auto sent = order(message, std::string("{") + reply_to + "}");
    CHECK(sent["kanSvareViaEdialog"].as_bool());
    CHECK(sent["svarSendesTil"]["digitalId"].as_string() == "310001007");
    CHECK(sent["svarSendesTil"]["adresse"]["poststed"].as_string() == "Oslo");
    CHECK(sent["svarPaForsendelseId"].as_string() == "0192f3c4-7d5e-7b61-9c1f-0a1b2c3d4e5f");
}

TEST_CASE("svarut: the main document is to be signed where the route says so, by a person alone") {
    const std::string with = R"({"sign":{"kind":"advanced","days":14}})";
    const auto sent = order(letter(), with);
    CHECK(sent["signering"]["signaturType"].as_string() == "AVANSERT_SIGNATUR");
    CHECK(sent["signering"]["signeringUtloper"].as_string() == "2026-01-29T12:00:00.000Z");
    CHECK(sent["dokumenter"].items()[0]["skalSigneres"].as_bool());
    CHECK_FALSE(order(transfer(), with).has("signering"));
}

TEST_CASE("svarut: links of the message come before the route's") {
    const std::string with = R"({"links":[{"url":"https://a.no/","text":"A","lead_in":"Se"}]})";
    CHECK(order(letter(), with)["lenker"].items()[0]["ledetekst"].as_string() == "Se");
    json::Value message = transfer();
    message.set("links", parsed(R"([{"url":"https://b.no/","text":"B"}])"));
    const auto sent = order(message, with);
    REQUIRE(sent["lenker"].items().size() == 1);
    CHECK(sent["lenker"].items()[0]["tekst"].as_string() == "B");
}

TEST_CASE("svarut: the higher of the letter's and the route's level holds") {
    json::Value message = letter();
    message.set("securityLevel", 4);
    CHECK(order(message, "{}")["sikkerhetsniva"].as_string() == "HOYESTE");
    CHECK(order(message, "{}")["kryptert"].as_bool());
    CHECK(order(letter(), R"({"security_level":4})")["kryptert"].as_bool());
    CHECK(order(transfer(), R"({"security_level":4})")["sikkerhetsniva"].as_string() == "HOYESTE");
}
