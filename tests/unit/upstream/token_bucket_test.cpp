#include "gateway/upstream/token_bucket.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

TEST_CASE("token bucket: a budget lets its calls go at once and then one each share of its time") {
    const core::SteadyTime start{1h};
    upstream::TokenBucket bucket(3, 30s, start);
    CHECK(bucket.reserve(start) == start);
    CHECK(bucket.reserve(start) == start);
    CHECK(bucket.reserve(start) == start);
    CHECK(bucket.next(start) == start + 10s);
    CHECK(bucket.reserve(start) == start + 10s);
    CHECK(bucket.reserve(start) == start + 20s);
    CHECK(bucket.reserve(start + 25s) == start + 30s);
}

TEST_CASE("token bucket: time that was not used does not add up beyond the budget") {
    const core::SteadyTime start{1h};
    upstream::TokenBucket bucket(2, 10s, start);
    const auto later = start + 1h;
    CHECK(bucket.reserve(later) == later);
    CHECK(bucket.reserve(later) == later);
    CHECK(bucket.reserve(later) == later + 5s);
}
