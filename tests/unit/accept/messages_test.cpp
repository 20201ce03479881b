#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;

namespace {

std::string code_of(World& world, const http::Response& response) {
    return world.json(response)["code"].as_string();
}

http::Response post(World& world, std::string body, const char* type = "application/json") {
    return world.call({"POST", "/v1/messages", std::move(body), {{"Content-Type", type}}});
}

std::size_t messages_in(World& world) {
    const auto page = world.call({"GET", "/v1/messages", {}, {}, world.reader_key});
    return world.json(page)["items"].items().size();
}

json::Value letter_with(std::string_view member, json::Value value) {
    auto letter = World::letter();
    letter.set(member, std::move(value));
    return letter;
}

}   // namespace

TEST_CASE("accept: a letter as JSON gets 202 with its id, place and first state") {
    World world;
    const auto response = world.post_letter(World::letter());
    REQUIRE(response.status == 202);
    const auto answer = world.json(response);
    CHECK(answer["state"].as_string() == "queued");
    CHECK(answer["type"].as_string() == "letter/v1");
    CHECK(core::MessageId::parse(answer["id"].as_string()).has_value());
    CHECK(sdk::find_header(response.headers, "Location") ==
          "/v1/messages/" + answer["id"].as_string());
    CHECK(answer["links"]["events"].as_string() ==
          "/v1/messages/" + answer["id"].as_string() + "/events");
    CHECK(messages_in(world) == 1);
}

