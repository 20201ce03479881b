#include "gateway/admin/config_text.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::admin;
using gateway::admin::without_secrets;

TEST_CASE("admin: a version of the configuration is shown as it stood, without what looks secret") {
    CHECK(without_secrets("key = \"file:/etc/sluse/a.key\"\n") ==
          "key = \"file:/etc/sluse/a.key\"\n");
    CHECK(without_secrets("client_secret = \"hunter2\"") == "client_secret = \"•••\"");
    CHECK(without_secrets("key = \"pkcs11:token=a;object=b?pin-value=1234\"") ==
          "key = \"pkcs11:token=a;object=b?pin-value=•••\"");
    CHECK(without_secrets("proxy = \"http://bruker:ord@proxy.no:80/\"") ==
          "proxy = \"http://bruker:•••@proxy.no:80/\"");
    CHECK(without_secrets("# key = x\n[a]\nname = \"Byggesak\"") ==
          "# key = x\n[a]\nname = \"Byggesak\"");

    World world;
    ports::ConfigVersion version;
    version.at = world.clock.now();
    version.who = "root";
    version.why = "ny";
    version.files = R"({"sluse.toml":"password = \"hunter2\"\n"})";
    const auto number = run(world.io, world.store->add_config_version(std::move(version))).value();
    const auto path = "/admin/v1/config/versions/";
    const auto shown = World::json(world.get(path + std::to_string(number)));
    CHECK(shown["why"].as_string() == "ny");
    CHECK(shown["files"].items().front()["text"].as_string() == "password = \"•••\"\n");
    CHECK(World::json(world.get(path + std::string("99")))["code"].as_string() ==
          "admin.config_version_unknown");
    CHECK(world.get(path + std::string("x")).status == 404);
}

TEST_CASE("admin: systems, adapters and certificates are listed, what ends first before the rest") {
    World world;
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("altinn-test");
    connection.adapter = "altinn";
    connection.tenants.insert(core::TenantId(World::first));
    world.configuration->connections.emplace(connection.id, connection);
    gateway::admin::AdapterView adapter;
    adapter.name = "altinn";
    adapter.version = "1.0.0";
    world.loaded.push_back(adapter);
    for (const int days : {90, 10}) {
        gateway::admin::CertificateView one;
        one.use = days == 90 ? "listener" : "connection";
        one.name = days == 90 ? "public" : "altinn-test";
        one.readable = true;
        one.not_after = world.clock.now() + std::chrono::hours(24 * days + 1);
        world.shown_certificates.push_back(one);
    }
    CHECK(World::json(world.get("/admin/v1/systems"))["items"].items().size() == 2);
    CHECK(World::json(world.get("/admin/v1/systems?tenant=310001007"))["items"].items().size() ==
          1);
    const auto adapters = World::json(world.get("/admin/v1/adapters"))["items"].items();
    REQUIRE(adapters.size() == 1);
    CHECK(adapters.front()["connections"].items().front().as_string() == "altinn-test");
    const auto certificates = World::json(world.get("/admin/v1/certificates"))["items"].items();
    REQUIRE(certificates.size() == 2);
    CHECK(certificates.front()["daysLeft"].as_int() == 10);
    CHECK(
        World::json(world.get("/admin/v1/certificates?tenant=310005002"))["items"].items().size() ==
        1);
    CHECK(world.get("/admin/v1/systems?x=1").status == 400);
}
