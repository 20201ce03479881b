#pragma once

// A network, a house and connections that do what a test says, on a clock turned by hand.

#include "gateway/doctor/doctor.hpp"
#include "tests/support/manual_clock.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tests {

namespace core = gateway::core;
namespace sdk = gateway::sdk;
namespace ports = gateway::ports;
namespace doctor = gateway::doctor;
namespace http = gateway::http;

/// Ends after an hour, whether it is cancelled or not.
sdk::Task<void> hang(sdk::Clock& clock);

class FakeNetwork final : public doctor::Network {
public:
    explicit FakeNetwork(ManualClock& clock) : clock_(clock) {}
    sdk::Task<core::Result<std::vector<core::IpAddress>>> resolve(std::string host,
                                                                  std::uint16_t) override;
    sdk::Task<core::Result<core::IpAddress>> connect(std::vector<core::IpAddress>, std::uint16_t,
                                                     sdk::Deadline) override;
    sdk::Task<core::Result<http::TlsSight>> look_at_tls(doctor::Spot spot) override;
    sdk::Task<core::Result<doctor::Heard>> listen(doctor::Spot spot, sdk::Deadline) override;

    std::set<std::string> hangs;   // "dns", "tcp", "tls", "clock"
    std::set<std::string> hosts_without_answer;
    core::Duration each_takes{0};
    std::map<std::string, core::Failure> fails;
    http::TlsSight sight;
    core::Duration they_are_ahead{0};
    std::vector<std::string> asked;

private:
    sdk::Task<bool> step(std::string name);

    ManualClock& clock_;
};

class FakeHouse final : public doctor::House {
public:
    explicit FakeHouse(ManualClock& clock) : clock_(clock) {}
    std::string data_path() const override { return "/var/lib/sluse"; }
    sdk::Task<core::Result<void>> try_data() override;
    sdk::Task<core::Result<Disk>> disk() override;
    sdk::Task<core::Result<doctor::KernelClock>> kernel_clock() override;
    sdk::Task<core::Result<std::vector<core::TenantId>>> unreadable_keys() override;
    sdk::Task<core::Result<std::optional<bool>>> scanner() override;

    bool hangs = false;
    bool writable = true;
    std::uint64_t free_bytes = 100ULL << 30U;
    std::vector<core::TenantId> without_key;
    std::optional<bool> scans = true;

private:
    ManualClock& clock_;
};

class FakeExamined final : public ports::Examined {
public:
    FakeExamined(ManualClock& clock, core::ConnectionConfig config)
        : clock_(clock), config_(std::move(config)) {}
    const core::ConnectionConfig& configured() const override { return config_; }
    sdk::Needs needs(const core::TenantId&) const override { return wanted; }
    sdk::Task<sdk::TokenAnswer> fresh_token(sdk::TokenRequest request, sdk::Deadline) override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId, sdk::Deadline) override;

    sdk::Needs wanted;
    bool token_hangs = false;
    bool call_hangs = false;
    std::optional<sdk::TokenFailure> token_failure;
    std::string token = "opaque";
    sdk::ProbeAnswer answer{sdk::Finding::green, {}};
    int calls = 0;
    std::vector<sdk::TokenRequest> asked;

private:
    ManualClock& clock_;
    core::ConnectionConfig config_;
};

/// A doctor with all of it.
struct Practice final : ports::ConfigurationSource, ports::ExaminedConnections {
    ManualClock clock;
    FakeNetwork network{clock};
    FakeHouse house{clock};
    std::shared_ptr<core::Configuration> config = std::make_shared<core::Configuration>();
    std::map<core::ConnectionId, std::shared_ptr<FakeExamined>> running;
    boost::asio::io_context io;
    std::unique_ptr<doctor::Doctor> doctor;

    Practice();
    ~Practice() override;
    /// At https://<id>.example.no; borrows tokens from `lender` where there is one.
    FakeExamined& add(const std::string& id, const std::string& lender = {});
    doctor::Examination examine(const std::string& id);
    std::vector<doctor::Examination> examine_all();
    std::shared_ptr<const core::Configuration> current() const override { return config; }
    std::shared_ptr<ports::Examined> examined(const core::ConnectionId& id) const override;
};

/// "dns green, tcp red doctor.tcp.refused, ..."
std::string said(const doctor::Examination& examination);

}   // namespace tests
