#include "tests/simulation/power_cuts.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

namespace simulation {

using namespace std::chrono_literals;

std::vector<std::string> live_through(World& world, core::Duration last_life,
                                      std::vector<std::string> (*judge)(World&, Life&)) {
    const int cuts = 1 + world.dice(4);
    for (int i = 0; i < cuts; ++i) {
        world.disk.power_off_after(1 + world.random() % (world.dice(2) == 0 ? 150 : 500));
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
    world.heal();
    {
        Life life(world);
        if (!life.opened()) {
            return {"the database does not open"};
        }
        if (!life.live(last_life)) {
            return {"the last life does not end"};
        }
    }
    Life reader(world);
    if (!reader.opened()) {
        return {"the database does not open again"};
    }
    auto faults = judge(world, reader);
    reader.live(0s);
    return faults;
}

void for_each_seed(std::uint64_t many,
                   const std::function<std::vector<std::string>(std::uint64_t)>& simulate) {
    const char* one = std::getenv("SLUSE_SEED");
    const char* count = std::getenv("SLUSE_SEEDS");
    const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
    if (one != nullptr) {
        many = 1;
    } else if (count != nullptr) {
        many = std::strtoull(count, nullptr, 10);
    }
    for (std::uint64_t seed = first; seed < first + many; ++seed) {
        INFO("replay with SLUSE_SEED=" << seed);
        const auto faults = simulate(seed);
        CHECK(faults == std::vector<std::string>{});
    }
}

}   // namespace simulation
