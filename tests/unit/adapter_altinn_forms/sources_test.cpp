#include "tests/unit/adapter_altinn_forms/forms_world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace forms_world;

namespace {

json::Value kept_subscription(World& world) {
    return *json::parse(world.fakes.state.entries.at("subscription/skjema").value);
}

std::string end_point(const World& world, const std::string& app) {
    for (const auto& [id, subscription] : world.altinn.subscriptions) {
        if (subscription["resourceFilter"].as_string() == "urn:altinn:resource:app_ttd_" + app) {
            return subscription["endPoint"].as_string();
        }
    }
    return {};
}

}   // namespace

TEST_CASE("subscriptions: one for each app, validated by the call that Altinn makes") {
    World world;
    world.run_for(1s);
    REQUIRE(world.altinn.subscriptions.size() == 2);
    CHECK(end_point(world, "skjema").starts_with("https://sluse.example/callbacks/altinn-skjema/"));
    CHECK(end_point(world, "skjema") != end_point(world, "annet"));
    const auto health = tests::run(world.adapter->check_health(world.fakes.in(1s)));
    CHECK(health.code.value == "altinn_forms.not_validated");
    world.validate();
    world.run_for(2min);
    CHECK(kept_subscription(world)["validated"].as_bool());
    CHECK(tests::run(world.adapter->check_health(world.fakes.in(1s))).code.empty());
    CHECK(world.altinn.count("POST", "/subscriptions") == 2);
}

TEST_CASE("subscriptions: the secret is kept nowhere but as a hash") {
    World world;
    world.run_for(1s);
    const auto secret = world.secret();
    for (const auto& [key, entry] : world.fakes.state.entries) {
        CHECK(entry.value.find(secret) == std::string::npos);
    }
    CHECK_FALSE(world.fakes.log.holds(secret));
    world.restart();
    auto& form = world.altinn.add_form();
    CHECK(world.call_back(secret, json::write(world.altinn.event_of(form))) ==
          sdk::CallbackAnswer::taken);
}

TEST_CASE("subscriptions: one that was not validated is asked for again with the same address") {
    World world;
    world.run_for(5min);
    CHECK(world.altinn.subscriptions.size() == 2);
    CHECK(world.altinn.count("POST", "/subscriptions") > 4);
    world.validate();
    world.run_for(3min);
    CHECK(kept_subscription(world)["validated"].as_bool());
}

TEST_CASE("subscriptions: one whose answer was lost is found, not made twice") {
    World world;
    bool lose = true;
    world.altinn.instead = [&](const Asked& one) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (!lose || one.method != "POST" || !one.url.ends_with("/subscriptions")) {
            return std::nullopt;
        }
        const auto body = json::parse(one.body);
        const int id = 900 + static_cast<int>(world.altinn.subscriptions.size());
        world.altinn.subscriptions[id] = *body;
        world.altinn.subscriptions[id].set("id", id).set("validated", false);
        return core::Failure(core::Errc::answer_lost);
    };
    world.run_for(1s);
    lose = false;
    world.validate();
    world.run_for(3min);
    CHECK(world.altinn.subscriptions.size() == 2);
    CHECK(kept_subscription(world)["id"].as_string() == "900");
    CHECK(kept_subscription(world)["validated"].as_bool());
}

TEST_CASE("subscriptions: a new address takes over, and the old one pushes until it is heard") {
    World world;
    world.run_for(1s);
    world.validate();
    world.run_for(2min);
    const auto old_secret = world.secret();
    auto moved = *json::parse(settings_text);
    moved.set("callback_url", "https://ny.example/sluse");
    world.restart(json::write(moved));
    world.run_for(1s);
    CHECK(world.altinn.subscriptions.size() == 4);
    CHECK(world.secret() != old_secret);
    world.validate();
    auto& form = world.altinn.add_form();
    CHECK(world.call_back(old_secret, json::write(world.altinn.event_of(form))) ==
          sdk::CallbackAnswer::taken);
    world.run_for(30min);
    CHECK(world.altinn.subscriptions.size() == 4);   // Altinn's cache: an hour
    world.run_for(2h);
    CHECK(world.altinn.subscriptions.size() == 2);
    CHECK(end_point(world, "skjema").starts_with("https://ny.example/sluse/callbacks/"));
    CHECK(world.call_back(old_secret, json::write(world.altinn.event_of(form))) ==
          sdk::CallbackAnswer::stranger);
}

TEST_CASE("subscriptions: without an address there are none, and those there were are removed") {
    World world;
    world.run_for(1s);
    const auto secret = world.secret();
    world.altinn.subscriptions[7] = *json::parse(
        R"({"id":7,"endPoint":"https://other.example/hook","resourceFilter":
        "urn:altinn:resource:app_ttd_skjema","typeFilter":"app.instance.process.completed"})");
    auto bare = *json::parse(settings_text);
    bare.remove("callback_url");
    world.restart(json::write(bare));
    world.run_for(1s);
    CHECK(world.altinn.subscriptions.size() == 1);   // another's, not touched
    CHECK(world.altinn.subscriptions.contains(7));
    CHECK(world.call_back(secret, "{}") == sdk::CallbackAnswer::stranger);
}

