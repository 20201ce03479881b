// Policy in routes: what is read of it, and each mistake that can be made.

#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace gateway;
using app::ConfigFiles;
using core::Channel;

namespace {

std::span<const std::string_view> contact_register() {
    static constexpr std::array<std::string_view, 1> all{"contact"};
    return all;
}

Channel of_with(const json::Value& with) {
    return core::parse_channel(with["channel"].as_string()).value_or(Channel::digital);
}

/// echo knows its channels, krr has the contact register; the rest as they ship.
const sdk::Descriptor* find_adapter(std::string_view name) {
    static const auto made = [](auto change) {
        sdk::Descriptor descriptor = *tests::find_adapter("echo");
        change(descriptor);
        return descriptor;
    };
    static const auto echo = made([](auto& one) { one.channel_of = of_with; });
    static const auto krr = made([](auto& one) {
        one.name = "krr";
        one.datasets = contact_register;
    });
    return name == "echo" ? &echo : name == "krr" ? &krr : tests::find_adapter(name);
}

app::LoadOptions options() {
    auto options = tests::load_options();
    options.find_adapter = find_adapter;
    return options;
}

constexpr const char* main_text = R"([listen.public]
address = "127.0.0.1:8080"
[store]
path = "data"
[connection.register]
adapter = "krr"
base_url = "https://krr.example"
tenants = ["310001007"]
[connection.mailbox]
adapter = "echo"
base_url = "https://mailbox.example"
tenants = ["310001007", "310005002"]
[connection.print]
adapter = "echo"
base_url = "https://print.example"
tenants = ["310001007", "310005002"]
)";

constexpr const char* tenant_text = R"([tenant]
name = "Kommune"
sealing_key = "env:KEY"
)";

/// The two tenants; `routes` stand in the first one's file from line 4 on.
ConfigFiles with_routes(const std::string& routes, const char* number = "310001007") {
    ConfigFiles files{{"sluse.toml", main_text},
                      {"tenants/310001007.toml", tenant_text},
                      {"tenants/310005002.toml", tenant_text}};
    files.at(std::string("tenants/") + number + ".toml") += routes;
    return files;
}

std::vector<std::string> mistakes(const ConfigFiles& files) {
    std::vector<std::string> lines;
    for (const auto& one : app::load_configuration(files, options()).mistakes) {
        lines.push_back(app::to_line(one, texts::Language::en));
    }
    return lines;
}

/// One route with these items of `use`, each on a line of its own from line 6 on.
std::string route(const std::string& use, const std::string& more = {}) {
    return "[[route]]\ntype = \"letter/v1\"\n" + more + "use = [\n" + use + "]\n";
}

std::string one(const std::string& condition, const char* channel = "digital") {
    return route("{ connection = \"mailbox\", with = { channel = \"" + std::string(channel) +
                 "\" }, if = { " + condition + " } },\n");
}

}   // namespace

