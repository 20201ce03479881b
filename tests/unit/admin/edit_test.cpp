#include "tests/unit/admin/people.hpp"

#include <catch2/catch.hpp>

// A failed message corrected by an operator and sent: once, as it was seen, and never beside the
// old one.

using tests::run;
using tests::admin::add;
using tests::admin::sign_in;
using tests::admin::Signed;
using tests::admin::World;
namespace core = gateway::core;
namespace json = gateway::json;
namespace ports = gateway::ports;

namespace {

std::string edited(core::MessageId id, const std::string& rest = "/edit") {
    return "/admin/v1/messages/" + id.to_string() + rest;
}

core::MessageId failed_letter(World& world) {
    const auto id = world.accept_letter("A-1");
    world.end_in(id, core::DeliveryState::failed, "altinn.title_too_long");
    return id;
}

json::Value content_shown(World& world, core::MessageId id) {
    const auto answer = world.get(edited(id, "/content"));
    REQUIRE(answer.status == 200);
    return World::json(answer);
}

/// The body of a correction of the title, by the version that stands now.
std::string titled(World& world, core::MessageId id, const std::string& title) {
    json::Value patch = json::Value::object();
    patch.set("title", title);
    json::Value body = json::Value::object();
    body.set("why", "for lang tittel")
        .set("version", content_shown(world, id)["version"])
        .set("patch", std::move(patch));
    return json::write(body);
}

std::string code_said(const gateway::http::Response& response) {
    return World::json(response)["code"].as_string();
}

}   // namespace

TEST_CASE("admin: a corrected message is a new one, and the old one says where it went on") {
    World world;
    const auto id = failed_letter(world);
    const auto answer = world.post(edited(id), titled(world, id, "Tilsyn"));
    REQUIRE(answer.status == 202);
    const auto view = World::json(answer);
    const auto next = core::MessageId::parse(view["id"].as_string());
    REQUIRE(next.has_value());
    CHECK(view["replaces"].as_string() == id.to_string());
    const auto old = World::json(world.get(edited(id, "")));
    CHECK(old["state"].as_string() == "cancelled");
    CHECK(old["replacedBy"].as_string() == next->to_string());
    CHECK(old["deliveries"].items().back()["text"].as_string().find(next->to_string()) !=
          std::string::npos);
    const auto shown = World::json(world.get(edited(*next, "")));
    CHECK(shown["replaces"].as_string() == id.to_string());
    CHECK(shown["title"].as_string() == "Tilsyn");
    CHECK(shown["reference"].as_string() == "A-1");
    const auto last = world.timeline(id).back();
    CHECK(last["event"].as_string() == "replaced");
    CHECK(last["who"].as_string() == "root");
    CHECK(last["why"].as_string() == "for lang tittel");
    CHECK(last["params"]["replacedBy"].as_string() == next->to_string());
    CHECK_FALSE(world.log.holds("for lang tittel"));
    CHECK_FALSE(world.log.holds("Tilsyn"));
}

TEST_CASE("admin: the corrected message is judged as its system's own") {
    World world;
    const auto id = failed_letter(world);
    REQUIRE(world.post(edited(id), titled(world, id, "Tilsyn")).status == 202);
    const auto& request = world.taken_in.requests.back();
    CHECK(request.caller.tenant == core::TenantId(World::first));
    CHECK(request.caller.system == core::SystemId("byggesak"));
    CHECK(request.caller.grants == core::Grants{"send:letter"});
    CHECK(request.message["title"].as_string() == "Tilsyn");
    CHECK(request.correction->seen == world.message(id).deliveries.back().id);
}

