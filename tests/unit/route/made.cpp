#include "made.hpp"

#include <catch2/catch.hpp>

namespace tests {

core::RouteTarget target(const char* connection, const char* with, core::Channel channel) {
    core::RouteTarget result;
    result.connection = core::ConnectionId(connection);
    result.with = with;
    result.channel = channel;
    return result;
}

std::vector<core::RouteTarget> mailbox_print_altinn() {
    auto mailbox = target("dpi", R"({"channel":"digital"})");
    mailbox.condition.mailbox = true;
    auto print = target("print", "{}", core::Channel::paper);
    print.condition.has_address = true;
    return {mailbox, print, target("altinn", "{}", core::Channel::portal)};
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
    for (const auto* name :
         {"dpi", "print", "altinn", "altinn-decisions", "paper", "bergens-own"}) {
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

json::Value letter_to_person(const std::string& members) {
    const std::string text =
        R"({"type":"letter","version":1,"recipient":{"person":"13896998668"},"title":"Brev","kind":"information","mustBe":"any")" +
        (members.empty() ? "" : "," + members) + "}";
    INFO(text);
    auto parsed = json::parse(text);
    REQUIRE(parsed.has_value());
    return std::move(*parsed);
}

route::Contact citizen() {
    route::Contact contact;
    contact.status = "active";
    contact.can_notify = true;
    contact.mailbox = true;
    return contact;
}

std::string chosen(const route::Decision& decision) {
    const auto* option = decision.chosen();
    return option == nullptr ? "-" : option->target.connection.value;
}

std::string why(const route::Decision& decision) {
    const auto* option = decision.chosen();
    return option == nullptr ? "-" : option->why.value;
}

std::string told(const route::Decision& decision) {
    std::string text;
    for (const auto& option : decision.options) {
        text += (text.empty() ? "" : " ") + option.target.connection.value + ":" + option.why.value;
    }
    return text;
}

}   // namespace tests
