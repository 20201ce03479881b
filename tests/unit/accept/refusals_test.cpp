#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;

namespace {

http::Response post(World& world, std::string body) {
    return world.call(
        {"POST", "/v1/messages", std::move(body), {{"Content-Type", "application/json"}}});
}

}   // namespace

TEST_CASE("accept: what is wrong with the type itself is said where it stands") {
    World world;
    const auto [body, pointer, code] = GENERATE(table<std::string, std::string, std::string>({
        {"{}", "/type", "schema.required"},
        {R"({"type":1,"version":1})", "/type", "schema.type"},
        {R"({"type":"letter","version":"1"})", "/version", "schema.type"},
        {R"({"type":"letter","version":9})", "/version", "message.unknown_type"},
        {R"({"type":"telegram","version":1})", "/type", "message.unknown_type"},
    }));
    const auto response = post(world, body);
    INFO(response.body);
    CHECK(response.status == 422);
    const auto errors = world.json(response)["errors"];
    REQUIRE(errors.items().size() == 1);
    CHECK(errors.items()[0]["pointer"].as_string() == pointer);
    CHECK(errors.items()[0]["code"].as_string() == code);
}

TEST_CASE("accept: a letter with neither text nor documents is told that it needs one of them") {
    World world;
    auto letter = World::letter();
    letter.remove("body");
    letter.remove("documents");
    const auto answer = world.json(world.post_letter(letter));
    REQUIRE(answer["errors"].items().size() == 1);
    CHECK(answer["errors"].items()[0]["code"].as_string() == "schema.any_of");
    CHECK(answer["errors"].items()[0]["detail"].as_string().find("body, documents") !=
          std::string::npos);
    letter.set("documents", json::Value::array());
    const auto empty = world.json(world.post_letter(letter));
    REQUIRE(empty["errors"].items().size() == 1);
    CHECK(empty["errors"].items()[0]["pointer"].as_string() == "/documents");
}

TEST_CASE("accept: two idempotency keys are refused, for nobody can say which one counts") {
    World world;
    World::Ask ask{"POST",
                   "/v1/messages",
                   json::write(World::letter()),
                   {{"Content-Type", "application/json"},
                    {"Idempotency-Key", "K-1"},
                    {"idempotency-key", "K-2"}}};
    CHECK(world.json(world.call(ask))["code"].as_string() == "idempotency.bad_key");
    CHECK(world.json(world.call({"GET", "/v1/messages"}))["items"].items().empty());
}

TEST_CASE("accept: a parameter that stands twice is refused, for nobody can say which one counts") {
    World world;
    const auto code = [&world](const World::Ask& ask) {
        return world.json(world.call(ask))["code"].as_string();
    };
    World::Ask letter{"POST",
                      "/v1/messages?dryRun=true&dryRun=false",
                      json::write(World::letter()),
                      {{"Content-Type", "application/json"}}};
    CHECK(code(letter) == "request.repeated_parameter");
    CHECK(code({"GET", "/v1/messages?limit=1&limit=2"}) == "request.repeated_parameter");
    CHECK(code({"GET", "/v1/events?after=a&after=a"}) == "request.repeated_parameter");
    CHECK(world.json(world.call({"GET", "/v1/messages"}))["items"].items().empty());
}

TEST_CASE(
    "accept: compressed content, and JSON in other characters than UTF-8, are refused as such") {
    World world;
    const auto [name, value, status] = GENERATE(table<std::string, std::string, int>({
        {"Content-Encoding", "gzip", 415},
        {"Content-Encoding", "identity", 202},
        {"Content-Type", "application/json; charset=iso-8859-1", 415},
        {"Content-Type", "Application/JSON;charset=\"latin1\"", 415},
        {"Content-Type", "application/json; a; charset=latin1", 415},
        {"Content-Type", "application/json; charset=\"latin1", 415},
        {"Content-Type", "application/json; charset=UTF-8", 202},
        {"Content-Type", "application/json;", 202},
        {"Content-Type", "Application/JSON ;charset=utf-8", 202},
        {"Content-Type", "application/json;Charset=\"utf-8\"", 202},
    }));
    World::Ask ask{"POST", "/v1/messages", json::write(World::letter()), {{name, value}}};
    if (name != "Content-Type") {
        ask.headers.emplace_back("Content-Type", "application/json");
    }
    INFO(name << ": " << value);
    CHECK(world.call(ask).status == status);
}

TEST_CASE("messages: a call that has no parameters names the one it was given") {
    World world;
    const auto path =
        "/v1/messages/" + world.json(world.post_letter(World::letter()))["id"].as_string();
    for (const std::string rest : {"", "/events", "/cancel"}) {
        const auto response =
            world.call({rest == "/cancel" ? "POST" : "GET", path + rest + "?limit=5"});
        INFO(rest << " " << response.body);
        CHECK(response.status == 400);
        CHECK(world.json(response)["detail"].as_string().starts_with("limit "));
    }
    CHECK(world.json(world.call({"GET", path}))["state"].as_string() == "queued");
}
