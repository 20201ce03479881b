#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using tests::admin::World;

std::string path(const std::string& id, const std::string& act = {}) {
    return "/admin/v1/webhooks/" + id + (act.empty() ? act : "/" + act);
}

json::Value act(World& world, const std::string& id, const char* what,
                const char* body = R"({"why":"mottakeren flyttes"})") {
    const auto response = world.post(path(id, what), body);
    CHECK(response.status == 200);
    return World::json(response);
}

std::string code(const http::Response& response) {
    return World::json(response)["code"].as_string();
}

}   // namespace

TEST_CASE("admin: subscriptions of a municipality's systems are listed with whose they are") {
    World world;
    const auto id = world.subscribe();
    const auto other = world.subscribe(World::second);
    const auto items =
        World::json(world.get("/admin/v1/webhooks?tenant=310001007"))["items"].items();
    REQUIRE(items.size() == 1);
    CHECK(items[0]["id"].as_string() == id);
    CHECK(items[0]["tenant"].as_string() == World::first);
    CHECK(items[0]["system"].as_string() == "byggesak");
    CHECK(items[0]["url"].as_string() == "https://fagsystem.eksempel.no/sluse");
    CHECK_FALSE(items[0].has("secret"));
    CHECK(World::json(world.get("/admin/v1/webhooks?tenant=310001007&system=barnehage"))["items"]
              .items()
              .empty());
    CHECK(code(world.get("/admin/v1/webhooks")) == "admin.tenant_required");
    CHECK(code(world.get("/admin/v1/webhooks?tenant=310001007&x=1")) == "request.bad_parameter");
    CHECK(World::json(world.get(path(other)))["tenant"].as_string() == World::second);
    CHECK(code(world.get(path(other) + "?tenant=310001007")) == "admin.webhook_not_found");
    CHECK(code(world.get(path("x"))) == "admin.webhook_not_found");
}

TEST_CASE(
    "admin: what an operator disables is told to its system, and who did it and why is kept") {
    World world;
    const auto id = world.subscribe();
    const auto shown = act(world, id, "disable");
    CHECK_FALSE(shown["enabled"].as_bool(true));
    CHECK(shown["disabled"]["code"].as_string() == "subscription.disabled_by_operator");
    CHECK_FALSE(shown["disabled"]["text"].as_string().empty());
    CHECK(world.log.holds("webhook_disabled"));
    CHECK(world.log.holds("mottakeren flyttes"));
    CHECK(world.log.holds(id));
    ports::EventQuery query;
    query.tenant = core::TenantId(World::first);
    query.system = core::SystemId("byggesak");
    query.limit = 10;
    const auto events = tests::run(world.io, world.store->events_after(query)).value();
    REQUIRE(events.items.size() == 1);
    CHECK(events.items[0].name == "subscription_disabled");
    CHECK(events.items[0].code.value == "subscription.disabled_by_operator");
    act(world, id, "disable");   // again: nothing more is told
    CHECK(tests::run(world.io, world.store->events_after(query)).value().items.size() == 1);
    const auto enabled = act(world, id, "enable");
    CHECK(enabled["enabled"].as_bool());
    CHECK_FALSE(enabled.has("disabled"));
    CHECK(world.log.holds("webhook_enabled"));
}

TEST_CASE("admin: a test call says in words what came of it") {
    World world;
    const auto id = world.subscribe();
    CHECK(act(world, id, "test")["delivered"].as_bool());
    REQUIRE(world.called.size() == 1);
    CHECK(world.called[0].find("no.sluse.subscription.test.v1") != std::string::npos);
    world.webhook_status = 500;
    const auto failed = act(world, id, "test");
    CHECK_FALSE(failed["delivered"].as_bool(true));
    CHECK(failed["reason"]["code"].as_string() == "subscription.call_refused");
    CHECK(failed["reason"]["text"].as_string().find("500") != std::string::npos);
}

TEST_CASE("admin: events are replayed and secrets rotated as their system itself would") {
    World world;
    const auto id = world.subscribe();
    world.accept_letter("ref-1");
    CHECK(act(world, id, "replay", R"({"why":"mistet","since":"2020-01-01T00:00:00Z"})")["behind"]
              .as_int() > 0);
    CHECK(code(world.post(path(id, "replay"), R"({"why":"mistet"})")) == "subscription.malformed");
    CHECK(code(world.post(path(id, "replay"), R"({"why":"mistet","x":1})")) ==
          "subscription.malformed");
    const auto rotated = act(world, id, "rotate");
    CHECK(rotated["secret"].as_string().starts_with("whsec_"));
    CHECK_FALSE(world.log.holds("whsec_"));
    CHECK(World::json(world.get(path(id)))["secretsActive"].as_int() == 2);
    CHECK(world.log.holds("webhook_replayed"));
    CHECK(world.log.holds("webhook_rotated"));
}

TEST_CASE("admin: an act on a subscription needs a reason, a name that is one, and nothing more") {
    World world;
    const auto id = world.subscribe();
    CHECK(code(world.post(path(id, "disable"), "{}")) == "admin.reason_required");
    CHECK(code(world.post(path(id, "explode"), R"({"why":"x"})")) == "request.not_found");
    CHECK(code(world.post(path(id), R"({"why":"x"})")) == "request.not_found");
    CHECK(code(world.post(path(id, "enable"), R"({"why":"x","url":"https://annen.no"})")) ==
          "request.bad_parameter");
    CHECK(code(world.post(path("x", "enable"), R"({"why":"x"})")) == "admin.webhook_not_found");
    const auto unknown = world.ids->uuid().to_string();
    CHECK(code(world.post(path(unknown, "enable"), R"({"why":"x"})")) == "admin.webhook_not_found");
    CHECK(World::json(world.get(path(id)))["enabled"].as_bool());
}

TEST_CASE("admin: a subscription whose system has left the configuration is still looked after") {
    World world;
    const auto id = world.subscribe();
    world.configuration->tenants.at(core::TenantId(World::first)).systems.clear();
    CHECK(World::json(world.get(path(id)))["system"].as_string() == "byggesak");
    CHECK_FALSE(act(world, id, "disable")["enabled"].as_bool(true));
}
