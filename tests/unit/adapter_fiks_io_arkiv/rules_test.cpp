#include "archives.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace tests::arkiv;
using Found = std::vector<std::string>;

namespace {

constexpr const char* valid = SLUSE_SOURCE_DIR "/schemas/messages/archive/examples/valid";

json::Value with(const char* name, const char* pointer, const char* member, json::Value value) {
    auto message = example(name);
    json::Value* at = &message;
    std::string_view rest(pointer);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = std::min(rest.find('/'), rest.size());
        const auto token = rest.substr(0, end);
        at =
            at->is_array() ? &at->mutable_items()[std::stoul(std::string(token))] : at->find(token);
        REQUIRE(at != nullptr);
        rest.remove_prefix(end);
    }
    if (value.is_null()) {
        at->remove(member);
    } else {
        at->set(member, std::move(value));
    }
    return message;
}

}   // namespace

TEST_CASE("arkiv rules: every valid example is let through") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(valid)) {
        INFO(entry.path().string());
        CHECK(problems(example(entry.path().stem().string())) == Found{});
        ++count;
    }
    CHECK(count >= 28);
}

TEST_CASE("arkiv rules: all that the XML Schema demands is asked for at once") {
    const auto message = parse(R"({"type":"archive","version":1,"intent":"searchOrNew",
        "case":{"parties":[{"role":"K"}],"screening":{"code":"UO"}},
        "record":{"correspondents":[{"name":"N"},{"role":"EM"}],"screening":{"code":"UO"}},
        "documents":[{"part":"a","name":"a.pdf","screening":{"code":"UO"}}]})");
    CHECK(problems(message) ==
          Found{"/case/title archive.missing", "/case/parties/0/name archive.missing",
                "/case/screening/statute archive.missing", "/case/externalKey archive.missing",
                "/record/kind archive.missing", "/record/title archive.missing",
                "/record/correspondents/0/role archive.missing",
                "/record/correspondents/1/name archive.missing",
                "/record/screening/statute archive.missing",
                "/documents/0/screening/statute archive.missing"});
}

TEST_CASE("arkiv rules: an intent says what it lacks") {
    const auto lacks = [](const char* members) {
        return problems(parse(std::string(R"({"type":"archive","version":1,)") + members + "}"));
    };
    CHECK(lacks(R"("intent":"new")") == Found{" archive.nothing_to_make"});
    CHECK(lacks(R"("intent":"new","case":{"id":"17"})") == Found{" archive.nothing_to_make"});
    CHECK(lacks(R"("intent":"new","case":{"title":"T"},"documents":[{"part":"a","name":"a"}])") ==
          Found{"/documents archive.documents_without_record"});
    CHECK(lacks(R"("intent":"byId")") ==
          Found{"/target archive.missing", "/record archive.missing"});
    CHECK(lacks(R"("intent":"byExternalKey","target":{"case":{"folderId":"1"}},
                   "record":{"kind":"I","title":"T"})") ==
          Found{"/target/case/externalKey archive.missing"});
    CHECK(lacks(R"("intent":"fetchCase","target":{"record":{"recordId":"1"}})") ==
          Found{"/target/case archive.missing"});
    CHECK(lacks(R"("intent":"update","target":{"case":{"folderId":"1"}})") ==
          Found{"/case archive.missing"});
    CHECK(lacks(R"("intent":"update","target":{"document":{"inRecord":
                   {"record":{"recordId":"1"},"number":1}}},"document":{"title":"T"})") ==
          Found{"/document/role archive.missing"});
    CHECK(lacks(R"("intent":"newVersion","target":{"document":{"externalKey":
                   {"system":"s","key":"k"}}})") == Found{"/documents archive.one_document"});
    CHECK(lacks(R"("intent":"followUp","target":{"record":{"recordId":"1"}},
                   "followUp":{"correspondent":"k"})") ==
          Found{"/followUp/manner archive.missing", "/followUp/by archive.missing"});
    CHECK(lacks(R"("intent":"followUp","target":{"record":{"recordId":"1"}})") ==
          Found{"/followUp archive.missing"});
    CHECK(lacks(R"("intent":"search")") == Found{"/search archive.missing"});
}

