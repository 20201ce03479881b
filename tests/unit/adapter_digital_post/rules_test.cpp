#include "adapters/digital_post/dpi_files.hpp"
#include "adapters/digital_post/dpi_rules.hpp"
#include "adapters/digital_post/dpi_text.hpp"
#include "tests/unit/adapter_digital_post/letters.hpp"

#include <catch2/catch.hpp>

using namespace letters;
using dpi::Service;

namespace {

std::vector<std::string> digital(const json::Value& what,
                                 const std::vector<core::DocumentRef>& files = {}) {
    return told(dpi::check_letter(what, Service::digital, files));
}

std::vector<std::string> print(const json::Value& what) {
    return told(dpi::check_letter(what, Service::print, {}));
}

std::vector<std::string> with_files(const std::vector<std::string>& names) {
    auto made = letter();
    auto list = json::Value::array();
    for (const auto& name : names) {
        list.push(document(name, "application/octet-stream"));
    }
    made.set("documents", std::move(list));
    return digital(made);
}

using Lines = std::vector<std::string>;

}   // namespace

TEST_CASE("digital_post: a right letter has no problems, by mailbox or by post") {
    CHECK(digital(letter()).empty());
    CHECK(print(letter()).empty());
}

TEST_CASE("digital_post: every problem is told at once, with its place") {
    auto bad = letter();
    bad.set("title", std::string(256, 'x')).set("nonSensitiveTitle", std::string(256, 'y'));
    bad.set("costAccount", std::string(41, 'c')).set("mustBe", "paper");
    bad.set("recipient", parsed(R"({"person":"17859130004"})"));
    auto list = json::Value::array();
    list.push(document("a"));
    list.push(document("b.exe", "application/x-msdownload"));
    bad.set("documents", std::move(list));
    CHECK(digital(bad) ==
          Lines{"/recipient/person letter.recipient_invalid_number", "/title letter.title_too_long",
                "/nonSensitiveTitle letter.title_too_long",
                "/costAccount letter.cost_account_too_long",
                "/documents/0/name letter.file_name_length",
                "/documents/1/name letter.file_type_not_allowed", "/mustBe letter.must_be_paper"});
}

TEST_CASE("digital_post: a title of 255 characters is taken, one of 256 is not") {
    auto made = letter();
    made.set("title", std::string(255, 'x'));
    CHECK(digital(made).empty());
    made.set("title", std::string(256, 'x'));
    CHECK(digital(made) == Lines{"/title letter.title_too_long"});
    made = letter();
    made.find("documents")->mutable_items()[0].set("title", std::string(256, 'x'));
    CHECK(digital(made) == Lines{"/documents/0/title letter.title_too_long"});
}

TEST_CASE("digital_post: a character that no XML file can hold is refused where it would go") {
    auto made = letter();
    made.set("title", "Vedtak\x01").set("costAccount", "a\x02");
    made.find("documents")->mutable_items()[0].set("title", "b\x03");
    CHECK(digital(made) == Lines{"/title letter.text_not_plain",
                                 "/costAccount letter.text_not_plain",
                                 "/documents/0/title letter.text_not_plain"});
}

TEST_CASE("digital_post: only persons are reached") {
    for (const char* kind : {"organisation", "nhn"}) {
        auto made = letter();
        json::Value recipient;
        made.set("recipient", recipient.set(kind, "310002003"));
        CHECK(digital(made) ==
              Lines{std::string("/recipient/") + kind + " letter.recipient_not_supported"});
        CHECK(print(made).size() == 1);
    }
}

TEST_CASE("digital_post: a letter of text alone has nothing to deliver") {
    auto made = letter();
    made.remove("documents");
    made.set("body", "Hei");
    CHECK(digital(made) == Lines{"/documents letter.main_document_missing"});
    CHECK(print(made) == Lines{"/documents letter.main_document_missing"});
}

TEST_CASE("digital_post: two files of one name are refused, whatever the case of their letters") {
    CHECK(with_files({"brev.pdf", "Brev.PDF"}) ==
          Lines{"/documents/1/name letter.file_name_duplicate"});
    CHECK(with_files({"blåbær.pdf", "BLÅBÆR.pdf", "blaber.pdf"}) ==
          Lines{"/documents/1/name letter.file_name_duplicate"});
    CHECK(with_files({"brev.pdf", "brev2.pdf"}).empty());
}

TEST_CASE("digital_post: file names have 4 to 100 characters and nothing a mailbox cannot store") {
    std::string longest;
    for (int i = 0; i < 96; ++i) {
        longest += "å";
    }
    CHECK(with_files({"a.pdf", longest + ".pdf"}).empty());
    CHECK(with_files({longest + "x.pdf"}) == Lines{"/documents/0/name letter.file_name_length"});
    CHECK(with_files({".pdf"}).empty());
    for (const char* bad : {"a/b.pdf", "a\\b.pdf", "a:b.pdf", "con.pdf", "COM1.pdf", "a\x01.pdf",
                            " a.pdf", "a\"b.pdf"}) {
        INFO(bad);
        const auto lines = with_files({bad});
        REQUIRE_FALSE(lines.empty());
        CHECK(lines.front() == "/documents/0/name letter.file_name_invalid");
    }
    for (const char* taken : {"manifest.xml", "Manifest.XML"}) {
        const auto lines = with_files({taken});
        CHECK(std::find(lines.begin(), lines.end(), "/documents/0/name letter.file_name_invalid") !=
              lines.end());
    }
}

