#include "gateway/core/channel.hpp"

#include <catch2/catch.hpp>

using namespace gateway::core;

TEST_CASE("channel: each kind has a name that reads back, and nothing else does") {
    for (const auto channel : {Channel::digital, Channel::paper, Channel::portal}) {
        CHECK(parse_channel(to_string(channel)) == channel);
        CHECK(is_digital(channel) == (channel != Channel::paper));
    }
    CHECK_FALSE(parse_channel("fax"));
    CHECK_FALSE(parse_channel(""));
}
