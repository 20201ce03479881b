// That each code of the catalogue leads to its cause. That each code comes out of something that a
// component or this machine can do is shown by the tests that reached.json names.

#include "gateway/failures/groups.hpp"
#include "gateway/json/value.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace gateway;
using texts::Language;

namespace {

json::Value catalogue() {
    std::ifstream stream(SLUSE_SOURCE_DIR "/schemas/texts/causes.json");
    std::stringstream text;
    text << stream.rdbuf();
    auto parsed = json::parse(text.str(), {1U << 20U, 8, 20'000});
    REQUIRE(parsed.has_value());
    return std::move(*parsed);
}

/// As the store counts a delivery that ended with this code.
ports::FailureCount ended_with(const std::string& code) {
    const core::Params params{{"code", "X-17"}, {"status", "400"}};
    ports::FailureCount one;
    one.kind.tenant = core::TenantId("310001007");
    one.kind.code = code;
    one.kind.detail = ports::detail_of(params);
    one.kind.connection = "altinn-test";
    one.kind.type = "letter/v1";
    one.count = 1;
    one.params = params;
    return one;
}

}   // namespace

TEST_CASE("failures: each code of the catalogue is grouped under its cause, with words, and no two "
          "causes have one fingerprint") {
    std::set<std::string> fingerprints;
    const auto all = catalogue();
    REQUIRE(all["causes"].members().size() >= 60);
    for (const auto& [id, about] : all["causes"].members()) {
        std::vector<std::string> codes{id};
        for (const auto& other : about["also"].items()) {
            codes.push_back(other.as_string());
        }
        std::vector<ports::FailureCount> counts;
        for (const auto& code : codes) {
            counts.push_back(ended_with(code));
        }
        INFO(id);
        const auto groups = failures::groups_of(counts);
        REQUIRE(groups.size() == 1);
        const auto& group = groups.front();
        CHECK(group.cause.id == id);
        CHECK(group.count == codes.size());
        CHECK(fingerprints.insert(group.id).second);
        CHECK(failures::find_group(counts, group.id)->cause.id == id);
        for (const auto language : {Language::nb, Language::nn, Language::en}) {
            const auto words = texts::render(group.cause, group.code, group.params, language);
            CHECK(!words.title.empty());
            CHECK(!words.action.empty());
        }
    }
    for (const auto& code : all["no_causes"].items()) {
        const auto groups = failures::groups_of({ended_with(code.as_string())});
        CHECK_FALSE(groups.front().cause.known());
    }
}
