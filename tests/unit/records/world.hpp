#pragma once

// Two tenants with purposes, a register that answers as told, and the service over a shelf.

#include "gateway/records/service.hpp"
#include "gateway/runtime/ids.hpp"
#include "shelf.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <catch2/catch.hpp>

namespace tests::records {

inline const core::TenantId oslo("310001007");
inline const core::TenantId bergen("310005002");
inline constexpr const char* kari = "17859130003";
inline constexpr const char* ola = "13899000018";

/// A register whose answers the test holds back, or bends.
class Register final : public sdk::Registers {
public:
    explicit Register(ManualClock& clock) : clock_(clock) {}
    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query, sdk::Deadline) override;

    std::map<std::string, json::Value> persons;   // by key; others are unknown
    std::optional<sdk::RegisterFailure> failure;
    std::string answers_about;   // instead of the key asked for
    bool hangs = false;          // until the clock has moved a minute
    std::vector<sdk::RegisterQuery> asked;

private:
    ManualClock& clock_;
};

class World final : public ports::Connections, public ports::ConfigurationSource {
public:
    /// Over the shelf, or over a store that the caller keeps.
    explicit World(ports::RecordStore* store = nullptr);
    ~World() override;
    gateway::records::ServiceParts parts();

    std::shared_ptr<ports::Connection> find(const core::ConnectionId&) const override {
        return nullptr;
    }
    std::vector<std::shared_ptr<ports::Connection>> all() const override { return {}; }
    sdk::Registers& registers() override { return freg; }
    std::shared_ptr<const core::Configuration> current() const override { return configuration; }

    core::TenantConfig& tenant(const core::TenantId& id) { return configuration->tenants.at(id); }
    ports::RecordAsker asker(std::set<std::string> grants, std::string purpose = "opptak",
                             const core::TenantId& tenant = oslo) const;
    ports::RecordLookUp question(const char* person = kari) const;
    ports::LookUpAnswer ask(ports::RecordLookUp question);
    ports::PublishAnswer publish(ports::PublishCommand command);
    const std::vector<ports::NewLogEntry>& log(const core::TenantId& tenant = oslo) {
        return shelf.log[tenant];
    }
    static json::Value person(const std::string& key, const char* protection = "none");

    boost::asio::io_context io;
    ManualClock clock;
    std::unique_ptr<sdk::Ids> ids = gateway::runtime::make_system_ids(clock);
    RecordingLog diary;
    NoMetrics metrics;
    Shelf shelf;
    ports::RecordStore& kept_in;
    Register freg{clock};
    crypto::Vaults vaults;
    std::shared_ptr<core::Configuration> configuration = std::make_shared<core::Configuration>();
    gateway::records::PreparedAnswers prepared;
    std::unique_ptr<gateway::records::Service> service;
};

}   // namespace tests::records
