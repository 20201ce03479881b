#include "gateway/core/params.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("core: of a code's params the first of a name counts, and none is empty") {
    const core::Params params{{"minutes", "5"}, {"minutes", "7"}, {"empty", ""}};
    CHECK(core::param_of(params, "minutes") == "5");
    CHECK(core::param_of(params, "empty").empty());
    CHECK(core::param_of(params, "hours").empty());
}
