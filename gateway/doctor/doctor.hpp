#pragma once

// Examines a connection, all of them, or the house they live in. Everything is looked at side by
// side where nothing stands on another, and all of it ends within ten seconds.

#include "gateway/doctor/finding.hpp"
#include "gateway/doctor/ports.hpp"
#include "gateway/doctor/within.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/examination.hpp"

#include <memory>
#include <optional>

namespace gateway::doctor {

/// Of a whole examination, less what it takes to say so.
inline constexpr std::chrono::milliseconds examination_time_max{9500};

struct DoctorParts {
    const ports::ConfigurationSource& configuration;
    const ports::ExaminedConnections& connections;
    Network& network;
    House& house;
    sdk::Clock& clock;
    boost::asio::any_io_executor executor;   // for what is left behind
};

/// Any strand may call; what belongs to one call stays on its strand. stop() is awaited before it
/// goes.
class Doctor {
public:
    explicit Doctor(DoctorParts parts);

    /// On behalf of `tenant`, or without one of the first that the connection serves. Nothing: no
    /// such connection, or it does not serve the tenant.
    sdk::Task<std::optional<Examination>> examine(core::ConnectionId connection,
                                                  core::TenantId tenant);
    sdk::Task<Examination> examine_house();
    /// The house first, then every connection by its id.
    sdk::Task<std::vector<Examination>> examine_all();
    sdk::Task<void> stop();

private:
    struct Case;

    sdk::Task<void> examine_case(std::shared_ptr<Case> one, sdk::Deadline end);
    sdk::Task<void> examine_place_of(std::shared_ptr<Case> one, std::size_t index,
                                     sdk::Deadline end);
    sdk::Task<void> examine_token_of(std::shared_ptr<Case> one, std::size_t index,
                                     sdk::Deadline end);
    sdk::Task<void> examine_call_of(std::shared_ptr<Case> one, sdk::Deadline end);
    sdk::Task<void> into_house(std::shared_ptr<Examination> into, sdk::Deadline end);
    std::shared_ptr<Case> open_case(const core::ConnectionConfig& config,
                                    const core::TenantId& tenant) const;
    std::vector<sdk::TokenRequest> wishes_of(const core::ConnectionConfig& config,
                                             const ports::Examined& examined,
                                             const core::TenantId& tenant) const;

    DoctorParts parts_;
    runtime::TaskGroup left_;
};

}   // namespace gateway::doctor
