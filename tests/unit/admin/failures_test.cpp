#include "world.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tests::admin;
using core::DeliveryState;

namespace {

constexpr const char* why = R"({"why":"tilgangen er rettet"})";

std::vector<core::MessageId> fail(World& world, std::size_t count,
                                  const char* code = "maskinporten.mp_200") {
    std::vector<core::MessageId> letters;
    for (std::size_t i = 0; i < count; ++i) {
        letters.push_back(world.accept_letter("F-" + std::to_string(i)));
        world.end_in(letters.back(), DeliveryState::failed, code);
        world.clock.advance(std::chrono::seconds(1));
    }
    return letters;
}

std::string only_group(World& world) {
    const auto groups = World::json(world.get("/admin/v1/failures"));
    REQUIRE(groups["items"].items().size() == 1);
    return groups["items"].items().front()["group"].as_string();
}

/// Whatever is opened anew, and waits for its way, ends so.
void end_all(World& world, DeliveryState state, const char* code = "") {
    ports::ClaimCommand claim;
    claim.now = world.clock.now();
    claim.lease_until = claim.now + std::chrono::minutes(1);
    claim.limit = 100;
    claim.lane = ports::Lane::choices;
    for (const auto& claimed : run(world.io, world.store->claim(claim)).value()) {
        ports::FinishCommand finish;
        finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
        finish.fence = claimed.fence;
        finish.at = claim.now;
        finish.state = state;
        finish.code = core::Code(code);
        run(world.io, world.store->finish(finish)).value();
    }
}

void step(World& world) {
    REQUIRE(run(world.io, world.retries->step()).has_value());
}

json::Value retry_now(World& world) {
    return World::json(world.get("/admin/v1/retries"))["items"].items().front();
}

std::size_t replaced(World& world, const std::vector<core::MessageId>& letters) {
    std::size_t count = 0;
    for (const auto id : letters) {
        const auto deliveries = world.message(id).deliveries.size();
        CHECK(deliveries <= 2);   // never twice
        count += deliveries == 2 ? 1U : 0U;
    }
    return count;
}

}   // namespace

TEST_CASE("admin: failures are shown by cause, with owner, what to press and some of them") {
    World world;
    CHECK(World::json(world.get("/admin/v1/failures"))["total"].as_int() == 0);
    const auto letters = fail(world, 4);
    fail(world, 1, "made.up");
    const auto all = World::json(
        world.call({.target = "/admin/v1/failures", .headers = {{"Accept-Language", "en"}}}));
    CHECK(all["total"].as_int() == 5);
    REQUIRE(all["items"].items().size() == 2);
    const auto& known = all["items"].items()[0];
    CHECK(known["count"].as_int() == 4);
    CHECK(known["cause"]["id"].as_string() == "maskinporten.mp_200");
    CHECK(known["cause"]["owner"].as_string() == "us");
    CHECK(known["cause"]["press"]["do"].as_string() == "mend");
    CHECK(known["retryable"].as_bool());
    CHECK(known["samples"].items().front().as_string() == letters.back().to_string());
    const auto& unknown = all["items"].items()[1];
    CHECK(unknown["cause"]["id"].as_string() == "unknown");
    CHECK(unknown["cause"]["title"].as_string() == "Unknown cause");
    CHECK(unknown["cause"]["detail"].as_string().find("made.up") != std::string::npos);
    CHECK_FALSE(unknown["retryable"].as_bool());
    CHECK(world.get("/admin/v1/failures?tenant=310005002").status == 200);
    CHECK(world.get("/admin/v1/failures?tenant=999999999").status == 404);
    CHECK(world.get("/admin/v1/failures?colour=red").status == 400);
}

TEST_CASE("admin: a group's messages come by page, each once") {
    World world;
    const auto letters = fail(world, 7);
    const auto path = "/admin/v1/failures/" + only_group(world) + "/messages?limit=3";
    std::set<std::string> seen;
    std::string cursor;
    for (int pages = 0; pages < 5; ++pages) {
        const auto page = World::json(world.get(path + cursor));
        for (const auto& item : page["items"].items()) {
            CHECK(seen.insert(item["id"].as_string()).second);
        }
        if (page["next"].is_null()) {
            break;
        }
        cursor = "&cursor=" + page["next"].as_string();
    }
    CHECK(seen.size() == letters.size());
    CHECK(world.get(path + "&cursor=x").status == 400);
    CHECK(world.get("/admin/v1/failures/0123/messages").status == 404);
}

