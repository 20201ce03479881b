#include "tests/simulation/world.hpp"

namespace simulation {

using namespace std::chrono_literals;

World::World(std::uint64_t seed)
    : random(seed), ids(runtime::make_seeded_ids(clock, seed)), disk(seed) {
    vault = std::make_shared<const crypto::Vault>(crypto::SecretKey());
    vaults.put(oslo, vault);
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId("component");
    connection.tenants = {oslo};
    configuration.now->connections[connection.id] = connection;
    configuration.now->dispatch.breaker_pause = 5s;
    configuration.now->dispatch.backoff_max = 60s;
    traits.deduplicates = dice(2) == 0;
    traits.answers_lookup = dice(4) != 0;
    traits.can_cancel = dice(4) != 0;
    traits.trouble_percent = 10 + dice(60);
    traits.pushes_receipts = dice(3) == 0;
    component = std::make_unique<tests::SimulatedComponent>(clock, traits, seed + 1);
    connections.it = component->connect("component");
    make_letters();
}

/// Some with files, of which several letters may carry the same.
void World::make_letters() {
    std::vector<std::string> contents;
    for (char name = 'a'; name < 'd'; ++name) {
        // Within one sealed chunk, and over several.
        contents.emplace_back(static_cast<std::size_t>(1 + dice(dice(2) == 0 ? 500 : 150'000)),
                              name);
    }
    client.wants.resize(static_cast<std::size_t>(3 + dice(10)));
    for (auto& letter : client.wants) {
        for (const auto& content : contents) {
            if (dice(4) == 0) {
                letter.files.push_back(content);
            }
        }
        letter.changes_its_mind = dice(4) == 0;
    }
}

void World::power_cut() {
    disk.power_off();
    disk.power_cut(random());
    files.power_cut(random());
}

}   // namespace simulation
