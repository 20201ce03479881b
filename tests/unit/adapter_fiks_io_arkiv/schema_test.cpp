#include "gateway/json/schema.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace gateway;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool names(const json::SchemaFault& fault, const std::string& pointer) {
    return fault.pointer == pointer || fault.pointer + "/" + fault.detail == pointer;
}

}   // namespace

TEST_CASE("arkiv: our own judge of schemas tells the examples apart, at the places they name") {
    for (const char* type : {"archive", "archiveanswer"}) {
        const std::filesystem::path folder =
            std::filesystem::path(SLUSE_SOURCE_DIR "/schemas/messages") / type;
        const auto schema = json::Schema::compile(read(folder / "v1.schema.json"));
        REQUIRE(schema.has_value());
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder / "examples/valid")) {
            INFO(entry.path().string());
            CHECK(schema->check(*json::parse_or_failure(read(entry.path()))).empty());
            ++count;
        }
        const auto expected = json::parse_or_failure(read(folder / "examples/invalid/expect.json"));
        REQUIRE(expected.has_value());
        for (const auto& [name, pointer] : expected->members()) {
            INFO(name);
            const auto faults =
                schema->check(*json::parse_or_failure(read(folder / "examples/invalid" / name)));
            CHECK(std::any_of(faults.begin(), faults.end(), [&, &where = pointer](const auto& one) {
                return names(one, where.as_string());
            }));
            ++count;
        }
        CHECK(count >= 16);
    }
}
