#include "gateway/exchanges/recorded_client.hpp"

#include "gateway/exchanges/recorder.hpp"
#include "gateway/runtime/run_on.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <boost/asio/strand.hpp>
#include <catch2/catch.hpp>

namespace {

using namespace gateway;
namespace asio = boost::asio;

struct World {
    asio::io_context io;
    tests::ManualClock clock;
    tests::ScriptedHttpClient* script = nullptr;
    std::unique_ptr<exchanges::RecordedClient> client;
    asio::strand<asio::any_io_executor> strand =
        asio::make_strand(asio::any_io_executor(io.get_executor()));

    World() {
        auto scripted = std::make_unique<tests::ScriptedHttpClient>(clock);
        script = scripted.get();
        client = std::make_unique<exchanges::RecordedClient>(std::move(scripted), clock);
    }
    sdk::Task<int> calls(int how_many) {
        int last = 0;
        for (int i = 0; i < how_many; ++i) {
            sdk::HttpRequest request("GET", "https://api.example/api/v1/messages/in");
            const auto latest = clock.in(std::chrono::seconds(10));
            const auto answer = co_await client->send(std::move(request), latest);
            last = answer.has_value() ? answer->status : -1;
        }
        co_return last;
    }
    sdk::Task<int> told_calls(std::shared_ptr<exchanges::Recorder> recorder, int how_many) {
        const runtime::TaggedExecutor there(strand, std::move(recorder));
        co_return co_await runtime::run_on(there, calls(how_many));
    }
};

}   // namespace

TEST_CASE("recorded client: a call's exchanges are told to its own recorder, and to nobody without "
          "one") {
    World world;
    for (int i = 0; i < 4; ++i) {
        world.script->next().answer_json(200 + i, R"({"navn":"Ola","status":"SENDT_NA"})");
    }
    const auto first = std::make_shared<exchanges::Recorder>();
    const auto second = std::make_shared<exchanges::Recorder>();
    CHECK(tests::run(world.io, world.told_calls(first, 1)) == 200);
    CHECK(tests::run(world.io, world.told_calls(second, 2)) == 202);
    CHECK(tests::run(world.io, world.calls(1)) == 203);
    const auto of_first = json::parse(first->end()).value();
    const auto of_second = json::parse(second->end()).value();
    REQUIRE(of_first["exchanges"].items().size() == 1);
    REQUIRE(of_second["exchanges"].items().size() == 2);
    CHECK(of_first["exchanges"].items()[0]["status"].as_int() == 200);
    CHECK(of_second["exchanges"].items()[1]["status"].as_int() == 202);
    CHECK(of_first["exchanges"].items()[0]["response"]["body"]["text"].as_string() ==
          R"({"navn":"***","status":"SENDT_NA"})");
}

TEST_CASE("recorded client: of many exchanges the first and the last are kept, and it is said how "
          "many are not") {
    World world;
    for (int i = 0; i < 20; ++i) {
        world.script->next().answer(200 + i);
    }
    const auto recorder = std::make_shared<exchanges::Recorder>();
    CHECK(tests::run(world.io, world.told_calls(recorder, 20)) == 219);
    const auto kept = json::parse(recorder->end()).value();
    REQUIRE(kept["exchanges"].items().size() == exchanges::Recorder::exchanges_max);
    CHECK(kept["exchanges"].items().front()["status"].as_int() == 200);
    CHECK(kept["exchanges"].items().back()["status"].as_int() == 219);
    CHECK(kept["leftOut"].as_int() == 4);
}

TEST_CASE("recorded client: nothing passed is nothing kept, and what comes after the end is let "
          "go") {
    World world;
    world.script->next().fail(core::Errc::unreachable);
    const auto recorder = std::make_shared<exchanges::Recorder>();
    CHECK(recorder->end().empty());
    CHECK(tests::run(world.io, world.told_calls(recorder, 1)) == -1);
    CHECK(recorder->end().empty());
}
