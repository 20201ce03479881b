#include "adapters/altinn/altinn_letter.hpp"
#include "tests/unit/adapter_altinn/altinn_world.hpp"

#include <catch2/catch.hpp>

using namespace altinn_world;
using namespace gateway::altinn;

namespace {

json::Value initialised_from(const core::Delivery& delivery) {
    const auto read = read_letter(delivery);
    return initialize(*read, {});
}

json::Value correspondence_from(const std::string& letter_json) {
    const auto given = delivery(letter(letter_json));
    return initialised_from(given)["correspondence"];
}

core::DocumentRef document(const std::string& name, const std::string& title, std::uint64_t size) {
    core::DocumentRef ref;
    ref.name = name;
    ref.title = title;
    ref.size = size;
    ref.md5_hex = "d41d8cd98f00b204e9800998ecf8427e";
    return ref;
}

}   // namespace

TEST_CASE("altinn: a letter of text becomes exactly this initialise") {
    CHECK(
        json::write(initialised_from(delivery())) ==
        R"({"correspondence":{"resourceId":"ttd-vedtak","sendersReference":"LON-17","messageSender":"Testkommune",)"
        R"("content":{"language":"nb","messageTitle":"Vedtak","messageBody":"# Vedtak","attachments":[]},)"
        R"("isConfirmationNeeded":false,"isConfidential":false},)"
        R"("recipients":["urn:altinn:organization:identifier-no:310002003"],"existingAttachments":[],)"
        R"("idempotentKey":"6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36"})");
}

TEST_CASE("altinn: everything a letter can say has its place") {
    const auto made =
        correspondence_from(R"({"reference":"r","recipient":{"person":"17859130003"},"title":"T",
        "summary":"S","body":"B","language":"nn","sender":{"unit":"Oppvekstkontoret"},"dueAt":"2026-03-01T22:59:59.999Z",
        "confirm":true,"ignoreReservation":true,"properties":{"enhet":"Nordre"},
        "externalReferences":[{"type":"Generic","value":"sak-118"}]})");
    CHECK(
        json::write(made) ==
        R"({"resourceId":"ttd-vedtak","sendersReference":"r","messageSender":"Oppvekstkontoret",)"
        R"("content":{"language":"nn","messageTitle":"T","messageSummary":"S","messageBody":"B","attachments":[]},)"
        R"("dueDateTime":"2026-03-01T22:59:59.999Z",)"
        R"("externalReferences":[{"referenceType":"Generic","referenceValue":"sak-118"}],)"
        R"("propertyList":{"enhet":"Nordre"},"ignoreReservation":true,"isConfirmationNeeded":true,"isConfidential":false})");
}

TEST_CASE("altinn: an absent body becomes the summary, else the title") {
    CHECK(correspondence_from(
              R"({"recipient":{},"title":"T","summary":"S"})")["content"]["messageBody"]
              .as_string() == "S");
    CHECK(correspondence_from(R"({"recipient":{},"title":"T"})")["content"]["messageBody"]
              .as_string() == "T");
}

TEST_CASE("altinn: the reference is the message id and the language nb when the letter has none") {
    const auto made = correspondence_from(R"({"recipient":{},"title":"T"})");
    CHECK(made["sendersReference"].as_string() == "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21");
    CHECK(made["content"]["language"].as_string() == "nb");
}

TEST_CASE("altinn: a notice in own words carries them in the reminder too") {
    const auto made =
        correspondence_from(R"({"recipient":{},"title":"T","notify":{"channel":"EmailPreferred",
        "email":{"subject":"s","body":"b"},"sms":{"body":"m"},"reminder":{"days":7}}})");
    CHECK(
        json::write(made["notification"]) ==
        R"({"notificationTemplate":"CustomMessage","notificationChannel":"EmailPreferred","emailSubject":"s",)"
        R"("emailBody":"b","emailContentType":"Plain","smsBody":"m","sendReminder":true,)"
        R"("reminderNotificationChannel":"EmailPreferred","reminderEmailSubject":"s","reminderEmailBody":"b",)"
        R"("reminderEmailContentType":"Plain","reminderSmsBody":"m"})");
}

