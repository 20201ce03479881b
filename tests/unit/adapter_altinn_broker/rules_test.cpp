#include "adapters/altinn_broker/broker_errors.hpp"
#include "adapters/altinn_broker/broker_transfer.hpp"
#include "tests/unit/adapter_altinn_broker/broker_world.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>

using namespace broker_world;

namespace {

core::DocumentRef file(const std::string& name = "a.zip", std::uint64_t size = 1) {
    core::DocumentRef document;
    document.name = name;
    document.size = size;
    return document;
}

std::vector<std::string> codes(const json::Value& message,
                               const std::vector<core::DocumentRef>& documents) {
    std::vector<std::string> found;
    for (const auto& problem : broker::check_transfer(message, documents)) {
        found.push_back(problem.code.value);
    }
    return found;
}

}   // namespace

TEST_CASE("altinn_broker: a transfer within the rules has no problems") {
    CHECK(codes(transfer(), {file()}).empty());
}

TEST_CASE("altinn_broker: every rule that is broken is named, all at once") {
    auto message = transfer();
    json::Value recipient;
    recipient.set("organisation", "310002004");
    json::Value properties;
    for (int i = 0; i < 11; ++i) {
        properties.set("p" + std::to_string(i), std::string(301, 'x'));
    }
    message.set("recipient", std::move(recipient)).set("properties", std::move(properties));
    const auto found =
        codes(message, {file(std::string(256, 'n')), file("b", 0), file("c", 50'000'000'001)});
    CHECK(found == std::vector<std::string>{
                       "altinn_broker.one_file", "altinn_broker.file_name_too_long",
                       "altinn_broker.file_empty", "altinn_broker.file_too_large",
                       "altinn_broker.too_many_properties", "altinn_broker.property_too_long",
                       "altinn_broker.organisation_wrong"});
}

TEST_CASE("altinn_broker: a name in the form cannot end its header") {
    auto delivery = core::Delivery();
    delivery.tenant = core::TenantId("991825827");
    delivery.content = json::write(transfer());
    delivery.settings = R"({"resource":"r"})";
    delivery.documents.push_back(file("a\"\r\nX: y.zip"));
    const auto read = broker::read_transfer(delivery);
    REQUIRE(read.has_value());
    const auto form = broker::form_head(*read, false, "b");
    CHECK(form.find("filename=\"a%22X: y.zip\"") != std::string::npos);
}

TEST_CASE("altinn_broker: each refusal that has words of its own has them, and each such text is "
          "reached") {
    std::ifstream stream(SLUSE_SOURCE_DIR "/schemas/texts/codes.json");
    std::stringstream text;
    text << stream.rdbuf();
    const gateway::json::ParseLimits limits{8U << 20U, 32, 1'000'000};
    const auto codes = json::parse(text.str(), limits);
    REQUIRE(codes.has_value());
    std::size_t in_texts = 0;
    for (const auto& [code, about] : codes->members()) {
        in_texts += code.starts_with("altinn_broker.bro_") ? 1U : 0U;
    }
    CHECK(in_texts == broker::numbers_with_texts().size());
    for (const int number : broker::numbers_with_texts()) {
        char code[32];
        std::snprintf(code, sizeof code, "altinn_broker.bro_%05d", number);
        CHECK(codes->has(code));
    }
}
