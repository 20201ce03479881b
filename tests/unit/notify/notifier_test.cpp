#include "tests/unit/notify/world.hpp"

#include <random>

using namespace tests::notify;

namespace {

sdk::HttpResponse answer(int status, const char* retry_after = nullptr) {
    sdk::HttpResponse response(status, "");
    if (retry_after != nullptr) {
        response.headers.emplace_back("Retry-After", retry_after);
    }
    return response;
}

}   // namespace

TEST_CASE("webhooks: the events of the system's own messages are delivered, and of no other's") {
    World world;
    const auto before = world.events(own, 1);
    world.subscribe();
    const auto mine = world.events(own, 3);
    const auto theirs = world.events(other, 2);
    REQUIRE(world.until([&] { return world.receiver->taken.size() >= 3; }));
    world.pass(2min);
    CHECK(world.receiver->taken.size() == 3);
    for (const auto& id : mine) {
        CHECK(world.receiver->taken[id] == 1);
    }
    const auto body = json::parse(world.receiver->last_body);
    REQUIRE(body.has_value());
    CHECK((*body)["type"].as_string() == "no.sluse.message.accepted.v1");
    CHECK((*body)["id"].as_string() == sdk::find_header(world.receiver->last, "webhook-id"));
    CHECK(sdk::find_header(world.receiver->last, "Content-Type") ==
          "application/cloudevents+json; charset=utf-8");
    const auto view = world.look();
    CHECK(view["behind"].as_int() == 0);
    CHECK(view["waiting"].as_int() == 0);
    CHECK(view.has("lastSuccess"));
    CHECK_FALSE(view.has("secret"));
}

TEST_CASE("webhooks: a system that may read all is told of all, until that right is taken away") {
    World world;
    world.configuration->tenants.at(tenant).systems.at(own).grants = {"messages:read-all"};
    world.subscribe();
    world.events(other, 2);
    CHECK(world.until([&] { return world.receiver->taken.size() == 2; }));
    world.configuration->tenants.at(tenant).systems.at(own).grants.clear();
    world.events(other, 2);
    world.pass(2min);
    CHECK(world.receiver->taken.size() == 2);
}

