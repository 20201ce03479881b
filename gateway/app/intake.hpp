#pragma once

// The first half of the path of a message: accepted, validated, stored. One coroutine, one line a
// step; read it first.

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/documents.hpp"
#include "gateway/ports/intake.hpp"
#include "gateway/ports/schemas.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/host.hpp"

#include <atomic>
#include <memory>

namespace gateway::app {

struct IntakeParts {
    ports::Store& store;
    const ports::SchemaSet& schemas;
    ports::Connections& connections;
    const ports::ConfigurationSource& configuration;
    const crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
    /// Set while the disk has less free than the limit: nothing new is accepted.
    const std::atomic<bool>& disk_full;
};

std::unique_ptr<ports::Intake> make_intake(IntakeParts parts);

}   // namespace gateway::app
