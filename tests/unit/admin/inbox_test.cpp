#include "gateway/crypto/base64url.hpp"
#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace gateway;
using tests::admin::World;

/// byggesak may receive forms.
struct Came {
    World world;

    Came() {
        auto& systems = world.configuration->tenants.at(core::TenantId(World::first)).systems;
        systems.at(core::SystemId("byggesak")).grants.insert("receive:form");
    }
    core::InboxId put(const std::string& dedupe, const std::vector<core::SystemId>& copies) {
        ports::InboundCommand command;
        command.tenant = core::TenantId(World::first);
        command.id = world.ids->next<core::InboxId>();
        command.connection = core::ConnectionId("altinn");
        command.dedupe_key = dedupe;
        command.type = "form/v1";
        command.at = world.clock.now();
        command.code = core::Code("inbox.unrouted");
        const auto owner = command.id.to_bytes();
        auto key = world.vaults.find(command.tenant)->new_key(*world.ids, owner);
        command.sealed_content = key.key.seal(*world.ids, "content", owner, "{}");
        command.sealed_raw = key.key.seal(*world.ids, "raw", owner, "<soknad/>");
        command.wrapped_key = std::move(key.wrapped);
        command.copies = copies;
        for (std::size_t i = 0; i < copies.size(); ++i) {
            command.event_ids.push_back(world.ids->next<core::EventId>());
        }
        const auto id = command.id;
        REQUIRE(tests::run(world.io, world.store->store_inbound(std::move(command))).has_value());
        return id;
    }
    ports::InboxBatch lease() {
        ports::InboxLease command;
        command.tenant = core::TenantId(World::first);
        command.system = core::SystemId("byggesak");
        command.types = {"form"};
        command.now = world.clock.now();
        command.until = command.now + std::chrono::minutes(5);
        command.deliveries_max = 1;
        command.event_ids = {world.ids->next<core::EventId>()};
        return tests::run(world.io, world.store->lease_inbox(command)).value();
    }
    std::string code(const http::Response& response) {
        return World::json(response)["code"].as_string();
    }
};

const core::SystemId byggesak("byggesak");
const std::string list = std::string("/admin/v1/inbox?tenant=") + World::first;
const std::string counted = std::string("/admin/v1/inbox/counts?tenant=") + World::first;

}   // namespace

TEST_CASE("admin inbox: a dead item is found and handed out anew, with who and why") {
    Came came;
    const auto id = came.put("1", {byggesak}).to_string();
    const auto path = "/admin/v1/inbox/" + id + "/replay";
    CHECK(came.code(came.world.post(path, R"({"why":"prøv"})")) == "inbox.nothing_to_replay");
    CHECK(came.lease().items.size() == 1);
    came.world.clock.advance(std::chrono::minutes(6));
    CHECK(came.lease().dead.size() == 1);
    const auto dead = World::json(came.world.get(list + "&state=dead"));
    REQUIRE(dead["items"].items().size() == 1);
    CHECK(dead["items"].items()[0]["id"].as_string() == id);
    CHECK(dead["items"].items()[0]["system"].as_string() == "byggesak");
    CHECK_FALSE(dead["items"].items()[0].has("content"));
    CHECK(came.code(came.world.post(path, "{}")) == "admin.reason_required");
    CHECK(came.code(came.world.post(path, R"({"why":"oppe","x":1})")) == "request.bad_parameter");
    CHECK(came.code(came.world.post(path, R"({"why":"oppe","system":"annet"})")) ==
          "inbox.not_found");
    const auto again = came.world.post(path, R"({"why":"oppe","system":"byggesak"})");
    CHECK(again.status == 200);
    CHECK(World::json(again)["copies"].as_int() == 1);
    CHECK(came.world.log.holds("inbox_replayed"));
    CHECK(came.lease().items.size() == 1);
    CHECK(World::json(came.world.get(list + "&state=dead"))["items"].items().empty());
    CHECK(came.world.get(list + "&state=odd").status == 400);
    CHECK(came.world.get(list + "&system=byggesak&limit=1").status == 200);
    const auto unknown = came.world.ids->next<core::InboxId>().to_string();
    CHECK(came.code(came.world.post("/admin/v1/inbox/" + unknown + "/replay", R"({"why":"x"})")) ==
          "inbox.not_found");
}

TEST_CASE("admin inbox: a quarantined message is shown as it came and released to a system") {
    Came came;
    const auto id = came.put("1", {}).to_string();
    const auto path = "/admin/v1/quarantine/" + id;
    const auto shown = World::json(came.world.get(path));
    CHECK(shown["type"].as_string() == "form/v1");
    REQUIRE(shown["receivers"].items().size() == 1);
    CHECK(shown["receivers"].items()[0].as_string() == "byggesak");
    CHECK(shown["contentBase64"].as_string() == crypto::base64_encode("<soknad/>"));
    const auto release = [&](const std::string& systems) {
        return came.world.post(path + "/release",
                               R"({"why":"ny skjematype","systems":)" + systems + "}");
    };
    for (const auto* wrong : {"[]", R"(["finnes-ikke"])", R"("byggesak")", "[1]"}) {
        INFO(wrong);
        CHECK(came.code(release(wrong)) == "request.bad_parameter");
    }
    CHECK(came.lease().items.empty());
    const auto done = release(R"(["byggesak","byggesak"])");
    CHECK(done.status == 200);
    CHECK(World::json(done)["systems"].items().size() == 1);
    CHECK(came.lease().items.size() == 1);
    CHECK(came.code(release(R"(["byggesak"])")) == "quarantine.no_message");
    CHECK(came.world.log.holds("quarantine_released"));
    const auto settled = World::json(came.world.get(path));
    CHECK(settled["settled"]["why"].as_string() == "ny skjematype");
}

TEST_CASE("admin inbox: a day's counts over all systems, and what is quarantined") {
    Came came;
    came.put("1", {byggesak});
    came.put("2", {});
    const auto date = core::to_rfc3339(came.world.clock.now()).substr(0, 10);
    const auto counts = World::json(came.world.get(counted + "&date=" + date));
    REQUIRE(counts["items"].items().size() == 2);
    CHECK(counts["items"].items()[0]["system"].is_null());
    CHECK(counts["items"].items()[0]["states"]["quarantined"].as_int() == 1);
    CHECK(counts["items"].items()[1]["system"].as_string() == "byggesak");
    CHECK(counts["items"].items()[1]["states"]["received"].as_int() == 1);
    CHECK(came.world.get(counted + "&date=i-dag").status == 400);
}
