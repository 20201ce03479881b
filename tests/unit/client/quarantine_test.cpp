#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::TestDesk;
namespace core = gateway::core;

namespace {

constexpr const char* id = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21";

std::string item(const std::string& more = {}) {
    return std::string(R"({"id":")") + id +
           R"(","tenant":"310001007","tenantKnown":false,"connection":"digital-post",)"
           R"("at":"2026-02-03T07:00:04Z","mediaType":"application/jwt","bytes":5,)"
           R"("reason":{"code":"digital_post.receipt_malformed","text":"Kvitteringen er ødelagt",)"
           R"("owner":"national","action":"Meld fra."})" +
           more + "}";
}

QuarantineOptions options_of(const char* item_id = id) {
    QuarantineOptions options;
    options.id = item_id;
    options.why = "operatøren er varslet";
    return options;
}

}   // namespace

TEST_CASE("client: what lies in quarantine is listed with its reason, and by pages") {
    TestDesk test;
    test.answer(200, R"({"items":[)" + item() + R"(],"next":"abc12"})");
    auto options = options_of();
    options.tenant = "310001007";
    options.limit = 1;
    CHECK(run_quarantine_list(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).target == "/admin/v1/quarantine?limit=1&tenant=310001007");
    CHECK(has(test.out, id));
    CHECK(has(test.out, "Kvitteringen er ødelagt"));
    CHECK(has(test.out, "--cursor abc12"));
    test.answer(200, R"({"items":[],"next":null})");
    options.settled = true;
    options.cursor = "abc12";
    CHECK(run_quarantine_list(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(1).target ==
          "/admin/v1/quarantine?limit=1&settled=true&tenant=310001007&cursor=abc12");
    CHECK(has(test.out, "Ingenting."));
    options.cursor = "a&tenant=1";   // would be another question
    CHECK(run_quarantine_list(test.desk, options) == exit_usage);
    CHECK(test.script.asked.size() == 2);
}

TEST_CASE("client: one item is shown with what to do, and its bytes go to a new file alone") {
    TestDesk test;
    const tests::ScratchFolder folder;
    auto options = options_of();
    test.answer(200, item(R"(,"contentBase64":"AGhlaR8=")"));
    CHECK(run_quarantine_show(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).target == std::string("/admin/v1/quarantine/") + id);
    CHECK(has(test.out, "Meld fra."));
    CHECK(has(test.out, "5 byte, application/jwt"));
    CHECK(has(test.out, "hvem den gjelder, er ukjent"));
    CHECK(has(test.out, "sluse quarantine resolve"));
    CHECK_FALSE(has(test.out, "hei"));
    options.out = folder.path() / "kvittering.jwt";
    test.answer(200, item(R"(,"contentBase64":"AGhlaR8=")"));
    CHECK(run_quarantine_show(test.desk, options) == exit_ok);
    CHECK(folder.read("kvittering.jwt") == std::string("\0hei\x1f", 5));
    test.answer(200, item(R"(,"contentBase64":"AGhlaR8=")"));
    CHECK(run_quarantine_show(test.desk, options) == exit_failed);   // nothing is overwritten
    CHECK(has(test.err, "den må være ny"));
    options.out = folder.path() / "annen.jwt";
    test.answer(200, item(R"(,"contentBase64":null)"));
    CHECK(run_quarantine_show(test.desk, options) == exit_failed);
    CHECK(has(test.err, "nøkkelen er borte"));
}

TEST_CASE("client: a document of an item goes to a new file, asked for by its sum") {
    TestDesk test;
    const tests::ScratchFolder folder;
    const std::string sum(64, 'a');
    auto options = options_of();
    test.answer(200, item(R"(,"contentBase64":"AA==","documents":[{"sha256":")" + sum +
                          R"(","size":17,"name":"melding.bin"}])"));
    CHECK(run_quarantine_show(test.desk, options) == exit_ok);
    CHECK(has(test.out, sum + ", 17 byte, melding.bin"));
    options.document = sum;
    options.out = folder.path() / "melding.bin";
    test.answer(200, "");
    CHECK(run_quarantine_show(test.desk, options) == exit_ok);
    CHECK(test.script.asked.back().target ==
          std::string("/admin/v1/quarantine/") + id + "/documents/" + sum);
    CHECK(run_quarantine_show(test.desk, options) == exit_failed);   // nothing is overwritten
    options.document = "../../keys";
    CHECK(run_quarantine_show(test.desk, options) == exit_usage);
}

TEST_CASE("client: a settled item says by whom and why, in English where that is wanted") {
    TestDesk test;
    test.desk.language = gateway::texts::Language::en;
    test.answer(200, item(R"(,"contentBase64":"AA==","settled":{"at":"2026-02-04T07:00:00Z",)"
                          R"("who":"kari","why":"told them"})"));
    CHECK(run_quarantine_show(test.desk, options_of()) == exit_ok);
    CHECK(has(test.out, "Settled"));
    CHECK(has(test.out, "kari"));
    CHECK(has(test.out, "told them"));
    CHECK_FALSE(has(test.out, "quarantine resolve"));
}

TEST_CASE("client: an item is settled with its reason, and a refusal keeps its exit code") {
    TestDesk test;
    test.answer(200, item(R"(,"settled":{"at":"2026-02-04T07:00:00Z","who":"kari"})"));
    CHECK(run_quarantine_resolve(test.desk, options_of()) == exit_ok);
    const auto& asked = test.script.asked.at(0);
    CHECK(asked.method == "POST");
    CHECK(asked.target == std::string("/admin/v1/quarantine/") + id + "/settle");
    CHECK(asked.body == R"({"why":"operatøren er varslet"})");
    CHECK(has(test.out, "Avgjort."));
    constexpr const char* refusal =
        R"({"code":"quarantine.settled_before","title":"Er allerede avgjort","trace":"abc"})";
    test.answer(409, refusal);
    CHECK(run_quarantine_resolve(test.desk, options_of()) == exit_failed);
    CHECK(has(test.err, "Er allerede avgjort"));
    test.answer(404, R"({"code":"quarantine.not_found","title":"Finnes ikke","trace":"abc"})");
    CHECK(run_quarantine_show(test.desk, options_of()) == exit_not_found);
    test.answer(403, R"({"code":"auth.not_allowed","title":"Ikke lov","trace":"abc"})");
    CHECK(run_quarantine_list(test.desk, options_of()) == exit_not_allowed);
    test.fail(core::Errc::unreachable);
    CHECK(run_quarantine_list(test.desk, options_of()) == exit_unreachable);
}

TEST_CASE("client: what is no id is asked of nobody") {
    TestDesk test;
    CHECK(run_quarantine_show(test.desk, options_of("../keys")) == exit_usage);
    CHECK(run_quarantine_resolve(test.desk, options_of("")) == exit_usage);
    CHECK(test.script.asked.empty());
    CHECK(has(test.err, "sluse quarantine list"));
}
