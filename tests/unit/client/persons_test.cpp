#include "gateway/app/cli/client/person_page.hpp"
#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace gateway::app;
using namespace gateway::app::client;
using gateway::texts::Language;
using tests::client::has;
using tests::client::TestDesk;

namespace json = gateway::json;
namespace core = gateway::core;

namespace {

constexpr const char* handle = "3f1c0f8e-5a3c-4b0e-9d57-0c8a4a1d2b6f";

std::string entry(int number, const std::string& more = "") {
    return R"({"number":)" + std::to_string(number) +
           R"(,"kind":"read","at":"2026-02-03T07:00:00.000Z","system":"barnehage",)"
           R"("purpose":"opptak","purposeName":"Opptak i barnehage",)"
           R"("legalBasis":"barnehageloven § 16","dataset":"person","fields":["names"])" +
           more + "}";
}

std::string page(const std::string& entries, const std::string& more = "",
                 const std::string& first_name = "Kari") {
    return std::string(R"({"tenant":"310001007","handle":")") + handle +
           R"(","person":"178591*****","made":"2026-02-03T08:00:00.000Z",)"
           R"("knownSince":"2026-01-01T08:00:00.000Z","legalHold":true,"forgotten":false,)"
           R"("held":[{"dataset":"person","name":"Folkeregisteret","authority":"Skatteetaten",)"
           R"("sensitivity":"protected",)"
           R"("known":true,"written":"2026-02-03T07:00:00.000Z","purposes":[{"purpose":"opptak",)"
           R"("purposeName":"Opptak i barnehage","legalBasis":"barnehageloven § 16"}],)"
           R"("parts":[{"source":"Folkeregisteret","fields":["names"],"values":{"names":{"first":)" +
           json::write(json::Value(first_name)) +
           R"(}},"fetched":"2026-02-03T07:00:00.000Z","validUntil":"2026-02-04T07:00:00.000Z"}],)"
           R"("corrections":[]}],"entries":[)" +
           entries + R"(],"until":9)" + more + "}";
}

struct Asking {
    std::istringstream input;
    PersonOptions options;

    explicit Asking(const std::string& lines = "17859130003\n") : input(lines) {
        options.input = &input;
        options.why = "innsyn 2026/17";
    }
};

}   // namespace

TEST_CASE("client: a person's report is a page that asks for nothing, with headings and a table") {
    for (const auto& [language, sensitivity] : {std::pair("nb", "opplysninger med særlig vern"),
                                                std::pair("nn", "opplysningar med særleg vern"),
                                                std::pair("en", "specially protected")}) {
        CAPTURE(language);
        TestDesk test;
        Asking asking;
        asking.options.html = true;
        asking.options.page_language = language;
        test.answer(200, page(entry(1)));
        CHECK(run_report_person(test.desk, asking.options) == exit_ok);
        const auto html = test.out.str();
        CHECK(html.starts_with("<!DOCTYPE html>\n<html lang=\"" + std::string(language) + "\">"));
        for (const char* part : {"<meta charset=\"utf-8\">", "default-src 'none'", "<h1>", "<h2>",
                                 "<h3>", "<caption>", "<th scope=\"col\">", "<th scope=\"row\">",
                                 "@media print", "barnehageloven § 16", "2026-02-03 07:00:00 UTC",
                                 "Skatteetaten", sensitivity, "Kari", "178591*****", "</html>"}) {
            CAPTURE(part);
            CHECK(html.find(part) != std::string::npos);
        }
        for (const char* outside :
             {"http://", "https://", "<script", "<img", "<link", "url(", "//"}) {
            CAPTURE(outside);
            CHECK(html.find(outside) == std::string::npos);
        }
    }
}

TEST_CASE("client: what somebody wrote into a record is shown in the report, and never run") {
    TestDesk test;
    Asking asking;
    asking.options.html = true;
    const std::string evil = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";
    test.answer(200, page(entry(1, R"(,"actor":)" + json::write(json::Value(evil)) + R"(,"case":)" +
                                       json::write(json::Value(evil)) + R"(,"reason":)" +
                                       json::write(json::Value(evil))),
                          "", evil));
    CHECK(run_report_person(test.desk, asking.options) == exit_ok);
    const auto html = test.out.str();
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("<img") == std::string::npos);
    std::size_t shown = 0;
    for (auto at = html.find("&lt;script&gt;alert(&#39;x&#39;)"); at != std::string::npos;
         at = html.find("&lt;script&gt;", at + 1)) {
        ++shown;
    }
    CHECK(shown == 4);
    CHECK(escaped("a\x01<b>\x7F\n&\"'") == "a &lt;b&gt; \n&amp;&quot;&#39;");
}

