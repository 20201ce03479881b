#pragma once

// One claimed delivery, opened: everything the carrying needs to know, unsealed for as long as it
// lasts.

#include "gateway/core/delivery_machine.hpp"
#include "gateway/dispatch/services.hpp"
#include "gateway/json/value.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gateway::dispatch {

/// Why nobody can carry it as things are.
struct Fault {
    core::Code code;
    core::Params params;

    Fault() = default;
    explicit Fault(core::Code why, core::Params with = {})
        : code(std::move(why)), params(std::move(with)) {}
};

struct Cargo {
    ports::ClaimedDelivery claimed;
    std::shared_ptr<const core::Configuration>
        configuration;   // one version for the whole carrying
    std::shared_ptr<const crypto::Vault> vault;
    std::optional<crypto::ContentKey> key;
    json::Value content;
    core::Delivery delivery;   // as the adapter gets it
    std::string progress;
    std::shared_ptr<ports::Connection> connection;
    const sdk::Capability* capability = nullptr;   // lives as long as the connection
    std::optional<Fault> fault;

    Cargo() = default;
    ports::DeliveryKey store_key() const { return {claimed.tenant, claimed.row.id}; }
    core::DeliveryMachine machine(core::Time now) const;
};

/// Unseals and reads the message; `fault` when that fails. Pure CPU work, at most a megabyte.
Cargo unpack(const Services& services, ports::ClaimedDelivery claimed);
Cargo unpack(const ports::ConfigurationSource& configuration, const crypto::Vaults& vaults,
             ports::ClaimedDelivery claimed);

/// Finds the connection that is to carry it; `fault` when it is gone or cannot carry this type.
void find_carrier(const Services& services, Cargo& cargo, const core::ConnectionId& connection,
                  const std::string& settings);

/// Reads what the store knows of the documents, in the message's order; `fault` when one is gone. A
/// store that fails is a failure, not a fault of the cargo.
sdk::Task<sdk::Result<void>> find_documents(const Services& services, Cargo& cargo);

/// When the attempt is given up: the adapter's time plus the documents' bytes at the least rate we
/// put up with.
sdk::Deadline attempt_deadline(const sdk::Clock& clock, const Cargo& cargo);

inline constexpr std::uint64_t upload_rate_min = 128U << 10U;   // bytes a second

}   // namespace gateway::dispatch