TEST_CASE("arkiv rules: what an intent or Fiks Arkiv has no place for is refused, never dropped") {
    CHECK(problems(with("fetch_file", "", "record", parse(R"({"title":"T"})"))) ==
          Found{"/record archive.not_used"});
    CHECK(problems(with("fetch_file", "", "rule", "x")) == Found{"/rule archive.not_used"});
    CHECK(problems(with("by_external_key", "", "case", parse(R"({"id":"17","title":"T"})"))) ==
          Found{"/case/title archive.not_used"});
    CHECK(problems(with("close", "", "case", parse(R"({"id":"17","title":"T"})"))) ==
          Found{"/case/title archive.not_used"});
    CHECK(problems(with("new_case_only", "/case", "accessGroup", "barnehage")) ==
          Found{"/case/accessGroup archive.not_carried"});
    CHECK(problems(with("new_everything", "/documents/0", "publicTitle", "T")) ==
          Found{"/documents/0/publicTitle archive.not_carried"});
    CHECK(problems(with("new_version", "/documents/0", "authors", parse(R"(["A"])"))) ==
          Found{"/documents/0/authors archive.not_used"});
    CHECK(problems(with("new_everything", "/record", "series", "S")) ==
          Found{"/record/series archive.series_in_case"});
    CHECK(problems(with("update_record", "/record", "unit", parse(R"({"id":"U"})"))) ==
          Found{"/record/unit archive.not_used"});
    CHECK(problems(with("update_record", "/remove", "property", parse(R"({"units":[]})"))) ==
          Found{"/remove/property archive.not_used"});
    CHECK(problems(with("update_case", "/remove", "description", true)) ==
          Found{"/remove/description archive.changed_and_removed"});
    CHECK(problems(with("fetch_case", "/fetch", "include", parse(R"(["documents"])"))) ==
          Found{"/fetch/include/0 archive.not_used"});
}

TEST_CASE("arkiv rules: every text that XML cannot hold is named by its place") {
    CHECK(problems(with("new_case_only", "/case", "title", "a\x01")) ==
          Found{"/case/title archive.text_not_xml"});
    CHECK(problems(with("new_everything", "/record/correspondents/1", "name", "\xef\xbf\xbf")) ==
          Found{"/record/correspondents/1/name archive.text_not_xml"});
    CHECK(problems(with("new_everything", "/case/keywords", "0", json::Value())).empty());
    CHECK(problems(with("new_everything", "/documents/0", "title", "\x1b[0m")) ==
          Found{"/documents/0/title archive.text_not_xml"});
    CHECK(problems(with("search_text", "/search", "text", "\x02")) ==
          Found{"/search/text archive.text_not_xml"});
    CHECK(problems(with("new_everything", "", "rule", "\x02")) ==
          Found{"/rule archive.text_not_xml"});
}

TEST_CASE("arkiv rules: dates exist and numbers have their control digits") {
    CHECK(problems(with("new_everything", "/record", "documentDate", "2026-02-30")) ==
          Found{"/record/documentDate archive.date_invalid"});
    CHECK(problems(with("new_everything", "/record", "sentAt", "2026-02-30T10:00:00Z")) ==
          Found{"/record/sentAt archive.date_invalid"});
    CHECK(problems(with("new_everything", "/confidentiality/screening", "until", "2026-13-01"))
              .size() == 1);
    CHECK(problems(with("new_everything", "/record/correspondents/0", "person", "17054026642")) ==
          Found{"/record/correspondents/0/person archive.number_invalid"});
    CHECK(
        problems(with("new_everything", "/record/correspondents/1", "organisation", "310002004")) ==
        Found{"/record/correspondents/1/organisation archive.number_invalid"});
    CHECK(
        problems(with("new_everything", "/record/correspondents/0", "organisation", "310002003")) ==
        Found{"/record/correspondents/0 archive.person_or_organisation"});
}

