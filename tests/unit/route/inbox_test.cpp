#include "gateway/route/inbox.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

struct Came {
    core::ConnectionId connection{"altinn-prod"};
    std::string adapter = "altinn_forms";
    std::string type = "form/v1";
    sdk::InboundFacts facts;
    json::Value content;
    core::TenantConfig tenant;

    Came() {
        facts.account = "958935420";
        facts.resource = "skjema";
        facts.app = "ttd/barnehage";
        facts.message_type = "soknad";
        facts.sender = "310001007";
        json::Value form = json::Value::object();
        form.set("kind", "ny").set("count", 2);
        content.set("form", std::move(form));
    }
    core::InboxRouteConfig& route(const char* id) {
        core::InboxRouteConfig made;
        made.id = id;
        made.to = {core::SystemId("arkiv")};
        tenant.inbox_routes.push_back(made);
        return tenant.inbox_routes.back();
    }
    std::string found() const {
        const auto* one = route::inbox_route(tenant, {connection, adapter, type, facts, content});
        return one == nullptr ? "" : one->id;
    }
};

}   // namespace

TEST_CASE("inbox route: the first of which all that is set holds wins; without any, none") {
    Came came;
    CHECK(came.found().empty());
    came.route("other").app = "ttd/skole";
    CHECK(came.found().empty());
    came.route("all");
    CHECK(came.found() == "all");
    came.route("later").app = "ttd/barnehage";
    CHECK(came.found() == "all");
}

TEST_CASE("inbox route: every condition must hold, each by itself can fail") {
    Came came;
    auto& route = came.route("one");
    route.type = "form/v1";
    route.adapter = "altinn_forms";
    route.connection = core::ConnectionId("altinn-prod");
    route.account = "958935420";
    route.resource = "skjema";
    route.app = "ttd/barnehage";
    route.message_type = "soknad";
    route.sender = "310001007";
    route.when = {{"/form/kind", R"("ny")"}, {"/form/count", "2"}};
    CHECK(came.found() == "one");
    SECTION("type") {
        came.type = "form/v2";
    }
    SECTION("adapter") {
        came.adapter = "svarinn";
    }
    SECTION("connection") {
        came.connection.value = "altinn-test";
    }
    SECTION("account") {
        came.facts.account.clear();
    }
    SECTION("resource") {
        came.facts.resource = "annet";
    }
    SECTION("app") {
        came.facts.app = "ttd/skole";
    }
    SECTION("message type") {
        came.facts.message_type = "klage";
    }
    SECTION("sender") {
        came.facts.sender = "310005002";
    }
    SECTION("a content field that is another") {
        came.content.find("form")->set("kind", "endring");
    }
    SECTION("a content field of another kind") {
        came.content.find("form")->set("count", "2");
    }
    SECTION("a content field that is not there") {
        came.content.remove("form");
    }
    CHECK(came.found().empty());
}