TEST_CASE("admin: pressed twice a correction is one message, and other words are told of it") {
    World world;
    const auto id = failed_letter(world);
    const auto body = titled(world, id, "Tilsyn");
    const auto first = World::json(world.post(edited(id), body));
    const auto again = world.post(edited(id), body);
    REQUIRE(again.status == 202);
    CHECK(World::json(again)["id"] == first["id"]);
    CHECK(World::json(again)["replayed"].as_bool());
    const auto other = world.post(edited(id), titled(world, id, "Et annet tilsyn"));
    CHECK(other.status == 409);
    CHECK(code_said(other) == "message.replaced");
    CHECK(World::json(other)["detail"].as_string().find(first["id"].as_string()) !=
          std::string::npos);
    const auto retried = world.post(edited(id, "/retry"), R"({"why":"en gang til"})");
    CHECK(code_said(retried) == "message.cannot_retry");
}

TEST_CASE("admin: nothing is corrected that has changed since it was seen") {
    World world;
    const auto id = failed_letter(world);
    const auto body = titled(world, id, "Tilsyn");
    world.clock.advance(std::chrono::seconds(1));
    REQUIRE(world.post(edited(id, "/retry"), R"({"why":"prøver igjen"})").status == 202);
    CHECK(code_said(world.post(edited(id), body)) == "message.cannot_edit");
    REQUIRE(world.post(edited(id, "/hold"), R"({"why":"rettes"})").status == 200);
    CHECK(code_said(world.post(edited(id), body)) == "message.changed_meanwhile");
    CHECK(world.taken_in.requests.empty());
    CHECK(world.message(id).state == core::DeliveryState::held);
}

TEST_CASE("admin: what may have arrived is not corrected, and it is said before anybody edits") {
    World world;
    const auto id = world.accept_letter("A-1");
    ports::ClaimCommand claim;
    claim.now = world.clock.now();
    claim.lease_until = world.clock.now() + std::chrono::minutes(1);
    claim.limit = 1;
    const auto claimed = run(world.io, world.store->claim(claim)).value().front();
    ports::BeginAttempt begin;
    begin.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
    begin.fence = claimed.fence;
    begin.at = world.clock.now();
    begin.connection = core::ConnectionId("altinn-test");
    run(world.io, world.store->begin_attempt(begin)).value();
    ports::FinishCommand held;
    held.key = begin.key;
    held.fence = claimed.fence;
    held.at = world.clock.now();
    held.state = core::DeliveryState::held;
    held.code = "delivery.unknown_outcome";
    run(world.io, world.store->finish(held)).value();
    CHECK(content_shown(world, id)["obstacle"]["code"].as_string() == "message.may_have_arrived");
    const auto refused = world.post(edited(id), titled(world, id, "Tilsyn"));
    CHECK(refused.status == 409);
    CHECK(code_said(refused) == "message.may_have_arrived");
    CHECK(World::json(refused)["owner"].as_string() == "us");
    CHECK_FALSE(World::json(refused)["action"].as_string().empty());
    CHECK(world.taken_in.requests.empty());
}

TEST_CASE("admin: all that is wrong with a correction is told, and nothing is closed for it") {
    World world;
    const auto id = failed_letter(world);
    std::vector<core::Problem> problems;
    problems.emplace_back("/title", "letter.title_too_long", core::Params{{"max", "255"}});
    world.taken_in.refusal =
        ports::Refusal("message.invalid", {{"count", "1"}}, std::move(problems));
    const auto asked =
        world.post(edited(id), R"({"dryRun":true,"patch":{"title":"fremdeles for lang"}})");
    REQUIRE(asked.status == 200);
    CHECK_FALSE(World::json(asked)["ok"].as_bool());
    CHECK(World::json(asked)["problems"].items().front()["pointer"].as_string() == "/title");
    CHECK(world.taken_in.requests.back().dry_run);
    const auto tried = world.post(edited(id), titled(world, id, "fremdeles for lang"));
    CHECK(tried.status == 422);
    CHECK(World::json(tried)["errors"].items().front()["pointer"].as_string() == "/title");
    CHECK(world.message(id).state == core::DeliveryState::failed);
}

