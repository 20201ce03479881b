#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::TestDesk;

namespace {

std::string answer(const char* state) {
    return std::string(R"({"state":")") + state +
           R"(","examinations":[{"state":"green",)"
           R"("milliseconds":3,"steps":[{"step":"disk","place":"","state":"green",)"
           R"("milliseconds":0,"seen":{"freeBytes":104857600}}]},)"
           R"({"connection":"krr","adapter":"krr","environment":"test","tenant":"310000019",)"
           R"("state":")" +
           state +
           R"(","milliseconds":12,"steps":[{"step":"dns","place":"krr.example:443","state":"green",)"
           R"("milliseconds":1,"seen":{}},{"step":"tcp","place":"krr.example:443","state":"red",)"
           R"("milliseconds":2000,"seen":{},"code":"doctor.tcp.silent","title":"Ingen svarer",)"
           R"("text":"Ingen svarte på port 443.","owner":"network","action":"Se brannmuren."},)"
           R"({"step":"tls","place":"krr.example:443","state":"skipped","milliseconds":0,)"
           R"("seen":{},"code":"doctor.skipped.after","title":"Ikke undersøkt","text":"x",)"
           R"("owner":"us","action":"y"}]}]})";
}

}   // namespace

TEST_CASE("client: the doctor says what is red, whose it is and what to do, and ends with 1") {
    TestDesk test;
    test.answer(200, answer("red"));
    CHECK(run_doctor(test.desk, DoctorOptions()) == exit_failed);
    CHECK(test.script.asked.at(0).method == "POST");
    CHECK(test.script.asked.at(0).target == "/admin/v1/examine");
    for (const char* words :
         {"Denne maskinen", "100 MB ledig", "krr (krr, test)", "FEIL", "krr.example:443",
          "Ingen svarte på port 443.", "Gjør: Se brannmuren.", "Hos: nettet", "doctor.tcp.silent",
          "Ikke undersøkt", "Noe er rødt"}) {
        CAPTURE(words);
        CHECK(has(test.out, words));
    }
}

TEST_CASE(
    "client: the doctor of one connection asks for that one, and ends with 0 when it is well") {
    TestDesk test;
    test.answer(200, answer("yellow"));
    DoctorOptions options;
    options.connection = "krr";
    options.tenant = "310000019";
    CHECK(run_doctor(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).target == "/admin/v1/connections/krr/examine");
    CHECK(test.script.asked.at(0).body == R"({"tenant":"310000019"})");
    CHECK(has(test.out, "Ingenting er rødt."));
    test.answer(404, R"({"code":"connection.unknown","title":"x","detail":"y","action":"z"})");
    CHECK(run_doctor(test.desk, options) == exit_not_found);
}

TEST_CASE("client: the doctor as JSON still tells by its exit code") {
    TestDesk test;
    test.answer(200, answer("red"));
    DoctorOptions options;
    options.json = true;
    CHECK(run_doctor(test.desk, options) == exit_failed);
    CHECK(has(test.out, "doctor.tcp.silent"));
    CHECK_FALSE(has(test.out, "Gjør:"));
}
