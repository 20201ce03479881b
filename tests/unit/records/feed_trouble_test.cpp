#include "feed_world.hpp"

using namespace tests;
using namespace tests::records;
using std::chrono::hours;

TEST_CASE("feeds: a register that answers never, and one whose answer is none, are told apart") {
    FeedWorld world;
    world.look_up(kari);
    world.feed.forgetful = true;
    world.pass(hours(24));
    REQUIRE(world.feed.trouble);
    CHECK(world.feed.trouble->code.value == "feed.not_understood");
    world.feed.forgetful = false;
    world.pass(hours(1));
    CHECK_FALSE(world.feed.trouble);
    world.feed.silent = &world.clock;
    world.pass(hours(24));
    REQUIRE(world.feed.trouble);
    CHECK(world.feed.trouble->code.value == "feed.slow");
}
