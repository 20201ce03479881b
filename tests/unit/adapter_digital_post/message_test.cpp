#include "adapters/digital_post/dpi_manifest.hpp"
#include "adapters/digital_post/dpi_message.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <catch2/catch.hpp>

using namespace letters;

namespace {

struct Read {
    core::Delivery delivery;
    dpi::Settings settings;
    dpi::Letter letter;
    dpi::Parties parties;

    explicit Read(const json::Value& content = letters::letter(),
                  const std::string& with = R"({"service":"digital"})",
                  const std::string& organisation = municipality, const std::string& more = {})
        : delivery(letters::delivery(content, with)),
          settings(letters::settings(more, organisation)),
          letter(*dpi::read_letter(delivery, settings)),
          parties(dpi::parties_of(settings, delivery.tenant)) {}
    Read(const Read&) = delete;
    Read& operator=(const Read&) = delete;

    json::Value digital(const std::string& language = "nn") const {
        return dpi::digital_body(letter, parties, "kari#1ABC", json::Value(), language);
    }
    json::Value message(json::Value body) const {
        dpi::MessageFacts facts;
        facts.now = *core::parse_rfc3339("2026-11-22T10:00:00Z");
        facts.receiver = "984661185";
        facts.package_sha256 = std::string(32, '\x01');
        facts.token = "the-token";
        return dpi::business_message(letter, parties, std::move(body), facts);
    }
};

json::Value with_files(int count) {
    auto made = letter();
    for (int i = 1; i < count; ++i) {
        made.find("documents")->push(document("vedlegg" + std::to_string(i) + ".pdf"));
    }
    return made;
}

}   // namespace

TEST_CASE("digital_post: the message is the delivery: instance and conversation have its id") {
    const Read read;
    const auto message = read.message(read.digital());
    const auto& header = message["standardBusinessDocument"]["standardBusinessDocumentHeader"];
    CHECK(
        json::write(header) ==
        R"({"headerVersion":"1.0","sender":[{"identifier":{"authority":"iso6523-actorid-upis",)"
        R"("value":"0192:310001007"}}],"receiver":[{"identifier":{"authority":)"
        R"("iso6523-actorid-upis","value":"0192:984661185"}}],"documentIdentification":)"
        R"({"standard":"urn:fdc:digdir.no:2020:innbyggerpost:xsd::innbyggerpost##urn:fdc:)"
        R"(digdir.no:2020:innbyggerpost:schema:digital::1.0","typeVersion":"1.0",)"
        R"("instanceIdentifier":"0198408f-979c-75e0-b23e-aef6e907015f","type":"digital",)"
        R"("creationDateAndTime":"2026-11-22T10:00:00.000Z"},"businessScope":{"scope":[{)"
        R"("type":"ConversationId","instanceIdentifier":"0198408f-979c-75e0-b23e-aef6e907015f",)"
        R"("identifier":"urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:digital:ver1.0"}]}})");
}

TEST_CASE("digital_post: a digital letter says what the schema wants, and nothing of the title") {
    const Read read;
    const auto message = read.message(read.digital());
    CHECK(
        json::write(message["standardBusinessDocument"]["digital"]) ==
        R"({"avsender":{"virksomhetsidentifikator":{"authority":"iso6523-actorid-upis",)"
        R"("value":"0192:310001007"}},"mottaker":{"postkasseadresse":"kari#1ABC"},)"
        R"("sikkerhetsnivaa":4,"aapningskvittering":true,)"
        R"("ikkesensitivtittel":"Brev fra Sluse kommune","spraak":"nb",)"
        R"("dokumentpakkefingeravtrykk":{"digestMethod":"http://www.w3.org/2001/04/xmlenc#sha256",)"
        R"("digestValue":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)"
        R"("maskinportentoken":"the-token"})");
    CHECK(json::write(message).find("Vedtak om") == std::string::npos);
    CHECK(json::write(message).find(person) == std::string::npos);
}

