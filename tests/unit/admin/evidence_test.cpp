#include "gateway/evidence/verifier.hpp"
#include "tests/unit/admin/world.hpp"

#include <catch2/catch.hpp>

// The evidence package through the operators' API.

using namespace gateway;
using tests::admin::World;

namespace {

class EvidenceBytes final : public seal::RandomAccess {
public:
    explicit EvidenceBytes(std::string bytes) : bytes_(std::move(bytes)) {}
    std::uint64_t size() const override { return bytes_.size(); }
    core::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) override {
        return offset < bytes_.size() ? bytes_.copy(out.data(), out.size(), offset) : 0;
    }

private:
    std::string bytes_;
};

std::string body_of(World& world, const http::Response& response) {
    REQUIRE(response.stream != nullptr);
    return tests::run(world.io, sdk::read_all(*response.stream, 10U << 20U)).value();
}

std::string text_in(const std::string& package, std::string_view name) {
    EvidenceBytes source(package);
    const auto reader = seal::AsicReader::open(source).value();
    const auto* entry = reader.find(name);
    REQUIRE(entry != nullptr);
    return reader.read_all(*entry, 1U << 20U).value();
}

evidence::EvidenceReport verify_by_key_of_first(World& world, const std::string& package) {
    EvidenceBytes source(package);
    const std::optional<std::string> key =
        world.vaults.find(core::TenantId(World::first))->verification_key();
    return evidence::verify_package(source, key).value();
}

std::string store_document(World& world, const std::string& bytes) {
    auto writer =
        tests::run(world.io, world.documents.create(core::TenantId(World::first),
                                                    core::SystemId("byggesak"), bytes.size()))
            .value();
    tests::run(world.io, writer->append(bytes)).value();
    return tests::run(world.io, writer->commit()).value().hash.to_hex();
}

}   // namespace

TEST_CASE(
    "admin: an evidence package of a message verifies by the municipality's key, and who made "
    "it stands in the audit before it leaves") {
    World world;
    const std::string bytes = "<script>alert(1)</script>";
    const auto letter = world.accept_letter("A-1", World::first, store_document(world, bytes));
    world.end_in(letter, core::DeliveryState::sent);
    const auto path = "/admin/v1/messages/" + letter.to_string() + "/evidence";
    const auto answer = world.post(path, R"({"purpose":"complaint","why":"klage 2026/17"})");
    REQUIRE(answer.status == 200);
    CHECK(sdk::find_header(answer.headers, "Content-Type") == "application/zip");
    CHECK(sdk::find_header(answer.headers, "Cache-Control") == "private, no-store");
    // Before a byte was read of it.
    const auto audit = World::json(world.get("/admin/v1/audit?tenant=310001007"));
    const auto& entry = audit["items"].items().at(0);
    CHECK(entry["act"].as_string() == "evidence_made");
    CHECK(entry["fields"]["purpose"].as_string() == "complaint");
    CHECK(entry["fields"]["why"].as_string() == "klage 2026/17");
    CHECK(entry["fields"]["documents"].as_string() == "1");

    const auto package = body_of(world, answer);
    const auto report = verify_by_key_of_first(world, package);
    CHECK(report.sound());
    CHECK(report.signed_by == evidence::SignedBy::given_key);
    CHECK(report.manifest->trace == entry["trace"].as_string());
    CHECK(report.manifest->made_by == "machine");
    CHECK(text_in(package, "documents/01-__b_.html") == bytes);
    CHECK(text_in(package, "message.json").find("Varsel om tilsyn") != std::string::npos);
    const auto timeline = json::parse(text_in(package, "timeline.json")).value();
    const auto shown = world.timeline(letter);
    REQUIRE(timeline["events"].items().size() == shown.size());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        CHECK(timeline["events"].items()[i]["id"] == shown[i]["id"]);
    }
}

TEST_CASE("admin: without documents nothing a message says of itself is in its evidence") {
    World world;
    const auto hash = store_document(world, "<script>alert(1)</script>");
    const auto letter = world.accept_letter("A-1", World::first, hash);
    const auto answer =
        world.post("/admin/v1/messages/" + letter.to_string() + "/evidence",
                   R"({"purpose":"supervision","why":"tilsyn","withDocuments":false})");
    REQUIRE(answer.status == 200);
    const auto package = body_of(world, answer);
    CHECK(verify_by_key_of_first(world, package).sound());
    for (const auto* words : {"Varsel om tilsyn", "script", "html"}) {
        CHECK(package.find(words) == std::string::npos);
    }
    CHECK(package.find(hash) != std::string::npos);
}

TEST_CASE("admin: evidence is not made without purpose and reason, nor of what is not there") {
    World world;
    const auto letter = world.accept_letter("A-1", World::first, std::string(64, 'a'));
    const auto path = "/admin/v1/messages/" + letter.to_string() + "/evidence";
    const auto code = [&](const std::string& body) {
        return World::json(world.post(path, body))["code"].as_string();
    };
    CHECK(code(R"({"purpose":"complaint"})") == "admin.reason_required");
    CHECK(code(R"({"why":"klage"})") == "request.bad_parameter");
    CHECK(code(R"({"purpose":"nysgjerrig","why":"klage"})") == "request.bad_parameter");
    CHECK(code(R"({"purpose":"court","why":"sak om 218836 49874"})") == "request.bad_parameter");
    CHECK(code(R"({"purpose":"court","why":"klage","more":1})") == "request.bad_parameter");
    CHECK(code(R"({"purpose":"court","why":"klage"})") == "evidence.document_gone");
    CHECK(world.post(path, R"({"purpose":"court","why":"klage","withDocuments":false})").status ==
          200);
    CHECK(world
              .post("/admin/v1/messages/0197f3a2-7c1e-7d2b-9c3a-5b1f0e6d4a21/evidence",
                    R"({"purpose":"court","why":"klage"})")
              .status == 404);
}
