#include "gateway/crypto/api_key.hpp"
#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

using tests::run;
using tests::admin::World;
namespace sdk = gateway::sdk;

namespace {

std::string create_key(World& world, const std::string& body) {
    const auto response = world.post("/admin/v1/keys", body);
    REQUIRE(response.status == 201);
    return World::json(response)["key"].as_string();
}

constexpr const char* admin_key = R"({"kind":"admin","why":"ny operatør"})";
constexpr const char* system_key =
    R"({"kind":"system","tenant":"310001007","system":"byggesak","why":"nytt fagsystem"})";

}   // namespace

TEST_CASE("admin: on the socket only root and the service's own user may operate") {
    World world;
    CHECK(world.call({.target = "/admin/v1/keys", .uid = 0}).status == 200);
    CHECK(world.call({.target = "/admin/v1/keys", .uid = 997}).status == 200);
    const auto refused = world.call({.target = "/admin/v1/keys", .uid = 1000});
    CHECK(refused.status == 403);
    CHECK(World::json(refused)["code"].as_string() == "admin.peer_not_allowed");
}

TEST_CASE("admin: over TCP only an admin key opens, and all other keys are told apart by nobody") {
    World world;
    const auto admin = create_key(world, admin_key);
    const auto system = create_key(world, system_key);
    CHECK(world.call({.target = "/admin/v1/keys", .uid = {}, .key = admin}).status == 200);

    const auto none = world.call({.target = "/admin/v1/keys", .uid = {}});
    auto wrong = admin;
    wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
    for (const auto& key : {system, wrong, std::string("slu_x_y"), admin + "A",
                            "slu_aaaaaaaaaaaa_" + std::string(43, 'A')}) {
        const auto refused = world.call({.target = "/admin/v1/keys", .uid = {}, .key = key});
        CHECK(refused.status == 401);
        CHECK(World::json(refused)["code"] == World::json(none)["code"]);
        CHECK(sdk::find_header(refused.headers, "WWW-Authenticate") == "Bearer");
    }
}

TEST_CASE("admin: health, readiness and metrics need no key, and nothing else goes without") {
    World world;
    for (const auto* open : {"/healthz", "/readyz", "/metrics"}) {
        CHECK(world.call({.target = open, .uid = {}}).status == 200);
    }
    const auto id = world.accept_letter("A-1").to_string();
    for (const auto& closed :
         {std::string("/admin/v1/messages"), "/admin/v1/messages/" + id,
          "/admin/v1/messages/" + id + "/events", std::string("/admin/v1/events"),
          std::string("/admin/v1/connections"), std::string("/admin/v1/store/counts"),
          std::string("/admin/v1/config/history")}) {
        CHECK(world.call({.target = closed, .uid = {}}).status == 401);
    }
    CHECK(world.call({.method = "POST", .target = "/admin/v1/config/apply", .uid = {}}).status ==
          401);
}

TEST_CASE("admin: a key is shown once, and the store keeps only its hash") {
    World world;
    const auto key = create_key(world, system_key);
    const auto read = gateway::crypto::read_api_key(key);
    REQUIRE(read);
    CHECK(read->id.size() == 12);
    CHECK(read->secret.size() == 43);
    const auto stored = run(world.io, world.store->find_credential(read->id)).value().value();
    CHECK(stored.secret_hash == read->secret_hash());
    CHECK(stored.secret_hash.size() == 32);
    const auto list = world.get("/admin/v1/keys");
    CHECK(list.body.find(read->secret) == std::string::npos);
    CHECK(list.body.find(read->id) != std::string::npos);
    CHECK_FALSE(world.log.holds(read->secret));
}

TEST_CASE("admin: a revoked key is out with the next call, and the public API forgets it") {
    World world;
    const auto key = create_key(world, admin_key);
    const auto id = gateway::crypto::read_api_key(key)->id;
    REQUIRE(world.call({.target = "/admin/v1/keys", .uid = {}, .key = key}).status == 200);
    const auto target = "/admin/v1/keys/" + id + "/revoke";
    CHECK(world.post(target, R"({"why":"mistet"})").status == 200);
    CHECK(world.call({.target = "/admin/v1/keys", .uid = {}, .key = key}).status == 401);
    CHECK(world.forgotten == std::vector<std::string>{id});
    CHECK(world.post(target, R"({"why":"en gang til"})").status == 200);
    CHECK(world.post("/admin/v1/keys/zzzzzzzzzzzz/revoke", R"({"why":"x"})").status == 404);
}

TEST_CASE("admin: a key is made only for a system that the configuration knows") {
    World world;
    const auto code = [&](const std::string& body) {
        return World::json(world.post("/admin/v1/keys", body))["code"].as_string();
    };
    CHECK(code(R"({"kind":"system","tenant":"310001007","system":"ukjent","why":"x"})") ==
          "admin.system_unknown");
    CHECK(code(R"({"kind":"system","tenant":"999999999","system":"byggesak","why":"x"})") ==
          "admin.tenant_unknown");
    CHECK(code(R"({"kind":"system","system":"byggesak","why":"x"})") == "admin.tenant_required");
    CHECK(code(R"({"kind":"annet","why":"x"})") == "request.bad_parameter");
    CHECK(code(R"({"kind":"admin","tenant":"310001007","why":"x"})") == "request.bad_parameter");
    CHECK(code(R"({"kind":"admin","whY":"x","why":"x"})") == "request.bad_parameter");
}