TEST_CASE("webhooks: a filter lets through what it names") {
    World world;
    world.subscribe(
        R"({"url": "https://example.no/", "events": ["no.sluse.message.delivered.v1"]})");
    world.events(own, 3, "accepted");
    const auto wanted = world.events(own, 2, "delivered");
    CHECK(world.until([&] { return world.receiver->taken.size() == 2; }));
    world.pass(2min);
    CHECK(world.receiver->calls == 2);
    CHECK(world.receiver->taken.contains(wanted[0]));
}

TEST_CASE("webhooks: an event that its receiver cannot take holds up no other, and comes later") {
    World world;
    world.subscribe();
    const auto ids = world.events(own, 5);
    bool mended = false;
    world.receiver->answers = [&](const std::string& id) {
        return core::Result<sdk::HttpResponse>(answer(id == ids[2] && !mended ? 500 : 200));
    };
    REQUIRE(world.until([&] { return world.receiver->taken.size() == 4; }));
    world.pass(1s);
    auto view = world.look();
    CHECK(view["waiting"].as_int() == 1);
    CHECK(view["lastFailure"]["code"].as_string() == "subscription.call_refused");
    CHECK(view["lastFailure"]["params"]["status"].as_string() == "500");
    mended = true;
    CHECK(world.until([&] { return world.receiver->taken.contains(ids[2]); }, 1h));
    world.pass(1s);
    CHECK(world.look()["waiting"].as_int() == 0);
}

TEST_CASE("webhooks: Retry-After is waited for before any other call") {
    World world;
    world.subscribe();
    world.receiver->answers = [](const std::string&) {
        return core::Result<sdk::HttpResponse>(answer(429, "600"));
    };
    world.events(own, 1);
    REQUIRE(world.until([&] { return world.receiver->calls == 1; }));
    world.events(own, 3);
    world.receiver->answers = {};
    world.pass(9min);
    CHECK(world.receiver->calls == 1);
    CHECK(world.until([&] { return world.receiver->taken.size() == 4; }, 10min));
}

TEST_CASE("webhooks: 410 disables at once, which is an event; enabled again, nothing is missing") {
    World world;
    world.subscribe();
    world.receiver->answers = [](const std::string&) {
        return core::Result<sdk::HttpResponse>(answer(410));
    };
    const auto first = world.events(own, 1);
    REQUIRE(world.until([&] { return world.receiver->calls == 1; }));
    world.pass(1min);
    auto view = world.look();
    CHECK_FALSE(view["enabled"].as_bool(true));
    CHECK(view["disabledCode"].as_string() == "subscription.gone");
    ports::EventQuery query;
    query.tenant = tenant;
    query.system = own;
    const auto log = tests::run(world.io, world.store->events_after(query));
    REQUIRE(log->items.size() == 2);
    CHECK(log->items.back().name == "subscription_disabled");
    CHECK(log->items.back().subscription == world.id());
    const auto second = world.events(own, 2);
    world.pass(1h);
    CHECK(world.receiver->calls == 1);
    world.receiver->answers = {};
    world.ok(world.service->change(world.caller, world.id(), *json::parse(R"({"enabled": true})")));
    CHECK(world.until([&] { return world.receiver->taken.size() == 3; }));
    CHECK(world.receiver->taken.contains(first[0]));
    world.pass(2min);
    CHECK(world.receiver->taken.size() == 3);   // not of its own being disabled
}

TEST_CASE(
    "webhooks: five days of failing disable a subscription, and its events still come after") {
    World world;
    world.subscribe();
    world.receiver->answers = [](const std::string&) {
        return core::Result<sdk::HttpResponse>(core::Failure(core::Errc::unreachable));
    };
    const auto ids = world.events(own, 20);
    world.pass(119h);
    CHECK(world.look()["enabled"].as_bool());
    CHECK(world.look()["failingSince"].is_string());
    world.pass(3h);
    CHECK(world.look()["disabledCode"].as_string() == "subscription.failing");
    world.receiver->answers = {};
    world.ok(world.service->change(world.caller, world.id(), *json::parse(R"({"enabled": true})")));
    CHECK(world.until([&] { return world.receiver->taken.size() == ids.size(); }, 1h));
}

TEST_CASE(
    "webhooks: what was delivered comes again when it is asked for, by id or from a time on") {
    World world;
    world.subscribe();
    const auto old = world.events(own, 2);
    REQUIRE(world.until([&] { return world.receiver->taken.size() == 2; }));
    world.pass(1h);
    const auto from = core::to_rfc3339(world.clock.now());
    const auto newer = world.events(own, 3);
    REQUIRE(world.until([&] { return world.receiver->taken.size() == 5; }));
    const auto replay = [&](const std::string& body) {
        return world.service->replay(world.caller, world.id(), *json::parse(body));
    };
    world.ok(replay(R"({"ids": [")" + old[1] + R"("]})"));
    CHECK(world.until([&] { return world.receiver->taken[old[1]] == 2; }));
    world.ok(replay(R"({"since": ")" + from + R"("})"));
    CHECK(world.until([&] {
        return world.receiver->taken[newer[0]] == 2 && world.receiver->taken[newer[2]] == 2;
    }));
    CHECK(world.receiver->taken[old[0]] == 1);
    const auto theirs = world.events(other, 1);
    CHECK(world.refused(replay(R"({"ids": [")" + theirs[0] + R"("]})")) ==
          "subscription.event_unknown");
    for (const auto* body : {"{}", R"({"ids": []})", R"({"ids": ["x"]})", R"({"since": "today"})",
                             R"({"from": 1})", "[]"}) {
        CAPTURE(body);
        CHECK(world.refused(replay(body)) == "subscription.malformed");
    }
}

TEST_CASE("webhooks: a subscription is another system's business to nobody") {
    World world;
    world.subscribe();
    auto stranger = world.caller;
    stranger.system = other;
    auto& service = *world.service;
    CHECK(world.refused(service.find(stranger, world.id())) == "subscription.not_found");
    CHECK(world.refused(service.remove(stranger, world.id())) == "subscription.not_found");
    CHECK(world.refused(service.rotate(stranger, world.id())) == "subscription.not_found");
    CHECK(world.refused(service.test(stranger, world.id())) == "subscription.not_found");
    CHECK(world.ok(service.list(stranger))["items"].items().empty());
    CHECK(world.ok(service.list(world.caller))["items"].items().size() == 1);
    world.ok(service.remove(world.caller, world.id()));
    CHECK(world.refused(service.find(world.caller, world.id())) == "subscription.not_found");
    world.events(own, 2);
    world.pass(2min);
    CHECK(world.receiver->calls == 0);
}

TEST_CASE("webhooks: what a subscription may not be is refused, by the name it stands for too") {
    World world;
    const auto create = [&](const char* body) {
        return world.refused(world.service->create(world.caller, *json::parse(body)));
    };
    CHECK(create(R"({"url": "http://example.no/"})") == "subscription.url_refused");
    CHECK(create("{}") == "subscription.malformed");
    CHECK(create(R"({"url": "https://example.no/", "secret": "x"})") == "subscription.malformed");
    CHECK(create(R"({"url": "https://example.no/", "events": ["*"]})") == "subscription.malformed");
    world.address = "10.0.0.1";
    CHECK(create(R"({"url": "https://example.no/"})") == "subscription.url_refused");
    world.address = "";
    CHECK(create(R"({"url": "https://example.no/"})") == "subscription.url_refused");
    world.address = "8.8.8.8";
    world.configuration->webhooks.subscriptions_max = 1;
    world.subscribe();
    CHECK(create(R"({"url": "https://example.no/"})") == "subscription.too_many");
}

TEST_CASE("webhooks: a test call says what came of it and changes nothing") {
    World world;
    world.subscribe();
    auto said = world.ok(world.service->test(world.caller, world.id()));
    CHECK(said["delivered"].as_bool());
    CHECK(said["status"].as_int() == 204);
    world.receiver->answers = [](const std::string&) {
        return core::Result<sdk::HttpResponse>(answer(302));
    };
    said = world.ok(world.service->test(world.caller, world.id()));
    CHECK_FALSE(said["delivered"].as_bool(true));
    CHECK(said["code"].as_string() == "subscription.call_redirected");
    CHECK_FALSE(world.look().has("lastFailure"));
    for (const auto& [error, code] : std::vector<std::pair<core::Errc, const char*>>{
             {core::Errc::unauthorised, "subscription.call_not_allowed"},
             {core::Errc::tls_untrusted, "subscription.call_not_trusted"},
             {core::Errc::tls_expired, "subscription.call_not_trusted"},
             {core::Errc::unreachable, "subscription.call_unreachable"},
             {core::Errc::timed_out, "subscription.call_no_answer"}}) {
        world.receiver->answers = [error = error](const std::string&) {
            return core::Result<sdk::HttpResponse>(core::Failure(error));
        };
        CHECK(world.ok(world.service->test(world.caller, world.id()))["code"].as_string() == code);
    }
}

TEST_CASE("webhooks: 10 000 events through lost answers, refusals and deaths are exactly the set") {
    World world;
    world.subscribe();
    std::mt19937 chance(20261126);
    std::set<std::string> sent;
    std::set<std::string> seen;   // also where the answer was lost
    world.receiver->answers = [&](const std::string& id) -> core::Result<sdk::HttpResponse> {
        switch (chance() % 20) {
        case 0: return answer(500);
        case 1: return core::Failure(core::Errc::unreachable);
        case 2: seen.insert(id); return core::Failure(core::Errc::answer_lost);
        case 3: return chance() % 10 == 0 ? answer(503, "3") : answer(502);
        default: seen.insert(id); return answer(200);
        }
    };
    for (int batch = 0; batch < 100; ++batch) {
        const auto ids = world.events(own, 100);
        sent.insert(ids.begin(), ids.end());
        const int until = world.receiver->calls + static_cast<int>(chance() % 150);
        world.until([&] { return world.receiver->calls >= until; }, 10s);
        if (chance() % 4 == 0) {
            world.kill();
            world.start();
        }
    }
    CHECK(world.until([&] { return world.receiver->taken.size() == sent.size(); }, 100h));
    std::set<std::string> taken;
    for (const auto& [id, times] : world.receiver->taken) {
        taken.insert(id);
    }
    CHECK(sent.size() == 10'000);
    CHECK(taken == sent);
    world.pass(24h);
    const auto view = world.look();
    CHECK(view["waiting"].as_int() == 0);
    CHECK(view["givenUp"].as_int() == 0);
    CHECK(view["behind"].as_int() == 0);
}
