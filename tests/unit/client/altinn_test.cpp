#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::TestDesk;
namespace core = gateway::core;

namespace {

constexpr const char* approve_at =
    "https://am.ui.altinn.no/accessmanagement/ui/systemuser/request?id=1";

std::string answer(const std::string& status, const std::string& more = {},
                   const std::string& rights = R"(["sluse-innsending"])") {
    return R"({"connection":"broker","value":{"organisation":"310001007","reference":"310001007",)"
           R"("system":"991825827_sluse","rights":["sluse-innsending"],"packages":[],"request":)"
           R"({"id":"1","status":")" +
           status + R"(","approve":")" + approve_at + R"(","rights":)" + rights +
           R"(,"packages":[],"created":"2026-02-03T07:00:04Z")" + more + "}}}";
}

constexpr const char* nobody_asked =
    R"({"connection":"broker","value":{"organisation":"310001007","reference":"310001007",)"
    R"("system":"991825827_sluse","rights":["sluse-innsending"],"packages":[],"request":null}})";

SystemUserOptions options_of(bool follow = false) {
    SystemUserOptions options;
    options.connection = "broker";
    options.why = "ny avtale";
    options.follow = follow;
    return options;
}

}   // namespace

TEST_CASE(
    "client: a system user is asked for, and it is said which rights, who approves and where") {
    TestDesk test;
    test.answer(200, answer("New"));
    auto options = options_of();
    CHECK(run_request_system_user(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).method == "POST");
    CHECK(test.script.asked.at(0).target ==
          "/admin/v1/connections/broker/acts/request-system-user");
    CHECK(test.script.asked.at(0).body == R"({"with":{},"why":"ny avtale"})");
    CHECK(has(test.out, "sluse-innsending"));
    CHECK(has(test.out, approve_at));
    CHECK(has(test.out, "tilgangsstyrer i Altinn for 310001007"));
    CHECK(has(test.out, "venter på godkjenning (New)"));
    CHECK(has(test.out, "sluse altinn system-user broker --follow"));
    CHECK_FALSE(has(test.out, "Merk"));
}

TEST_CASE("client: what the options name is what is asked for") {
    TestDesk test;
    test.answer(200, answer("New"));
    auto options = options_of();
    options.organisation = "310002003";
    options.reference = "brev";
    options.rights = {"a", "b"};
    options.packages = {"urn:altinn:accesspackage:post"};
    options.redirect = "https://sluse.example/takk";
    CHECK(run_request_system_user(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).body ==
          R"({"with":{"organisation":"310002003","reference":"brev",)"
          R"("redirect":"https://sluse.example/takk","rights":["a","b"],)"
          R"("packages":["urn:altinn:accesspackage:post"]},"why":"ny avtale"})");
    CHECK(has(test.out, "--organisation 310002003 --reference brev --follow"));
}

TEST_CASE("client: an open request for other rights than are asked this time is told apart") {
    TestDesk test;
    test.answer(200, answer("New", "", R"(["sluse-brev"])"));
    CHECK(run_request_system_user(test.desk, options_of()) == exit_ok);
    CHECK(has(test.out, "Merk"));
    CHECK(has(test.out, "sluse-brev"));
    CHECK(has(test.out, "--reference"));
}

TEST_CASE("client: a request is followed through outages until it is answered, and how decides") {
    struct Case {
        const char* status;
        int exit_code;
        const char* words;
    };
    const auto one = GENERATE(Case{"Accepted", exit_ok, "Systembrukeren er opprettet"},
                              Case{"Rejected", exit_failed, "avslått (Rejected)"},
                              Case{"Denied", exit_failed, "avvist av Altinn (Denied)"},
                              Case{"Timedout", exit_failed, "utløpt uten svar (Timedout)"});
    TestDesk test;
    test.answer(200, answer("New"));
    test.answer(200, answer("New", R"(,"escalated":true)"));
    test.fail(core::Errc::unreachable);
    test.answer(503, "{}");
    test.answer(200, answer("New", R"(,"escalated":true)"));
    test.answer(200, answer(one.status));
    CHECK(run_request_system_user(test.desk, options_of(true)) == one.exit_code);
    CHECK(test.script.asked.size() == 6);
    CHECK(test.script.asked.at(1).method == "GET");
    CHECK(test.script.asked.at(1).target == "/admin/v1/connections/broker/system-user");
    CHECK(test.script.pauses == 5);
    CHECK(has(test.out, "sendt videre"));
    CHECK(has(test.out, one.words));
    if (one.exit_code != exit_ok) {
        CHECK(has(test.out, "Ingen systembruker ble opprettet"));
    }
}

