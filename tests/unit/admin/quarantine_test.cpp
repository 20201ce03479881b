#include "gateway/crypto/base64url.hpp"
#include "tests/unit/admin/people.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using tests::admin::World;

constexpr const char* said = "<about>17859130003</about>";

/// Sealed as app::Incoming does it.
core::InboxId put_away(World& world, const std::string& dedupe,
                       const std::string& tenant = World::first) {
    ports::InboundCommand command;
    command.tenant = core::TenantId(tenant);
    command.id = world.ids->next<core::InboxId>();
    command.connection = core::ConnectionId("dpi");
    command.dedupe_key = dedupe;
    command.type = "oddity";
    command.at = world.clock.now();
    command.code = core::Code("upstream.bad_answer");
    command.media_type = "application/xml";
    command.content_bytes = std::string(said).size();
    const auto owner = command.id.to_bytes();
    auto key = world.vaults.find(command.tenant)->new_key(*world.ids, owner);
    command.sealed_content = key.key.seal(*world.ids, "content", owner, said);
    command.wrapped_key = std::move(key.wrapped);
    const auto id = command.id;
    REQUIRE(tests::run(world.io, world.store->store_inbound(std::move(command))).has_value());
    return id;
}

std::string path(core::InboxId id) {
    return "/admin/v1/quarantine/" + id.to_string();
}

std::vector<std::string> ids(const json::Value& page) {
    std::vector<std::string> result;
    for (const auto& item : page["items"].items()) {
        result.push_back(item["id"].as_string());
    }
    return result;
}

}   // namespace

TEST_CASE("admin: what waits in quarantine is listed with its reason, and never its bytes") {
    World world;
    const auto older = put_away(world, "1");
    const auto newer = put_away(world, "2");
    put_away(world, "3", World::second);
    const std::string all = std::string("/admin/v1/quarantine?tenant=") + World::first;
    const auto page = World::json(world.get(all));
    CHECK(ids(page) == std::vector{newer.to_string(), older.to_string()});
    const auto& item = page["items"].items().front();
    CHECK(item["tenant"].as_string() == World::first);
    CHECK(item["tenantKnown"].as_bool());
    CHECK(item["connection"].as_string() == "dpi");
    CHECK(item["reason"]["code"].as_string() == "upstream.bad_answer");
    CHECK_FALSE(item["reason"]["action"].as_string().empty());
    CHECK(item["mediaType"].as_string() == "application/xml");
    CHECK(item["bytes"].as_int() == 26);
    CHECK_FALSE(item.has("contentBase64"));
    CHECK_FALSE(item.has("settled"));
    CHECK(page["next"].is_null());
    const auto first = World::json(world.get(all + "&limit=1"));
    CHECK(ids(first) == std::vector{newer.to_string()});
    const auto rest = World::json(world.get(all + "&limit=1&cursor=" + first["next"].as_string()));
    CHECK(ids(rest) == std::vector{older.to_string()});
    CHECK(ids(World::json(world.get(all + "&settled=true"))).empty());
    CHECK(World::json(world.get("/admin/v1/store/counts"))["quarantined"].as_int() == 3);
    CHECK(world.get("/metrics").body.find("sluse_quarantine_waiting 3") != std::string::npos);
}

TEST_CASE("admin: a list of the quarantine is refused where the question is not clear") {
    World world;
    const std::string all = std::string("/admin/v1/quarantine?tenant=") + World::first;
    for (const char* wrong : {"&limit=0", "&limit=201", "&settled=perhaps", "&nonsense=1"}) {
        INFO(wrong);
        CHECK(world.get(all + wrong).status == 400);
    }
    CHECK(World::json(world.get(all + "&cursor=x"))["code"].as_string() == "request.bad_cursor");
    CHECK(World::json(world.get("/admin/v1/quarantine?tenant=310009999"))["code"].as_string() ==
          "admin.tenant_unknown");
}

TEST_CASE("admin: an item is shown whole, whosever it is, and the look is logged") {
    World world;
    const auto id = put_away(world, "1", World::second);
    const auto item = World::json(world.get(path(id)));
    CHECK(item["tenant"].as_string() == World::second);
    CHECK(crypto::base64_decode(item["contentBase64"].as_string()) == said);
    CHECK(world.log.holds("quarantine_read"));
    CHECK(world.log.holds(id.to_string()));
    CHECK_FALSE(world.log.holds("17859130003"));
    CHECK(world.get(path(id) + "?tenant=" + World::first).status == 404);
    for (const std::string& nobody :
         {std::string("/admin/v1/quarantine/x"), path(world.ids->next<core::InboxId>())}) {
        const auto answer = world.get(nobody);
        CHECK(answer.status == 404);
        CHECK(World::json(answer)["code"].as_string() == "quarantine.not_found");
    }
}

