#include "gateway/records/sealing.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::admin;

namespace {

constexpr const char* kari = "17859130003";

std::string body(const std::string& more = "", const std::string& person = kari) {
    return R"({"person":")" + person + R"(","tenant":"310001007","why":"innsyn")" + more + "}";
}

/// Known to the first municipality, with a record.
gateway::core::Uuid meet(World& world) {
    const core::TenantId tenant(World::first);
    const auto vault = world.vaults.find(tenant);
    std::vector<ports::Subject> wanted;
    wanted.push_back(gateway::records::new_subject(*vault, *world.ids, core::RecordKeyKind::person,
                                                   kari, world.clock.now()));
    const auto known = run(world.io, world.store->records().subjects(tenant, wanted));
    std::vector<ports::RecordWrite> writes(1);
    auto& row = writes.front().row;
    row.subject = known->front().handle;
    row.dataset = "person";
    row.fields = R"(["names"])";
    row.purposes = "[]";
    gateway::records::HeldRecord held;
    held.parts.emplace_back();
    held.parts.back().fields = {"names"};
    held.parts.back().values = json::parse(R"({"names":{"first":"Kari"}})").value();
    gateway::records::seal_row(*vault, *world.ids, row, held);
    REQUIRE(run(world.io, world.store->records().keep(tenant, writes, {})).has_value());
    return row.subject;
}

}   // namespace

TEST_CASE("admin: a person's report has what is held and the log, and stands in it") {
    World world;
    world.configuration->records.synthetic_ids = true;
    const auto handle = meet(world).to_string();
    auto report = World::json(world.post("/admin/v1/persons/report", body()));
    CHECK(report["handle"].as_string() == handle);
    CHECK(report["held"].items().size() == 1);
    CHECK(report["entries"].items().size() == 1);
    const auto& entry = report["entries"].items().front();
    CHECK(entry["kind"].as_string() == "reported");
    CHECK(entry["system"].as_string() == "operator:root");
    CHECK(entry["reason"].as_string() == "innsyn");
    CHECK_FALSE(report.has("after"));
    report = World::json(world.post("/admin/v1/persons/report", body(R"(,"limit":1)")));
    CHECK(report["after"].as_int() == 1);
    CHECK(report["until"].as_int() == 2);
    report = World::json(
        world.post("/admin/v1/persons/report", body(R"(,"limit":1,"after":1,"until":2)")));
    CHECK_FALSE(report.has("held"));
    CHECK_FALSE(report.has("after"));
    CHECK(report["entries"].items().size() == 1);
}

TEST_CASE("admin: legal hold is set and lifted, and erasure is refused under it") {
    World world;
    world.configuration->records.synthetic_ids = true;
    meet(world);
    auto answer = World::json(world.post("/admin/v1/persons/hold", body()));
    CHECK(answer["legalHold"].as_bool());
    const auto refused = world.post("/admin/v1/persons/erase", body());
    CHECK(refused.status == 409);
    CHECK(World::json(refused)["code"].as_string() == "records.legal_hold");
    answer = World::json(world.post("/admin/v1/persons/lift-hold", body()));
    CHECK_FALSE(answer["legalHold"].as_bool());
    answer = World::json(world.post("/admin/v1/persons/erase", body()));
    CHECK(answer["erased"].as_int() == 1);
    CHECK(world.post("/admin/v1/persons/report", body()).status == 404);
}

TEST_CASE("admin: an ended id is linked with the one in use and separated again, with a reason") {
    World world;
    world.configuration->records.synthetic_ids = true;
    const auto handle = meet(world).to_string();
    const std::string successor = R"(,"successor":"13899000018")";
    const auto post = [&](const char* act, const std::string& text) {
        return world.post(std::string("/admin/v1/persons/") + act, text);
    };
    CHECK(post("link", body()).status == 400);
    CHECK(post("link", body(R"(,"successor":13899000018)")).status == 400);
    CHECK(post("link", R"({"person":"17859130003","tenant":"310001007","successor":"13899000018"})")
              .status == 400);
    CHECK(post("unlink", body(successor)).status == 400);
    CHECK(post("unlink", body()).status == 409);
    const auto wrong = post("link", body(R"(,"successor":"13899000019")"));
    CHECK(wrong.status == 400);
    CHECK(wrong.body.find("13899000019") == std::string::npos);
    const auto linked = World::json(post("link", body(successor)));
    CHECK(linked["handle"].as_string() == handle);
    const auto report = World::json(post("report", body("", "13899000018")));
    CHECK(report["handle"].as_string() == linked["replacedBy"].as_string());
    CHECK(report["otherHandles"].items().size() == 1);
    const auto separated = World::json(post("unlink", body()));
    CHECK(separated["handle"].as_string() == handle);
    CHECK(separated["separatedFrom"].as_string() == linked["replacedBy"].as_string());
}

TEST_CASE("admin: an act on a person needs a reason, one person, and members that are known") {
    World world;
    world.configuration->records.synthetic_ids = true;
    meet(world);
    const auto status = [&](const char* act, const std::string& text) {
        return world.post(std::string("/admin/v1/persons/") + act, text).status;
    };
    CHECK(status("report", R"({"person":"17859130003","tenant":"310001007"})") == 400);
    CHECK(status("report", body(R"(,"handle":"3f1c0f8e-5a3c-4b0e-9d57-0c8a4a1d2b6f")")) == 400);
    CHECK(status("report", R"({"tenant":"310001007","why":"x"})") == 400);
    CHECK(status("report", R"({"person":"17859130003","why":"x"})") == 400);   // of two tenants
    CHECK(status("report", body(R"(,"limit":0)")) == 400);
    CHECK(status("report", body(R"(,"limit":501)")) == 400);
    CHECK(status("report", body(R"(,"after":-1)")) == 400);
    CHECK(status("erase", body(R"(,"after":1)")) == 400);
    CHECK(status("erase", body("", "12345678901")) == 400);
    CHECK(status("burn", body()) == 404);
    CHECK(world.get("/admin/v1/persons/report").status == 404);
    const auto echoed = world.post("/admin/v1/persons/erase", body(R"(,"17859130003":"x")"));
    CHECK(echoed.status == 400);
    CHECK(echoed.body.find("17859130003") == std::string::npos);
}
