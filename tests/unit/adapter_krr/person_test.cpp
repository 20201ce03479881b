#include "adapters/common/registers/dates.hpp"
#include "adapters/krr/krr_dates.hpp"
#include "adapters/krr/krr_person.hpp"
#include "tests/unit/adapter_krr/krr_world.hpp"

#include <catch2/catch.hpp>

using namespace krr_world;

namespace {

std::string time(const char* text) {
    const auto read = gateway::registers::read_time(text);
    return read ? core::to_rfc3339(*read) : "none";
}

std::string until(const char* updated, const char* verified = "") {
    const auto read = krr::notify_until(updated, verified, noon());
    return read ? core::to_rfc3339(*read) : "none";
}

krr::Person read(const json::Value& person) {
    return krr::read_person(person, noon());
}

std::string fault_with(const char* member, json::Value value) {
    json::Value changed = entry(kari);
    changed.set(member, std::move(value));
    return read(changed).fault;
}

json::Value without(json::Value person, const char* member) {
    person.remove(member);
    return person;
}

}   // namespace

TEST_CASE("krr: times are read as the register writes them, and in every form near that") {
    CHECK(time("2023-06-29T10:14:52+02") == "2023-06-29T08:14:52.000Z");
    CHECK(time("2023-06-29T10:14:52Z") == "2023-06-29T10:14:52.000Z");
    CHECK(time("2023-06-29T10:14:52.123-01") == "2023-06-29T11:14:52.123Z");
    CHECK(time("2023-06-29T10:14:52+0230") == "2023-06-29T07:44:52.000Z");
    CHECK(time("2023-06-29T10:14:52+02:00") == "2023-06-29T08:14:52.000Z");
    CHECK(time("2023-06-29T10:14:52") == "2023-06-29T10:14:52.000Z");
    CHECK(time("2023-06-29") == "2023-06-29T00:00:00.000Z");
    for (const char* wrong :
         {"", "2023", "i går klokken ti", "2023-13-29T10:14:52Z", "2023-06-29T10:14:52+2",
          "2023-06-29T10:14:52+02:00:00", "2023-06-29T10:14:52Z                           "}) {
        INFO(wrong);
        CHECK(time(wrong) == "none");
    }
}

TEST_CASE("krr: an address serves eighteen months after the newer of its two dates") {
    CHECK(until("2025-01-15T12:00:00Z") == "2026-07-15T12:00:00.000Z");
    CHECK(until("2020-01-15T12:00:00Z", "2025-01-15T12:00:00Z") == "2026-07-15T12:00:00.000Z");
    CHECK(until("2025-01-15T12:00:00Z", "2020-01-15T12:00:00Z") == "2026-07-15T12:00:00.000Z");
    CHECK(until("", "2025-01-15T12:00:00Z") == "2026-07-15T12:00:00.000Z");
    CHECK(until("", "") == "none");
    CHECK(until("yesterday") == "none");
    // A month that has no such day ends at its last.
    CHECK(until("2024-08-31T12:00:00Z") == "2026-02-28T12:00:00.000Z");
    CHECK(until("2022-08-31T12:00:00Z") == "2024-02-29T12:00:00.000Z");
    // A date that has not been yet is no reason to trust an address for longer.
    CHECK(until("2099-01-01T00:00:00Z") == "2027-07-15T12:00:00.000Z");
}

