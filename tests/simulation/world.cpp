#include "tests/simulation/world.hpp"

namespace simulation {

using namespace std::chrono_literals;

World::World(std::uint64_t seed, Ways how_many)
    : ways(how_many), random(seed), ids(runtime::make_seeded_ids(clock, seed)), disk(seed) {
    vault = std::make_shared<const crypto::Vault>(crypto::SecretKey());
    vaults.put(oslo, vault);
    configuration.now->dispatch.breaker_pause = 5s;
    configuration.now->dispatch.backoff_max = 60s;
    traits.deduplicates = dice(2) == 0;
    traits.answers_lookup = dice(4) != 0;
    traits.can_cancel = dice(4) != 0;
    traits.trouble_percent = 10 + dice(60);
    traits.pushes_receipts = dice(3) == 0;
    auto first = traits;
    if (ways == Ways::two) {
        first.refused_percent = dice(40);
        first.failed_percent = dice(40);
        first.unread_percent = 50;
    }
    component = std::make_unique<tests::SimulatedComponent>(clock, first, seed + 1);
    add_connection("component", *component);
    if (ways == Ways::two) {
        make_paper(seed);
    }
    core::InboxRouteConfig route;
    for (const auto* name : receivers) {
        route.to.emplace_back(name);
    }
    configuration.now->tenants[oslo].inbox_routes.push_back(std::move(route));
    make_letters();
}

void World::add_connection(const char* id, tests::SimulatedComponent& to) {
    core::ConnectionConfig connection;
    connection.id = core::ConnectionId(id);
    connection.tenants = {oslo};
    configuration.now->connections[connection.id] = connection;
    connections.them.push_back(to.connect(id));
}

void World::make_paper(std::uint64_t seed) {
    auto print = traits;
    print.refused_percent = dice(20);
    print.failed_percent = dice(20);
    print.is_opened = false;
    paper = std::make_unique<tests::SimulatedComponent>(clock, print, seed + 2);
    add_connection("paper", *paper);
    core::RouteConfig route;
    route.id = "letters";
    route.type = "letter/v1";
    for (const auto& [id, channel] : {std::pair("component", core::Channel::digital),
                                      std::pair("paper", core::Channel::paper)}) {
        core::RouteTarget target;
        target.connection = core::ConnectionId(id);
        target.channel = channel;
        route.use.push_back(target);
    }
    configuration.now->tenants[oslo].routes.push_back(std::move(route));
}

std::vector<std::pair<const char*, tests::SimulatedComponent*>> World::components() const {
    std::vector<std::pair<const char*, tests::SimulatedComponent*>> all{
        {"component", component.get()}};
    if (paper) {
        all.emplace_back("paper", paper.get());
    }
    return all;
}

void World::heal() {
    for (const auto& [name, one] : components()) {
        one->heal();
    }
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
        letter.copy_if_unread = ways == Ways::two && dice(2) == 0;
    }
}

void World::power_cut() {
    disk.power_off();
    disk.power_cut(random());
    files.power_cut(random());
}

}   // namespace simulation
