#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;
using namespace std::chrono_literals;

namespace {

/// The systems byggesak and oppvekst may receive forms, and something of byggesak's has come in.
struct Came {
    World world;
    core::TenantId tenant{"310001007"};

    Came() {
        auto& systems = world.configuration->tenants.at(tenant).systems;
        systems.at(core::SystemId("byggesak")).grants = {"receive:form"};
        systems.at(core::SystemId("oppvekst")).grants = {"receive:form"};
        world.configuration->inbox.deliveries_max = 3;
    }
    core::InboxId put(const std::string& dedupe, const std::string& type = "form/v1",
                      const std::string& order = {}) {
        ports::InboundCommand command;
        command.tenant = tenant;
        command.id = world.ids->next<core::InboxId>();
        command.connection = core::ConnectionId("altinn-test");
        command.dedupe_key = dedupe;
        command.type = type;
        command.at = world.clock.now();
        const auto owner = command.id.to_bytes();
        auto key = world.vaults.find(tenant)->new_key(*world.ids, owner);
        command.sealed_content = key.key.seal(
            *world.ids, "content", owner,
            R"({"from":{"person":"17859130003"},"content":{"answer":"ja"},"memo":"hidden"})");
        command.wrapped_key = std::move(key.wrapped);
        command.copies = {core::SystemId("byggesak")};
        command.event_ids = {world.ids->next<core::EventId>()};
        command.order_token = order;
        const auto id = command.id;
        REQUIRE(tests::run(world.io, world.store->store_inbound(std::move(command))).has_value());
        return id;
    }
    std::vector<json::Value> inbox(const std::string& query = {}, const std::string& key = {}) {
        const auto response = world.call({"GET", "/v1/inbox" + query, {}, {}, key});
        REQUIRE(response.status == 200);
        return world.json(response)["items"].items();
    }
    http::Response settle(const std::string& id, const std::string& what, const std::string& body,
                          const std::string& key = {}) {
        return world.call({"POST", "/v1/inbox/" + id + "/" + what, body, {}, key});
    }
    std::string code(const http::Response& response) {
        return world.json(response)["code"].as_string();
    }
    std::string state(const std::string& id) {
        return world.json(world.call({"GET", "/v1/inbox/" + id}))["state"].as_string();
    }
};

std::string lease_body(const json::Value& item) {
    return R"({"lease":")" + item["lease"].as_string() + R"("})";
}

}   // namespace

TEST_CASE("inbox: an item is handed out whole under a lease, and gone when acknowledged") {
    Came came;
    const auto id = came.put("1").to_string();
    CHECK(came.inbox({}, came.world.other_key).empty());
    const auto items = came.inbox();
    REQUIRE(items.size() == 1);
    CHECK(items[0]["id"].as_string() == id);
    CHECK(items[0]["type"].as_string() == "form/v1");
    CHECK(items[0]["state"].as_string() == "leased");
    CHECK(items[0]["from"]["person"].as_string() == "17859130003");
    CHECK(items[0]["content"]["answer"].as_string() == "ja");
    CHECK_FALSE(items[0].has("memo"));
    CHECK(items[0]["deliveries"].as_int() == 1);
    CHECK(items[0]["leaseUntil"].as_string() ==
          core::to_rfc3339(came.world.clock.now() + came.world.configuration->inbox.lease));
    CHECK(came.inbox().empty());
    const auto answer = came.settle(id, "ack", lease_body(items[0]));
    CHECK(answer.status == 200);
    CHECK(came.world.json(answer)["state"].as_string() == "acknowledged");
    CHECK(came.settle(id, "ack", lease_body(items[0])).status == 200);
    CHECK(came.code(came.settle(id, "reject", R"({"lease":"1","reason":"nei"})")) ==
          "inbox.lease_lost");
    CHECK(came.state(id) == "acknowledged");
    came.world.clock.advance(24h);
    CHECK(came.inbox().empty());
}

