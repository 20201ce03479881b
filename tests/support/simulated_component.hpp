#pragma once

// A national component as the gateway meets it, on virtual time and by one seed: it can be slow,
// busy, lose answers before or after it acted, and publish later. It outlives the gateway's
// restarts and counts what it did for each key.

#include "gateway/ports/connections.hpp"
#include "gateway/sdk/clock.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>

namespace tests {

struct ComponentTraits {
    bool deduplicates = true;
    bool answers_lookup = true;
    int trouble_percent = 40;   // of calls, while troubled
};

class SimulatedComponent {
public:
    struct Effect {
        int count = 0;
        std::string message;   // id
        std::string reference;
        gateway::core::SteadyTime published{};
    };

    SimulatedComponent(gateway::sdk::Clock& clock, ComponentTraits traits, std::uint64_t seed);

    gateway::sdk::Task<gateway::sdk::Outcome> send(gateway::core::Delivery delivery);
    gateway::sdk::Task<gateway::sdk::Outcome> look_up(gateway::core::Delivery delivery);
    gateway::sdk::Task<gateway::core::Result<gateway::sdk::Receipts>>
    poll(gateway::core::Delivery delivery);

    /// No more trouble from now on.
    void heal() { troubled_ = false; }
    const std::map<std::string, Effect>& effects() const { return effects_; }
    int calls() const { return calls_; }
    /// The connection to it, for a gateway's life.
    std::shared_ptr<gateway::ports::Connection> connect(const std::string& id);

private:
    int dice(int sides) { return static_cast<int>(random_() % static_cast<std::uint64_t>(sides)); }
    bool trouble() { return troubled_ && dice(100) < traits_.trouble_percent; }
    gateway::sdk::Task<void> travel();
    void act(const gateway::core::Delivery& delivery);

    gateway::sdk::Clock& clock_;
    ComponentTraits traits_;
    std::mt19937_64 random_;
    bool troubled_ = true;
    int calls_ = 0;
    std::map<std::string, Effect> effects_;   // by upstream key
};

}   // namespace tests
