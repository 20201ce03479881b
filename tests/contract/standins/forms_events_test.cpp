#include "tests/contract/standins/forms_world.hpp"

namespace gateway::tests::standins {

using json::Value;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds day = 24h;
using Ids = std::vector<std::string>;

}   // namespace

TEST_CASE("forms stand-in: a webhook is tried twelve times, and then it is a dead letter") {
    Forms forms({"--time-scale", "200000"});   // 39 hours in less than a second
    WebhookDoor door;
    door.status = 500;
    REQUIRE(forms.subscribe(door.url() + "/hook", "app.instance.process.completed").status == 201);
    REQUIRE(door.until([&] { return forms.webhooks("validated") == 1; }));
    forms.submit();
    REQUIRE(door.until([&] { return forms.webhooks("deadLetters") == 1; }));
    CHECK(door.events.size() == 12);
    CHECK(forms.webhooks("failed") == 12);
    CHECK(forms.webhooks("delivered") == 0);
    for (const auto& event : door.events) {
        CHECK(event["id"] == door.events[0]["id"]);
    }
    // The feed has it all the same.
    forms.pace(R"({"held_back_ms":0})");
    CHECK(forms.feed("after=0").size() == 1);
}

TEST_CASE("forms stand-in: any 2xx takes a webhook, anything else is another attempt") {
    Forms forms({"--time-scale", "200000"});
    WebhookDoor door;
    const auto [status, attempts] =
        GENERATE(std::pair(200, 1U), std::pair(202, 1U), std::pair(204, 1U), std::pair(302, 12U),
                 std::pair(404, 12U), std::pair(503, 12U));
    CAPTURE(status);
    door.status = status;
    REQUIRE(forms.subscribe(door.url() + "/hook", "app.instance.process.completed").status == 201);
    REQUIRE(door.until([&] { return forms.webhooks("validated") == 1; }));
    forms.submit();
    REQUIRE(door.until(
        [&] { return forms.webhooks("delivered") + forms.webhooks("deadLetters") == 1; }));
    CHECK(door.events.size() == attempts);
}

TEST_CASE("forms stand-in: nothing is pushed before the validation is answered") {
    Forms forms({"--time-scale", "200"});
    WebhookDoor door;
    door.validation_status = 500;
    const auto made = forms.subscribe(door.url() + "/hook");
    REQUIRE(made.status == 201);
    CHECK_FALSE(made.json()["validated"].as_bool());
    REQUIRE(door.until([&] { return door.validations.size() >= 2; }));   // tried again
    forms.submit();
    CHECK(door.validations[0]["source"].as_string() ==
          forms.child.url() + "/events/api/v1/subscriptions/" +
              std::to_string(made.json()["id"].as_int()));
    door.validation_status = 200;
    REQUIRE(door.until([&] { return forms.webhooks("validated") == 1; }));
    const auto id = forms.submit();
    REQUIRE(door.until([&] { return door.events.size() == 2; }));   // created, completed
    CHECK(door.events[0]["resourceinstance"].as_string() == id);
    CHECK(door.events[1]["resourceinstance"].as_string() == id);
}

TEST_CASE("forms stand-in: a new subscription is deaf for an hour where that is switched on") {
    Forms forms({"--time-scale", "1", "--subscription-lag", "3600"});
    WebhookDoor door;
    REQUIRE(forms.subscribe(door.url() + "/hook", "app.instance.process.completed").status == 201);
    REQUIRE(door.until([&] { return forms.webhooks("validated") == 1; }));
    forms.submit();
    forms.let_pass(3590s);
    forms.submit();
    forms.let_pass(20s);
    const auto heard = forms.submit();
    REQUIRE(door.until([&] { return !door.events.empty(); }));
    REQUIRE(door.until([&] { return forms.child.state()["events"]["underWay"].as_int() == 0; }));
    REQUIRE(door.events.size() == 1);
    CHECK(door.events[0]["resourceinstance"].as_string() == heard);
}

TEST_CASE("forms stand-in: an event younger than 30 seconds is not in the feed yet") {
    Forms forms({"--time-scale", "1"});
    const auto id = forms.submit();
    forms.let_pass(25s);
    CHECK(forms.feed("after=0").empty());
    forms.let_pass(6s);
    CHECK(forms.feed("after=0") == Ids{id});
}