TEST_CASE("krr: a person is told in the gateway's words") {
    json::Value person = entry(kari);
    person.set(
        "digital_post",
        *json::parse(
            R"({"postkasseadresse":"kari#4F2K","postkasseleverandoeradresse":"984661185"})"));
    person.set("sertifikat", "text").set("something_new", json::Value::object());
    const auto read_one = read(person);
    CHECK(read_one.fault.empty());
    CHECK(read_one.registered);
    CHECK(read_one.certificate_text == "text");
    CHECK(json::write(read_one.value) ==
          R"({"status":"active","reserved":false,"canNotify":true,"language":"nn",)"
          R"("email":{"address":"k@eksempel.example","notifyUntil":"2027-06-24T10:00:00.000Z"},)"
          R"("mailbox":{"address":"kari#4F2K","operator":"984661185"}})");
    REQUIRE(read_one.changes_at);
    CHECK(core::to_rfc3339(*read_one.changes_at) == "2027-06-24T10:00:00.000Z");
}

TEST_CASE(
    "krr: nobody is notified who is reserved, deleted or unknown, and no date says otherwise") {
    for (const auto& [member, text, status] :
         {std::tuple{"reservasjon", "JA", "active"}, std::tuple{"status", "SLETTET", "deleted"},
          std::tuple{"status", "IKKE_REGISTRERT", "not_registered"}}) {
        json::Value person = entry(kari);
        person.set(member, text);   // while it still says KAN_VARSLES
        const auto one = read(person);
        CHECK(one.fault.empty());
        CHECK(one.value["status"].as_string() == status);
        CHECK_FALSE(one.value["canNotify"].as_bool(true));
        CHECK_FALSE(one.value["email"].has("notifyUntil"));
        CHECK_FALSE(one.changes_at);
        CHECK(one.value["reserved"].as_bool() == (std::string(member) == "reservasjon"));
        CHECK(one.registered == (one.value["status"].as_string() != "not_registered"));
    }
}

TEST_CASE("krr: each address is judged on its own dates") {
    const auto person = [](const char* email, const char* mobile) {
        json::Value contact = json::Value::object();
        contact.set("epostadresse", "k@eksempel.example").set("epostadresse_oppdatert", email);
        contact.set("mobiltelefonnummer", "+4700000001");
        contact.set("mobiltelefonnummer_sist_verifisert", mobile);
        json::Value made = without(entry(kari), "varslingsstatus");
        return made.set("kontaktinformasjon", std::move(contact));
    };
    const char* old = "2024-07-15T12:00:00Z";      // to the second
    const char* almost = "2024-07-15T12:00:01Z";   // one more
    CHECK_FALSE(read(person(old, old)).value["canNotify"].as_bool());
    CHECK(read(person(almost, old)).value["canNotify"].as_bool());
    const auto mixed = read(person(old, "2025-12-01T00:00:00Z"));
    CHECK(mixed.value["canNotify"].as_bool());
    CHECK(mixed.value["email"]["notifyUntil"].as_string() == "2026-01-15T12:00:00.000Z");
    CHECK(mixed.value["mobile"]["number"].as_string() == "+4700000001");
    CHECK(core::to_rfc3339(*mixed.changes_at) == "2027-06-01T00:00:00.000Z");   // the mobile's
    const auto both = read(person("2025-01-01T00:00:00Z", "2025-12-01T00:00:00Z"));
    CHECK(core::to_rfc3339(*both.changes_at) == "2026-07-01T00:00:00.000Z");   // the first to end
}

TEST_CASE("krr: the register's own no holds, and its yes where there are no dates") {
    json::Value person = entry(kari);
    person.set("varslingsstatus", "KAN_IKKE_VARSLES");
    CHECK_FALSE(read(person).value["canNotify"].as_bool());
    CHECK_FALSE(read(person).changes_at);
    json::Value dateless = entry(kari);
    dateless.set("kontaktinformasjon", *json::parse(R"({"epostadresse":"k@eksempel.example"})"));
    CHECK(read(dateless).value["canNotify"].as_bool());
    CHECK_FALSE(read(dateless).value["email"].has("notifyUntil"));
    CHECK_FALSE(read(without(dateless, "varslingsstatus")).value["canNotify"].as_bool());
    json::Value nothing = without(entry(kari), "kontaktinformasjon");
    CHECK_FALSE(read(nothing).value["canNotify"].as_bool());
}

TEST_CASE("krr: what is missing, null or empty is absent") {
    const auto bare = read(*json::parse(
        R"({"personidentifikator":"01816000064","reservasjon":"nei","status":"aktiv",
            "kontaktinformasjon":{"epostadresse":null,"mobiltelefonnummer":""},"digital_post":null,
            "sertifikat":null,"spraak":"tlh"})"));
    CHECK(bare.fault.empty());
    CHECK(json::write(bare.value) == R"({"status":"active","reserved":false,"canNotify":false})");
    CHECK(bare.certificate_text.empty());
}

TEST_CASE("krr: a field that is not understood is named, and nothing is guessed") {
    CHECK(read(without(entry(kari), "reservasjon")).fault == "reservasjon");
    CHECK(read(without(entry(kari), "status")).fault == "status");
    CHECK(fault_with("reservasjon", "KANSKJE") == "reservasjon");
    CHECK(fault_with("reservasjon", json::Value()) == "reservasjon");
    CHECK(fault_with("reservasjon", false) == "reservasjon");
    CHECK(fault_with("status", "UTVANDRET") == "status");
    CHECK(fault_with("varslingsstatus", "VET_IKKE") == "varslingsstatus");
    CHECK(fault_with("kontaktinformasjon", "x") == "kontaktinformasjon");
    CHECK(fault_with("kontaktinformasjon", *json::parse(R"({"epostadresse":7})")) ==
          "epostadresse");
    CHECK(fault_with("kontaktinformasjon",
                     json::Value::object().set("epostadresse", std::string(401, 'x'))) ==
          "epostadresse");
    CHECK(fault_with("digital_post", "x") == "digital_post");
    CHECK(fault_with("sertifikat", 7) == "sertifikat");
    for (const char* half :
         {R"({"postkasseadresse":"a#1"})", R"({"postkasseleverandoeradresse":"984661185"})",
          R"({"postkasseadresse":"a#1","postkasseleverandoeradresse":"Digipost"})"}) {
        CHECK(fault_with("digital_post", *json::parse(half)) == "digital_post");
    }
    CHECK(read(*json::parse("[]")).fault == "status");
}
