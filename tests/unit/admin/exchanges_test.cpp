#include "gateway/exchanges/exchange.hpp"
#include "gateway/exchanges/recorder.hpp"
#include "tests/unit/admin/people.hpp"

#include <catch2/catch.hpp>

using tests::run;
using tests::admin::World;
namespace core = gateway::core;
namespace json = gateway::json;
namespace ports = gateway::ports;
namespace sdk = gateway::sdk;

namespace {

std::string of_attempt(core::MessageId id, const std::string& attempt = "1") {
    return "/admin/v1/messages/" + id.to_string() + "/attempts/" + attempt + "/exchanges";
}

/// What an adapter's exchange with a component that says hostile things leaves.
std::string passed(const std::string& said) {
    sdk::HttpRequest request("POST", "https://api.example/api/v1/" + said);
    request.headers = {{"Content-Type", "application/json"}, {"X-Said", said}, {said, "1"}};
    json::Value body = json::Value::object();
    body.set("status", said).set(said, said);
    request.body = json::write(body);
    gateway::exchanges::Exchange exchange(request, core::Time{});
    core::Failure failure(core::Errc::unreachable, said);
    const sdk::Result<sdk::HttpResponse> result(std::move(failure));
    gateway::exchanges::Recorder recorder;
    recorder.add(std::move(exchange).ended(result, std::chrono::milliseconds(7)));
    return recorder.end();
}

/// Ends the first attempt of the letter with what passed.
void end_with(World& world, core::MessageId id, const std::string& text) {
    const auto message = world.message(id);
    const auto vault = world.vaults.find(core::TenantId(World::first));
    const auto key = vault->unwrap(message.wrapped_key, id.to_bytes()).value();
    ports::ClaimCommand claim;
    claim.now = world.clock.now();
    claim.lease_until = world.clock.now() + std::chrono::minutes(1);
    claim.limit = 1;
    const auto claimed = run(world.io, world.store->claim(claim)).value().at(0);
    ports::FinishCommand finish;
    finish.key = ports::DeliveryKey(claimed.tenant, claimed.row.id);
    finish.fence = claimed.fence;
    finish.at = world.clock.now();
    finish.state = core::DeliveryState::failed;
    finish.code = core::Code("upstream.unreachable");
    finish.exchanges.emplace();
    finish.exchanges->attempt = 1;
    finish.exchanges->work = core::Work::send;
    finish.exchanges->sealed = key.seal(*world.ids, "exchanges", id.to_bytes(), text);
    run(world.io, world.store->finish(finish)).value();
}

}   // namespace

TEST_CASE(
    "admin: what passed between here and the component is shown by attempt, and why no answer "
    "came, in words") {
    World world;
    const auto id = world.accept_letter("A-1");
    CHECK(World::json(world.get(of_attempt(id)))["items"].items().empty());
    end_with(world, id, passed("Ola Nordmann"));
    const auto answer = world.get(of_attempt(id));
    REQUIRE(answer.status == 200);
    const auto view = World::json(answer);
    REQUIRE(view["items"].items().size() == 1);
    const auto& call = view["items"].items()[0];
    CHECK(call["delivery"].as_string() == world.message(id).deliveries.back().id.to_string());
    CHECK(call["work"].as_string() == "send");
    CHECK(call["call"].as_int() == 1);
    CHECK(call["leftOut"].as_int() == 0);
    const auto& exchange = call["exchanges"].items().at(0);
    CHECK(exchange["method"].as_string() == "POST");
    CHECK(exchange["url"].as_string() == "https://api.example/api/v1/***");
    CHECK(exchange["milliseconds"].as_int() == 7);
    CHECK(exchange["failure"].as_string() == "upstream.unreachable");
    CHECK_FALSE(exchange["failureText"].as_string().empty());
    CHECK(answer.body.find("Nordmann") == std::string::npos);
    CHECK(World::json(world.get(of_attempt(id, "2")))["items"].items().empty());
}

TEST_CASE("admin: no word of a component comes through what passed, be it markup, script or a "
          "formula") {
    World world;
    constexpr const char* hostile[] = {"<script>alert(1)</script>",
                                       "\"><img src=x onerror=alert(1)>",
                                       "javascript:alert(1)",
                                       "{{constructor.constructor('alert(1)')()}}",
                                       "=HYPERLINK(\"https://x.example\")",
                                       "\r\nSet-Cookie: a=b",
                                       "<svg/onload=alert(1)>"};
    for (const auto* said : hostile) {
        const auto text = passed(said);
        INFO(text);
        CHECK(text.find("alert") == std::string::npos);
        CHECK(text.find("HYPERLINK") == std::string::npos);
        CHECK(text.find("Cookie") == std::string::npos);
        CHECK(text.find('<') == std::string::npos);
    }
}

TEST_CASE("admin: an operator sees what passed without opening content; who has no part in the "
          "municipality, or no such attempt, sees nothing") {
    World world;
    const auto id = world.accept_letter("A-1");
    end_with(world, id, passed("Ola"));
    const auto operator_here = add(world, "olav", "operator", World::first);
    const auto operator_there = add(world, "tora", "operator", World::second);
    const auto here = sign_in(world, operator_here);
    const auto seen = world.call({.target = of_attempt(id), .headers = here.look, .uid = {}});
    REQUIRE(seen.status == 200);
    CHECK(World::json(seen)["items"].items().size() == 1);
    const auto there = sign_in(world, operator_there);
    CHECK(world.call({.target = of_attempt(id), .headers = there.look, .uid = {}}).status == 404);
    for (const char* attempt : {"", "-1", "x", "1x", "99999999999", "1/2"}) {
        INFO(attempt);
        CHECK(world.get(of_attempt(id, attempt)).status == 404);
    }
    CHECK(world.get(of_attempt(core::MessageId())).status == 404);
}