TEST_CASE(
    "admin: a group is retried one first, then ten, then the rest, with who and why on each") {
    World world;
    const auto letters = fail(world, 30);
    const auto path = "/admin/v1/failures/" + only_group(world) + "/retry";
    CHECK(world.post(path, "{}").status == 400);   // no reason
    const auto preview = world.post(path, R"({"preview":true})");
    CHECK(preview.status == 200);
    CHECK(World::json(preview)["count"].as_int() == 30);
    CHECK(replaced(world, letters) == 0);
    REQUIRE(world.post(path, why).status == 202);
    const auto again = world.post(path, why);
    CHECK(World::json(again)["code"].as_string() == "failures.retry_running");
    step(world);
    CHECK(replaced(world, letters) == 1);
    step(world);   // still waits for the first
    CHECK(replaced(world, letters) == 1);
    end_all(world, DeliveryState::sent);
    step(world);
    step(world);
    CHECK(replaced(world, letters) == 11);
    end_all(world, DeliveryState::sent);
    step(world);
    step(world);
    CHECK(replaced(world, letters) == 30);
    step(world);
    const auto ended = retry_now(world);
    CHECK(ended["state"].as_string() == "done");
    CHECK(ended["opened"].as_int() == 30);
    CHECK(world.get("/admin/v1/failures").status == 200);
    CHECK(World::json(world.get("/admin/v1/failures"))["total"].as_int() == 0);
    const auto line = world.timeline(letters.back()).back();
    CHECK(line["who"].as_string() == "root");
    CHECK(line["why"].as_string() == "tilgangen er rettet");
}

TEST_CASE("admin: a retry whose first fails anew sends nothing more, and can be begun again") {
    World world;
    const auto letters = fail(world, 5);
    const auto path = "/admin/v1/failures/" + only_group(world) + "/retry";
    REQUIRE(world.post(path, why).status == 202);
    step(world);
    end_all(world, DeliveryState::failed, "maskinporten.mp_200");
    step(world);
    CHECK(retry_now(world)["state"].as_string() == "stopped");
    step(world);
    CHECK(replaced(world, letters) == 1);
    CHECK(World::json(world.get("/admin/v1/failures"))["total"].as_int() == 5);
    CHECK(world.post(path, why).status == 202);
}

TEST_CASE("admin: a retry is paused, resumed and cancelled, each with a reason") {
    World world;
    const auto letters = fail(world, 5);
    REQUIRE(world.post("/admin/v1/failures/" + only_group(world) + "/retry", why).status == 202);
    const auto path = "/admin/v1/retries/" + retry_now(world)["id"].as_string();
    CHECK(world.post(path + "/pause", "{}").status == 400);
    REQUIRE(world.post(path + "/pause", why).status == 200);
    step(world);
    CHECK(replaced(world, letters) == 0);
    CHECK(World::json(world.post(path + "/pause", why))["code"].as_string() ==
          "failures.retry_state");
    REQUIRE(world.post(path + "/resume", why).status == 200);
    step(world);
    CHECK(replaced(world, letters) == 1);
    REQUIRE(world.post(path + "/cancel", why).status == 200);
    end_all(world, DeliveryState::sent);
    step(world);
    step(world);
    CHECK(replaced(world, letters) == 1);
    CHECK(world.post("/admin/v1/retries/x/cancel", why).status == 404);
}

TEST_CASE("admin: what may have arrived is not retried together") {
    World world;
    fail(world, 2, "delivery.unknown_outcome");
    const auto path = "/admin/v1/failures/" + only_group(world) + "/retry";
    CHECK(World::json(world.post(path, why))["code"].as_string() == "failures.look_first");
    CHECK(World::json(world.post(path, R"({"preview":true})"))["code"].as_string() ==
          "failures.look_first");
}

TEST_CASE("admin: what somebody else has retried meanwhile is not sent again by the group's") {
    World world;
    const auto letters = fail(world, 3);
    REQUIRE(world.post("/admin/v1/failures/" + only_group(world) + "/retry", why).status == 202);
    REQUIRE(world.post("/admin/v1/messages/" + letters[0].to_string() + "/retry", why).status ==
            202);
    step(world);
    CHECK(replaced(world, letters) == 2);
    CHECK(world.message(letters[0]).deliveries.size() == 2);
}

TEST_CASE("admin: a retry that loses what it wrote last opens nothing twice") {
    World world;
    const auto letters = fail(world, 30);
    REQUIRE(world.post("/admin/v1/failures/" + only_group(world) + "/retry", why).status == 202);
    // The state as it was written before each opening comes back, as after a crash.
    const core::ConnectionId ours("@failures");
    for (int rounds = 0; rounds < 12; ++rounds) {
        const auto before = run(world.io, world.store->get_state(ours, "retries")).value();
        step(world);
        auto after = run(world.io, world.store->get_state(ours, "retries")).value();
        const bool planned = after.version == before.version + 2;
        if (planned) {
            auto value = json::parse(after.value).value();
            auto& retry = value.mutable_items().front();
            for (auto& item : retry.find("batch")->mutable_items()) {
                item.set("progress", "planned");
            }
            const auto opened = static_cast<std::int64_t>(retry["batch"].items().size());
            retry.set("opened", retry["opened"].as_int() - opened);
            run(world.io,
                world.store->put_state(ours, "retries", json::write(value), after.version))
                .value();
            step(world);
        }
        end_all(world, DeliveryState::sent);
    }
    CHECK(replaced(world, letters) == 30);
    CHECK(retry_now(world)["state"].as_string() == "done");
    CHECK(retry_now(world)["opened"].as_int() == 30);
    CHECK(retry_now(world)["skipped"].as_int() == 0);
}
