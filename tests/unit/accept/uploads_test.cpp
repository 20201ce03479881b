#include "gateway/accept/upload_headers.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace tests::accept;

namespace {

const sdk::Headers version{{"Tus-Resumable", "1.0.0"}};
constexpr const char* body_type = "application/offset+octet-stream";

sdk::Headers with(sdk::Headers more) {
    more.insert(more.end(), version.begin(), version.end());
    return more;
}

std::string header(const http::Response& response, std::string_view name) {
    return std::string(sdk::find_header(response.headers, name));
}

std::string begin(World& world, const std::string& length) {
    const auto response =
        world.call({"POST", "/v1/uploads", {}, with({{"Upload-Length", length}})});
    REQUIRE(response.status == 201);
    return header(response, "Location");
}

http::Response patch(World& world, const std::string& at, const std::string& offset,
                     std::string bytes, sdk::Headers more = {}) {
    more.emplace_back("Content-Type", body_type);
    more.emplace_back("Upload-Offset", offset);
    return world.call({"PATCH", at, std::move(bytes), with(std::move(more))});
}

std::string code(World& world, const http::Response& response) {
    return world.json(response)["code"].as_string();
}

}   // namespace

TEST_CASE("uploads: OPTIONS tells what of tus is offered, to who has a key") {
    World world;
    const auto response = world.call({"OPTIONS", "/v1/uploads"});
    CHECK(response.status == 204);
    CHECK(header(response, "Tus-Version") == "1.0.0");
    CHECK(header(response, "Tus-Extension") ==
          "creation,creation-with-upload,expiration,termination,checksum");
    CHECK(header(response, "Tus-Checksum-Algorithm") == "sha1,sha256,sha-256");
    CHECK(header(response, "Tus-Max-Size") == "5368709120");
    World::Ask nobody{"OPTIONS", "/v1/uploads"};
    nobody.without_key = true;
    CHECK(world.call(nobody).status == 401);
}

TEST_CASE("uploads: a file in two pieces ends as a document that a message may name") {
    World world;
    const auto created = world.call(
        {"POST",
         "/v1/uploads",
         {},
         with({{"Upload-Length", "11"}, {"Upload-Metadata", "filename dmVkdGFrLnBkZg==, empty"}})});
    CHECK(created.status == 201);
    CHECK(header(created, "Tus-Resumable") == "1.0.0");
    CHECK(header(created, "Upload-Expires") == "Sun, 18 Jan 2026 12:00:00 GMT");
    const auto at = header(created, "Location");
    const auto first = patch(world, at, "0", "hello ");
    CHECK(first.status == 204);
    CHECK(header(first, "Upload-Offset") == "6");
    const auto head = world.call({"HEAD", at, {}, version});
    CHECK(head.status == 200);
    CHECK(header(head, "Upload-Offset") == "6");
    CHECK(header(head, "Upload-Length") == "11");
    CHECK(header(head, "Upload-Metadata") == "filename dmVkdGFrLnBkZg==, empty");
    CHECK(header(head, "Cache-Control") == "no-store");
    CHECK(header(head, "Upload-Document").empty());
    const auto last = patch(world, at, "6", "world");
    const auto hash = crypto::sha256("hello world").to_hex();
    CHECK(last.status == 204);
    CHECK(header(last, "Upload-Document") == hash);
    CHECK(header(last, "Location") == "/v1/documents/" + hash);
    CHECK(header(world.call({"HEAD", at, {}, version}), "Upload-Document") == hash);
    auto letter = World::letter();
    json::Value document = json::Value::object();
    document.set("sha256", hash).set("name", "vedtak.pdf");
    json::Value documents = json::Value::array();
    documents.push(document);
    letter.set("documents", documents);
    CHECK(world.post_letter(letter).status == 202);
}

TEST_CASE("uploads: bytes may come with the creation, and all of them finish it") {
    World world;
    const auto some = world.call({"POST", "/v1/uploads", "hel",
                                  with({{"Upload-Length", "5"}, {"Content-Type", body_type}})});
    CHECK(some.status == 201);
    CHECK(header(some, "Upload-Offset") == "3");
    CHECK(header(some, "Location").starts_with("/v1/uploads/"));
    const auto all = world.call({"POST", "/v1/uploads", "hello",
                                 with({{"Upload-Length", "5"}, {"Content-Type", body_type}})});
    CHECK(all.status == 201);
    CHECK(header(all, "Location").starts_with("/v1/uploads/"));
    CHECK(header(all, "Upload-Document") == crypto::sha256("hello").to_hex());
    CHECK(header(world.call({"POST", "/v1/uploads", {}, with({{"Upload-Length", "0"}})}),
                 "Upload-Document") == crypto::sha256("").to_hex());
}

