#include "tests/unit/config/config_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using gateway::core::ConnectionId;
using gateway::core::SystemId;
using gateway::core::TenantId;
using tests::load_options;
using tests::right_files;

TEST_CASE("config: what stands in the files is what the steps read") {
    auto files = right_files();
    files["sluse.toml"] += "in_flight_max = 3\nfollow_days = 5\n[limits]\ndrain_seconds_max = 7\n"
                           "free_disk_bytes_min = 2000000\n[dispatch]\nbackoff_first_ms = 5\n"
                           "receipt_overdue_hours = 2\nreceipt_pace = 50\n";
    const auto loaded = gateway::app::load_configuration(files, load_options());
    REQUIRE(loaded.configuration);
    const auto& config = *loaded.configuration;
    CHECK(config.public_listener.address == "127.0.0.1:8080");
    CHECK(config.data_path == "/etc/sluse/data");
    CHECK(config.limits.drain_time_max == std::chrono::seconds(7));
    CHECK(config.limits.free_disk_min == 2'000'000);
    CHECK(config.limits.document_bytes_max == 5ULL << 30U);
    CHECK(config.dispatch.backoff_first == std::chrono::milliseconds(5));
    CHECK(config.dispatch.receipt_overdue == std::chrono::hours(2));
    CHECK(config.dispatch.receipt_pace == 50.0);

    const auto& altinn = config.connections.at(ConnectionId("altinn-test"));
    CHECK(altinn.base_url == "https://altinn.example");
    CHECK(altinn.tokens == ConnectionId("tokens-test"));
    CHECK(altinn.tenants == std::set<TenantId>{TenantId("310001007")});
    CHECK(altinn.in_flight_max == 3);
    CHECK(altinn.settings == R"({"follow_days":5})");
    CHECK_FALSE(altinn.owner);
    CHECK(config.connections.at(ConnectionId("tokens-test")).key == "file:/etc/sluse/mp.p12");

    const auto& tenant = config.tenants.at(TenantId("310001007"));
    CHECK(tenant.sealing_key == "file:/etc/sluse/keys/310001007");
    CHECK(tenant.systems.at(SystemId("byggesak")).grants.contains("send:letter"));
    REQUIRE(tenant.routes.size() == 2);
    CHECK(tenant.routes[0].id == "vedtak");
    CHECK(tenant.routes[0].when.at("/kind") == "\"decision\"");
    CHECK(tenant.routes[0].when.at("/case/system") == "\"byggesak\"");
    CHECK(tenant.routes[0].use[0].with == R"({"resource":"vedtak"})");
    CHECK(tenant.routes[1].id == "310001007/2");
}

TEST_CASE("config: how people sign in at a provider is what the steps read") {
    auto files = right_files();
    files["sluse.toml"] += R"([admin.oidc]
issuer = "https://vouches.example"
client_id = "sluse"
key = "file:console.pem"
kid = "console-1"
redirect_url = "https://sluse.example/admin/v1/session/provider/callback"
acr = ["substantial", "high"]
scopes = ["profile"]
[[admin.oidc.account]]
id = "oidc:0123456789abcdef01234567"
roles = [{ role = "operator", tenant = "310001007" }]
[[admin.oidc.account]]
claims = { groups = "sluse-revisjon" }
roles = [{ role = "auditor", tenant = "*" }]
[[admin.oidc.account]]
claims = { groups = "sluse-bygg" }
roles = [{ role = "system_owner", tenant = "310001007", systems = ["byggesak"] }]
)";
    const auto loaded = gateway::app::load_configuration(files, load_options());
    REQUIRE(loaded.configuration);
    const auto& oidc = loaded.configuration->admin_oidc;
    REQUIRE(oidc);
    CHECK(oidc->metadata_url == "https://vouches.example/.well-known/openid-configuration");
    CHECK(oidc->key == "file:/etc/sluse/console.pem");
    CHECK(oidc->acr == std::vector<std::string>{"substantial", "high"});
    CHECK(oidc->scopes == std::vector<std::string>{"openid", "profile"});
    REQUIRE(oidc->accounts.size() == 3);
    CHECK(oidc->accounts[2].roles[0].tenant == "310001007/byggesak");
    CHECK(oidc->accounts[0].id == "oidc:0123456789abcdef01234567");
    CHECK(oidc->accounts[0].roles[0].tenant == "310001007");
    CHECK(oidc->accounts[1].claims.at("groups") == "sluse-revisjon");
}