TEST_CASE("inbox: a late acknowledgement holds unless somebody leased the item since") {
    Came came;
    const auto id = came.put("1").to_string();
    const auto first = came.inbox();
    came.world.clock.advance(301s);
    SECTION("nobody has") {
        CHECK(came.settle(id, "ack", lease_body(first[0])).status == 200);
    }
    SECTION("somebody has") {
        const auto second = came.inbox();
        REQUIRE(second.size() == 1);
        CHECK(second[0]["deliveries"].as_int() == 2);
        const auto late = came.settle(id, "ack", lease_body(first[0]));
        CHECK(late.status == 409);
        CHECK(came.code(late) == "inbox.lease_lost");
        CHECK(came.settle(id, "ack", lease_body(second[0])).status == 200);
    }
    CHECK(came.state(id) == "acknowledged");
}

TEST_CASE("inbox: a rejection keeps its reason; without one it is none") {
    Came came;
    const auto id = came.put("1").to_string();
    const auto items = came.inbox();
    CHECK(came.settle(id, "reject", lease_body(items[0])).status == 400);
    CHECK(came.settle(id, "reject", R"({"lease":"1","reason":""})").status == 400);
    CHECK(came.settle(id, "reject", R"({"lease":"x","reason":"feil"})").status == 400);
    CHECK(came.settle(id, "reject", R"({"lease":"1","reason":"feil","x":1})").status == 400);
    CHECK(came.settle(id, "reject", R"({"lease":"1","reason":")" + std::string(1001, 'a') + "\"}")
              .status == 400);
    CHECK(came.settle(id, "ack", R"({"lease":"1","reason":"hvorfor"})").status == 400);
    CHECK(came.settle(id, "ack", "[]").status == 400);
    CHECK(came.state(id) == "leased");
    CHECK(came.settle(id, "reject", R"({"lease":"1","reason":"feil kommune"})").status == 200);
    const auto item = came.world.json(came.world.call({"GET", "/v1/inbox/" + id}));
    CHECK(item["state"].as_string() == "rejected");
    CHECK(item["reason"].as_string() == "feil kommune");
}

TEST_CASE("inbox: a system answers with files of its own, not with another's") {
    Came came;
    const auto id = came.put("1").to_string();
    const auto items = came.inbox();
    const auto upload = [&](const std::string& bytes, const std::string& key) {
        const auto made = came.world.call({"POST", "/v1/documents", bytes, {}, key});
        REQUIRE(made.status == 201);
        return came.world.json(made)["sha256"].as_string();
    };
    const auto answer = [&](const std::string& hash) {
        return came.settle(id, "ack",
                           R"({"lease":"1","answer":{"documents":[{"sha256":")" + hash + "\"}]}}");
    };
    const auto theirs = upload("%PDF-1.7 theirs", came.world.other_key);
    for (const auto& hash : {theirs, std::string(64, 'a'), std::string("ingen")}) {
        const auto refused = answer(hash);
        CHECK(refused.status == 422);
        CHECK(came.code(refused) == "document.unknown_reference");
    }
    CHECK(came.state(id) == "leased");
    CHECK(answer(upload("%PDF-1.7 ours", {})).status == 200);
}

TEST_CASE("inbox: what is another system's, another tenant's or nobody's is not found") {
    Came came;
    const auto id = came.put("1").to_string();
    const auto items = came.inbox();
    const auto unknown = came.world.ids->next<core::InboxId>().to_string();
    for (const auto& key : {came.world.other_key, came.world.foreign_key}) {
        CHECK(came.world.call({"GET", "/v1/inbox/" + id, {}, {}, key}).status == 404);
        CHECK(came.settle(id, "ack", lease_body(items[0]), key).status == 404);
        CHECK(came.settle(id, "reject", R"({"lease":"1","reason":"nei"})", key).status == 404);
    }
    CHECK(came.code(came.world.call({"GET", "/v1/inbox/" + unknown})) == "inbox.not_found");
    CHECK(came.world.call({"GET", "/v1/inbox/abc"}).status == 404);
    CHECK(came.world.call({"GET", "/v1/inbox/" + id + "/x"}).status == 404);
    CHECK(came.world.call({"DELETE", "/v1/inbox/" + id}).status == 405);
    CHECK(came.world.call({"POST", "/v1/inbox"}).status == 405);
    CHECK(came.world.call({"HEAD", "/v1/inbox"}).status == 405);
    CHECK(came.world.call({"GET", "/v1/inbox/" + id + "/ack"}).status == 405);
    CHECK(came.state(id) == "leased");
}

