#pragma once

// A national component as the gateway meets it, on virtual time and by one seed: it can be slow,
// busy, lose answers before or after it acted, publish later, tell its receipts in any order and
// again and again, and withdraw what is not published. It outlives the gateway's restarts and
// counts what it did for each key.

#include "gateway/ports/connections.hpp"
#include "gateway/sdk/clock.hpp"
#include "gateway/sdk/receiver.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace tests {

struct ComponentTraits {
    bool deduplicates = true;
    bool answers_lookup = true;
    bool can_cancel = true;
    bool pushes_receipts = false;   // nobody asks for them
    int trouble_percent = 40;       // of calls, while troubled
    // Of letters, each always treated alike, by its key:
    int refused_percent = 0;   // for good, at the door
    int failed_percent = 0;    // taken, and a receipt says that they failed
    int unread_percent = 0;    // never opened
    bool is_opened = true;     // else delivered is the last that is told (paper)
};

class SimulatedComponent {
public:
    struct Effect {
        int count = 0;
        std::string message;   // id
        gateway::core::DeliveryId delivery;
        std::string reference;
        std::vector<std::string> files;   // what was in the documents it was given, in their order
        bool withdrawn = false;
        bool failed = false;   // tells so instead of delivered
        bool opened = true;    // in the end
        gateway::core::SteadyTime published{};
        gateway::core::SteadyTime read{};
        std::set<std::string> acknowledged;   // what it was told to tell no more
    };
    /// The bytes of a document of the letter, from the gateway that lives at the moment.
    using Reader = std::function<gateway::sdk::Task<gateway::core::Result<std::string>>(
        gateway::core::TenantId, gateway::core::Sha256)>;

    SimulatedComponent(gateway::sdk::Clock& clock, ComponentTraits traits, std::uint64_t seed);

    gateway::sdk::Task<gateway::sdk::Outcome> send(gateway::core::Delivery delivery);
    gateway::sdk::Task<gateway::sdk::Outcome> cancel(gateway::core::Delivery delivery);
    gateway::sdk::Task<gateway::sdk::Outcome> look_up(gateway::core::Delivery delivery);
    gateway::sdk::Task<gateway::core::Result<gateway::sdk::Receipts>>
    poll(gateway::core::Delivery delivery);

    /// What pushes: all that has happened and was not acknowledged, in any order, each line any
    /// number of times.
    std::vector<gateway::sdk::ReceiptNews> news();
    /// May be lost on its way while there is trouble.
    void acknowledge(const gateway::sdk::ReceiptNews& told);
    /// It has something to tell, now or later.
    bool has_news() const;

    /// Must be given before a letter with documents comes.
    void set_reader(Reader reader) { reader_ = std::move(reader); }
    /// No more trouble from now on.
    void heal() { troubled_ = false; }
    const std::map<std::string, Effect>& effects() const { return effects_; }
    /// Would be refused for good.
    bool refuses(const std::string& key) const { return draws(key, 1, traits_.refused_percent); }
    int calls() const { return calls_; }
    /// The connection to it, for a gateway's life.
    std::shared_ptr<gateway::ports::Connection> connect(const std::string& id);

private:
    int dice(int sides) { return static_cast<int>(random_() % static_cast<std::uint64_t>(sides)); }
    bool trouble() { return troubled_ && dice(100) < traits_.trouble_percent; }
    bool draws(const std::string& key, unsigned which, int percent) const;
    gateway::sdk::Task<void> travel();
    void act(const gateway::core::Delivery& delivery, std::vector<std::string> files);

    gateway::sdk::Clock& clock_;
    ComponentTraits traits_;
    std::mt19937_64 random_;
    Reader reader_;
    bool troubled_ = true;
    int calls_ = 0;
    std::map<std::string, Effect> effects_;   // by upstream key
};

}   // namespace tests