TEST_CASE("uploads: each way to be wrong has its own status") {
    World world;
    const auto at = begin(world, "10");
    REQUIRE(patch(world, at, "0", "1234").status == 204);
    const auto conflict = patch(world, at, "3", "x");
    CHECK(conflict.status == 409);
    CHECK(code(world, conflict) == "upload.wrong_offset");
    CHECK(header(conflict, "Tus-Resumable") == "1.0.0");
    CHECK(patch(world, at, "", "x").status == 400);
    CHECK(patch(world, at, "-1", "x").status == 400);
    CHECK(patch(world, at, "4", "1234567").status == 413);
    const auto plain = world.call({"PATCH", at, "x", with({{"Upload-Offset", "4"}})});
    CHECK(plain.status == 415);
    const auto old = world.call({"HEAD", at, {}, {{"Tus-Resumable", "0.2.2"}}});
    CHECK(old.status == 412);
    CHECK(header(old, "Tus-Version") == "1.0.0");
    CHECK(world.call({"HEAD", at}).status == 412);
    CHECK(world.call({"GET", at, {}, version}).status == 405);
    CHECK(world.call({"GET", "/v1/uploads"}).status == 405);   // said before the version
    CHECK(world.call({"PATCH", "/v1/uploads", {}, version}).status == 405);
    CHECK(world.call({"HEAD", "/v1/uploads/nothing", {}, version}).status == 404);
    for (const char* length : {"", "-1", "1.5", "0x10", "99999999999999999999"}) {
        INFO(length);
        const World::Ask ask{"POST", "/v1/uploads", {}, with({{"Upload-Length", length}})};
        CHECK(world.call(ask).status == 400);
    }
    const World::Ask large{"POST", "/v1/uploads", {}, with({{"Upload-Length", "5368709121"}})};
    CHECK(world.call(large).status == 413);
    const World::Ask deferred{"POST", "/v1/uploads", {}, with({{"Upload-Defer-Length", "1"}})};
    CHECK(world.call(deferred).status == 400);
    const World::Ask unreadable{
        "POST", "/v1/uploads", {}, with({{"Upload-Length", "1"}, {"Upload-Metadata", "a ?"}})};
    CHECK(world.call(unreadable).status == 400);
    CHECK(header(world.call({"HEAD", at, {}, version}), "Upload-Offset") == "4");
}

TEST_CASE("uploads: a stated checksum holds or the piece is dropped with 460") {
    World world;
    const auto at = begin(world, "5");
    const auto sum = [](const std::string& bytes) {
        return "sha256 " + crypto::base64_encode(crypto::sha256(bytes).to_bytes());
    };
    const auto wrong = patch(world, at, "0", "hello", {{"Upload-Checksum", sum("hullo")}});
    CHECK(wrong.status == 460);
    CHECK(code(world, wrong) == "upload.wrong_checksum");
    CHECK(header(world.call({"HEAD", at, {}, version}), "Upload-Offset") == "0");
    CHECK(patch(world, at, "0", "hello", {{"Upload-Checksum", "md5 AAAA"}}).status == 400);
    CHECK(patch(world, at, "0", "hello", {{"Upload-Checksum", sum("hello")}}).status == 204);
}

TEST_CASE(
    "uploads: DELETE ends one; what is another's answers as unknown; no grant to send, no upload") {
    World world;
    const auto at = begin(world, "5");
    for (const auto& key : {world.other_key, world.foreign_key}) {
        CHECK(world.call({"HEAD", at, {}, version, key}).status == 404);
        CHECK(world.call({"DELETE", at, {}, version, key}).status == 404);
    }
    const World::Ask reader{
        "POST", "/v1/uploads", {}, with({{"Upload-Length", "1"}}), world.reader_key};
    CHECK(world.call(reader).status == 403);
    const auto gone = world.call({"POST", at, {}, with({{"X-HTTP-Method-Override", "DELETE"}})});
    CHECK(gone.status == 204);
    CHECK(world.call({"HEAD", at, {}, version}).status == 404);
    CHECK(patch(world, at, "0", "hello").status == 404);
}

TEST_CASE("uploads: limits are answered with what may be done about them") {
    World world;
    world.configuration->limits.uploads_open_max = 1;
    world.configuration->limits.upload_bytes_open_max = 100;
    const World::Ask more{"POST", "/v1/uploads", {}, with({{"Upload-Length", "101"}})};
    CHECK(world.call(more).status == 507);
    begin(world, "100");
    const auto second = world.call({"POST", "/v1/uploads", {}, with({{"Upload-Length", "0"}})});
    CHECK(second.status == 429);
    CHECK(code(world, second) == "upload.too_many_open");
    world.api->begin_drain();
    CHECK(world.call({"POST", "/v1/uploads", {}, with({{"Upload-Length", "0"}})}).status == 503);
}

TEST_CASE("uploads: metadata is read strictly") {
    using gateway::accept::read_upload_metadata;
    const auto two = read_upload_metadata("filename aGVp,is_confidential");
    REQUIRE(two);
    REQUIRE(two->size() == 2);
    CHECK((*two)[0] == std::pair<std::string, std::string>("filename", "hei"));
    CHECK((*two)[1] == std::pair<std::string, std::string>("is_confidential", ""));
    CHECK(read_upload_metadata("")->empty());
    for (const char* wrong : {",", "a aGVp,", ",a aGVp", "a aGVp,a aGVp", "a a", "a aGVp aGVp",
                              "a  aGVp", "æ aGVp", "a\taGVp"}) {
        INFO(wrong);
        CHECK_FALSE(read_upload_metadata(wrong));
    }
    CHECK_FALSE(read_upload_metadata(std::string(4097, 'a')));
    std::string many = "k0";
    for (int i = 1; i <= 32; ++i) {
        many += ",k" + std::to_string(i);
    }
    CHECK_FALSE(read_upload_metadata(many));
}
