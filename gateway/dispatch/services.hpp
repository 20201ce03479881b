#pragma once

#include "gateway/crypto/vault.hpp"
#include "gateway/ports/configuration.hpp"
#include "gateway/ports/connections.hpp"
#include "gateway/ports/store.hpp"
#include "gateway/sdk/host.hpp"

namespace gateway::dispatch {

/// What carrying a delivery needs, all of it outliving dispatch. Every one may be used from any
/// strand.
struct Services {
    ports::Store& store;
    ports::Connections& connections;
    ports::ConfigurationSource& configuration;
    crypto::Vaults& vaults;
    sdk::Clock& clock;
    sdk::Ids& ids;
    sdk::Log& log;
    sdk::Metrics& metrics;
};

}   // namespace gateway::dispatch