TEST_CASE("digital_post: only the kinds of file that operators take") {
    CHECK(dpi::declared_type("a.pdf", "application/pdf") == "application/pdf");
    CHECK(dpi::declared_type("a.PDF", "application/octet-stream") == "application/pdf");
    CHECK(dpi::declared_type("a.ods", "") == "application/vnd.oasis.opendocument.spreadsheet");
    CHECK(dpi::declared_type("a.zip", "application/zip") == "application/octet-stream");
    CHECK(dpi::declared_type("a.zip", "application/octet-stream") == "application/octet-stream");
    CHECK(dpi::declared_type("a.xml", "application/vnd.difi.dpi.lenke+xml") ==
          "application/vnd.difi.dpi.lenke+xml");
    for (const auto& [name, type] :
         std::vector<std::pair<std::string, std::string>>{{"a.exe", "application/octet-stream"},
                                                          {"a", ""},
                                                          {"a.pdf", "application/zip"},
                                                          {"a.xml", "application/xml"},
                                                          {"a.bmp", "image/bmp"},
                                                          {"a.xls", "application/vnd.ms-excel"}}) {
        INFO(name);
        CHECK(dpi::declared_type(name, type).empty());
    }
    CHECK(with_files({"virus.exe", "odd.æ"}) ==
          Lines{"/documents/0/name letter.file_type_not_allowed",
                "/documents/1/name letter.file_type_not_allowed"});
}

TEST_CASE("digital_post: an empty file and more than 50 MB in all are refused") {
    auto made = letter();
    made.find("documents")->push(document("vedlegg.pdf"));
    CHECK(
        digital(made, {reference("vedtak.pdf", 49'999'999), reference("vedlegg.pdf", 1)}).empty());
    CHECK(digital(made, {reference("vedtak.pdf", 51'000'000), reference("vedlegg.pdf", 0)}) ==
          Lines{"/documents/1 letter.file_empty", "/documents letter.files_too_large"});
}

TEST_CASE("digital_post: one main document and 200 attachments go, 201 do not") {
    std::vector<std::string> names;
    for (int i = 0; i < 201; ++i) {
        names.push_back("fil" + std::to_string(i) + ".pdf");
    }
    CHECK(with_files(names).empty());
    names.push_back("en-til.pdf");
    CHECK(with_files(names) == Lines{"/documents letter.too_many_documents"});
}

TEST_CASE("digital_post: paper needs an address, and is not for who must have it digitally") {
    auto made = letter();
    made.remove("address");
    made.set("mustBe", "digital");
    CHECK(print(made) ==
          Lines{"/mustBe letter.must_be_digital", "/address letter.address_missing"});
    made = letter();
    made.set("sender", parsed(R"({"returnAddress":{"name":"K","city":"Oslo"}})"));
    CHECK(print(made) == Lines{"/sender/returnAddress/lines letter.address_line_missing",
                               "/sender/returnAddress/postalCode letter.address_postal_code"});
    CHECK(digital(made).empty());
}

TEST_CASE("digital_post: a graded address is never printed, and may be reached digitally") {
    auto made = letter();
    made.set("confidentiality", parsed(R"({"level":"strict","gradedAddress":true})"));
    CHECK(print(made) == Lines{"/confidentiality/gradedAddress letter.graded_address_not_printed"});
    CHECK(digital(made).empty());
}

TEST_CASE("digital_post: what is left out of print is known, and never the main document") {
    auto made = letter();
    made.find("documents")->push(document("vedlegg.pdf"));
    made.set("print", parsed(R"({"exclude":["vedlegg.pdf"]})"));
    CHECK(print(made).empty());
    CHECK(dpi::printed_documents(made) == std::vector<std::size_t>{0});
    made.set("print", parsed(R"({"exclude":["nei.pdf","vedtak.pdf"]})"));
    CHECK(print(made) == Lines{"/print/exclude/0 letter.print_exclude_unknown",
                               "/print/exclude letter.print_excludes_main_document"});
    CHECK(digital(made).empty());
}

TEST_CASE("digital_post: letters of names are the same in both cases") {
    CHECK(dpi::fold_case("ÆØÅ ŠŽČĐŊŦ Ÿ ΑΒΓ АБВ Ĺ") == dpi::fold_case("æøå šžčđŋŧ Ÿ αβγ абв ĺ"));
    CHECK(dpi::fold_case("a") != dpi::fold_case("b"));
    CHECK(dpi::fold_case("×") != dpi::fold_case("÷"));
}