TEST_CASE("inbox: only types that are granted are handed out or shown") {
    Came came;
    const auto transfer = came.put("1", "transfer/v1").to_string();
    CHECK(came.inbox().empty());
    CHECK(came.world.call({"GET", "/v1/inbox/" + transfer}).status == 404);
    const auto refused = came.world.call({"GET", "/v1/inbox", {}, {}, came.world.reader_key});
    CHECK(refused.status == 403);
    CHECK(came.code(refused) == "auth.not_granted");
    CHECK(came.world.call({"GET", "/v1/inbox/counts", {}, {}, came.world.reader_key}).status ==
          403);
    auto& systems = came.world.configuration->tenants.at(came.tenant).systems;
    systems.at(core::SystemId("byggesak")).grants.insert("receive:transfer");
    CHECK(came.inbox().size() == 1);
}

TEST_CASE("inbox: at most as many as asked for, and the parameters are checked") {
    Came came;
    came.put("1");
    came.put("2");
    came.put("3");
    CHECK(came.inbox("?max=2").size() == 2);
    CHECK(came.inbox("?wait=0").size() == 1);
    for (const auto* query : {"?max=0", "?max=101", "?wait=61", "?wait=x", "?wait=-1", "?foo=1"}) {
        INFO(query);
        CHECK(came.world.call({"GET", std::string("/v1/inbox") + query}).status == 400);
    }
    const auto item = "/v1/inbox/" + came.put("4").to_string();
    CHECK(came.world.call({"GET", item + "?foo=1"}).status == 400);
    CHECK(came.world.call({"GET", item}).status == 200);
}

TEST_CASE("inbox: an item that is never acknowledged ends as dead, with an event and an alarm") {
    Came came;
    const auto id = came.put("1").to_string();
    for (int i = 0; i < 3; ++i) {
        CHECK(came.inbox().size() == 1);
        came.world.clock.advance(301s);
    }
    CHECK(came.inbox().empty());
    CHECK(came.state(id) == "dead");
    const auto page = came.world.json(came.world.call({"GET", "/v1/events"}));
    const auto& last = page["items"].items().back();
    CHECK(last["type"].as_string() == "no.sluse.inbox.dead.v1");
    CHECK(last["subject"].as_string() == id);
    CHECK(last["data"]["state"].as_string() == "dead");
    CHECK(last["data"]["code"].as_string() == "inbox.dead");
    CHECK(last["data"]["params"]["deliveries"].as_string() == "3");
    CHECK(came.world.metrics.expose().find("sluse_inbox_dead_total") != std::string::npos);
}

TEST_CASE("inbox: a day's counts by type and state, of the caller's own") {
    Came came;
    const auto date = core::to_rfc3339(came.world.clock.now()).substr(0, 10);
    const auto id = came.put("1").to_string();
    came.put("2");
    came.put("3", "transfer/v1");
    const auto items = came.inbox("?max=1");
    CHECK(came.settle(id, "ack", lease_body(items[0])).status == 200);
    const auto counts = came.world.json(came.world.call({"GET", "/v1/inbox/counts?date=" + date}));
    CHECK(counts["date"].as_string() == date);
    REQUIRE(counts["items"].items().size() == 2);
    const auto& forms = counts["items"].items()[0];
    CHECK(forms["type"].as_string() == "form/v1");
    CHECK(forms["total"].as_int() == 2);
    CHECK(forms["states"]["acknowledged"].as_int() == 1);
    CHECK(forms["states"]["received"].as_int() == 1);
    CHECK(came.world.json(came.world.call({"GET", "/v1/inbox/counts?date=2001-01-01"}))["items"]
              .items()
              .empty());
    CHECK(came.world.call({"GET", "/v1/inbox/counts?date=2026-13-01"}).status == 400);
    CHECK(came.world.call({"GET", "/v1/inbox/counts?day=1"}).status == 400);
}
