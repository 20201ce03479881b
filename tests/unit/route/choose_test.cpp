#include "gateway/route/choose.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;

const core::TenantId oslo("958935420");
const core::TenantId bergen("964338531");

core::RouteTarget target(const char* connection, const char* with = "{}") {
    core::RouteTarget result;
    result.connection = core::ConnectionId(connection);
    result.with = with;
    return result;
}

core::RouteConfig a_route(const char* id, std::map<std::string, std::string> when,
                          std::vector<core::RouteTarget> use) {
    core::RouteConfig result;
    result.id = id;
    result.type = "letter/v1";
    result.when = std::move(when);
    result.use = std::move(use);
    return result;
}

core::Configuration configured(std::vector<core::RouteConfig> routes) {
    core::Configuration configuration;
    for (const auto* name : {"altinn-prod", "altinn-decisions", "paper", "bergens-own"}) {
        core::ConnectionConfig connection;
        connection.id = core::ConnectionId(name);
        connection.tenants = {std::string_view(name) == "bergens-own" ? bergen : oslo};
        configuration.connections[connection.id] = connection;
    }
    configuration.tenants[oslo].id = oslo;
    configuration.tenants[oslo].routes = std::move(routes);
    configuration.tenants[bergen].id = bergen;
    return configuration;
}

json::Value message(const char* text) {
    return json::parse(text).value();
}

}   // namespace

TEST_CASE("route: the first route that fits wins, with its settings") {
    const auto configuration =
        configured({a_route("decisions", {{"/kind", "\"decision\""}},
                            {target("altinn-decisions", R"({"resource":"vedtak"})")}),
                    a_route("rest", {}, {target("altinn-prod")})});
    const auto decision =
        route::choose(configuration, oslo, message(R"({"kind":"decision"})"), "letter/v1");
    REQUIRE(decision.targets.size() == 1);
    CHECK(decision.targets[0].connection.value == "altinn-decisions");
    CHECK(decision.targets[0].with == R"({"resource":"vedtak"})");
    CHECK(decision.why.at(0).why.value == "route.first_choice");
    CHECK(decision.why.at(0).params == core::Params{{"route", "decisions"}});
    CHECK_FALSE(decision.refusal);
    const auto other =
        route::choose(configuration, oslo, message(R"({"kind":"reminder"})"), "letter/v1");
    CHECK(other.targets.at(0).connection.value == "altinn-prod");
}

TEST_CASE("route: targets keep their order of preference and say so") {
    const auto configuration =
        configured({a_route("r", {}, {target("altinn-prod"), target("paper")})});
    const auto choice = route::choose(configuration, oslo, message("{}"), "letter/v1");
    REQUIRE(choice.targets.size() == 2);
    CHECK(choice.targets[1].connection.value == "paper");
    CHECK(choice.why.at(1).connection.value == "paper");
    CHECK(choice.why.at(1).why.value == "route.fall_back");
    CHECK(choice.why.at(1).params == core::Params{{"position", "2"}, {"route", "r"}});
}

TEST_CASE("route: a connection that does not serve the tenant is never used") {
    const auto configuration =
        configured({a_route("wrong", {}, {target("bergens-own"), target("unknown")}),
                    a_route("right", {}, {target("bergens-own"), target("paper")})});
    const auto choice = route::choose(configuration, oslo, message("{}"), "letter/v1");
    REQUIRE(choice.targets.size() == 1);
    CHECK(choice.targets[0].connection.value == "paper");
    CHECK(choice.why.at(0).why.value == "route.first_choice");
}

TEST_CASE("route: all members of `when` must be equal, an absent one equals null") {
    const auto configuration = configured({a_route("r",
                                                   {{"/kind", "\"decision\""},
                                                    {"/case/year", "2026"},
                                                    {"/print/duplex", "true"},
                                                    {"/sign", "null"}},
                                                   {target("paper")})});
    const auto carried = [&](const char* text) {
        return !route::choose(configuration, oslo, message(text), "letter/v1").targets.empty();
    };
    CHECK(carried(R"({"kind":"decision","case":{"year":2026},"print":{"duplex":true}})"));
    CHECK(carried(R"({"kind":"decision","case":{"year":2026.0},"print":{"duplex":true}})"));
    CHECK_FALSE(carried(R"({"kind":"decision","case":{"year":2025},"print":{"duplex":true}})"));
    CHECK_FALSE(carried(R"({"kind":"decision","case":{"year":"2026"},"print":{"duplex":true}})"));
    CHECK_FALSE(carried(R"({"kind":"decision","case":{"year":2026}})"));
    CHECK_FALSE(
        carried(R"({"kind":"decision","case":{"year":2026},"print":{"duplex":true},"sign":{}})"));
}

TEST_CASE("route: no route is a refusal that names the type") {
    const auto configuration = configured({a_route("r", {}, {target("altinn-prod")})});
    for (const auto& choice :
         {route::choose(configuration, oslo, message("{}"), "archive/v1"),
          route::choose(configuration, core::TenantId("974760673"), message("{}"), "archive/v1"),
          route::choose(configuration, bergen, message("{}"), "archive/v1")}) {
        CHECK(choice.targets.empty());
        CHECK(choice.why.empty());
        REQUIRE(choice.refusal);
        CHECK(choice.refusal->code.value == "message.no_route");
        CHECK(choice.refusal->params == core::Params{{"type", "archive/v1"}});
    }
}

TEST_CASE("route: a condition that is no JSON fits nothing") {
    const auto configuration =
        configured({a_route("r", {{"/kind", "decision"}}, {target("altinn-prod")})});
    CHECK(
        route::choose(configuration, oslo, message(R"({"kind":"decision"})"), "letter/v1").refusal);
}
