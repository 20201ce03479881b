#include "gateway/runtime/known_labels.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("labels that are kept are those asked for, however many there were before") {
    runtime::KnownLabels labels;
    const auto check = [&labels](int i) {
        const auto name = std::to_string(i);
        const core::Params expected{{"call", "look-up"}, {"dataset", name}};
        CHECK(labels.of({{"call", "look-up"}, {"dataset", name}}) == expected);
    };
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 20; ++i) {
            check(i);
            check(i / 2);
        }
    }
    CHECK(labels.of({{"call", "look-up"}}) == core::Params{{"call", "look-up"}});
    CHECK(labels.of({}).empty());
}
