#include "tests/contract/standins/forms_world.hpp"

#include <set>

namespace gateway::tests::standins {

using json::Value;

namespace {

std::set<std::string> ids_of(const Answer& answer) {
    std::set<std::string> ids;
    const auto page = answer.json();
    for (const auto& instance : page["instances"].items()) {
        ids.insert(instance["id"].as_string());
    }
    return ids;
}

using Ids = std::set<std::string>;
constexpr const char* of_app = "?appId=sandkassa%2Fskjema";

}   // namespace

TEST_CASE("forms stand-in: a list is of an org or an app, of one's own, with the right to read") {
    Forms forms;
    const auto id = forms.submit();
    CHECK(forms.list("").status == 400);
    CHECK(forms.list("").body.find("Org or AppId must be defined.") != std::string::npos);
    CHECK(ids_of(forms.list("?org=sandkassa")) == Ids{id});
    CHECK(ids_of(forms.list(of_app)) == Ids{id});
    CHECK(forms.list("?org=ttd").status == 403);
    CHECK(forms.list("?appId=ttd%2Fskjema").status == 403);
    Value wanted;
    wanted.set("scope", "altinn:serviceowner/instances.write");
    const auto writer = "Bearer " + forms.make_token(wanted);
    CHECK(forms.list(of_app, {{"Authorization", writer}}).status == 403);
    CHECK(forms.list(of_app, {{"Authorization", "Bearer none"}}).status == 401);
}

TEST_CASE("forms stand-in: a list is narrowed by what was asked, dates more than once") {
    Forms forms;
    const auto open = forms.submit(R"({"completed":false})");
    const auto sent = forms.submit(R"({"owner":{"organisationNumber":"310002003"}})");
    const auto done = forms.submit();
    REQUIRE(forms.act("POST", "/storage/api/v1/instances/" + done + "/complete").status == 200);
    const auto found = [&](const std::string& more) { return ids_of(forms.list(of_app + more)); };
    CHECK(found("") == Ids{open, sent, done});
    CHECK(found("&process.isComplete=true") == Ids{sent, done});
    CHECK(found("&process.isComplete=false") == Ids{open});
    CHECK(found("&process.isComplete=true&excludeConfirmedBy=sandkassa") == Ids{sent});
    CHECK(found("&excludeConfirmedBy=ttd") == Ids{open, sent, done});
    CHECK(found("&lastChanged=gte%3A2020-01-01T00%3A00%3A00Z&lastChanged=lt%3A2100-01-01T00%3A00%3A"
                "00Z")
              .size() == 3);
    CHECK(found("&lastChanged=gte%3A2020-01-01T00%3A00%3A00Z&lastChanged=lt%3A2021-01-01T00%3A00%3A"
                "00Z")
              .empty());
    const auto state = forms.act("GET", "/storage/api/v1/instances/" + sent).json();
    const auto changed = state["lastChanged"].as_string();
    CHECK(found("&lastChanged=eq%3A" + changed).count(sent) == 1);
    CHECK(found("&lastChanged=gt%3A" + changed).count(sent) == 0);
    CHECK(found("&lastChanged=lte%3A" + changed).count(sent) == 1);
    CHECK(forms.list(of_app + std::string("&lastChanged=2020-01-01")).status == 400);
    CHECK(ids_of(forms.list(
              of_app, {{"X-Ai-InstanceOwnerIdentifier", "Organisation:310002003"}})) == Ids{sent});
    const auto light = forms.list(of_app + std::string("&includeDataElements=false")).json();
    CHECK(light["instances"].items()[0]["data"].items().empty());
}

TEST_CASE("forms stand-in: pages follow one another, each once, over long tokens") {
    Forms forms;
    forms.pace(R"({"token_bytes":3000})");
    REQUIRE(forms.child.command("/control/forms", object(R"({"count":25,"data":[]})")).status ==
            200);
    Ids seen;
    int pages = 0;
    std::string path = std::string("/storage/api/v1/instances") + of_app + "&size=10";
    while (!path.empty() && pages < 10) {
        const auto answer = forms.act("GET", path);
        REQUIRE(answer.status == 200);
        ++pages;
        const auto page = answer.json();
        CHECK(page["count"].as_int() == std::ssize(page["instances"].items()));
        CHECK_FALSE(page.has("totalHits"));
        for (const auto& id : ids_of(answer)) {
            CHECK(seen.insert(id).second);
        }
        const std::string next = page["next"].as_string();
        CHECK((next.empty() || next.size() > 3000));
        path = next.empty() ? "" : next.substr(forms.child.url().size());
    }
    CHECK(pages == 3);
    CHECK(seen.size() == 25);
    CHECK(forms.list(of_app + std::string("&continuationToken=%21")).status == 400);
}

TEST_CASE("forms stand-in: complete is confirmed once, however often it is called") {
    Forms forms;
    const auto one = "/storage/api/v1/instances/" + forms.submit();
    const auto first = forms.act("POST", one + "/complete");
    const auto again = forms.act("POST", one + "/complete");
    REQUIRE(first.status == 200);
    CHECK(again.status == 200);
    CHECK(again.json()["completeConfirmations"] == first.json()["completeConfirmations"]);
    CHECK(again.json()["completeConfirmations"].items().size() == 1);
    CHECK(again.json()["lastChanged"] == first.json()["lastChanged"]);
    CHECK(forms
              .act("POST", "/storage/api/v1/instances/1/0196d885-2b97-7e8d-b8fb-21bd0e64b39b"
                           "/complete")
              .status == 404);
    Value wanted;
    wanted.set("scope", "altinn:serviceowner/instances.read");
    const auto reader = "Bearer " + forms.make_token(wanted);
    CHECK(forms.act("POST", one + "/complete", "", {{"Authorization", reader}}).status == 403);
}

TEST_CASE("forms stand-in: a scan takes its time, and says what it found") {
    Forms forms;
    const auto id = forms.submit(
        R"({"data":[{"dataType":"model","contentType":"application/xml","text":"<a/>"},
        {"dataType":"v","contentType":"image/png","filename":"a.png","text":"a"},
        {"dataType":"v","contentType":"image/png","filename":"b.png","text":"b","scan":"infected"},
        {"dataType":"v","contentType":"image/png","filename":"c.png","text":"c","scan":"never"}]})");
    std::vector<std::string> found;
    for (int i = 0; i < 20'000 && (found.empty() || found[2] == "Pending"); ++i) {
        found.clear();
        const auto instance = forms.act("GET", "/storage/api/v1/instances/" + id).json();
        for (const auto& element : instance["data"].items()) {
            found.push_back(element["fileScanResult"].as_string());
        }
    }
    CHECK(found == std::vector<std::string>{"NotApplicable", "Clean", "Infected", "Pending"});
}