TEST_CASE("arkiv rules: a code of the archive's own is let through, a misspelt one is not") {
    CHECK(problems(with("new_everything", "/case", "status", "ARKIVETS")).empty());
    CHECK(problems(with("new_everything", "/case", "status", "b ")) ==
          Found{"/case/status archive.code_misspelt"});
    CHECK(problems(with("new_everything", "/record", "status", "j")) ==
          Found{"/record/status archive.code_misspelt"});
    CHECK(problems(with("new_everything", "/record/correspondents/0", "role", "em")) ==
          Found{"/record/correspondents/0/role archive.code_misspelt"});
    CHECK(problems(with("new_everything", "/documents/0", "documentType", "søknad")) ==
          Found{"/documents/0/documentType archive.code_misspelt"});
    CHECK(problems(with("follow_up", "/followUp", "manner", "B U")) ==
          Found{"/followUp/manner archive.code_misspelt"});
    const auto message = with("follow_up", "/followUp", "manner", "tlf");
    const auto problem = fiks::check(message, {}).front();
    CHECK(problem.params == core::Params{{"list", "avskrivningsmaate"}, {"meant", "TLF"}});
}

TEST_CASE("arkiv rules: files of a package have names of their own") {
    CHECK(problems(with("new_everything", "/documents/1", "name", "VEDTAK.pdf")) ==
          Found{"/documents/1/name archive.file_name_duplicate"});
    CHECK(problems(with("new_everything", "/documents/1", "name", "Arkivmelding.xml")) ==
          Found{"/documents/1/name archive.file_name_duplicate"});
    for (const char* name : {"a/b.pdf", "../b.pdf", "a\\b.pdf", "a\x01.pdf"}) {
        INFO(name);
        CHECK(problems(with("new_everything", "/documents/1", "name", name)).front() ==
              "/documents/1/name archive.file_name_invalid");
    }
    auto message = with("new_everything", "/documents/0", "role", "main");
    message.find("documents")->mutable_items()[1].set("role", "main");
    CHECK(problems(message) == Found{"/documents archive.main_documents"});
}

TEST_CASE("arkiv rules: a search that the archive could not answer is refused") {
    const auto where = [](const char* condition) {
        return problems(
            with("search_cases", "/search", "where", parse(std::string("[") + condition + "]")));
    };
    CHECK(where(R"({"field":"journal.year","values":[2026]})") ==
          Found{"/search/where/0/field archive.search_field"});
    CHECK(where(R"({"field":"year","values":["2026"]})") ==
          Found{"/search/where/0/values/0 archive.search_value"});
    CHECK(where(R"({"field":"createdAt","values":["soon"]})") ==
          Found{"/search/where/0/values/0 archive.search_value"});
    CHECK(where(R"({"field":"year","is":"like","values":[2026]})") ==
          Found{"/search/where/0/is archive.search_comparison"});
    CHECK(where(R"({"field":"externalKey","is":"less","values":[{"system":"s","key":"k"}]})") ==
          Found{"/search/where/0/is archive.search_comparison"});
    CHECK(where(R"({"field":"year","is":"between","values":[2026]})") ==
          Found{"/search/where/0/values archive.search_values"});
    CHECK(where(R"({"field":"year","values":[2025,2026]})") ==
          Found{"/search/where/0/values archive.search_values"});
    CHECK(problems(with("search_cases", "/search", "text", "a")).front() ==
          "/search archive.search_text_or_where");
    CHECK(problems(with("search_cases", "/search", "sort", parse(R"([{"by":"journal"}])"))) ==
          Found{"/search/sort/0/by archive.search_order"});
    CHECK(problems(with("search_cases", "/search", "include", parse(R"(["versions"])"))) ==
          Found{"/search/include/0 archive.search_include"});
}