TEST_CASE("digital_post: five places of organisation numbers, as configured, in what is made") {
    for (const char* signer : {municipality, supplier}) {
        const Read read(letter(), R"({"service":"digital"})", signer);
        const auto message = read.message(read.digital());
        const auto& document = message["standardBusinessDocument"];
        CHECK(document["digital"]["avsender"]["virksomhetsidentifikator"]["value"].as_string() ==
              std::string("0192:") + municipality);
        CHECK(document["standardBusinessDocumentHeader"]["sender"]
                  .items()[0]["identifier"]["value"]
                  .as_string() == std::string("0192:") + signer);
        CHECK(dpi::manifest_xml(read.letter, read.parties, "kari#1ABC")
                  .find(std::string(">0192:") + municipality + "</organisasjon>") !=
              std::string::npos);
        CHECK(read.parties.signer == signer);
        CHECK(dpi::sending_token(read.settings, read.delivery.tenant).consumer_org == municipality);
    }
}

TEST_CASE(
    "digital_post: without a non-sensitive title a neutral one stands there, never the title") {
    auto content = letter();
    content.remove("nonSensitiveTitle");
    content.set("language", "en");
    const auto title = [&](const std::string& persons_own, const char* with) {
        const Read read(content, with);
        const auto body = read.digital(persons_own);
        return body["ikkesensitivtittel"].as_string() + " " + body["spraak"].as_string();
    };
    CHECK(title("nn", R"({"service":"digital"})") == "Brev frå kommunen nn");
    CHECK(title("en", R"({"service":"digital"})") == "Letter from the municipality en");
    CHECK(title("se", R"({"service":"digital"})") == "Brev fra kommunen se");
    CHECK(title("", R"({"service":"digital"})") == "Letter from the municipality en");
    CHECK(title("nn", R"({"service":"digital","default_title":"News"})") == "News en");
}

TEST_CASE("digital_post: effective time, references and cost account go where they belong") {
    auto content = letter();
    content.set("costAccount", "K-1");
    Read read(content,
              R"({"service":"digital","sender_identifier":"skole","invoice_reference":"x"})");
    read.delivery.not_before = *core::parse_rfc3339("2026-12-01T08:00:00+01:00");
    const auto body = read.digital();
    CHECK(body["virkningstidspunkt"].as_string() == "2026-12-01T07:00:00.000Z");
    CHECK(body["avsender"]["avsenderidentifikator"].as_string() == "skole");
    CHECK(body["avsender"]["fakturaReferanse"].as_string() == "K-1");
    const auto manifest = dpi::manifest_xml(read.letter, read.parties, "kari#1ABC");
    CHECK(manifest.find("</organisasjon><avsenderidentifikator>skole</avsenderidentifikator>"
                        "<fakturaReferanse>K-1</fakturaReferanse></avsender>") !=
          std::string::npos);
    content.remove("costAccount");
    const Read other(content, R"({"service":"digital","invoice_reference":"x"})");
    CHECK(other.digital()["avsender"]["fakturaReferanse"].as_string() == "x");
}

TEST_CASE("digital_post: a printed letter has address, return and kind of paper") {
    const Read read(letter(), on_paper);
    const auto message = read.message(dpi::print_body(read.letter, read.parties));
    const auto& document = message["standardBusinessDocument"];
    CHECK(
        document["standardBusinessDocumentHeader"]["documentIdentification"]["type"].as_string() ==
        "utskrift");
    auto body = document["utskrift"];
    CHECK(body.has("dokumentpakkefingeravtrykk"));
    body.remove("dokumentpakkefingeravtrykk");
    body.remove("avsender");
    CHECK(
        json::write(body) ==
        R"({"mottaker":{"navn":"Kari Nordmann","adresselinje1":"Storgata 1","postnummer":"0150",)"
        R"("poststed":"Oslo"},"utskriftstype":"SORT_HVIT","retur":{"mottaker":{"navn":)"
        R"("Sluse kommune","adresselinje1":"Boks 1","postnummer":"1890","poststed":"Rakkestad"},)"
        R"("returposthaandtering":"DIREKTE_RETUR"},"posttype":"B","maskinportentoken":"the-token"})");
}

