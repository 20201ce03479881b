#include "gateway/json/value.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

using namespace gateway;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> codes_in_sources() {
    const std::regex literal("Finding(?: [a-z]+)?\\(\\s*\"(seal\\.[a-z0-9_]+)\"");
    std::set<std::string> codes;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(SLUSE_SOURCE_DIR) + "/gateway/seal")) {
        const std::string text = entry.path().extension() == ".cpp" ? read(entry.path()) : "";
        for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at) {
            codes.insert((*at)[1]);
        }
    }
    return codes;
}

}   // namespace

TEST_CASE("seal: every code of a finding has a text") {
    const auto texts =
        json::parse(read(std::string(SLUSE_SOURCE_DIR) + "/schemas/texts/codes.json")).value();
    const auto codes = codes_in_sources();
    for (const auto& code : codes) {
        INFO(code);
        CHECK(texts.has(code));
    }
    CHECK(codes.size() > 20);
}
