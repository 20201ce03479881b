#include "gateway/accept/event_stream.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;

namespace {

std::vector<std::string> ids_of(World& world, const std::string& target,
                                const std::string& key = {}) {
    const auto response = world.call({"GET", target, {}, {}, key});
    REQUIRE(response.status == 200);
    std::vector<std::string> ids;
    const auto page = world.json(response);
    for (const auto& item : page["items"].items()) {
        ids.push_back(item["id"].as_string());
    }
    return ids;
}

std::string send(World& world, const char* reference) {
    auto letter = World::letter();
    letter.set("reference", reference);
    world.clock.advance(std::chrono::seconds(1));
    return world.json(world.post_letter(letter))["id"].as_string();
}

}   // namespace

TEST_CASE("search: by own reference, state, type and time, newest first") {
    World world;
    const auto a = send(world, "A");
    const auto b = send(world, "B");
    CHECK(ids_of(world, "/v1/messages") == std::vector{b, a});
    CHECK(ids_of(world, "/v1/messages?reference=A") == std::vector{a});
    CHECK(ids_of(world, "/v1/messages?state=queued") == std::vector{b, a});
    CHECK(ids_of(world, "/v1/messages?state=failed").empty());
    CHECK(ids_of(world, "/v1/messages?type=letter/v1").size() == 2);
    CHECK(ids_of(world, "/v1/messages?connection=altinn-test").size() == 2);
    const auto at = core::to_rfc3339(world.clock.now());
    CHECK(ids_of(world, "/v1/messages?from=" + at) == std::vector{b});
    CHECK(ids_of(world, "/v1/messages?to=" + at) == std::vector{a});
    CHECK(ids_of(world, "/v1/messages", world.other_key).empty());
    CHECK(ids_of(world, "/v1/messages", world.reader_key).size() == 2);
}