TEST_CASE("digital_post: the letter's own wishes for print win over route and connection") {
    auto content = letter();
    content.set("print", parsed(R"({"colour":true})"));
    content.set("sender", parsed(R"({"returnAddress":{"name":"Skolen","lines":["Vei 2"],
        "postalCode":"1891","city":"Rakkestad"}})"));
    const Read read(content, on_paper, municipality,
                    R"(,"print":{"mail_class":"A","return_handling":"shred"})");
    const auto body = dpi::print_body(read.letter, read.parties);
    CHECK(body["utskriftstype"].as_string() == "FARGE");
    CHECK(body["posttype"].as_string() == "A");
    CHECK(body["retur"]["mottaker"]["navn"].as_string() == "Skolen");
    CHECK(body["retur"]["returposthaandtering"].as_string() == "MAKULERING_MED_MELDING");
}

TEST_CASE("digital_post: the manifest names the mailbox and every file, escaped") {
    auto content = with_files(2);
    content.set("title", "Vedtak <A> & \"B\"");
    content.find("documents")->mutable_items()[1].set("name", "a & 'b'.pdf");
    const Read read(content);
    CHECK(
        dpi::manifest_xml(read.letter, read.parties, "kari#1<ABC>") ==
        R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
        R"(<manifest xmlns="http://begrep.difi.no/sdp/schema_v10"><mottaker><person>)"
        R"(<postkasseadresse>kari#1&lt;ABC&gt;</postkasseadresse></person></mottaker><avsender>)"
        R"(<organisasjon authority="iso6523-actorid-upis">0192:310001007</organisasjon></avsender>)"
        R"(<hoveddokument href="vedtak.pdf" mime="application/pdf"><tittel lang="nb">)"
        R"(Vedtak &lt;A&gt; &amp; "B"</tittel></hoveddokument><vedlegg href="a &amp; 'b'.pdf" )"
        R"(mime="application/pdf"><tittel lang="nb">vedlegg1.pdf</tittel></vedlegg></manifest>)");
    CHECK(dpi::package_list_xml(read.letter) ==
          R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><manifest:manifest )"
          R"(xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)"
          R"(<manifest:file-entry manifest:full-path="/" )"
          R"(manifest:media-type="application/vnd.etsi.asic-e+zip"/><manifest:file-entry )"
          R"(manifest:full-path="manifest.xml" manifest:media-type="application/xml"/>)"
          R"(<manifest:file-entry manifest:full-path="vedtak.pdf" )"
          R"(manifest:media-type="application/pdf"/><manifest:file-entry )"
          R"(manifest:full-path="a &amp; 'b'.pdf" manifest:media-type="application/pdf"/>)"
          R"(</manifest:manifest>)");
}

TEST_CASE("digital_post: print has no recipient in the manifest, and only what is to be printed") {
    auto content = with_files(3);
    content.set("print", parsed(R"({"exclude":["vedlegg1.pdf"]})"));
    const Read read(content, on_paper);
    const auto manifest = dpi::manifest_xml(read.letter, read.parties, {});
    CHECK(manifest.find("<mottaker>") == std::string::npos);
    CHECK(manifest.find("vedlegg1.pdf") == std::string::npos);
    CHECK(manifest.find("vedlegg2.pdf") != std::string::npos);
    CHECK(read.letter.files.size() == 2);
}

TEST_CASE(
    "digital_post: content, settings or documents that are not what was checked are refused") {
    auto broken = delivery();
    broken.content = "{";
    CHECK_FALSE(dpi::read_letter(broken, settings()).has_value());
    broken = delivery();
    broken.settings = "";
    CHECK_FALSE(dpi::read_letter(broken, settings()).has_value());
    broken = delivery();
    broken.documents.clear();
    CHECK_FALSE(dpi::read_letter(broken, settings()).has_value());
    broken = delivery();
    broken.documents[0].name = "x.exe";
    broken.documents[0].media_type = "application/x-msdownload";
    CHECK_FALSE(dpi::read_letter(broken, settings()).has_value());
}

TEST_CASE("digital_post: the signature's header holds the leaf alone, in a list") {
    CHECK(dpi::jws_header("der") == R"({"x5c":["ZGVy"],"alg":"RS256"})");
}
