// Routes of what comes in: what is read of them, and each mistake that can be made.

#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

/// The right files with `text` at the end of the tenant's file, and a system that receives forms.
app::ConfigFiles with(const std::string& text) {
    auto files = tests::right_files();
    files.at("tenants/310001007.toml") +=
        "\n[system.barnehage]\ngrants = [\"receive:form\"]\n\n" + text;
    return files;
}

std::string route(const std::string& rest) {
    return "[[inbox_route]]\n" + rest + "\n";
}

}   // namespace

TEST_CASE("config: an inbox route is what the steps read") {
    auto files = with(route(R"(id = "soknad"
type = "form/v1"
adapter = "altinn"
connection = "altinn-test"
account = "310001007"
resource = "skjema"
app = "ttd/barnehage"
message_type = "soknad"
sender = "310005002"
when = { "application/kind" = "new", count = 2 }
to = ["barnehage"])") +
                      route("to = [\"barnehage\"]"));
    files.at("sluse.toml") += "\n[inbox]\nlease_seconds = 60\ndeliveries_max = 3\n[scanner]\n"
                              "socket = \"/run/clamd.ctl\"\nwhen_down = \"pass\"\nbytes_max = "
                              "2000000\nseconds_max = 5\n";
    const auto loaded = app::load_configuration(files, tests::load_options());
    std::string all;
    for (const auto& mistake : loaded.mistakes) {
        all += app::to_line(mistake, texts::Language::en) + "\n";
    }
    INFO(all);
    REQUIRE(loaded.configuration);
    const auto& routes = loaded.configuration->tenants.at(core::TenantId("310001007")).inbox_routes;
    REQUIRE(routes.size() == 2);
    CHECK(routes[0].id == "soknad");
    CHECK(routes[0].type == "form/v1");
    CHECK(routes[0].adapter == "altinn");
    CHECK(routes[0].connection == core::ConnectionId("altinn-test"));
    CHECK(routes[0].account == "310001007");
    CHECK(routes[0].resource == "skjema");
    CHECK(routes[0].app == "ttd/barnehage");
    CHECK(routes[0].message_type == "soknad");
    CHECK(routes[0].sender == "310005002");
    CHECK(routes[0].when ==
          std::map<std::string, std::string>{{"/application/kind", "\"new\""}, {"/count", "2"}});
    CHECK(routes[0].to == std::vector{core::SystemId("barnehage")});
    CHECK(routes[1].id == "310001007/2");
    CHECK(routes[1].type.empty());
    CHECK(loaded.configuration->inbox.lease == std::chrono::seconds(60));
    CHECK(loaded.configuration->inbox.deliveries_max == 3);
    CHECK(loaded.configuration->scanner.socket == "/run/clamd.ctl");
    CHECK(loaded.configuration->scanner.pass_when_down);
    CHECK(loaded.configuration->scanner.bytes_max == 2'000'000);
    CHECK(loaded.configuration->scanner.time_max == std::chrono::seconds(5));
}

TEST_CASE("config: each mistake of an inbox route is said with its line") {
    struct Wrong {
        std::string text;
        std::string said;
    };
    const std::vector<Wrong> all{
        {route("to = [\"barnehge\"]"), "unknown system \"barnehge\"; did you mean \"barnehage\"?"},
        {route("to = []"), "\"to\""},
        {route("type = \"transfer/v1\"\nto = [\"barnehage\"]"),
         "the system \"barnehage\" has no grant receive:transfer; add \"receive:transfer\" to "
         "grants in [system.barnehage]"},
        {route("to = [\"byggesak\"]"), "the system \"byggesak\" has no grant receive:<type>"},
        {route("connection = \"altin-test\"\nto = [\"barnehage\"]"),
         "unknown connection \"altin-test\"; did you mean \"altinn-test\"?"},
        {route("connection = \"altinn-test\"\nadapter = \"maskinporten\"\nto = [\"barnehage\"]"),
         "the connection \"altinn-test\" has the adapter altinn"},
        {route("adapter = \"altin\"\nto = [\"barnehage\"]"), "unknown adapter \"altin\""},
        {route("id = \"a\"\napp = \"x\"\nto = [\"barnehage\"]") +
             route("id = \"a\"\nto = [\"barnehage\"]"),
         "the inbox route \"a\" is there already"},
        {route("app = \"x\"\nto = [\"barnehage\"]") +
             route("app = \"x\"\nsender = \"310005002\"\nto = [\"barnehage\"]"),
         "the route is never used: one above it takes all that fits here"},
        {route("sender = \"12\"\nto = [\"barnehage\"]"), "\"sender\""},
        {route("aplication = \"x\"\nto = [\"barnehage\"]"), "unknown key \"aplication\""},
    };
    for (const auto& wrong : all) {
        INFO(wrong.text);
        const auto lines = tests::mistakes_in(with(wrong.text), texts::Language::en);
        REQUIRE(lines.size() == 1);
        INFO(lines[0]);
        CHECK(lines[0].find("tenants/310001007.toml:") == 0);
        CHECK(lines[0].find(wrong.said) != std::string::npos);
    }
}

TEST_CASE("config: a tenant may not route from another tenant's connection") {
    auto files = tests::right_files();
    files.at("tenants/310005002.toml") +=
        "\n[system.post]\ngrants = [\"receive:form\"]\n[[inbox_route]]\nconnection = "
        "\"altinn-test\"\nto = [\"post\"]\n";
    const auto lines = tests::mistakes_in(files, texts::Language::en);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("may not be used by the tenant 310005002") != std::string::npos);
}