TEST_CASE("forms stand-in: events are gone after 90 days, and a forgotten place is the oldest") {
    Forms forms({"--time-scale", "1000"});
    const auto first = forms.submit();
    forms.let_pass(day);
    const auto second = forms.submit();
    forms.let_pass(day);
    const Ids both{first, second};
    CHECK(forms.feed("after=0") == both);
    const auto place = forms.last.json().items()[0]["id"].as_string();
    CHECK(forms.feed("after=" + place) == Ids{second});
    CHECK(forms.feed("after=no-such-id") == both);
    forms.let_pass(day * 88 - 60s);
    CHECK(forms.feed("after=" + place) == Ids{second});
    forms.let_pass(120s);
    CHECK(forms.feed("after=0") == Ids{second});
    const auto third = forms.submit();
    forms.let_pass(60s);
    CHECK(forms.feed("after=" + place) == Ids{second, third});   // forgotten: not "after" it
}

TEST_CASE("forms stand-in: a page tells where the next begins, and an empty one nothing") {
    Forms forms;
    forms.pace(R"({"held_back_ms":0})");
    Ids ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(forms.submit());
    }
    CHECK(forms.feed("after=0&size=2") == Ids{ids[0], ids[1]});
    const auto next = forms.last.header("next");
    REQUIRE(next.starts_with(forms.child.url()));
    const auto page = forms.act("GET", next.substr(forms.child.url().size()));
    CHECK(page.json().items()[0]["resourceinstance"].as_string() == ids[2]);
    CHECK(forms.feed("after=0").size() == 5);
    CHECK(forms.feed("after=" + forms.last.json().items()[4]["id"].as_string()).empty());
    CHECK(forms.last.header("next").empty());
}

TEST_CASE("forms stand-in: what Events does not take is refused in bare words") {
    Forms forms;
    const auto subscriptions = "/events/api/v1/subscriptions";
    for (const char* body :
         {R"({})", R"({"endPoint":"no address","resourceFilter":"urn:altinn:resource:app_a_b"})",
          R"({"endPoint":"https://a.example/x"})",
          R"({"endPoint":"https://a.example/x","sourceFilter":"sandkassa/skjema"})",
          R"({"endPoint":"https://a.example/x","resourceFilter":"app_a_b"})"}) {
        CAPTURE(body);
        const auto answer = forms.act("POST", subscriptions, body);
        CHECK(answer.status == 400);
        CHECK_FALSE(answer.json().is_object());
        CHECK_FALSE(answer.body.empty());
    }
    const auto feed = std::string("/events/api/v1/events?resource=urn:altinn:resource:app_a_b");
    CHECK(forms.act("GET", feed).status == 400);   // without "after"
    CHECK(forms.act("GET", "/events/api/v1/events?after=0&resource=app_a_b").status == 400);
    CHECK(forms.act("GET", feed + "&after=0", "", {{"Content-Type", "text/plain"}}).status == 415);
    CHECK(forms.act("GET", feed + "&after=0", "", {{"Authorization", "Bearer x"}}).status == 401);
    Value other;
    other.set("organisation", "310002003");
    const auto stranger = "Bearer " + forms.make_token(other);
    CHECK(forms.act("GET", subscriptions, "", {{"Authorization", stranger}}).status == 403);
    Value narrow;
    narrow.set("scope", "altinn:serviceowner/instances.read");
    const auto unfit = "Bearer " + forms.make_token(narrow);
    CHECK(forms.act("GET", subscriptions, "", {{"Authorization", unfit}}).status == 403);
}

TEST_CASE("forms stand-in: the same wish is the same subscription, validated once more") {
    Forms forms;
    WebhookDoor door;
    const auto first = forms.subscribe(door.url() + "/hook").json()["id"].as_int();
    REQUIRE(door.until([&] { return forms.webhooks("validated") == 1; }));
    const auto again = forms.subscribe(door.url() + "/hook");
    CHECK(again.json()["id"].as_int() == first);
    CHECK(again.json()["validated"].as_bool());
    REQUIRE(door.until([&] { return forms.webhooks("validated") == 2; }));
    CHECK(forms.subscribe(door.url() + "/other").json()["id"].as_int() != first);
    const auto all = forms.act("GET", "/events/api/v1/subscriptions").json();
    CHECK(all["count"].as_int() == 2);
    const auto one = "/events/api/v1/subscriptions/" + std::to_string(first);
    CHECK(forms.act("DELETE", one).status == 200);
    CHECK(forms.act("GET", one).status == 404);
    // Nothing more comes for it.
    forms.child.command("/control/reset", object("{}"));
    forms.submit();
    CHECK(forms.child.state()["events"]["underWay"].as_int() == 0);
}

}   // namespace gateway::tests::standins
