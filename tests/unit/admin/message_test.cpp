#include "tests/unit/admin/people.hpp"

#include <catch2/catch.hpp>

using tests::run;
using tests::admin::World;
namespace core = gateway::core;
namespace json = gateway::json;
namespace ports = gateway::ports;

namespace {

std::string path(core::MessageId id, const std::string& rest = {}) {
    return "/admin/v1/messages/" + id.to_string() + rest;
}

constexpr const char* why = R"({"why":"Kari Nordmann ringte"})";

}   // namespace

TEST_CASE("admin: a retry is a new delivery with a new key that replaces the old one") {
    World world;
    const auto id = world.accept_letter("A-1");
    world.end_in(id, core::DeliveryState::failed);
    const auto old = world.message(id).deliveries.back();
    const auto response = world.post(path(id, "/retry"), why);
    REQUIRE(response.status == 202);
    const auto deliveries = world.message(id).deliveries;
    REQUIRE(deliveries.size() == 2);
    const auto& next = deliveries.back();
    CHECK(next.id != old.id);
    CHECK(next.upstream_key != old.upstream_key);
    CHECK(next.upstream_key == next.id.to_string());
    CHECK(next.replaces == old.id);
    CHECK(next.state == core::DeliveryState::queued);
    CHECK(World::json(response)["delivery"].as_string() == next.id.to_string());
    CHECK(World::json(response)["replaces"].as_string() == old.id.to_string());
}

TEST_CASE("admin: what is under way or delivered is not retried") {
    World world;
    const auto id = world.accept_letter("A-1");
    const auto refused = world.post(path(id, "/retry"), why);
    CHECK(refused.status == 409);
    CHECK(World::json(refused)["code"].as_string() == "message.cannot_retry");
    CHECK(world.message(id).deliveries.size() == 1);
}

TEST_CASE("admin: every act demands its reason and changes nothing without one") {
    World world;
    const auto id = world.accept_letter("A-1");
    for (const auto& target :
         {path(id, "/retry"), path(id, "/hold"), path(id, "/release"), path(id, "/cancel"),
          std::string("/admin/v1/keys"), std::string("/admin/v1/keys/abcdefabcdef/revoke"),
          std::string("/admin/v1/store/backup"), std::string("/admin/v1/config/apply"),
          std::string("/admin/v1/config/undo")}) {
        for (const auto* body : {"", "{}", R"({"why":""})", R"({"why":"  \n "})", R"({"why":7})"}) {
            const auto refused = world.post(target, body);
            CHECK(refused.status == 400);
            CHECK(World::json(refused)["code"].as_string() == "admin.reason_required");
        }
    }
    CHECK(world.message(id).state == core::DeliveryState::queued);
    CHECK(world.timeline(id).size() == 1);
    CHECK(world.config_authors.empty());
}

TEST_CASE("admin: who and why stand on the timeline, and the reason is sealed") {
    World world;
    const auto id = world.accept_letter("A-1");
    REQUIRE(world.post(path(id, "/hold"), why).status == 200);
    REQUIRE(world.call({.method = "POST", .target = path(id, "/release"), .body = why, .uid = 997})
                .status == 200);
    const auto lines = world.timeline(id);
    REQUIRE(lines.size() == 3);
    CHECK(lines[1]["event"].as_string() == "held");
    CHECK(lines[1]["who"].as_string() == "root");
    CHECK(lines[1]["why"].as_string() == "Kari Nordmann ringte");
    CHECK(lines[2]["event"].as_string() == "released");
    CHECK(lines[2]["who"].as_string() == "uid 997");
    const auto events =
        run(world.io, world.store->timeline(core::TenantId(World::first), id, 10)).value();
    for (const auto& event : events) {
        CHECK(event.sealed_params.find("Kari") == std::string::npos);
        for (const auto& [name, value] : event.params) {
            CHECK(value.find("Kari") == std::string::npos);
        }
    }
    CHECK(world.get("/admin/v1/events?tenant=310001007").body.find("Kari") == std::string::npos);
    CHECK_FALSE(world.log.holds("Kari"));
    CHECK(world.log.holds(id.to_string()));
}

TEST_CASE("admin: a cancelled message is cancelled at once when no attempt had begun") {
    World world;
    const auto id = world.accept_letter("A-1");
    const auto response = world.post(path(id, "/cancel"), why);
    CHECK(response.status == 202);
    CHECK(World::json(response)["state"].as_string() == "cancelled");
    const auto again = world.post(path(id, "/cancel"), why);
    CHECK(again.status == 409);
    CHECK(World::json(again)["code"].as_string() == "message.cannot_cancel");
    CHECK(world.post(path(id, "/hold"), why).status == 409);
    CHECK(world.post(path(id, "/release"), why).status == 409);
}