TEST_CASE("client: a long report is asked for page by page, and its JSON is one value") {
    TestDesk test;
    Asking asking;
    asking.options.json = true;
    test.answer(200, page(entry(1) + "," + entry(2), R"(,"after":2)"));
    test.answer(200, page(entry(3), R"(,"after":3)"));
    test.answer(200, page(entry(9)));
    CHECK(run_report_person(test.desk, asking.options) == exit_ok);
    REQUIRE(test.script.asked.size() == 3);
    for (const auto& asked : test.script.asked) {
        CHECK(asked.target == "/admin/v1/persons/report");
    }
    const auto first = json::parse(test.script.asked[0].body).value();
    CHECK(first["person"].as_string() == "17859130003");
    CHECK(first["why"].as_string() == "innsyn 2026/17");
    CHECK_FALSE(first.has("after"));
    const auto last = json::parse(test.script.asked[2].body).value();
    CHECK(last["after"].as_int() == 3);
    CHECK(last["until"].as_int() == 9);
    const auto report = json::parse(test.out.str());
    REQUIRE(report.has_value());
    CHECK((*report)["entries"].items().size() == 4);
    CHECK((*report)["held"].items().size() == 1);
    CHECK_FALSE(report->has("after"));
    CHECK((*report)["legalHold"].as_bool());
}

TEST_CASE("client: a report that breaks off says so by its exit code") {
    TestDesk test;
    Asking asking;
    test.answer(200, page(entry(1), R"(,"after":1)"));
    test.fail(core::Errc::unavailable);
    CHECK(run_report_person(test.desk, asking.options) == exit_unreachable);
    CHECK(has(test.out, "Opptak i barnehage"));
}

TEST_CASE("client: whom it is about comes from standard input, a file or a handle") {
    TestDesk test;
    Asking asking;
    asking.options.act = "erase";
    test.answer(200, std::string(R"({"handle":")") + handle + R"(","erased":2})");
    CHECK(run_act_on_person(test.desk, asking.options) == exit_ok);
    CHECK(test.script.asked.at(0).target == "/admin/v1/persons/erase");
    CHECK(has(test.out, "Slettet. Opplysninger fra så mange datasett: 2"));
    CHECK(has(test.out, handle));
    asking.options.handle = handle;
    asking.options.act = "hold";
    asking.options.lift = true;
    test.answer(200, std::string(R"({"handle":")") + handle + R"(","legalHold":false})");
    CHECK(run_act_on_person(test.desk, asking.options) == exit_ok);
    CHECK(test.script.asked.at(1).target == "/admin/v1/persons/lift-hold");
    CHECK(test.script.asked.at(1).body.find("17859130003") == std::string::npos);
    CHECK(has(test.out, "Sletting er tillatt igjen."));
    asking.options.handle.clear();
    CHECK(run_act_on_person(test.desk, asking.options) == exit_usage);   // nothing is left to read
    asking.options.person_file = "/nonexistent/fnr.txt";
    CHECK(run_act_on_person(test.desk, asking.options) == exit_not_found);
    CHECK(test.script.asked.size() == 2);
}

TEST_CASE("client: of two ids the first line has ended and the second is in use") {
    TestDesk test;
    Asking asking("17859130003\n\n 13899000018 \n");
    asking.options.act = "link";
    const std::string other = "0d6a2b1c-5a3c-4b0e-9d57-0c8a4a1d2b6f";
    test.answer(200,
                std::string(R"({"handle":")") + handle + R"(","replacedBy":")" + other + "\"}");
    CHECK(run_act_on_person(test.desk, asking.options) == exit_ok);
    CHECK(test.script.asked.at(0).target == "/admin/v1/persons/link");
    const auto body = json::parse(test.script.asked.at(0).body).value();
    CHECK(body["person"].as_string() == "17859130003");
    CHECK(body["successor"].as_string() == "13899000018");
    CHECK(has(test.out, "De er én person fra nå av."));
    CHECK(has(test.out, other));
    asking.options.handle = handle;
    CHECK(run_act_on_person(test.desk, asking.options) == exit_usage);   // no second id
    CHECK(has(test.err, "--successor-file"));
    asking.options.lift = true;
    test.answer(200,
                std::string(R"({"handle":")") + handle + R"(","separatedFrom":")" + other + "\"}");
    CHECK(run_act_on_person(test.desk, asking.options) == exit_ok);
    CHECK(test.script.asked.at(1).target == "/admin/v1/persons/unlink");
    CHECK_FALSE(json::parse(test.script.asked.at(1).body)->has("successor"));
    CHECK(has(test.out, "De er to personer igjen."));
}
