#include "adapters/altinn/altinn_rules.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace gateway;
using namespace gateway::altinn;

namespace {

const core::Time now = *core::parse_rfc3339("2026-01-15T12:00:00Z");

std::vector<core::Problem> problems(const std::string& members,
                                    std::vector<core::DocumentRef> documents = {}) {
    const auto letter = json::parse(R"({"recipient":{"organisation":"310002003"},"title":"T")" +
                                    (members.empty() ? "" : "," + members) + "}");
    REQUIRE(letter.has_value());
    return check_letter(*letter, documents, now);
}

/// The only problem, as "pointer code".
std::string only(const std::string& members, std::vector<core::DocumentRef> documents = {}) {
    const auto found = problems(members, std::move(documents));
    if (found.size() != 1) {
        return std::to_string(found.size()) + " problems";
    }
    return found[0].pointer + " " + found[0].code.value;
}

std::string text(std::size_t length) {
    return std::string(length, 'x');
}

std::string file(const std::string& name) {
    return R"("documents":[{"name":")" + name + R"("}])";
}

core::DocumentRef sized(std::uint64_t bytes) {
    core::DocumentRef ref;
    ref.size = bytes;
    return ref;
}

}   // namespace

TEST_CASE("altinn rules: a plain letter has no problem") {
    CHECK(problems("").empty());
    CHECK(problems(R"("confirm":true,"dueAt":"2026-01-15T00:00:00Z")").empty());
    CHECK(problems(R"("notify":{"channel":"EmailPreferred","reminder":{"days":7}})").empty());
    CHECK(problems(file("Vedtak.PDF"), {sized(1)}).empty());
}

TEST_CASE("altinn rules: lengths are those of .NET, in UTF-16 units") {
    CHECK(problems(R"("summary":")" + text(255) + "\"").empty());
    CHECK(only(R"("summary":")" + text(256) + "\"") == "/summary letter.summary_too_long");
    CHECK(only(R"("body":")" + text(30'001) + "\"") == "/body letter.body_too_long");
    CHECK(utf16_length("æøå") == 3);
    CHECK(utf16_length("😀") == 2);
    std::string long_text;   // of several blocks, with characters that lie across their ends
    for (int i = 0; i < 1000; ++i) {
        long_text += "a😀ø";
    }
    CHECK(utf16_length(long_text) == 4000);
    CHECK(utf16_length("x" + long_text) == 4001);
}

TEST_CASE("altinn rules: a title of 256 is refused and the length is told") {
    const auto letter =
        json::parse(R"({"recipient":{"organisation":"310002003"},"title":")" + text(256) + "\"}");
    const auto found = check_letter(*letter, {}, now);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code.value == "letter.title_too_long");
    CHECK(found[0].params == core::Params{{"length", "256"}, {"max", "255"}});
}

TEST_CASE("altinn rules: title and summary are plain text") {
    CHECK(only(R"("summary":"<b>x</b>")") == "/summary letter.text_not_plain");
    CHECK(only(R"x("summary":"[x](y)")x") == "/summary letter.text_not_plain");
    CHECK(problems(R"("summary":"3 < 4 og 5 > 2")").empty());
}

TEST_CASE("altinn rules: who can receive") {
    const auto found = [](const char* recipient) {
        const auto letter =
            json::parse(std::string(R"({"title":"T","recipient":)") + recipient + "}");
        const auto list = check_letter(*letter, {}, now);
        return list.empty() ? std::string("none")
                            : list[0].code.value + " " + list[0].params[0].second;
    };
    CHECK(found(R"({"organisation":"310002003"})") == "none");
    CHECK(found(R"({"organisation":"310002004"})") ==
          "letter.recipient_invalid_number organisation");
    CHECK(found(R"({"person":"17859130003"})") == "none");
    CHECK(found(R"({"person":"17859130004"})") == "letter.recipient_invalid_number person");
    CHECK(found(R"({"nhn":{"herId":"1"}})") == "letter.recipient_not_supported nhn");
}

TEST_CASE(
    "altinn rules: language se, paper only and a reservation of an organisation are refused") {
    CHECK(only(R"("language":"se")") == "/language altinn.language_not_supported");
    CHECK(only(R"("mustBe":"paper")") == "/mustBe letter.must_be_paper");
    CHECK(only(R"("ignoreReservation":true)") ==
          "/ignoreReservation letter.ignore_reservation_needs_person");
}

