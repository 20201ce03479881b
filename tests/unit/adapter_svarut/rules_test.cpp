#include "tests/unit/adapter_svarut/svarut_world.hpp"

#include <catch2/catch.hpp>

using namespace svarut_world;
using Wrong = std::vector<std::string>;

namespace {

std::vector<core::DocumentRef> sizes(std::initializer_list<std::uint64_t> bytes) {
    std::vector<core::DocumentRef> made;
    for (const auto size : bytes) {
        made.emplace_back();
        made.back().size = size;
        made.back().media_type = "application/pdf";
    }
    return made;
}

json::Value changed(json::Value message, const char* name, const std::string& value) {
    message.set(name, parsed(value));
    return message;
}

json::Value named(const std::string& name) {
    json::Value message = letter();
    message.find("documents")->mutable_items().front().set("name", name);
    return message;
}

}   // namespace

TEST_CASE("svarut: a letter and a transfer that SvarUt takes have nothing wrong with them") {
    CHECK(wrong_with(letter(), "{}", sizes({10})).empty());
    CHECK(wrong_with(letter(), R"({"delivery":"print"})", sizes({10})).empty());
    CHECK(wrong_with(transfer(), "{}", sizes({10})).empty());
}

TEST_CASE("svarut: names of files are as short, plain and different as SvarUt asks") {
    CHECK(wrong_with(named(std::string(226, 'a')), "{}").empty());
    CHECK(wrong_with(named(std::string(227, 'a')), "{}") ==
          Wrong{"/documents/0/name letter.file_name_length"});
    for (const char* bad : {"a*b.pdf", "a:b.pdf", "a\"b.pdf", "a\\b.pdf", "a/b.pdf", "a<b.pdf",
                            "a>b.pdf", "a|b.pdf", "a?b.pdf", "a\nb.pdf"}) {
        CHECK(wrong_with(named(bad), "{}") == Wrong{"/documents/0/name letter.file_name_invalid"});
    }
    json::Value twice = letter();
    twice.find("documents")->push(twice["documents"].items().front());
    CHECK(wrong_with(twice, "{}") == Wrong{"/documents/1/name letter.file_name_duplicate"});
}

TEST_CASE("svarut: what may be printed is PDF and at most 350 MB together") {
    CHECK(wrong_with(letter(), "{}", sizes({350'000'000})).empty());
    CHECK(wrong_with(letter(), "{}", sizes({350'000'001})) ==
          Wrong{"/documents letter.files_too_large"});
    CHECK(wrong_with(letter(), R"({"delivery":"digital"})", sizes({350'000'001})).empty());
    json::Value text = letter();
    text.find("documents")->mutable_items().front().set("mediaType", "text/plain");
    CHECK(wrong_with(text, "{}") == Wrong{"/documents/0 svarut.not_printable"});
    CHECK(wrong_with(text, R"({"delivery":"digital"})").empty());
    CHECK(wrong_with(letter(), "{}", sizes({0})) == Wrong{"/documents/0 letter.file_empty"});
}

TEST_CASE("svarut: a letter without a document, or whose document is excluded, is refused") {
    json::Value none = letter();
    none.remove("documents");
    CHECK(wrong_with(none, "{}") == Wrong{"/documents letter.main_document_missing"});
    const auto excluded = changed(letter(), "print", R"({"exclude":["vedtak.pdf"]})");
    CHECK(wrong_with(excluded, "{}") ==
          Wrong{"/print/exclude letter.print_excludes_main_document"});
    const auto unknown = changed(letter(), "print", R"({"exclude":["kart.pdf"]})");
    CHECK(wrong_with(unknown, "{}") == Wrong{"/print/exclude/0 letter.print_exclude_unknown"});
}

TEST_CASE("svarut: whoever may get it on paper has an address that fits an envelope") {
    json::Value none = letter();
    none.remove("address");
    CHECK(wrong_with(none, "{}") == Wrong{"/address letter.address_missing"});
    const auto no_line =
        changed(letter(), "address", R"({"name":"K","city":"Oslo","postalCode":"0150"})");
    CHECK(wrong_with(no_line, "{}") == Wrong{"/address/lines letter.address_line_missing"});
    CHECK(wrong_with(no_line, R"({"delivery":"digital"})").empty());
    const auto four =
        changed(letter(), "address",
                R"({"name":"K","city":"Oslo","postalCode":"0150","lines":["a","b","c","d"]})");
    CHECK(wrong_with(four, "{}") == Wrong{"/address/lines letter.address_lines_too_many"});
    const auto no_code =
        changed(letter(), "address", R"({"name":"K","city":"Oslo","lines":["a"]})");
    CHECK(wrong_with(no_code, "{}") == Wrong{"/address/postalCode letter.address_postal_code"});
}

