#include "gateway/sdk/percent_encoding.hpp"
#include "gateway/sdk/poll_pace.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

TEST_CASE("percent encoding: unreserved characters stand, every other byte is escaped") {
    CHECK(sdk::percent_encoded("aZ09-._~") == "aZ09-._~");
    CHECK(sdk::percent_encoded("gte:2026-01-15 /ø") == "gte%3A2026-01-15%20%2F%C3%B8");
    CHECK(sdk::percent_encoded("") == "");
}

TEST_CASE(
    "poll pace: rounds that fail double the pause up to five minutes, one that goes well ends it") {
    sdk::PollPace pace(60s);
    CHECK(pace.after(true) == 60s);
    CHECK(pace.after(false) == 120s);
    CHECK(pace.after(false) == 240s);
    CHECK(pace.after(false) == 300s);
    CHECK(pace.after(false) == 300s);
    CHECK(pace.after(true) == 60s);
}

TEST_CASE("poll pace: a pause that is longer than five minutes stays what it is") {
    sdk::PollPace pace(600s);
    CHECK(pace.after(false) == 600s);
    CHECK(pace.after(true) == 600s);
}