TEST_CASE("altinn rules: confirmation needs a due date, and a due date is not in the past") {
    CHECK(only(R"("confirm":true)") == "/confirm letter.confirm_needs_due");
    CHECK(only(R"("dueAt":"2026-01-14T23:59:59Z")") == "/dueAt letter.due_before_publish");
    CHECK(only(R"("dueAt":"2026-01-20T00:00:00Z","notBefore":"2026-01-21T00:00:00Z")") ==
          "/dueAt letter.due_before_publish");
}

TEST_CASE("altinn rules: a notice in own words needs all that its channel may use, a reminder "
          "comes after seven days") {
    CHECK(only(R"("notify":{"channel":"Email","sms":{"body":"x"}})") ==
          "/notify letter.notification_incomplete");
    CHECK(only(R"("notify":{"channel":"Sms","email":{"subject":"x","body":"y"}})") ==
          "/notify letter.notification_incomplete");
    for (const char* both : {"EmailPreferred", "SmsPreferred", "EmailAndSms"}) {
        CHECK(only(std::string(R"("notify":{"channel":")") + both + R"(","sms":{"body":"x"}})") ==
              "/notify letter.notification_incomplete");
    }
    CHECK(only(R"("notify":{"channel":"Email","reminder":{"days":14}})") ==
          "/notify/reminder/days letter.reminder_days");
}

TEST_CASE("altinn rules: file names are those Windows can hold and types those Altinn takes") {
    for (const char* bad :
         {"a?.pdf", "a|b.pdf", "CON.pdf", "com1.txt", "a.pdf.", "a.pdf ", "a/b.pdf", "a:b.pdf"}) {
        CHECK_FALSE(is_windows_file_name(bad));
        CHECK(only(file(bad)) == "/documents/0/name letter.file_name_invalid");
    }
    CHECK_FALSE(is_windows_file_name("a\tb.pdf"));
    CHECK_FALSE(is_windows_file_name(text(252) + ".pdf"));
    CHECK(is_windows_file_name("Vedtak æøå (2).pdf"));
    CHECK(only(file("a.exe")) == "/documents/0/name letter.file_type_not_allowed");
    CHECK(only(file("uten-ending")) == "/documents/0/name letter.file_type_not_allowed");
}

TEST_CASE("altinn rules: at most a hundred files, no two of one name, none empty or above 50 GB") {
    std::string many;
    for (int i = 0; i < 101; ++i) {
        many += (i > 0 ? "," : "") + std::string(R"({"name":"f)") + std::to_string(i) + R"(.pdf"})";
    }
    CHECK(only(R"("documents":[)" + many + "]") == "/documents letter.too_many_documents");
    CHECK(only(R"("documents":[{"name":"a.pdf"},{"name":"A.PDF"}])") ==
          "/documents/1/name letter.file_name_duplicate");
    CHECK(only(file("a.pdf"), {sized(0)}) == "/documents/0 letter.file_empty");
    CHECK(only(file("a.pdf"), {sized(50'000'000'001)}) == "/documents/0 letter.file_too_large");
}

TEST_CASE("altinn rules: properties and references within Altinn's limits") {
    CHECK(only(R"("properties":{")" + text(51) + R"(":"x"})").find("letter.property_too_long") !=
          std::string::npos);
    CHECK(only(R"("properties":{"a/b":")" + text(301) + R"("})") ==
          "/properties/a~1b letter.property_too_long");
    std::string many;
    for (int i = 0; i < 11; ++i) {
        many += (i > 0 ? "," : "") + std::string(R"({"type":"Generic","value":"x"})");
    }
    CHECK(only(R"("externalReferences":[)" + many + "]") ==
          "/externalReferences letter.external_references_too_many");
    CHECK(only(R"("externalReferences":[{"type":"DialogportenDialogId","value":"no-uuid"}])") ==
          "/externalReferences/0 letter.external_reference_invalid");
    CHECK(
        only(
            R"("externalReferences":[{"type":"DialogportenTransmissionType","value":"Decision"}])") ==
        "/externalReferences/0 letter.external_reference_invalid");
}

TEST_CASE("altinn rules: all problems come at once") {
    CHECK(problems(
              R"("language":"se","confirm":true,"mustBe":"paper","documents":[{"name":"a.exe"}])")
              .size() == 4);
}
