#pragma once

// A register that tells of changes, followed over a store in memory; two tenants with systems that
// may know different things.

#include "gateway/records/feed_follower.hpp"
#include "gateway/store/memory/memory_store.hpp"
#include "gateway/view/life_events.hpp"
#include "world.hpp"

namespace tests::records {

inline const core::ConnectionId freg_id("freg");
inline const core::SystemId barnehage("barnehage");
inline const core::SystemId skatt("skatt");
inline const core::SystemId helse("helse");

/// The register's list of changes, told from a place on, or not at all.
class Changing final : public ports::Feeds {
public:
    std::vector<ports::FeedPlace> feeds() const override { return places; }
    std::vector<std::string> datasets(const core::ConnectionId&) const override {
        return {"person", "organisation"};
    }
    sdk::Task<sdk::ChangePage> changes(ports::FeedPlace place, std::string cursor,
                                       sdk::Deadline deadline) override;
    sdk::Task<sdk::LoadAnswer> load(ports::FeedPlace place, sdk::RegisterIntake& into) override;
    void say(const ports::FeedPlace& place, std::optional<ports::FeedTrouble> trouble) override;

    sdk::Change& add(const std::string& key, const char* event, const char* dataset = "person");

    std::vector<ports::FeedPlace> places{{freg_id, oslo}};
    std::vector<sdk::Change> all;
    std::size_t page_max = 1000;
    std::optional<sdk::RegisterFailure> failure;
    bool broken = false;            // what it says of every cursor but the empty one
    sdk::Clock* silent = nullptr;   // it answers never, by this clock
    bool forgetful = false;         // its pages have no cursor
    std::function<void()> before_answer;
    std::vector<std::string> asked;   // cursors
    std::vector<sdk::RegisterEntry> dump;
    std::string dump_cursor;
    std::optional<sdk::RegisterFailure> load_failure;
    std::optional<ports::FeedTrouble> trouble;
    int said = 0;
};

class FeedWorld final : public ports::Connections, public ports::ConfigurationSource {
public:
    FeedWorld();
    ~FeedWorld() override;

    std::shared_ptr<ports::Connection> find(const core::ConnectionId&) const override {
        return nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {}; }
    sdk::Registers& registers() override { return freg; }
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }
    core::TenantConfig& tenant(const core::TenantId& id = oslo) {
        return configuration->tenants.at(id);
    }

    /// A new life of the process over the same store.
    void start();
    void stop();
    /// The clock goes on for as long, and all that is to happen happens.
    void pass(core::Duration time);
    /// Kept for the purpose of the system, as by a look-up.
    ports::FoundRecord look_up(const std::string& person, const core::SystemId& system = barnehage,
                               const core::TenantId& tenant = oslo);
    bool knows(const std::string& person, const core::TenantId& tenant = oslo);
    std::vector<ports::StoredEvent> told(const core::SystemId& system,
                                         const core::TenantId& tenant = oslo);
    std::vector<ports::LogEntry> log(const core::TenantId& tenant = oslo);
    std::string cursor();

    boost::asio::io_context io;
    ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = gateway::runtime::make_system_ids(clock);
    RecordingLog diary;
    NoMetrics metrics;
    std::unique_ptr<ports::Store> store = gateway::store::make_memory_store();
    Register freg{clock};
    Changing feed;
    crypto::Vaults vaults;
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
    std::unique_ptr<gateway::records::Service> service;
    std::unique_ptr<gateway::records::FeedFollower> follower;
};

/// "opptak" of barnehage, and so on.
std::string purpose_of(const core::SystemId& system);
json::Value child_of(const std::string& key, const std::string& parent);
/// Synthetic persons with valid control digits, as many as are wanted.
std::vector<std::string> persons(std::size_t count);

}   // namespace tests::records