TEST_CASE("search: pages follow each other without gap or repeat") {
    World world;
    std::vector<std::string> sent;
    for (int i = 0; i < 7; ++i) {
        sent.insert(sent.begin(), send(world, "R"));
    }
    std::vector<std::string> seen;
    std::string cursor;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = world.json(world.call(
            {"GET", "/v1/messages?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor)}));
        for (const auto& item : page["items"].items()) {
            seen.push_back(item["id"].as_string());
        }
        if (page["next"].is_null()) {
            break;
        }
        cursor = page["next"].as_string();
    }
    CHECK(seen == sent);
}

TEST_CASE("search: by recipient only with a body, never in the address") {
    World world;
    const auto id = send(world, "A");
    CHECK(world.call({"GET", "/v1/messages?recipient=310002003"}).status == 400);
    const World::Ask ask{"POST",
                         "/v1/messages/search",
                         R"({"recipient":{"organisation":"310002003"}})",
                         {{"Content-Type", "application/json"}}};
    const auto page = world.json(world.call(ask));
    REQUIRE(page["items"].items().size() == 1);
    CHECK(page["items"].items()[0]["id"].as_string() == id);
}

TEST_CASE("search: a body that is no object is refused, not answered with everything") {
    World world;
    send(world, "A");
    const auto body =
        GENERATE("[]", "null", "7", "\"x\"", R"([{"recipient":{"organisation":"310002003"}}])");
    const World::Ask ask{
        "POST", "/v1/messages/search", body, {{"Content-Type", "application/json"}}};
    CHECK(world.call(ask).status == 400);
}

TEST_CASE("search: a recipient who is none is refused, not answered with nothing") {
    World world;
    send(world, "A");
    const std::string recipient =
        GENERATE(R"({"organisation":"31000200"})", R"({"organisation":310002003})",
                 R"({"person":"310002003"})", R"({"org":"310002003"})", R"("310002003")", "{}",
                 R"({"organisation":"310002003","person":"17859130003"})", "[]", "null");
    const World::Ask ask{"POST",
                         "/v1/messages/search",
                         "{\"recipient\":" + recipient + "}",
                         {{"Content-Type", "application/json"}}};
    const auto response = world.call(ask);
    INFO(recipient << " " << response.body);
    CHECK(response.status == 400);
    const auto answer = world.json(response);
    CHECK(answer["code"].as_string() == "request.bad_parameter");
    CHECK(answer["errors"].items().at(0)["pointer"].as_string() == "/recipient");
}

TEST_CASE("search: two business keys are refused with the reason, by URL and by body") {
    World world;
    const auto code = [&world](const World::Ask& ask) {
        return world.json(world.call(ask))["code"].as_string();
    };
    CHECK(code({"GET", "/v1/messages?reference=A&case=B"}) == "request.one_key");
    CHECK(code({"POST",
                "/v1/messages/search",
                R"({"reference":"A","case":"B"})",
                {{"Content-Type", "application/json"}}}) == "request.one_key");
}

TEST_CASE("search: parameters that are unknown or do not fit are named") {
    World world;
    const auto query = GENERATE("colour=red", "state=happy", "limit=0", "limit=201", "limit=x",
                                "from=yesterday", "reference=");
    const auto response = world.call({"GET", std::string("/v1/messages?") + query});
    INFO(query << " " << response.body);
    CHECK(response.status == 400);
    CHECK(world.json(response)["code"].as_string() == "request.bad_parameter");
}

TEST_CASE(
    "search: a period that ends before it begins, and a cursor that is none, are told as such") {
    World world;
    const auto code = [&](const std::string& query) {
        return world.json(world.call({"GET", "/v1/messages?" + query}))["code"].as_string();
    };
    CHECK(code("cursor=garbage") == "request.bad_cursor");
    CHECK(code("from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z") == "request.from_after_to");
    CHECK(code("to=2026-02-01T00:00:00Z&from=2026-02-02T00:00:00Z") == "request.from_after_to");
}

TEST_CASE("events: by page from a cursor, each once, in order") {
    World world;
    const auto a = send(world, "A");
    const auto first = world.json(world.call({"GET", "/v1/events"}));
    REQUIRE(first["items"].items().size() == 2);
    CHECK(first["items"].items()[1]["type"].as_string() == "no.sluse.message.route_chosen.v1");
    const auto& event = first["items"].items()[0];
    CHECK(event["specversion"].as_string() == "1.0");
    CHECK(event["type"].as_string() == "no.sluse.message.accepted.v1");
    CHECK(event["source"].as_string() == "/sluse/310001007");
    CHECK(event["subject"].as_string() == a);
    const auto b = send(world, "B");
    const auto second =
        world.json(world.call({"GET", "/v1/events?after=" + first["next"].as_string()}));
    REQUIRE(second["items"].items().size() == 2);
    CHECK(second["items"].items()[0]["subject"].as_string() == b);
    CHECK(second["items"].items()[1]["subject"].as_string() == b);
    const auto third =
        world.json(world.call({"GET", "/v1/events?after=" + second["next"].as_string()}));
    CHECK(third["items"].items().empty());
    CHECK(third["next"].as_string() == second["next"].as_string());
    CHECK(world.call({"GET", "/v1/events?after=12"}).status == 400);
    CHECK(world.json(world.call({"GET", "/v1/events", {}, {}, world.foreign_key}))["items"]
              .items()
              .empty());
}

TEST_CASE("events: a stream resumes by the last id and shows what comes") {
    World world;
    const auto a = send(world, "A");
    World::Ask ask{"GET", "/v1/events", {}, {{"Accept", "text/event-stream"}}};
    const auto read_until = [&](sdk::ByteSource& stream, const std::string& wanted) {
        std::string text;
        std::array<char, 4096> block{};
        for (int i = 0; i < 20 && text.find(wanted) == std::string::npos; ++i) {
            std::size_t count = 0;
            bool ended = false;
            boost::asio::co_spawn(world.io, stream.read(block),
                                  [&](const std::exception_ptr&, core::Result<std::size_t> result) {
                                      count = result.value();
                                      ended = true;
                                  });
            REQUIRE(tests::run_until(
                world.io, world.clock, [&] { return ended; }, std::chrono::seconds(30)));
            text.append(block.data(), count);
        }
        return text;
    };
    auto response = world.call(ask);
    CHECK(response.flush_each_read);
    const auto text = read_until(*response.stream, a);
    CHECK(text.find("event: no.sluse.message.accepted.v1") != std::string::npos);
    CHECK(read_until(*response.stream, ": alive").find("data:") == std::string::npos);
    const auto b = send(world, "B");
    CHECK(read_until(*response.stream, b).find(a) == std::string::npos);
    const auto last = text.rfind("id: ") + 4;
    const auto id = text.substr(last, text.find('\n', last) - last);
    ask.headers.emplace_back("Last-Event-ID", id);
    auto resumed = world.call(ask);
    const auto rest = read_until(*resumed.stream, b);
    CHECK(rest.find(a) == std::string::npos);
    world.api->begin_drain();
    std::array<char, 16> block{};
    CHECK(run(world.io, resumed.stream->read(block)).value() == 0);
}

TEST_CASE("documents: a range gives exactly those bytes") {
    World world;
    World::Ask upload{"POST", "/v1/documents", "0123456789"};
    const auto hash = world.json(world.call(upload))["sha256"].as_string();
    const auto [range, status, bytes] = GENERATE(table<std::string, int, std::string>({
        {"bytes=2-4", 206, "234"},
        {"bytes=7-", 206, "789"},
        {"bytes=-3", 206, "789"},
        {"bytes=0-99", 206, "0123456789"},
        {"bytes=5-2", 200, "0123456789"},
        {"bytes=1-2,4-5", 200, "0123456789"},
        {"pages=1-2", 200, "0123456789"},
        {"bytes=10-", 416, ""},
        {"bytes=-0", 416, ""},
    }));
    auto response = world.call({"GET", "/v1/documents/" + hash, {}, {{"Range", range}}});
    CHECK(response.status == status);
    if (response.stream) {
        CHECK(run(world.io, sdk::read_all(*response.stream, 100)).value() == bytes);
    } else {
        CHECK(sdk::find_header(response.headers, "Content-Range") == "bytes */10");
    }
}

TEST_CASE("documents: over the limit is refused before a byte is read when the length is stated") {
    World world;
    world.configuration->limits.document_bytes_max = 5;
    World::Ask upload{"POST", "/v1/documents", "0123456789"};
    const auto response = world.call(upload);
    CHECK(response.status == 413);
    CHECK(world.json(response)["code"].as_string() == "document.too_large");
    CHECK(world.documents.bytes.empty());
}

TEST_CASE("pages: the OpenAPI document and the docs page need no key") {
    World world;
    World::Ask ask{"GET", "/openapi.yaml"};
    ask.without_key = true;
    CHECK(world.call(ask).body == "openapi: 3.1.0");
    ask.target = "/docs";
    const auto docs = world.call(ask);
    CHECK(docs.status == 200);
    CHECK(sdk::find_header(docs.headers, "Content-Security-Policy").find("default-src 'none'") !=
          std::string_view::npos);
}
