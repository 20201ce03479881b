// The promises under power cuts, by one seed. A failing seed replays with SLUSE_SEED=<seed>.

#include "tests/simulation/power_cuts.hpp"

#include <catch2/catch.hpp>

using namespace simulation;
using namespace std::chrono_literals;

TEST_CASE("simulation: power cuts lose nothing acknowledged and double nothing, seed after seed") {
    for_each_seed(1000, [](std::uint64_t seed) {
        World world(seed);
        return live_through(world, 1h, broken_promises);
    });
}