TEST_CASE("config: a route's policy is what the steps read") {
    const auto loaded = app::load_configuration(
        with_routes(route(
            R"({ connection = "mailbox", if = { recipient = "person", mailbox = true, kind = ["decision"], bytes_max = 1000, country = ["NO", "SE"] }, give_up_hours = 24 },
{ connection = "print", with = { channel = "paper" }, if = { has_address = true, reserved = true } },
{ connection = "mailbox", with = { channel = "portal" } },
)")),
        options());
    std::string all;
    for (const auto& mistake : loaded.mistakes) {
        all += app::to_line(mistake, texts::Language::en) + "\n";
    }
    INFO(all);
    REQUIRE(loaded.configuration);
    const auto& use =
        loaded.configuration->tenants.at(core::TenantId("310001007")).routes.at(0).use;
    REQUIRE(use.size() == 3);
    CHECK(use[0].channel == Channel::digital);
    CHECK(use[0].give_up == std::chrono::hours(24));
    core::RouteCondition expected;
    expected.recipient = "person";
    expected.mailbox = true;
    expected.kind = {"decision"};
    expected.bytes_max = 1000;
    expected.country = {"NO", "SE"};
    CHECK(use[0].condition == expected);
    CHECK(use[0].condition.asks_register());
    CHECK(use[1].channel == Channel::paper);
    CHECK(use[1].condition.reserved == true);
    CHECK(use[2].channel == Channel::portal);
    CHECK(use[2].condition == core::RouteCondition());
    CHECK_FALSE(use[2].give_up);
}

TEST_CASE("config: every word of a condition is read") {
    const auto loaded = app::load_configuration(
        with_routes(one(
            R"(recipient = "person", mailbox = true, reserved = false, can_notify = true, status = ["active"], kind = ["information"], must_be = ["any"], confidentiality = ["open"], health = false, child = false, graded_address = false, open_receipt = true, has_address = true, abroad = false, country = ["NO"], bytes_min = 1, bytes_max = 2, documents_min = 3, documents_max = 4)")),
        options());
    REQUIRE(loaded.configuration);
    core::RouteCondition expected;
    expected.recipient = "person";
    expected.mailbox = true;
    expected.reserved = false;
    expected.can_notify = true;
    expected.status = {"active"};
    expected.kind = {"information"};
    expected.must_be = {"any"};
    expected.confidentiality = {"open"};
    expected.health = false;
    expected.child = false;
    expected.graded_address = false;
    expected.open_receipt = true;
    expected.has_address = true;
    expected.abroad = false;
    expected.country = {"NO"};
    expected.bytes_min = 1;
    expected.bytes_max = 2;
    expected.documents_min = 3;
    expected.documents_max = 4;
    CHECK(
        loaded.configuration->tenants.at(core::TenantId("310001007")).routes[0].use[0].condition ==
        expected);
}

TEST_CASE("config: each mistake in a route's policy is told with its place and remedy") {
    const std::string here = "tenants/310001007.toml:";
    struct Wrong {
        std::string routes;
        std::string said;
    };
    const Wrong wrongs[] = {
        {one("mailboks = true"),
         here + "7:66: unknown key \"mailboks\"; did you mean \"mailbox\"?"},
        {one("mailbox = \"yes\""), here + "7:76: \"mailbox\" is of the wrong kind (text in "
                                          "quotation marks); write true or false"},
        {one("kind = \"decision\""), "\"kind\" is of the wrong kind"},
        {one("kind = [\"desision\"]"), "unknown choice for \"kind\"; did you mean \"decision\"?"},
        {one("kind = []"), "\"kind\" is too short; at least 1"},
        {one("recipient = \"persons\""),
         "unknown choice for \"recipient\"; did you mean \"person\"?"},
        {one("country = [\"Norge\"]"), "the value of \"country\" has the wrong form"},
        {one("bytes_max = -1"), "\"bytes_max\" is too small; at least 0"},
        {one("documents_min = 3, documents_max = 2"),
         here + "7:82: the condition can never hold; documents_min is at most documents_max"},
        {one("bytes_min = 3, bytes_max = 2"), "the condition can never hold"},
        {one("has_address = false, abroad = true"), "the condition can never hold"},
        {one("abroad = true, country = [\"NO\"]"), "the condition can never hold"},
        {one("mailbox = true, status = [\"deleted\"]"), "only who is active has a mailbox"},
        {one("recipient = \"organisation\", mailbox = true"),
         "looked up of persons alone; write recipient = \"person\""},
        {one("must_be = [\"paper\"]"), "the paper channel is missing"},
        {one("must_be = [\"digital\"]", "paper"),
         "letters that must be digital cannot go on paper"},
        {one("graded_address = true", "paper"), "are never printed; choose a digital connection"},
        {route("{ connection = \"mailbox\", if = { kind = [\"reminder\"] } },\n",
               "when = { kind = \"decision\" }\n"),
         "the condition can never hold; the route is for letters with the kind in when alone"},
        {route("{ connection = \"mailbox\" },\n", "when = { mustBe = \"paper\" }\n"),
         here +
             "6:19: the route is for letters that must be on paper, but no choice leads to paper"},
        {route("{ connection = \"mailbox\", give_up_hours = 3 },\n"),
         "after the last choice there is nobody to go on to"},
        {route("{ connection = \"mailbox\" },\n{ connection = \"mailbox\", if = { mailbox = true } "
               "},\n"),
         here + "8:1: the choice is never used: the same stands as number 1"},
        {route("{ connection = \"mailbox\", if = { bytes_max = 10 } },\n{ connection = "
               "\"mailbox\", if "
               "= { bytes_max = 5 } },\n"),
         "the choice is never used"},
        {route("{ connection = \"mailbox\" },\n") +
             route("{ connection = \"print\" },\n", "when = { kind = \"decision\" }\n"),
         "the route is never used: route number 1 fits all the same letters; put the stricter one "
         "first"},
    };
    for (const auto& wrong : wrongs) {
        const auto lines = mistakes(with_routes(wrong.routes));
        std::string all;
        bool said = false;
        for (const auto& line : lines) {
            all += line + "\n";
            said = said || line.find(wrong.said) != std::string::npos;
        }
        INFO("written:\n" << wrong.routes << "expected: " << wrong.said << "\nsaid:\n" << all);
        CHECK(said);
        CHECK(lines.size() <= 2);
    }
}

TEST_CASE("config: the same connection may stand twice when its settings or conditions differ") {
    CHECK(mistakes(
              with_routes(route(
                  "{ connection = \"mailbox\", with = { channel = \"digital\" }, if = { mailbox = "
                  "true } },\n{ connection = \"mailbox\", with = { channel = \"paper\" } },\n{ "
                  "connection = \"mailbox\", with = { channel = \"digital\" } },\n")))
              .empty());
}

TEST_CASE("config: a condition on the contact register needs a register that serves the tenant") {
    const auto routes = one("mailbox = true");
    CHECK(mistakes(with_routes(routes)).empty());
    const auto lines = mistakes(with_routes(routes, "310005002"));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("no connection looks up the contact register for the tenant 310005002") !=
          std::string::npos);
    CHECK(lines[0].find("tenants/310005002.toml:7:76:") == 0);
}

TEST_CASE("config: stricter routes before wider ones are both used") {
    CHECK(mistakes(with_routes(
                       route("{ connection = \"print\" },\n", "when = { kind = \"decision\" }\n") +
                       route("{ connection = \"mailbox\" },\n")))
              .empty());
}
