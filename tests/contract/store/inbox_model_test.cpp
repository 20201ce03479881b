// Random commands against a model of the inbox that is a plain list: whatever is leased, settled,
// replayed or left to run out, both agree on what is handed out next and how each copy stands.

#include "inbox_commands.hpp"

#include <map>
#include <random>
#include <set>

using namespace tests;
using core::InboundState;

namespace {

constexpr int deliveries_max = 3;

struct Copy {
    std::string name;
    std::string order;
    InboundState state = InboundState::received;
    core::Time until{};
    std::uint64_t fence = 0;
    int deliveries = 0;
};

struct Handed {
    std::string name;
    core::Fence lease;
    ports::InboxItem item;
};

class Model {
public:
    std::vector<Copy> copies;   // in the order they came

    Copy& of(const std::string& name) {
        return *std::find_if(copies.begin(), copies.end(),
                             [&](const Copy& copy) { return copy.name == name; });
    }
    /// What a lease gives, by name; what dies is marked.
    std::vector<std::string> lease(core::Time now, std::size_t limit) {
        std::vector<std::string> given;
        std::set<std::string> held_up;
        std::size_t taken = 0;
        for (auto& copy : copies) {
            if (copy.state == InboundState::acknowledged || copy.state == InboundState::rejected) {
                continue;
            }
            const bool first = copy.order.empty() || held_up.insert(copy.order).second;
            const bool free = copy.state != InboundState::dead && copy.until <= now;
            if (!first || !free || taken == limit) {
                continue;
            }
            ++taken;
            if (copy.deliveries >= deliveries_max) {
                copy.state = InboundState::dead;
                continue;
            }
            copy.state = InboundState::leased;
            copy.until = now + 30s;
            ++copy.fence;
            ++copy.deliveries;
            given.push_back(copy.name);
        }
        return given;
    }
    /// Whether it is taken.
    bool settle(const Handed& handed, bool acknowledged) {
        auto& copy = of(handed.name);
        const auto wanted = acknowledged ? InboundState::acknowledged : InboundState::rejected;
        if (copy.state == wanted) {
            return true;
        }
        const bool unsettled =
            copy.state == InboundState::leased || copy.state == InboundState::dead;
        if (!unsettled || copy.fence != handed.lease.value) {
            return false;
        }
        copy.state = wanted;
        return true;
    }
    bool replay(const std::string& name) {
        auto& copy = of(name);
        if (copy.state == InboundState::received || copy.state == InboundState::leased) {
            return false;
        }
        copy.state = InboundState::received;
        copy.until = {};
        copy.deliveries = 0;
        ++copy.fence;
        return true;
    }
};

}   // namespace

TEMPLATE_TEST_CASE("store: the inbox does what a plain list of copies would, whatever is asked",
                   "[contract]", InMemory, InSqlite) {
    const auto seed = GENERATE(range(1U, 9U)) + Catch::rngSeed();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto up_to = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    World<TestType> world;
    Model model;
    std::map<std::string, core::InboxId> ids;
    std::vector<Handed> handed;
    for (int step = 0; step < 300; ++step) {
        switch (up_to(6)) {
        case 0: {
            Copy copy;
            copy.name = std::to_string(model.copies.size());
            copy.order = std::vector<std::string>{"", "a", "b"}[up_to(3)];
            auto command = inbound(world, copy.name);
            command.order_token = copy.order;
            ids[copy.name] = command.id;
            REQUIRE(world.run(world.store->store_inbound(command)).has_value());
            model.copies.push_back(copy);
            break;
        }
        case 1:
        case 2: {
            auto lease = lease_for(world, visma);
            lease.limit = 1 + up_to(3);
            std::vector<std::string> given;
            const auto batch = world.run(world.store->lease_inbox(lease)).value();
            for (const auto& item : batch.items) {
                given.push_back(item.sealed_content.substr(7));
                handed.push_back({given.back(), item.lease, item});
            }
            REQUIRE(given == model.lease(world.now(), lease.limit));
            break;
        }
        case 3:
            if (!handed.empty()) {
                const auto& one = handed[up_to(handed.size())];
                const bool acknowledged = up_to(4) != 0;
                const auto settled =
                    world.run(world.store->settle_inbox(settle(world, one.item, acknowledged)));
                REQUIRE(settled.has_value() == model.settle(one, acknowledged));
            }
            break;
        case 4: world.clock.advance(std::chrono::seconds(up_to(40))); break;
        default:
            if (!model.copies.empty() && up_to(3) == 0) {
                const auto name = std::to_string(up_to(model.copies.size()));
                const auto again =
                    world.run(world.store->replay_inbox(replay(world, ids.at(name))));
                REQUIRE(again.has_value() == model.replay(name));
            }
            break;
        }
    }
    for (const auto& copy : model.copies) {
        INFO("copy " << copy.name);
        const auto found = world.run(world.store->find_inbox(oslo, visma, ids.at(copy.name)));
        REQUIRE(found->has_value());
        CHECK((*found)->state == copy.state);
        CHECK((*found)->deliveries == copy.deliveries);
        CHECK((*found)->lease.value == copy.fence);
    }
    world.check_sound();
}
