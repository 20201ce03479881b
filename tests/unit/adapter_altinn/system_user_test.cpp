// Requests for system users, as every adapter of the platform makes them.

#include "adapters/common/altinn/system_users.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
namespace platform = gateway::altinn_platform;

namespace {

const std::string requests = "/authentication/api/v1/systemuser/request/vendor";
const std::string by_reference = requests + "/byexternalref/991825827_sluse/310001007/";
constexpr const char* request_id = "0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21";

json::Value object(const std::string& text) {
    return json::parse(text).value();
}

std::string known(const std::string& status) {
    json::Value body = object(R"({"rights":[{"resource":[{"id":"urn:altinn:resource",
        "value":"sluse-filer"}]}],"accessPackages":[{"urn":"urn:altinn:accesspackage:post"}],
        "confirmUrl":"https://am.ui.example/vendorrequest?id=1","created":"2026-01-15T11:00:00Z",
        "externalRef":"310001007","systemId":"991825827_sluse","partyOrgNo":"310001007"})");
    return json::write(body.set("id", request_id).set("status", status));
}

struct Asking {
    boost::asio::io_context io;
    tests::FakeHost fake;
    platform::Access access;
    std::unique_ptr<platform::SystemUsers> users;

    explicit Asking(const std::string& more = {}) {
        access.base_url = "https://platform.example";
        access.exchange = false;
        auto settings = platform::read_system_user(object(
            R"({"system_id":"991825827_sluse","system_user_rights":["sluse-filer"])" + more + "}"));
        settings.organisation = "310001007";
        users = std::make_unique<platform::SystemUsers>(access, settings, *fake.host);
    }
    tests::ScriptedHttpClient& http() { return fake.http; }
    sdk::ActAnswer act(const char* name, const std::string& with = "{}") {
        sdk::Act wish;
        wish.name = name;
        wish.with = object(with);
        return tests::run(io, users->act(wish, fake.clock.in(10s)));
    }
};

}   // namespace

TEST_CASE("system user: what is configured is asked for, with the client's own token") {
    Asking asking(R"(,"system_user_packages":["urn:altinn:accesspackage:post"])");
    asking.http().expect("POST", requests).answer_json(201, known("New"));
    const auto made = asking.act("request-system-user");
    REQUIRE(made.verdict == sdk::Verdict::accepted);
    const auto body = object(asking.http().calls().at(0).body);
    CHECK(body["systemId"].as_string() == "991825827_sluse");
    CHECK(body["partyOrgNo"].as_string() == "310001007");
    CHECK_FALSE(body.has("externalRef"));
    CHECK(json::write(body["rights"]) ==
          R"([{"resource":[{"id":"urn:altinn:resource","value":"sluse-filer"}]}])");
    CHECK(body["accessPackages"].items().at(0)["urn"].as_string() ==
          "urn:altinn:accesspackage:post");
    const auto& request = made.value["request"];
    CHECK(request["status"].as_string() == "New");
    CHECK(request["approve"].as_string() == "https://am.ui.example/vendorrequest?id=1");
    CHECK(made.value["reference"].as_string() == "310001007");
    CHECK(asking.fake.tokens.asked.at(0).consumer_org.empty());
    CHECK(asking.fake.tokens.asked.at(0).system_user_org.empty());
    CHECK(asking.fake.tokens.asked.at(0).scopes ==
          std::vector<std::string>{"altinn:authentication/systemuser.request.read",
                                   "altinn:authentication/systemuser.request.write"});
}

TEST_CASE("system user: what a wish names is all that is asked for") {
    Asking asking(R"(,"system_user_packages":["urn:altinn:accesspackage:post"])");
    asking.http().expect("POST", requests).answer_json(201, known("New"));
    CHECK(asking
              .act("request-system-user",
                   R"({"organisation":"310002003","reference":"brev","rights":["sluse-brev"],
                   "redirect":"https://sluse.example/takk"})")
              .verdict == sdk::Verdict::accepted);
    const auto body = object(asking.http().calls().at(0).body);
    CHECK(body["partyOrgNo"].as_string() == "310002003");
    CHECK(body["externalRef"].as_string() == "brev");
    CHECK(body["redirectUrl"].as_string() == "https://sluse.example/takk");
    CHECK(body["rights"].items().size() == 1);
    CHECK_FALSE(body.has("accessPackages"));
}

