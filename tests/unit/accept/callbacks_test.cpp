#include "gateway/accept/callbacks.hpp"

#include "tests/support/fake_host.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace tests::accept;
using namespace std::chrono_literals;

namespace {

const std::string secret(43, 'k');

/// Answers what the test says, and remembers what it was handed.
class ToldCallbacks final : public ports::Callbacks {
public:
    explicit ToldCallbacks(sdk::Clock& clock) : clock_(clock) {}
    sdk::Task<sdk::Result<sdk::CallbackAnswer>>
    call_back(core::ConnectionId connection, sdk::Callback call, sdk::Deadline) override {
        connections.push_back(connection.value);
        calls.push_back(std::move(call));
        if (hangs) {
            co_await clock_.sleep_until(clock_.steady() + 1h);
        }
        co_return answer;
    }

    std::vector<std::string> connections;
    std::vector<sdk::Callback> calls;
    sdk::CallbackAnswer answer = sdk::CallbackAnswer::taken;
    bool hangs = false;

private:
    sdk::Clock& clock_;
};

/// The API of a world with call-backs in it.
struct Door {
    World world;
    ToldCallbacks told{world.clock};

    Door() {
        world.api.reset();
        gateway::accept::ApiParts parts{
            *world.store, world.documents, *world.uploads, *world.intake, world, world,
            world.vaults, *world.sign_in,  world.clock,    *world.ids,    log,   world.metrics};
        parts.callbacks = &told;
        world.api = std::make_unique<gateway::accept::PublicApi>(
            parts, gateway::accept::PublicPages{"openapi: 3.1.0", "<html></html>"});
    }

    http::Response post(const std::string& target, std::string body = "{}") {
        World::Ask ask{"POST", target, std::move(body), {{"Content-Type", "application/json"}}};
        ask.without_key = true;
        return world.call(std::move(ask));
    }

    tests::RecordingLog log;
};

}   // namespace

TEST_CASE("callbacks: a component's call reaches the connection it names, whole") {
    Door door;
    const auto response = door.post("/callbacks/altinn-forms/" + secret, R"({"id":"1"})");
    CHECK(response.status == 200);
    CHECK(response.body.empty());
    REQUIRE(door.told.calls.size() == 1);
    CHECK(door.told.connections.front() == "altinn-forms");
    CHECK(door.told.calls.front().secret == secret);
    CHECK(door.told.calls.front().content_type == "application/json");
    CHECK(door.told.calls.front().body == R"({"id":"1"})");
}

TEST_CASE("callbacks: each answer of an adapter has its status, and none says more") {
    Door door;
    const std::pair<sdk::CallbackAnswer, int> all[] = {{sdk::CallbackAnswer::taken, 200},
                                                       {sdk::CallbackAnswer::stranger, 404},
                                                       {sdk::CallbackAnswer::refused, 400},
                                                       {sdk::CallbackAnswer::not_kept, 503}};
    for (const auto& [answer, status] : all) {
        door.told.answer = answer;
        const auto response = door.post("/callbacks/altinn-forms/" + secret);
        CHECK(response.status == status);
        CHECK(response.body.empty());
    }
}

TEST_CASE("callbacks: a path that cannot be one asks nobody, and answers as a wrong secret does") {
    Door door;
    for (const auto& target :
         {std::string("/callbacks/"), std::string("/callbacks/altinn-forms"),
          std::string("/callbacks/altinn-forms/"), std::string("/callbacks/altinn-forms/short"),
          "/callbacks//" + secret, "/callbacks/altinn-forms/" + secret + "/more",
          "/callbacks/altinn-forms/" + secret + "%2Fmore",
          "/callbacks/altinn-forms/" + secret.substr(1) + "%20",
          "/callbacks/altinn-forms/" + std::string(129, 'k'),
          "/callbacks/" + std::string(101, 'c') + "/" + secret}) {
        CAPTURE(target);
        const auto response = door.post(target);
        CHECK(response.status == 404);
        CHECK(response.body.empty());
    }
    CHECK(door.told.calls.empty());
    World::Ask get{"GET", "/callbacks/altinn-forms/" + secret};
    const auto response = door.world.call(std::move(get));
    CHECK(response.status == 405);
    CHECK(door.told.calls.empty());
}

TEST_CASE("callbacks: a body of 64 KiB is taken, a byte more is not") {
    Door door;
    CHECK(door.post("/callbacks/a/" + secret, std::string(64U << 10U, 'x')).status == 200);
    CHECK(door.post("/callbacks/a/" + secret, std::string((64U << 10U) + 1, 'x')).status == 413);
    CHECK(door.told.calls.size() == 1);
}

TEST_CASE("callbacks: an adapter that does not answer in time is as one that could not store") {
    Door door;
    door.told.hangs = true;
    int status = 0;
    SlicedBody body("{}");
    http::Request request;
    request.method = "POST";
    request.path = "/callbacks/a/" + secret;
    request.body = &body;
    boost::asio::co_spawn(door.world.io, door.world.api->handle(request),
                          [&](const std::exception_ptr& fault, const http::Response& response) {
                              REQUIRE_FALSE(fault);
                              status = response.status;
                          });
    CHECK(tests::run_until(
        door.world.io, door.world.clock, [&] { return status != 0; }, 30s));
    CHECK(status == 503);
}

TEST_CASE("callbacks: the secret is neither logged nor counted") {
    Door door;
    CHECK(door.post("/callbacks/altinn-forms/" + secret).status == 200);
    door.told.answer = sdk::CallbackAnswer::stranger;
    CHECK(door.post("/callbacks/altinn-forms/" + secret).status == 404);
    CHECK_FALSE(door.log.holds(secret));
    const std::string text = door.world.metrics.expose();
    CHECK(text.find("sluse_callbacks_total") != std::string::npos);
    CHECK(text.find(secret) == std::string::npos);
}