TEST_CASE("admin: a message is found whichever municipality it belongs to") {
    World world;
    const auto here = world.accept_letter("A-1");
    const auto there = world.accept_letter("A-1", World::second);
    CHECK(World::json(world.get(path(here)))["tenant"].as_string() == World::first);
    const auto view = World::json(world.get(path(there)));
    CHECK(view["tenant"].as_string() == World::second);
    CHECK(view["title"].as_string() == "Varsel om tilsyn");
    CHECK(world.get(path(there) + "?tenant=310001007").status == 404);
    CHECK(world.get("/admin/v1/messages/0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21").status == 404);
    CHECK(world.get("/admin/v1/messages/tull").status == 404);
    CHECK(world.post(path(here, "/forget"), why).status == 404);
}

TEST_CASE("admin: a search is by business key within one municipality") {
    World world;
    const auto here = world.accept_letter("A-1");
    world.accept_letter("A-2");
    world.accept_letter("A-1", World::second);
    const auto page = World::json(world.get("/admin/v1/messages?tenant=310001007&reference=A-1"));
    REQUIRE(page["items"].items().size() == 1);
    CHECK(page["items"].items()[0]["id"].as_string() == here.to_string());
    const auto unnamed = world.get("/admin/v1/messages?reference=A-1");
    CHECK(World::json(unnamed)["code"].as_string() == "admin.tenant_required");
    world.configuration->tenants.erase(core::TenantId(World::second));
    CHECK(World::json(world.get("/admin/v1/messages?reference=A-1"))["items"].items().size() == 1);
    CHECK(world.get("/admin/v1/messages?recipient=12345678901").status == 400);
    CHECK(world.post("/admin/v1/messages/search", R"({"recipient":{"person":"12345678901"}})")
              .status == 200);
}

TEST_CASE("admin: the live timeline gives what is there, then each new line as it comes") {
    World world;
    const auto id = world.accept_letter("A-1");
    auto response =
        world.call({.target = path(id, "/events"), .headers = {{"Accept", "text/event-stream"}}});
    REQUIRE(response.status == 200);
    REQUIRE(response.stream);
    CHECK(response.flush_each_read);
    std::array<char, 8192> block{};
    const auto read = [&] {
        const auto size = run(world.io, response.stream->read(block)).value();
        return std::string(block.data(), size);
    };
    CHECK(read().find("\"event\":\"accepted\"") != std::string::npos);
    REQUIRE(world.post(path(id, "/hold"), why).status == 200);
    const auto next = read();
    CHECK(next.find("\"event\":\"held\"") != std::string::npos);
    CHECK(next.find("\"event\":\"accepted\"") == std::string::npos);
    CHECK(next.find("event: state\ndata: {\"state\":\"held\",\"rests\":true}\n\n") !=
          std::string::npos);
    world.api->begin_drain();
    CHECK(read().empty());
}

TEST_CASE("admin: a live timeline shows content no longer than it is open") {
    World world;
    const auto letter = world.accept_letter("A-1");
    const auto told = [&](const char* words) {
        ports::ClaimCommand claim;
        claim.now = world.clock.now();
        claim.lease_until = claim.now + std::chrono::minutes(1);
        claim.limit = 1;
        const auto claimed = tests::run(world.io, world.store->claim(claim)).value().front();
        const auto message = world.message(letter);
        const auto key = world.vaults.find(core::TenantId(World::first))
                             ->unwrap(message.wrapped_key, letter.to_bytes())
                             .value();
        json::Value personal = json::Value::object();
        personal.set("upstream", words);
        ports::NewEvent event;
        event.id = world.ids->next<core::EventId>();
        event.at = claim.now;
        event.name = "attempt_postponed";
        event.code = "attempt_postponed";
        event.sealed_params =
            key.seal(*world.ids, "event", letter.to_bytes(), json::write(personal));
        ports::FinishCommand finish;
        finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
        finish.fence = claimed.fence;
        finish.at = claim.now;
        finish.state = core::DeliveryState::queued;
        finish.work = core::Work::send;
        finish.due = claim.now;
        finish.events.push_back(std::move(event));
        tests::run(world.io, world.store->finish(finish)).value();
    };
    const auto berit =
        tests::admin::sign_in(world, tests::admin::add(world, "berit", "archivist", World::first));
    REQUIRE(world
                .call({.method = "POST",
                       .target = "/admin/v1/content/open",
                       .body = R"({"tenant":"310001007","why":"innsyn 2026/17","minutes":5})",
                       .headers = berit.act,
                       .uid = {}})
                .status == 200);
    told("Ola Nordmann er ukjent");
    auto headers = berit.look;
    headers.emplace_back("Accept", "text/event-stream");
    const auto stream =
        world.call({.target = "/admin/v1/messages/" + letter.to_string() + "/events",
                    .headers = headers,
                    .uid = {}});
    REQUIRE(stream.stream);
    std::array<char, 8192> block{};
    const auto read = [&] {
        const auto size = tests::run(world.io, stream.stream->read(block)).value();
        return std::string(block.data(), size);
    };
    CHECK(read().find("Ola Nordmann") != std::string::npos);
    world.clock.advance(std::chrono::minutes(6));
    told("Kari Nordmann er ukjent");
    const auto later = read();
    CHECK(later.find("attempt_postponed") != std::string::npos);
    CHECK(later.find("Kari Nordmann") == std::string::npos);
}