TEST_CASE("client: a request that timed out counts as over, however Altinn says it") {
    TestDesk test;
    test.answer(200, answer("New", R"(,"timedOut":true)"));
    CHECK(run_system_user(test.desk, options_of(true)) == exit_failed);
    CHECK(has(test.out, "utløpt uten svar (Timedout)"));
}

TEST_CASE("client: a state of Altinn's that is not known is shown as it is, and waited on") {
    TestDesk test;
    test.answer(200, answer("UnderReview"));
    test.answer(200, answer("Accepted"));
    CHECK(run_system_user(test.desk, options_of(true)) == exit_ok);
    CHECK(has(test.out, "UnderReview"));
}

TEST_CASE("client: how it stands with a system user is read, also when nobody has asked") {
    TestDesk test;
    test.answer(200, nobody_asked);
    auto options = options_of();
    options.organisation = "310001007";
    options.reference = "a b";
    CHECK(run_system_user(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).target ==
          "/admin/v1/connections/broker/system-user?organisation=310001007&reference=a%20b");
    CHECK(has(test.out, "ikke bedt om"));
    CHECK(has(test.out, "sluse altinn request-system-user broker"));
    CHECK(has(test.out, "sluse-innsending"));
    test.answer(200, nobody_asked);
    CHECK(run_system_user(test.desk, options_of(true)) == exit_not_found);
    test.answer(200, answer("Rejected"));
    CHECK(run_system_user(test.desk, options_of()) == exit_ok);   // it was shown
    test.answer(200, answer("New"));
    test.answer(200, nobody_asked);
    CHECK(run_system_user(test.desk, options_of(true)) == exit_not_found);
    CHECK(has(test.err, "kjenner ikke forespørselen lenger"));
}

TEST_CASE("client: refusals keep their words and exit codes, and end the following") {
    TestDesk test;
    constexpr const char* refusal =
        R"({"code":"system_user.access_refused","title":"Klienten får ikke","detail":"403",)"
        R"("action":"Se etter scopene","trace":"abc"})";
    test.answer(409, refusal);
    CHECK(run_request_system_user(test.desk, options_of(true)) == exit_failed);
    CHECK(has(test.err, "Se etter scopene"));
    test.answer(404, R"({"code":"connection.unknown","title":"Ukjent","trace":"abc"})");
    CHECK(run_system_user(test.desk, options_of()) == exit_not_found);
    test.answer(200, answer("New"));
    test.answer(409, refusal);
    CHECK(run_system_user(test.desk, options_of(true)) == exit_failed);
    auto options = options_of();
    options.organisation = "1&reference=x";
    CHECK(run_system_user(test.desk, options) == exit_usage);
    test.fail(core::Errc::unreachable);
    CHECK(run_system_user(test.desk, options_of()) == exit_unreachable);
}

TEST_CASE(
    "client: a followed request as JSON is the first answer and each change, in English too") {
    TestDesk test;
    test.desk.language = gateway::texts::Language::en;
    auto options = options_of(true);
    test.answer(200, answer("New"));
    test.answer(200, answer("New"));
    test.answer(200, answer("Accepted"));
    options.json = true;
    CHECK(run_system_user(test.desk, options) == exit_ok);
    CHECK(test.out.str() == answer("New") + "\n" + answer("Accepted") + "\n");
    test.answer(200, answer("New"));
    CHECK(run_system_user(test.desk, options_of()) == exit_ok);
    CHECK(has(test.out, "role Tilgangsstyrer in Altinn for 310001007"));
}