TEST_CASE("admin: a correction has its words, and leaves the type as it is") {
    World world;
    const auto id = failed_letter(world);
    const auto refusal = [&](const std::string& body) {
        return code_said(world.post(edited(id), body));
    };
    const auto version = content_shown(world, id)["version"].as_string();
    CHECK(refusal(R"({"version":")" + version + R"(","patch":{}})") == "admin.reason_required");
    CHECK(refusal(R"({"why":"rettes","patch":{}})") == "request.bad_parameter");
    CHECK(refusal(R"({"why":"rettes","version":"x"})") == "request.bad_parameter");
    CHECK(refusal(R"({"why":"rettes","version":"x","patch":{},"content":{}})") ==
          "request.bad_parameter");
    CHECK(refusal(R"({"why":"rettes","version":"x","patch":{},"annet":1})") ==
          "request.bad_parameter");
    CHECK(refusal(R"({"why":"rettes","version":"x","patch":{}})") == "message.changed_meanwhile");
    CHECK(refusal(R"({"why":"rettes","version":")" + version +
                  R"(","patch":{"type":"archive"}})") == "message.edit_changes_type");
    CHECK(refusal(R"({"why":"rettes","version":")" + version + R"(","content":{"title":"x"}})") ==
          "message.edit_changes_type");
    CHECK(world.taken_in.requests.empty());
    const auto whole = world.post(
        edited(id), R"({"why":"rettes","version":")" + version +
                        R"(","content":{"type":"letter","version":1,"title":"Tilsyn"}})");
    CHECK(whole.status == 202);
}

TEST_CASE("admin: content is in the audit before it is shown, and a correction before it is made") {
    World world;
    const auto id = failed_letter(world);
    const auto shown = content_shown(world, id);
    CHECK(shown["content"]["title"].as_string() == "Varsel om tilsyn");
    CHECK_FALSE(shown.has("obstacle"));
    world.post(edited(id), titled(world, id, "Tilsyn"));
    const auto audit = World::json(world.get("/admin/v1/audit?tenant=310001007"));
    std::vector<std::string> acts;
    for (const auto& entry : audit["items"].items()) {
        acts.push_back(entry["act"].as_string());
        CHECK(json::write(entry).find("for lang tittel") == std::string::npos);
    }
    CHECK(acts == std::vector<std::string>{"message_edited", "content_read", "content_read"});
}

TEST_CASE("admin: a message is corrected only by a role that may, while its content is open") {
    World world;
    const auto letter = world.accept_letter("A-1");
    world.end_in(letter, core::DeliveryState::failed);
    const auto path = "/admin/v1/messages/" + letter.to_string();
    const auto berit = sign_in(world, add(world, "berit", "archivist", World::first));
    const auto kari = sign_in(world, add(world, "kari", "operator", World::first));
    const auto edit = [&](const Signed& who) {
        return world.call({.method = "POST",
                           .target = path + "/edit",
                           .body = R"({"dryRun":true,"patch":{"title":"Tilsyn"}})",
                           .headers = who.act,
                           .uid = {}});
    };
    const auto read = [&](const Signed& who) {
        return world.call({.target = path + "/content", .headers = who.look, .uid = {}});
    };
    CHECK(code_said(edit(kari)) == "session.not_allowed");
    CHECK(code_said(read(kari)) == "session.not_allowed");
    CHECK(code_said(edit(berit)) == "session.content_closed");
    CHECK(code_said(read(berit)) == "session.content_closed");
    CHECK(world.taken_in.requests.empty());
    REQUIRE(world
                .call({.method = "POST",
                       .target = "/admin/v1/content/open",
                       .body = R"({"tenant":"310001007","why":"retting"})",
                       .headers = berit.act,
                       .uid = {}})
                .status == 200);
    CHECK(read(berit).status == 200);
    CHECK(edit(berit).status == 200);
    CHECK(code_said(edit(kari)) == "session.not_allowed");
}