TEST_CASE(
    "system user: a request that is open, answered or lost on its way is shown, not doubled") {
    Asking asking;
    const bool lost = GENERATE(true, false);
    if (lost) {
        asking.http().expect("POST", requests).fail(core::Errc::answer_lost);
    } else {
        asking.http().expect("POST", requests).answer_json(409, R"({"code":"AUTH-00014"})");
    }
    asking.http().expect("GET", by_reference + "310001007").answer_json(200, known("Accepted"));
    const auto made = asking.act("request-system-user");
    CHECK(made.verdict == sdk::Verdict::accepted);
    CHECK(made.value["request"]["status"].as_string() == "Accepted");
}

TEST_CASE("system user: an answer that is lost and cannot be looked up stays unknown") {
    Asking asking;
    asking.http().expect("POST", requests).fail(core::Errc::answer_lost);
    asking.http().expect("GET", by_reference).fail(core::Errc::unreachable);
    CHECK(asking.act("request-system-user").verdict == sdk::Verdict::unknown);
    asking.http().expect("POST", requests).fail(core::Errc::answer_lost);
    asking.http().expect("GET", by_reference).answer_json(404, "{}");
    CHECK(asking.act("request-system-user").verdict == sdk::Verdict::unknown);
}

TEST_CASE("system user: looking changes nothing and says when nobody has asked") {
    Asking asking;
    asking.http().expect("GET", by_reference + "brev").answer_json(404, "{}");
    const auto none = asking.act("system-user", R"({"reference":"brev"})");
    CHECK(none.verdict == sdk::Verdict::accepted);
    CHECK(none.value["request"].is_null());
    CHECK(json::write(none.value["rights"]) == R"(["sluse-filer"])");
    asking.http().expect("GET", by_reference).answer_json(200, known("Rejected"));
    CHECK(asking.act("system-user").value["request"]["status"].as_string() == "Rejected");
    asking.http().expect("GET", by_reference).answer_json(503, "{}");
    CHECK(asking.act("system-user").verdict == sdk::Verdict::try_later);
    asking.http().expect("GET", by_reference).answer_json(200, R"({"page":"login"})");
    CHECK(asking.act("system-user").verdict == sdk::Verdict::try_later);
}

TEST_CASE("system user: a refusal says whose fault it is, and no more than a code of Altinn's") {
    Asking asking;
    const auto refused = [&](int status, const char* body) {
        asking.http().expect("POST", requests).answer_json(status, body);
        return asking.act("request-system-user");
    };
    auto answer = refused(400, R"({"code":"AUTH-00012"})");
    CHECK(answer.verdict == sdk::Verdict::rejected);
    CHECK(answer.code.value == "system_user.refused");
    CHECK(answer.params == core::Params{{"status", "400"}, {"code", "AUTH-00012"}});
    answer = refused(404, R"({"code":"\u001b[2J navn"})");
    CHECK(answer.params == core::Params{{"status", "404"}, {"code", "-"}});
    CHECK(refused(403, "").code.value == "system_user.access_refused");
    CHECK(refused(429, "").verdict == sdk::Verdict::try_later);
}

TEST_CASE("system user: a wish of another form asks nobody") {
    Asking asking;
    for (const char* wish :
         {R"({"organisation":"31000100"})", R"({"organisation":310001007})", R"({"rights":[]})",
          R"({"rights":"sluse-filer"})", R"({"rights":["to ord"]})", R"({"reference":"æ"})",
          R"({"reference":""})", R"({"resources":["sluse-filer"]})"}) {
        CAPTURE(wish);
        CHECK(asking.act("request-system-user", wish).code.value == "system_user.wish_wrong");
    }
    asking.users = std::make_unique<platform::SystemUsers>(
        asking.access, platform::SystemUserSettings(), *asking.fake.host);
    CHECK(asking.act("request-system-user").code.value == "system_user.system_missing");
    CHECK(asking.http().calls().empty());
}

TEST_CASE("system user: nothing of Altinn's answer reaches a terminal but printable words") {
    const auto answer =
        object("{\"id\":\"1\",\"status\":\"New\",\"confirmUrl\":\"https://x\\u001b[31m\","
               "\"rights\":[{\"resource\":[{\"value\":\"a\\nb\"},{\"value\":\"god\"}]}]}");
    const auto shown = platform::shown_request(answer);
    CHECK(shown["approve"].as_string().empty());
    CHECK(json::write(shown["rights"]) == R"(["god"])");
    CHECK(platform::shown_request(object(R"({"id":"1","status":"\u0007"})")).is_null());
    CHECK(platform::shown_request(object("[]")).is_null());
}

TEST_CASE("system user: the organisation goes without saying only when there is one") {
    platform::Source first;
    first.organisation = "310001007";
    platform::Source second;
    second.organisation = "310002003";
    CHECK(platform::only_organisation({first, first}) == "310001007");
    CHECK(platform::only_organisation({first, second}).empty());
    CHECK(platform::only_organisation({}).empty());
}