TEST_CASE("accept: files of a multipart letter are stored, named and referred to") {
    World world;
    auto letter = World::letter();
    letter.set("documents",
               *json::parse(
                   R"([{"part":"vedtak","name":"vedtak.pdf"},{"part":"kart","name":"kart.png"}])"));
    const auto slice = GENERATE(1, 7, 64, 100000);
    const std::string pdf(70'000, 'p');
    World::Ask ask{"POST",
                   "/v1/messages",
                   World::multipart(json::write(letter), {{"vedtak", pdf}, {"kart", ""}}),
                   {{"Content-Type", "multipart/form-data; boundary=X"}}};
    ask.slice = static_cast<std::size_t>(slice);
    const auto response = world.call(ask);
    INFO(response.body);
    REQUIRE(response.status == 202);
    const auto documents = world.json(response)["documents"].items();
    REQUIRE(documents.size() == 2);
    CHECK(documents[0]["name"].as_string() == "vedtak.pdf");
    CHECK(documents[0]["size"].as_int() == 70'000);
    CHECK(documents[1]["size"].as_int() == 0);
    CHECK(world.documents.bytes.size() == 2);
    CHECK(world.documents.open_writers == 0);
    const auto read = world.call({"GET", "/v1/documents/" + documents[0]["sha256"].as_string()});
    REQUIRE(read.status == 200);
    CHECK(run(world.io, sdk::read_all(*read.stream, 100'000)).value() == pdf);
}

TEST_CASE("accept: what cannot be read as a message says where and stores nothing") {
    World world;
    const auto [body, code, status] = GENERATE(table<std::string, std::string, int>({
        {"{\"type\":", "request.malformed_json", 400},
        {"", "request.malformed_json", 400},
        {"{\"type\":\"letter\",\"type\":\"letter\"}", "request.duplicate_key", 400},
        {"{\"type\":\"\xff\"}", "request.not_utf8", 400},
        {"{\"type\":\"\\ud800\"}", "request.not_utf8", 400},
        {std::string(100, '[') + std::string(100, ']'), "request.too_deep", 400},
        {"[]", "request.not_object", 400},
        {"{}", "message.schema", 422},
        {R"({"type":"telegram","version":1})", "message.unknown_type", 422},
        {R"({"type":"letter","version":9})", "message.unknown_type", 422},
        {R"({"type":"letter","version":1,"title":"x"})", "message.schema", 422},
    }));
    const auto response = post(world, body);
    INFO(response.body);
    CHECK(response.status == status);
    CHECK(code_of(world, response) == code);
    CHECK(messages_in(world) == 0);
}

TEST_CASE("accept: a message over the limit is refused with the limit") {
    World world;
    const auto response = world.post_letter(letter_with("body", std::string(1'100'000, 'x')));
    CHECK(response.status == 413);
    CHECK(code_of(world, response) == "request.too_large");
}

TEST_CASE("accept: every fault against the schema is said at once with its pointer") {
    World world;
    auto letter = World::letter();
    letter.set("titel", "x")
        .set("kind", "postcard")
        .set("recipient", *json::parse(R"({"organisation":"12"})"));
    const auto response = world.post_letter(letter);
    REQUIRE(response.status == 422);
    std::map<std::string, std::string> faults;
    const auto answer = world.json(response);
    for (const auto& error : answer["errors"].items()) {
        faults[error["pointer"].as_string()] = error["code"].as_string();
    }
    CHECK(faults["/titel"] == "schema.unknown_member");
    CHECK(faults["/kind"] == "schema.enum");
    CHECK(faults["/recipient/organisation"] == "schema.pattern");
}

TEST_CASE("accept: another content type is refused with what is expected") {
    World world;
    const auto type = GENERATE("text/plain", "", "application/xml", "multipart/form-data",
                               "multipart/form-data; boundary=", "multipart/mixed; boundary=X");
    const auto response = post(world, json::write(World::letter()), type);
    CHECK(response.status == 415);
    CHECK(code_of(world, response) == "request.unsupported_media_type");
}

TEST_CASE("accept: missing, malformed, unknown and revoked keys get the same 401") {
    World world;
    const auto bodies = [&](const http::Response& response) {
        CHECK(response.status == 401);
        CHECK(sdk::find_header(response.headers, "WWW-Authenticate") == "Bearer");
        auto answer = world.json(response);
        answer.remove("trace");
        return json::write(answer);
    };
    World::Ask none{"GET", "/v1/messages"};
    none.without_key = true;
    const auto missing = bodies(world.call(none));
    auto unknown = world.key;
    unknown.back() = unknown.back() == 'A' ? 'B' : 'A';
    CHECK(bodies(world.call({"GET", "/v1/messages", {}, {}, "hello"})) == missing);
    CHECK(bodies(world.call({"GET", "/v1/messages", {}, {}, unknown})) == missing);
    CHECK(bodies(world.call(
              {"GET", "/v1/messages", {}, {}, world.add_key("310001007", "x", "admin")})) ==
          missing);
    REQUIRE(world.call({"GET", "/v1/messages"}).status == 200);
    const auto id = world.key.substr(4, world.key.find('_', 4) - 4);
    REQUIRE(run(world.io, world.store->revoke_credential(id, world.clock.now())).has_value());
    world.api->forget_key(id);
    CHECK(bodies(world.call({"GET", "/v1/messages"})) == missing);
}

TEST_CASE("accept: a key without the grant may not send and learns nothing of the message") {
    World world;
    World::Ask ask{"POST",
                   "/v1/messages",
                   R"({"type":"letter","version":1,"wrong":1})",
                   {{"Content-Type", "application/json"}}};
    ask.key = world.reader_key;
    const auto response = world.call(ask);
    CHECK(response.status == 403);
    CHECK(code_of(world, response) == "auth.not_granted");
    CHECK(world.json(response)["errors"].items().empty());
    ask.target = "/v1/documents";
    CHECK(world.call(ask).status == 403);
}

TEST_CASE("accept: what is not yours answers as if it did not exist") {
    World world;
    const auto id = world.json(world.post_letter(World::letter()))["id"].as_string();
    const auto strip = [&](const http::Response& response) {
        CHECK(response.status == 404);
        auto answer = world.json(response);
        answer.remove("trace");
        answer.remove("instance");
        return json::write(answer);
    };
    const auto unknown =
        strip(world.call({"GET", "/v1/messages/0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a99"}));
    for (const auto& key : {world.other_key, world.foreign_key}) {
        CHECK(strip(world.call({"GET", "/v1/messages/" + id, {}, {}, key})) == unknown);
        CHECK(strip(world.call({"GET", "/v1/messages/" + id + "/events", {}, {}, key})) == unknown);
        CHECK(strip(world.call({"POST", "/v1/messages/" + id + "/cancel", {}, {}, key})) ==
              unknown);
    }
    CHECK(world.call({"GET", "/v1/messages/" + id, {}, {}, world.reader_key}).status == 200);
    CHECK(world.call({"GET", "/v1/messages/" + id}).status == 200);
}

TEST_CASE("accept: the same key and content, by JSON or multipart, give the first answer") {
    World world;
    const std::string pdf = "%PDF-1.7 bytes";
    World::Ask upload{"POST", "/v1/documents", pdf};
    const auto hash = world.json(world.call(upload))["sha256"].as_string();
    auto by_hash = World::letter();
    by_hash.set("documents", *json::parse(R"([{"sha256":")" + hash + R"(","name":"a.pdf"}])"));
    auto by_part = World::letter();
    by_part.set("documents", *json::parse(R"([{"part":"x","name":"a.pdf"}])"));
    const auto first = world.post_letter(by_hash, "K-1");
    REQUIRE(first.status == 202);
    World::Ask second{
        "POST",
        "/v1/messages",
        World::multipart(json::write(by_part), {{"x", pdf}}),
        {{"Content-Type", "multipart/form-data; boundary=X"}, {"Idempotency-Key", "K-1"}}};
    const auto again = world.call(second);
    CHECK(again.status == 202);
    CHECK(again.body == first.body);
    CHECK(messages_in(world) == 1);
    const auto other = world.post_letter(letter_with("title", "Noe annet"), "K-1");
    CHECK(other.status == 409);
    CHECK(code_of(world, other) == "idempotency.conflict");
    World::Ask foreign{"POST",
                       "/v1/messages",
                       json::write(World::letter()),
                       {{"Content-Type", "application/json"}, {"Idempotency-Key", "K-1"}}};
    foreign.key = world.other_key;
    CHECK(world.call(foreign).status == 202);   // another system's keys are its own
}

TEST_CASE("accept: an idempotency key that is empty, too long or not ASCII is refused") {
    World world;
    const auto key = GENERATE(as<std::string>{}, std::string(256, 'k'), "nøkkel", "a b", "\t");
    CHECK(code_of(world, world.post_letter(World::letter(), key)) == "idempotency.bad_key");
}

TEST_CASE("accept: multipart faults are told apart and leave no half file") {
    World world;
    auto letter = World::letter();
    letter.set("documents", *json::parse(R"([{"part":"a","name":"a.pdf"}])"));
    const auto text = json::write(letter);
    const auto whole = World::multipart(text, {{"a", "bytes"}});
    const auto [body, code] = GENERATE_COPY(table<std::string, std::string>({
        {World::multipart(text, {}), "request.missing_file_part"},
        {World::multipart(text, {{"a", "1"}, {"b", "2"}}), "request.unused_file_part"},
        {World::multipart(text, {{"a", "1"}, {"a", "2"}}), "request.duplicate_part"},
        {World::multipart(text, {{"message", text}}), "request.duplicate_part"},
        {"--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n" + whole,
         "request.message_part_first"},
        {whole.substr(0, whole.size() - 9), "request.body_incomplete"},
        {whole.substr(0, 60), "request.body_incomplete"},
        {"no boundary here", "request.body_incomplete"},
        {"--X\r\n\r\nx\r\n--X--", "request.bad_multipart"},
        {"--X\r\n" + std::string(10'000, 'h') + "\r\n", "request.bad_multipart"},
    }));
    const auto response = post(world, body, "multipart/form-data; boundary=X");
    INFO(response.body);
    CHECK(code_of(world, response) == code);
    CHECK(messages_in(world) == 0);
    CHECK(world.documents.open_writers == 0);
}

TEST_CASE("accept: bytes that do not fit their stated checksum are refused") {
    World world;
    auto letter = World::letter();
    letter.set("documents", *json::parse(R"([{"part":"a","name":"a.pdf"}])"));
    const std::string body =
        "--X\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n" + json::write(letter) +
        "\r\n--X\r\nContent-Disposition: form-data; name=\"a\"\r\n"
        "Content-Digest: "
        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n\r\nbytes\r\n--X--";
    CHECK(code_of(world, post(world, body, "multipart/form-data; boundary=X")) ==
          "request.checksum_mismatch");
    World::Ask upload{
        "POST",
        "/v1/documents",
        "bytes",
        {{"Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}}};
    CHECK(code_of(world, world.call(upload)) == "request.checksum_mismatch");
    upload.body.clear();
    CHECK(world.call(upload).status == 201);
    upload.headers = {{"Content-Digest", "md5=:x:"}};
    CHECK(code_of(world, world.call(upload)) == "request.bad_header");
}

TEST_CASE("accept: a body that stops or crawls ends in a clear refusal") {
    World world;
    const auto [end, code, status] = GENERATE(table<core::Errc, std::string, int>({
        {core::Errc::closed, "request.body_incomplete", 400},
        {core::Errc::too_slow, "request.too_slow", 408},
    }));
    World::Ask ask{
        "POST", "/v1/messages", R"({"type":"let)", {{"Content-Type", "application/json"}}};
    ask.body_end = end;
    CHECK(code_of(world, world.call(ask)) == code);
    ask.target = "/v1/documents";
    const auto response = world.call(ask);
    CHECK(response.status == status);
    CHECK(world.documents.bytes.empty());
    CHECK(world.documents.open_writers == 0);
}

TEST_CASE("accept: a dry run tells all problems and the route, and stores nothing") {
    World world;
    world.connection->problems = {
        {"/title", "letter.title_too_long", {{"max", "255"}, {"length", "300"}}},
        {"/documents/0/name", "letter.file_type_not_allowed", {}}};
    auto letter = World::letter();
    letter.set("documents", *json::parse(R"([{"part":"a","name":"a.exe"}])"))
        .set("expiresAt", "2020-01-01T00:00:00Z");
    World::Ask ask{"POST",
                   "/v1/messages?dryRun=true",
                   World::multipart(json::write(letter), {{"a", "bytes"}}),
                   {{"Content-Type", "multipart/form-data; boundary=X"}}};
    const auto response = world.call(ask);
    REQUIRE(response.status == 200);
    const auto answer = world.json(response);
    CHECK_FALSE(answer["ok"].as_bool(true));
    CHECK(answer["problems"].items().size() == 3);
    CHECK(answer["route"].items().at(0)["connection"].as_string() == "altinn-test");
    CHECK(messages_in(world) == 0);
    CHECK(world.documents.bytes.empty());
    world.connection->problems.clear();
    const auto good = world.call({"POST",
                                  "/v1/messages?dryRun=true",
                                  json::write(World::letter()),
                                  {{"Content-Type", "application/json"}}});
    CHECK(world.json(good)["ok"].as_bool());
    CHECK(messages_in(world) == 0);
}

TEST_CASE("accept: the channel's rules refuse at accept what dry run would have told") {
    World world;
    world.connection->problems = {
        {"/title", "letter.title_too_long", {{"max", "255"}, {"length", "300"}}}};
    const auto response = world.post_letter(World::letter());
    CHECK(response.status == 422);
    CHECK(code_of(world, response) == "message.invalid");
    CHECK(world.json(response)["errors"].items().at(0)["pointer"].as_string() == "/title");
    CHECK(messages_in(world) == 0);
}

TEST_CASE("accept: a document of another system cannot be referred to by its hash") {
    World world;
    World::Ask upload{"POST", "/v1/documents", "secret", {}, world.other_key};
    const auto hash = world.json(world.call(upload))["sha256"].as_string();
    auto letter = World::letter();
    letter.set("documents", *json::parse(R"([{"sha256":")" + hash + R"(","name":"a.pdf"}])"));
    const auto response = world.post_letter(letter);
    CHECK(response.status == 422);
    CHECK(code_of(world, response) == "document.unknown_reference");
    const auto hidden = world.call({"GET", "/v1/documents/" + hash});
    CHECK(hidden.status == 404);
    CHECK(code_of(world, hidden) == "document.not_found");
}

TEST_CASE("accept: a full disk refuses with 507 before anything is stored, and resumes") {
    World world;
    world.disk_full = true;
    const auto response = world.post_letter(World::letter());
    CHECK(response.status == 507);
    CHECK(code_of(world, response) == "service.storage_full");
    CHECK(sdk::has_header(response.headers, "Retry-After"));
    world.disk_full = false;
    CHECK(world.post_letter(World::letter()).status == 202);
    world.documents.broken = core::Errc::storage_full;
    World::Ask upload{"POST", "/v1/documents", "bytes"};
    CHECK(world.call(upload).status == 507);
    world.documents.broken = core::Errc::storage_failed;
    CHECK(world.call(upload).status == 503);
}

TEST_CASE("accept: while draining new messages are refused and reading goes on") {
    World world;
    const auto id = world.json(world.post_letter(World::letter()))["id"].as_string();
    world.api->begin_drain();
    const auto response = world.post_letter(World::letter());
    CHECK(response.status == 503);
    CHECK(code_of(world, response) == "service.draining");
    CHECK(world.call({"GET", "/v1/messages/" + id}).status == 200);
}

TEST_CASE("accept: a way that could not take over is warned of, and the letter is accepted") {
    World world;
    auto changed = std::make_shared<core::Configuration>(*world.configuration);
    auto& ways = changed->tenants.at(core::TenantId("310001007")).routes.at(0).use;
    ways.push_back(ways.front());
    ways.back().with = R"({"resource":"reserve"})";
    world.configuration = changed;
    world.connection->problems_of_reserve.emplace_back("/documents", "letter.file_empty");
    const auto response = world.post_letter(World::letter());
    CHECK(response.status == 202);
    const auto warnings = world.json(response)["warnings"];
    REQUIRE(warnings.items().size() == 1);
    CHECK(warnings.items()[0]["code"].as_string() == "route.reserve_cannot_carry");
}

TEST_CASE("accept: problems come in the language asked for") {
    World world;
    const auto [asked, tag] =
        GENERATE(table<std::string, std::string>({{"", "nb"},
                                                  {"nn", "nn"},
                                                  {"en-GB,en;q=0.9", "en"},
                                                  {"fr, nn;q=0.4, en;q=0.2", "nn"},
                                                  {"no", "nb"}}));
    World::Ask ask{"GET", "/v1/nowhere", {}, {{"Accept-Language", asked}}};
    const auto response = world.call(ask);
    CHECK(response.status == 404);
    CHECK(sdk::find_header(response.headers, "Content-Language") == tag);
    const auto answer = world.json(response);
    for (const auto* member :
         {"type", "title", "detail", "instance", "code", "owner", "action", "trace"}) {
        CHECK_FALSE(answer[member].as_string().empty());
    }
}

TEST_CASE("accept: a letter cancelled before an attempt is cancelled at once") {
    World world;
    const auto id = world.json(world.post_letter(World::letter()))["id"].as_string();
    const auto response = world.call({"POST", "/v1/messages/" + id + "/cancel"});
    CHECK(response.status == 202);
    CHECK(world.json(response)["state"].as_string() == "cancelled");
    const auto again = world.call({"POST", "/v1/messages/" + id + "/cancel"});
    CHECK(again.status == 409);
    CHECK(code_of(world, again) == "message.cannot_cancel");
    const auto timeline = world.json(world.call({"GET", "/v1/messages/" + id + "/events"}));
    CHECK(timeline["items"].items().back()["event"].as_string() == "cancelled");
}

TEST_CASE("accept: a wrong method says which are allowed") {
    World world;
    const auto response = world.call({"DELETE", "/v1/messages"});
    CHECK(response.status == 405);
    CHECK(sdk::find_header(response.headers, "Allow") == "GET, HEAD, POST");
}