TEST_CASE("forms stand-in: what a service owner writes to an instance is there") {
    Forms forms;
    const auto id = forms.submit();
    const auto at_app = "/sandkassa/skjema/instances/" + id;
    const auto at_storage = "/storage/api/v1/instances/" + id;
    CHECK(forms.act("PUT", at_app + "/substatus", R"({"description":"uten navn"})").status == 400);
    REQUIRE(forms.act("PUT", at_app + "/substatus", R"({"label":"Mottatt"})").status == 200);
    CHECK(forms.act("GET", at_storage).json()["status"]["substatus"]["label"].as_string() ==
          "Mottatt");
    const std::map<std::string, std::string> pdf{
        {"Content-Type", "application/pdf"},
        {"Content-Disposition", "attachment; filename=\"vedtak.pdf\""}};
    CHECK(forms.act("POST", at_storage + "/data", "%PDF", pdf).status == 400);   // of no type
    const auto made = forms.act("POST", at_storage + "/data?dataType=vedtak", "%PDF", pdf);
    REQUIRE(made.status == 201);
    CHECK(made.json()["filename"].as_string() == "vedtak.pdf");
    CHECK(forms.act("GET", at_storage + "/data/" + made.json()["id"].as_string()).body == "%PDF");
    // An app takes nothing more for what was sent in; Storage does.
    CHECK(forms.act("POST", at_app + "/data?dataType=vedtak", "%PDF", pdf).status == 409);
}

TEST_CASE("forms stand-in: an instance is made for who is named, with the fields given") {
    Forms forms;
    const auto create = "/sandkassa/skjema/instances/create";
    CHECK(forms.act("POST", create, R"({"prefill":{"navn":"A"}})").status == 400);
    CHECK(forms
              .act("POST", "/ttd/skjema/instances/create",
                   R"({"instanceOwner":{"personNumber":"17859130003"}})")
              .status == 403);
    const auto made = forms.act(
        "POST", create,
        R"({"instanceOwner":{"personNumber":"17859130003"},"dueBefore":"2026-12-31T00:00:00Z",
        "prefill":{"navn":"A"}})");
    REQUIRE(made.status == 201);
    const auto id = made.json()["id"].as_string();
    const auto kept = forms.act("GET", "/storage/api/v1/instances/" + id).json();
    CHECK(kept["dueBefore"].as_string() == "2026-12-31T00:00:00Z");
    CHECK(kept["process"]["ended"].is_null());
    const auto model = kept["data"].items()[0]["id"].as_string();
    CHECK(forms.act("GET", "/storage/api/v1/instances/" + id + "/data/" + model)
              .body.find("navn=\"navn\">A<") != std::string::npos);
    CHECK(ids_of(forms.list(std::string(of_app) + "&process.isComplete=false")) == Ids{id});
}

TEST_CASE("forms stand-in: what was stored is there after a kill") {
    TemporaryFolder state;
    std::string id;
    {
        Child child("altinn_forms", state.path());
        id = child.command("/control/forms", object("{}"))
                 .json()["instances"]
                 .items()[0]
                 .as_string();
        child.kill();
    }
    Child again("altinn_forms", state.path());
    CHECK(again.state()["instances"].items()[0]["id"].as_string() == id);
    CHECK(again.state()["events"]["events"].as_int() == 2);
}

}   // namespace gateway::tests::standins