TEST_CASE("svarut: demands on the channel are held against the route") {
    const auto paper = changed(letter(), "mustBe", R"("paper")");
    CHECK(wrong_with(paper, "{}") == Wrong{"/mustBe letter.must_be_paper"});
    CHECK(wrong_with(paper, R"({"delivery":"print"})").empty());
    const auto digital = changed(letter(), "mustBe", R"("digital")");
    CHECK(wrong_with(digital, R"({"delivery":"print"})") ==
          Wrong{"/mustBe letter.must_be_digital"});
    const auto graded =
        changed(letter(), "confidentiality", R"({"level":"strict","gradedAddress":true})");
    CHECK(wrong_with(graded, R"({"delivery":"print"})") ==
          Wrong{"/confidentiality/gradedAddress letter.graded_address_not_printed"});
}

TEST_CASE("svarut: account codes, titles and links keep to SvarUt's limits") {
    CHECK(wrong_with(changed(letter(), "costAccount", R"("4711-Helse_æøå.1")"), "{}").empty());
    CHECK(wrong_with(changed(letter(), "costAccount", R"("123456789012345678901")"), "{}") ==
          Wrong{"/costAccount svarut.cost_account_too_long"});
    CHECK(wrong_with(changed(letter(), "costAccount", R"("a b")"), "{}") ==
          Wrong{"/costAccount svarut.cost_account_characters"});
    json::Value untitled = transfer();
    untitled.remove("title");
    CHECK(wrong_with(untitled, "{}") == Wrong{"/title svarut.title_missing"});
    json::Value linked = transfer();
    json::Value links = json::Value::array();
    for (int i = 0; i < 6; ++i) {
        links.push(parsed(R"({"url":"https://a.no/","text":"A"})"));
    }
    linked.set("links", std::move(links));
    CHECK(wrong_with(linked, "{}") == Wrong{"/links svarut.too_many_links"});
}

TEST_CASE("svarut: answers need somewhere to go, and archives' numbers an organisation") {
    CHECK(wrong_with(changed(letter(), "reply", R"({"wanted":true})"), "{}") ==
          Wrong{"/reply/wanted svarut.reply_address_missing"});
    json::Value message = transfer();
    message.set("archive", parsed(R"({"forImport":{"caseYear":2026}})"));
    CHECK(wrong_with(message, "{}").empty());
    json::Value to_person = letter();
    to_person.set("archive", parsed(R"({"forImport":{"caseYear":2026}})"));
    CHECK(wrong_with(to_person, "{}") == Wrong{"/archive svarut.archive_not_carried"});
}

TEST_CASE("svarut: the health network takes one PDF of 18 MB with patient and contact person") {
    json::Value message = changed(letter(), "recipient", R"({"nhn":{"herId":"8094866"}})");
    CHECK(wrong_with(message, "{}") == Wrong{"/recipient/nhn/patient svarut.patient_missing",
                                             "/sender/person svarut.contact_missing"});
    message.set("recipient", parsed(R"({"nhn":{"herId":"8094866","patient":{
        "person":"17912099997","givenName":"Ola","familyName":"Eksempel"}}})"));
    const std::string contact =
        R"({"contact":{"given_name":"Kari","family_name":"Ansatt","telephone":"55555555"}})";
    CHECK(wrong_with(message, contact, sizes({18'000'000})).empty());
    CHECK(wrong_with(message, contact, sizes({18'000'001})) ==
          Wrong{"/documents/0 letter.file_too_large"});
    json::Value named = message;
    named.find("recipient")->find("nhn")->find("patient")->set("givenName", std::string(300, 'O'));
    CHECK(wrong_with(named, contact, sizes({1})) ==
          Wrong{"/recipient/nhn/patient/givenName svarut.name_too_long"});
    message.find("documents")->push(parsed(R"({"name":"b.pdf","mediaType":"application/pdf"})"));
    CHECK(wrong_with(message, contact) == Wrong{"/documents svarut.nhn_one_file"});
    const auto beyond = changed(message, "recipient", R"({"nhn":{"herId":"2147483648","patient":{
        "person":"17912099997","givenName":"Ola","familyName":"Eksempel"}}})");
    CHECK(wrong_with(beyond, contact).back() ==
          "/recipient/nhn/herId letter.recipient_invalid_number");
    const auto words = changed(message, "recipient", R"({"nhn":{"herId":"ingen","patient":{
        "person":"17912099997","givenName":"Ola","familyName":"Eksempel"}}})");
    CHECK(wrong_with(words, contact).back() ==
          "/recipient/nhn/herId letter.recipient_invalid_number");
}

TEST_CASE("svarut: numbers of persons and organisations have right control digits") {
    CHECK(wrong_with(changed(letter(), "recipient", R"({"person":"17859130004"})"), "{}") ==
          Wrong{"/recipient/person letter.recipient_invalid_number"});
    CHECK(wrong_with(changed(transfer(), "recipient", R"({"organisation":"310002004"})"), "{}") ==
          Wrong{"/recipient/organisation letter.recipient_invalid_number"});
}
