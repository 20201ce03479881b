#include "adapters/altinn_broker/broker_budget.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using gateway::altinn_broker::SearchBudget;
using gateway::core::SteadyTime;
using std::chrono::seconds;

namespace {
constexpr SteadyTime start{std::chrono::hours(1)};
}

TEST_CASE("altinn_broker: no minute has more than ten searches, however many ask") {
    SearchBudget budget;
    std::vector<SteadyTime> moments;
    for (int i = 0; i < 100; ++i) {
        moments.push_back(budget.reserve(start + seconds(i / 7)));
    }
    CHECK(std::is_sorted(moments.begin(), moments.end()));
    for (std::size_t i = 10; i < moments.size(); ++i) {
        CHECK(moments[i] - moments[i - 10] >= seconds(60));
    }
    CHECK(moments[9] <= start + seconds(2));
}

TEST_CASE("altinn_broker: who cannot wait so long takes nothing from the others") {
    SearchBudget budget;
    for (int i = 0; i < 10; ++i) {
        budget.reserve(start);
    }
    CHECK(!budget.reserve_before(start, start + seconds(30)));
    CHECK(budget.reserve(start) == start + SearchBudget::window);
}

TEST_CASE("altinn_broker: when Altinn says no, nobody searches for as long as it said") {
    SearchBudget budget;
    budget.pause(start + seconds(45));
    CHECK(budget.reserve(start) == start + seconds(45));
}

TEST_CASE("altinn_broker: connections to one platform share their budget, and no others") {
    const auto one = SearchBudget::of("https://one.example");
    CHECK(SearchBudget::of("https://one.example") == one);
    CHECK(SearchBudget::of("https://two.example") != one);
}