TEST_CASE("admin: who signed in sees an item's bytes while content is open, and it is in the audit "
          "of its municipality") {
    World world;
    const auto id = put_away(world, "1");
    const auto berit = sign_in(world, add(world, "berit", "archivist", World::first));
    const auto look = [&](const std::string& target, const sdk::Headers& headers) {
        return world.call(World::Ask{.target = target, .headers = headers, .uid = {}});
    };
    const auto document = path(id) + "/documents/" + std::string(64, 'a');
    for (const auto& target : {path(id), document}) {
        const auto closed = look(target, berit.look);
        CHECK(closed.status == 403);
        CHECK(World::json(closed)["code"].as_string() == "session.content_closed");
    }
    REQUIRE(world
                .call({.method = "POST",
                       .target = "/admin/v1/content/open",
                       .body = R"({"tenant":"310001007","why":"avvik 2026/3","minutes":5})",
                       .headers = berit.act,
                       .uid = {}})
                .status == 200);
    const auto item = World::json(look(path(id), berit.look));
    CHECK(crypto::base64_decode(item["contentBase64"].as_string()) == said);
    CHECK(look(document, berit.look).status == 404);
    world.clock.advance(std::chrono::minutes(6));
    CHECK(look(path(id), berit.look).status == 403);
    const auto auditor = sign_in(world, add(world, "per", "auditor", World::first));
    const auto audit = World::json(look("/admin/v1/audit", auditor.look));
    const auto& newest = audit["items"].items().front();
    CHECK(newest["act"].as_string() == "quarantine_read");
    CHECK(newest["who"].as_string() == "account berit");
    CHECK(newest["fields"]["item"].as_string() == id.to_string());
}

TEST_CASE("admin: an item is settled once, with who and why, and stays readable") {
    World world;
    const auto id = put_away(world, "1");
    CHECK(World::json(world.post(path(id) + "/settle", "{}"))["code"].as_string() ==
          "admin.reason_required");
    CHECK(world.post(path(id) + "/settle", R"({"why":"x","force":true})").status == 400);
    const std::string body = R"({"why":"Digdir sendte det til feil kommune"})";
    const auto settled = World::json(world.post(path(id) + "/settle", body));
    CHECK(settled["settled"]["who"].as_string() == "root");
    CHECK_FALSE(settled["settled"].has("why"));
    CHECK(world.log.holds("quarantine_settled"));
    CHECK_FALSE(world.log.holds("Digdir"));
    const auto again = world.post(path(id) + "/settle", body);
    CHECK(again.status == 409);
    CHECK(World::json(again)["code"].as_string() == "quarantine.settled_before");
    const auto item = World::json(world.get(path(id)));
    CHECK(item["settled"]["why"].as_string() == "Digdir sendte det til feil kommune");
    CHECK(crypto::base64_decode(item["contentBase64"].as_string()) == said);
    const std::string all = std::string("/admin/v1/quarantine?tenant=") + World::first;
    CHECK(ids(World::json(world.get(all))).empty());
    CHECK(ids(World::json(world.get(all + "&settled=true"))) == std::vector{id.to_string()});
    CHECK(world.post("/admin/v1/quarantine/x/settle", body).status == 404);
    CHECK(world.post(path(world.ids->next<core::InboxId>()) + "/settle", body).status == 404);
}

TEST_CASE("admin: an item whose bytes do not open is shown without them, and can be settled") {
    World world;
    const auto id = put_away(world, "1");
    const auto kept = world.vaults.find(core::TenantId(World::first));
    std::array<std::uint8_t, 32> other{};
    other.fill(99);
    world.vaults.put(core::TenantId(World::first),
                     std::make_shared<const crypto::Vault>(crypto::SecretKey(other)));
    CHECK(World::json(world.get(path(id)))["contentBase64"].is_null());
    CHECK(world.post(path(id) + "/settle", R"({"why":"x"})").status == 200);
    CHECK_FALSE(World::json(world.get(path(id)))["settled"].has("why"));
}

TEST_CASE("admin: a document of an item is read by its sum, no other, and the look is logged") {
    World world;
    const core::TenantId tenant(World::first);
    const auto write = [&](const std::string& bytes) {
        auto writer =
            tests::run(world.io, world.documents.create(tenant, core::SystemId(), 1U << 20U))
                .value();
        REQUIRE(tests::run(world.io, writer->append(bytes)).has_value());
        return tests::run(world.io, writer->commit()).value();
    };
    const auto kept = write("sealed for nobody");
    const auto other = write("another's");
    ports::InboundCommand command;
    command.tenant = tenant;
    command.id = world.ids->next<core::InboxId>();
    command.connection = core::ConnectionId("fiks");
    command.dedupe_key = "1";
    command.type = "oddity";
    command.at = world.clock.now();
    command.code = core::Code("upstream.bad_answer");
    command.documents = {kept.hash};
    const auto owner = command.id.to_bytes();
    auto key = world.vaults.find(tenant)->new_key(*world.ids, owner);
    const auto about = R"({"documents":[{"sha256":")" + kept.hash.to_hex() +
                       R"(","size":17,"name":"melding"}],"memo":""})";
    command.sealed_content = key.key.seal(*world.ids, "content", owner, about);
    command.sealed_raw = key.key.seal(*world.ids, "raw", owner, said);
    command.wrapped_key = std::move(key.wrapped);
    const auto id = command.id;
    REQUIRE(tests::run(world.io, world.store->store_inbound(std::move(command))).has_value());
    const auto item = World::json(world.get(path(id)));
    CHECK(crypto::base64_decode(item["contentBase64"].as_string()) == said);
    REQUIRE(item["documents"].items().size() == 1);
    CHECK(item["documents"].items()[0]["name"].as_string() == "melding");
    auto answer = world.get(path(id) + "/documents/" + kept.hash.to_hex());
    REQUIRE(answer.status == 200);
    CHECK(tests::run(world.io, sdk::read_all(*answer.stream, 100)).value() == "sealed for nobody");
    CHECK(world.log.holds(kept.hash.to_hex()));
    for (const auto& wrong : {other.hash.to_hex(), std::string("x"), std::string()}) {
        CHECK(world.get(path(id) + "/documents/" + wrong).status == 404);
    }
}
