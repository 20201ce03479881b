#include "gateway/app/cli/client/verbs.hpp"
#include "gateway/app/exit_codes.hpp"
#include "tests/unit/client/desk.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace gateway::app;
using namespace gateway::app::client;
using tests::client::has;
using tests::client::TestDesk;

namespace {

constexpr const char* id = "3f1c0f8e-5a3c-4b0e-9d57-0c8a4a1d2b6f";

std::string webhook(const std::string& more = R"(,"enabled":true)") {
    return std::string(R"({"id":")") + id +
           R"(","tenant":"310001007","system":"byggesak","url":"https://fagsystem.eksempel.no/s",)"
           R"("events":[],"description":"","waiting":2,"givenUp":1,"behind":17)" +
           more + "}";
}

WebhookOptions options_of(const char* act = "") {
    WebhookOptions options;
    options.id = id;
    options.act = act;
    options.why = "ny brannmur";
    return options;
}

}   // namespace

TEST_CASE("client: subscriptions are listed with whose they are, how they stand and why") {
    TestDesk test;
    test.answer(200, R"({"items":[)" +
                         webhook(R"(,"enabled":false,"disabled":{"code":"subscription.failing",)"
                                 R"("text":"Ingen levering har lyktes"},"lastFailure":)"
                                 R"({"at":"2026-02-03T07:00:04Z","reason":{"code":"x","text":)"
                                 R"("Mottakeren svarte 500."}})") +
                         "]}");
    auto options = options_of();
    options.tenant = "310001007";
    options.system = "byggesak";
    CHECK(run_webhooks_list(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).target == "/admin/v1/webhooks?tenant=310001007&system=byggesak");
    for (const char* words :
         {id, "byggesak, 310001007", "https://fagsystem.eksempel.no/s", "av: Ingen levering",
          "17 nye, 2 prøves igjen, 1 gitt opp", "Mottakeren svarte 500."}) {
        CAPTURE(words);
        CHECK(has(test.out, words));
    }
    test.answer(200, R"({"items":[]})");
    options.tenant.clear();
    CHECK(run_webhooks_list(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(1).target == "/admin/v1/webhooks?system=byggesak");
    CHECK(has(test.out, "Ingen abonnementer."));
    options.system = "a&b";
    CHECK(run_webhooks_list(test.desk, options) == exit_usage);
}

TEST_CASE("client: one subscription says whether it is off by its own wish, on, or failing") {
    TestDesk test;
    test.answer(200, webhook(R"(,"enabled":false)"));
    CHECK(run_webhooks_show(test.desk, options_of()) == exit_ok);
    CHECK(has(test.out, "av, etter eget ønske"));
    test.answer(200, webhook(R"(,"enabled":true,"failingSince":"2026-02-03T07:00:04Z")"));
    CHECK(run_webhooks_show(test.desk, options_of()) == exit_ok);
    CHECK(has(test.out, "har feilet siden 07:00:04"));
    test.answer(404, R"({"code":"admin.webhook_not_found","title":"Finnes ikke","trace":"a"})");
    CHECK(run_webhooks_show(test.desk, options_of()) == exit_not_found);
}

TEST_CASE(
    "client: an act on a subscription is asked for with its reason, and shows what it became") {
    TestDesk test;
    const std::string act = GENERATE("enable", "disable", "replay");
    test.answer(200, webhook());
    auto options = options_of(act.c_str());
    options.since = "2026-02-03T07:00:00Z";
    options.events = {"0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21"};
    options.given_up = true;
    CHECK(run_webhooks_act(test.desk, options) == exit_ok);
    CHECK(test.script.asked.at(0).method == "POST");
    CHECK(test.script.asked.at(0).target == std::string("/admin/v1/webhooks/") + id + "/" + act);
    CHECK(test.script.asked.at(0).body ==
          (act == "replay" ? R"({"since":"2026-02-03T07:00:00Z",)"
                             R"("ids":["0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21"],"givenUp":true,)"
                             R"("why":"ny brannmur"})"
                           : R"({"why":"ny brannmur"})"));
    CHECK(has(test.out, "byggesak"));
}

TEST_CASE("client: a test that the receiver did not take is a failure, in words") {
    TestDesk test;
    test.answer(200, R"({"delivered":true,"milliseconds":12,"status":204})");
    CHECK(run_webhooks_act(test.desk, options_of("test")) == exit_ok);
    CHECK(has(test.out, "Mottakeren tok imot prøven (204, 12 ms)"));
    constexpr const char* failed =
        R"({"delivered":false,"milliseconds":9,"reason":{"code":"subscription.call_unreachable",)"
        R"("text":"Ikke i forbindelse.","action":"Se etter at den er oppe."}})";
    test.answer(200, failed);
    CHECK(run_webhooks_act(test.desk, options_of("test")) == exit_failed);
    CHECK(has(test.out, "Ikke i forbindelse. (subscription.call_unreachable)"));
    CHECK(has(test.out, "Se etter at den er oppe."));
    auto options = options_of("test");
    options.json = true;
    test.answer(200, failed);
    CHECK(run_webhooks_act(test.desk, options) == exit_failed);
}

TEST_CASE("client: a new secret stands alone on standard output") {
    TestDesk test;
    test.answer(200, R"({"secret":"whsec_abc","previousUntil":"2026-02-04T07:00:00Z"})");
    CHECK(run_webhooks_act(test.desk, options_of("rotate")) == exit_ok);
    CHECK(test.out.str() == "whsec_abc\n");
    CHECK(has(test.err, "begge signerer til 07:00:00"));
}

TEST_CASE("client: what is no subscription's id is asked of nobody") {
    TestDesk test;
    auto options = options_of("enable");
    options.id = "../keys";
    CHECK(run_webhooks_act(test.desk, options) == exit_usage);
    CHECK(run_webhooks_show(test.desk, options) == exit_usage);
    CHECK(test.script.asked.empty());
}
