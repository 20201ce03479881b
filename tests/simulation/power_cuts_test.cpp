// The promises under power cuts, by one seed. A failing seed replays with SLUSE_SEED=<seed>.

#include "tests/simulation/promises.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

namespace {

using namespace simulation;
using namespace std::chrono_literals;

std::vector<std::string> simulate(std::uint64_t seed) {
    World world(seed);
    const int cuts = 1 + world.dice(4);
    for (int i = 0; i < cuts; ++i) {
        world.disk.power_off_after(1 + world.random() % 500);
        world.files.power_off_after(1 + world.dice(80));
        {
            Life life(world);
            if (life.opened() && !life.live(2min)) {
                return {"a life does not end"};
            }
        }
        world.power_cut();
        world.clock.advance(core::Duration(world.dice(120'000'000)));
    }
    world.component->heal();
    {
        Life life(world);
        if (!life.opened()) {
            return {"the database does not open"};
        }
        if (!life.live(1h)) {
            return {"the last life does not end"};
        }
    }
    Life reader(world);
    if (!reader.opened()) {
        return {"the database does not open again"};
    }
    auto faults = broken_promises(world, reader);
    reader.live(0s);
    return faults;
}

}   // namespace

TEST_CASE("simulation: power cuts lose nothing acknowledged and double nothing, seed after seed") {
    const char* one = std::getenv("SLUSE_SEED");
    const char* count = std::getenv("SLUSE_SEEDS");
    const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
    const std::uint64_t many =
        one != nullptr ? 1 : (count != nullptr ? std::strtoull(count, nullptr, 10) : 1000);
    for (std::uint64_t seed = first; seed < first + many; ++seed) {
        INFO("replay with SLUSE_SEED=" << seed);
        const auto faults = simulate(seed);
        CHECK(faults == std::vector<std::string>{});
    }
}