TEST_CASE("feed: read from where it was left, and from the oldest when Altinn forgot the place") {
    World world;
    for (int i = 0; i < 250; ++i) {
        world.altinn.publish(world.altinn.add_form());
    }
    world.run_for(3min);
    CHECK(world.inbox() == 250);
    const auto cursor = world.fakes.state.entries.at("feed/skjema").value;
    CHECK(cursor == world.altinn.events.back().second["id"].as_string());
    const auto calls = world.altinn.count("GET", "/events?");
    world.run_for(1min);
    CHECK(world.altinn.count("GET", "/events?") == calls + 2);   // one page an app
    // The place is purged: everything comes again, and is known.
    world.fakes.state.entries.at("feed/skjema").value = "forgotten";
    const auto fetched = world.altinn.count("GET", "/instances/");
    world.altinn.publish(world.altinn.add_form());
    world.run_for(3min);
    CHECK(world.inbox() == 251);
    CHECK(world.altinn.count("GET", "/instances/") == fetched + 1);
}

TEST_CASE("feed: the place is not moved past what could not be kept") {
    World world;
    auto& form = world.altinn.add_form();
    form.listed = false;
    world.altinn.events.emplace_back(world.fakes.clock.now(), *json::parse(R"({"id":"broken",
        "resource":"urn:altinn:resource:app_ttd_skjema"})"));
    world.altinn.publish(form);
    world.fakes.inbound.failure = core::Failure(core::Errc::unavailable);
    world.run_for(5min);
    CHECK_FALSE(world.fakes.state.entries.contains("feed/skjema"));
    world.fakes.inbound.failure.reset();
    world.run_for(20min);
    REQUIRE(world.fakes.inbound.oddities.size() == 1);
    CHECK(world.fakes.inbound.oddities[0].code.value == "altinn_forms.event_unsound");
    CHECK(world.inbox() == 1);
}

TEST_CASE("sweep: a form of which no event told is found in the lists") {
    World world;
    auto& form = world.altinn.add_form();
    world.run_for(1min);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmed);
}

TEST_CASE("sweep: a form that Altinn's list of the unconfirmed passes over is found by its date") {
    World world;
    world.run_for(1min);
    auto& form = world.altinn.add_form();
    world.altinn.instead = [&](const Asked& one) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        if (one.url.find("excludeConfirmedBy") == std::string::npos) {
            return std::nullopt;
        }
        return sdk::HttpResponse(200, R"({"count":0,"instances":[]})");
    };
    world.run_for(2h);
    CHECK(world.inbox() == 1);
    CHECK(form.confirmed);
}

TEST_CASE("sweep: a confirmation that Altinn lost is made again, and the form comes in once") {
    World world;
    auto& form = world.altinn.add_form();
    world.run_for(1min);
    REQUIRE(form.confirmations == 1);
    form.confirmed = false;
    world.run_for(2h);
    CHECK(form.confirmations == 2);
    CHECK(world.inbox() == 1);
}

TEST_CASE("sweep: continuation tokens too long for an address halve the time that is asked about") {
    World world;
    world.altinn.url_length_max = 900;
    world.altinn.token_length = 800;   // the second page is refused with 414
    for (int i = 0; i < 350; ++i) {
        world.altinn.add_form();
        world.fakes.clock.advance(10min);
    }
    world.run_for(10min);
    CHECK(world.inbox() == 350);
    CHECK_FALSE(world.fakes.log.holds("altinn_forms.list_too_long"));
}

TEST_CASE("sweep: long continuation tokens are followed as they were given") {
    World world;
    world.altinn.url_length_max = 12'000;
    world.altinn.token_length = 9000;
    for (int i = 0; i < 250; ++i) {
        world.altinn.add_form();
    }
    world.run_for(10min);
    CHECK(world.inbox() == 250);
}

TEST_CASE("sweep: a next page at another address than the platform's is not asked for") {
    World world;
    world.altinn.instead = [&](const Asked& one) -> std::optional<sdk::Result<sdk::HttpResponse>> {
        CHECK(one.url.find("evil.test") == std::string::npos);
        if (one.url.find("/storage/api/v1/instances?") == std::string::npos) {
            return std::nullopt;
        }
        return sdk::HttpResponse(200, R"({"next":"https://evil.test/take?token","instances":[]})");
    };
    world.run_for(5min);
    CHECK(world.fakes.tokens.asked.size() > 1);
}

TEST_CASE("ledger: ids of every version are spread over its pieces") {
    World world;
    for (int i = 0; i < 60; ++i) {
        world.altinn.add_form();   // ids of version 7, made close together
    }
    world.run_for(1min);
    CHECK(world.inbox() == 60);
    const auto pieces =
        std::count_if(world.fakes.state.entries.begin(), world.fakes.state.entries.end(),
                      [](const auto& item) { return item.first.starts_with("ledger/"); });
    CHECK(pieces > 30);
}