TEST_CASE("altinn: a notice without words is Altinn's own") {
    const auto made =
        correspondence_from(R"({"recipient":{},"title":"T","notify":{"channel":"Sms"}})");
    CHECK(
        json::write(made["notification"]) ==
        R"({"notificationTemplate":"GenericAltinnMessage","notificationChannel":"Sms","sendReminder":false})");
}

TEST_CASE("altinn: an attachment made by itself is named, summed and referred to") {
    auto given = delivery();
    given.documents = {document("vedtak.pdf", "Vedtaksbrev", 9)};
    const auto read = read_letter(given);
    Settings settings;
    settings.attachment_expiration_days = 30;
    CHECK(
        json::write(initialize_attachment(*read, settings, 0)) ==
        R"({"fileName":"vedtak.pdf","displayName":"Vedtaksbrev","isEncrypted":false,)"
        R"("checksum":"d41d8cd98f00b204e9800998ecf8427e","sendersReference":"LON-17-1","expirationInDays":30,)"
        R"("resourceId":"ttd-vedtak"})");
}

TEST_CASE(
    "altinn: the one call with files names its parts by dots and numbers and streams the files") {
    auto given = delivery();
    given.documents = {document("vedtak.pdf", "Vedtak", 9)};
    const auto read = read_letter(given);
    const auto exchange = send_multipart(*read, Settings());
    CHECK(exchange.path == "/correspondence/api/v1/correspondence/upload");
    CHECK(exchange.content_type ==
          "multipart/form-data; boundary=sluse-0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22");
    REQUIRE(exchange.body.size() == 3);
    const std::string& head = exchange.body[0].text;
    for (const char* part :
         {"name=\"correspondence.resourceId\"\r\n\r\nttd-vedtak\r\n",
          "name=\"recipients[0]\"\r\n\r\nurn:altinn:",
          "name=\"correspondence.content.attachments[0].fileName\"\r\n\r\nvedtak.pdf\r\n",
          "name=\"correspondence.content.attachments[0]."
          "checksum\"\r\n\r\nd41d8cd98f00b204e9800998ecf8427e\r\n",
          "name=\"correspondence.isConfirmationNeeded\"\r\n\r\nfalse\r\n",
          "name=\"idempotentKey\"\r\n\r\n6b1f4c8e-3a2d-5f7b-9c04-1e8a5d2b7f36\r\n",
          "name=\"attachments\"; filename=\"vedtak.pdf\"\r\nContent-Type: "
          "application/octet-stream\r\n\r\n"}) {
        CHECK(head.find(part) != std::string::npos);
    }
    CHECK(exchange.body[1].document.has_value());
    CHECK(exchange.body[2].text == "\r\n--sluse-0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a22--\r\n");
}

TEST_CASE("altinn: one call is for small letters whose property names a form can hold") {
    Settings settings;
    settings.single_call_bytes_max = 100;
    auto given = delivery();
    given.documents = {document("a.pdf", "a", 60), document("b.pdf", "b", 40)};
    CHECK(fits_single_call(*read_letter(given), settings));
    given.documents[1].size = 41;
    CHECK_FALSE(fits_single_call(*read_letter(given), settings));
    given.documents.clear();
    auto content = letter();
    content.set("properties", json::Value().set("a.b", "x"));
    given.content = json::write(content);
    CHECK_FALSE(fits_single_call(*read_letter(given), settings));
}

TEST_CASE("altinn: a search by key escapes the resource") {
    CHECK(find_by_key("urn:altinn:resource:x", key).path ==
          "/correspondence/api/v1/"
          "correspondence?resourceId=urn%3Aaltinn%3Aresource%3Ax&role=Sender&idempotentKey=" +
              std::string(key));
}
