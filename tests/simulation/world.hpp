#pragma once

// What lasts over all lives of the gateway, and what the specialist system remembers of it.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/store_types.hpp"
#include "gateway/runtime/ids.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/simulated_component.hpp"
#include "tests/support/simulated_file_system.hpp"
#include "tests/support/simulated_vfs.hpp"

#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace simulation {

using namespace gateway;

inline const core::TenantId oslo("958935420");
inline const core::SystemId sak("sak");

class Fixed final : public ports::ConfigurationSource {
public:
    std::shared_ptr<core::Configuration> now = std::make_shared<core::Configuration>();
    std::shared_ptr<const core::Configuration> current() const override { return now; }
};

class TheConnections final : public ports::Connections {
public:
    std::vector<std::shared_ptr<ports::Connection>> them;
    std::shared_ptr<ports::Connection> find(const core::ConnectionId& id) const override {
        for (const auto& one : them) {
            if (one->id() == id) {
                return one;
            }
        }
        return nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return them; }
    sdk::Registers& registers() override { return registers_; }

private:
    tests::ManualClock clock_;
    tests::ScriptedRegisters registers_{clock_};
};

/// What a specialist system remembers: what it wants, and what of it was acknowledged.
struct Client {
    struct Letter {
        std::vector<std::string> files;
        bool changes_its_mind = false;   // wants it back
        bool copy_if_unread = false;     // on paper, an hour after it was delivered
    };
    std::vector<Letter> wants;
    std::map<std::string, core::Sha256> uploaded;   // by content
    std::map<std::size_t, core::MessageId> acknowledged;
    std::map<std::size_t, ports::CancelAnswer> cancels;
    std::set<int> oddities;   // handed over by the component, and acknowledged
    std::set<int> forms;      // likewise
    std::set<std::pair<std::string, int>>
        settled;                          // by which system: what of them it acknowledged
    std::vector<std::string> surprises;   // answers that break a promise as they come
};

/// What nobody can handle, and a part of what there is of it.
inline std::string oddity(int number) {
    return "<odd about=\"" + std::to_string(number) + "\"/>";
}

/// Forms that come in, for whom, and the file of each.
inline constexpr int forms = 5;
inline constexpr std::array<const char*, 2> receivers{"sak", "arkiv"};
inline std::string form_file(int number) {
    return "<skjema nummer=\"" + std::to_string(number) + "\"/>";
}

/// How many choices the route of the letters has.
enum class Ways {
    one,
    two   // a screen, and paper that takes over
};

struct World {
    const Ways ways;
    std::mt19937_64 random;
    tests::ManualClock clock;
    std::unique_ptr<sdk::Ids> ids;
    tests::SimulatedVfs disk;
    tests::SimulatedFileSystem files;
    tests::RecordingLog log;
    tests::NoMetrics metrics;
    crypto::Vaults vaults;
    std::shared_ptr<const crypto::Vault> vault;
    Fixed configuration;
    tests::ComponentTraits traits;
    std::unique_ptr<tests::SimulatedComponent> component;   // of the only way, or the first
    std::unique_ptr<tests::SimulatedComponent> paper;       // of two ways
    TheConnections connections;
    Client client;

    explicit World(std::uint64_t seed, Ways how_many = Ways::one);
    /// Each with the name of its connection.
    std::vector<std::pair<const char*, tests::SimulatedComponent*>> components() const;
    void heal();
    int dice(int sides) { return static_cast<int>(random() % static_cast<std::uint64_t>(sides)); }
    /// Both disks lose what was not synced.
    void power_cut();

private:
    void make_paper(std::uint64_t seed);
    void add_connection(const char* id, tests::SimulatedComponent& to);
    void make_letters();
};

}   // namespace simulation