TEST_CASE("config: how systems sign in is what the steps read") {
    auto files = right_files();
    files["sluse.toml"] += R"([maskinporten_in]
issuer = "https://maskinporten.example/"
audience = "https://sluse.example"
leeway_seconds = 5
ca_file = "roots.pem"
[maskinporten_in.scopes]
"sluse:brev" = ["send:letter"]
[limits]
uploads_open_max = 3
upload_bytes_open_max = 2000000
upload_hours_max = 5
)";
    auto& main = files["sluse.toml"];
    main.insert(main.find("[listen.admin]"), "certificate = \"file:tls.pem\"\nkey = "
                                             "\"file:tls.key\"\nclient_ca = \"file:ca.pem\"\n");
    const std::string print(64, 'a');
    files["tenants/310005002.toml"] += R"([system.fag]
grants = ["send:letter"]
token = { consumer = "310002003", scope = "sluse:brev" }
certificates = [{ organisation = "310001007" }, { sha256 = ")" +
                                       print + "\" }]\n";
    const auto loaded = gateway::app::load_configuration(files, load_options());
    REQUIRE(loaded.configuration);
    const auto& issuer = loaded.configuration->maskinporten_in;
    REQUIRE(issuer);
    CHECK(issuer->issuer == "https://maskinporten.example/");
    CHECK(issuer->metadata_url ==
          "https://maskinporten.example/.well-known/oauth-authorization-server");
    CHECK(issuer->audience == "https://sluse.example");
    CHECK(issuer->ca_file == "/etc/sluse/roots.pem");
    CHECK(issuer->leeway == std::chrono::seconds(5));
    CHECK(issuer->scopes.at("sluse:brev") == std::set<std::string>{"send:letter"});
    CHECK(loaded.configuration->limits.uploads_open_max == 3);
    CHECK(loaded.configuration->limits.upload_bytes_open_max == 2'000'000);
    CHECK(loaded.configuration->limits.upload_time_max == std::chrono::hours(5));
    const auto& system = loaded.configuration->tenants.at(gateway::core::TenantId("310005002"))
                             .systems.at(gateway::core::SystemId("fag"));
    REQUIRE(system.token);
    CHECK(system.token->consumer == "310002003");
    CHECK(system.token->scope == "sluse:brev");
    REQUIRE(system.certificates.size() == 2);
    CHECK(system.certificates[0].organisation == "310001007");
    CHECK(system.certificates[1].sha256 == print);
}

TEST_CASE("config: a connection in a tenant's own file serves that tenant alone") {
    auto files = right_files();
    files["tenants/310005002.toml"] += "[connection.own]\nadapter = \"echo\"\n";
    const auto loaded = gateway::app::load_configuration(files, load_options());
    REQUIRE(loaded.configuration);
    const auto& own = loaded.configuration->connections.at(ConnectionId("own"));
    CHECK(own.owner == TenantId("310005002"));
    CHECK(own.tenants == std::set<TenantId>{TenantId("310005002")});
}

TEST_CASE("config: the environment gives the address when base_url is left out") {
    const auto files = tests::wrong_files("sluse.toml", "base_url = \"https://altinn.example/\"",
                                          "environment = \"tt02\"");
    const auto loaded = gateway::app::load_configuration(files, load_options());
    REQUIRE(loaded.configuration);
    CHECK(loaded.configuration->connections.at(ConnectionId("altinn-test")).base_url ==
          "https://platform.tt02.altinn.no");
    const auto lines = tests::mistakes_in(
        tests::wrong_files("sluse.toml", "base_url = \"https://altinn.example/\"",
                           "environment = \"tt2\""),
        gateway::texts::Language::en);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0] ==
          "sluse.toml:20:15: unknown environment, and base_url is missing; did you mean "
          "\"tt02\"?");
}

TEST_CASE("config: files go into the history and come back") {
    const auto files = right_files();
    const auto back = gateway::app::files_from_json(gateway::app::files_to_json(files));
    REQUIRE(back.has_value());
    CHECK(*back == files);
    CHECK_FALSE(gateway::app::files_from_json("[]x").has_value());
}

TEST_CASE("config: every folder that ships is without mistakes") {
    std::size_t folders = 0;
    const std::filesystem::path shipped(std::string(SLUSE_SOURCE_DIR) + "/config");
    for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
        if (!entry.is_directory()) {
            continue;
        }
        const auto files = gateway::app::read_config_files(entry.path().string());
        REQUIRE(files.has_value());
        std::string all;
        for (const auto& line : tests::mistakes_in(*files, gateway::texts::Language::en)) {
            all += line + "\n";
        }
        INFO(entry.path().filename().string() << "\n" << all);
        CHECK(all.empty());
        ++folders;
    }
    CHECK(folders >= 1);
}
