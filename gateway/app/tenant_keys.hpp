#pragma once

// The tenants' sealing keys, from their references to vaults; and the check that a tenant still has
// the key its messages were sealed with: with another key nothing stored could be read again.

#include "gateway/core/configuration.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/ports/store.hpp"

#include <map>
#include <memory>

namespace gateway::app {

using TenantVaults = std::map<core::TenantId, std::shared_ptr<const crypto::Vault>>;

/// The first key that cannot be had is the failure; its detail names tenant and reference. Blocks.
core::Result<TenantVaults> open_vaults(const core::Configuration& configuration);

/// `conflict` names the first tenant whose key is another than before. A tenant seen for the first
/// time is remembered.
sdk::Task<core::Result<void>> same_keys_as_before(ports::Store& store, TenantVaults vaults);

/// A new key file: mode 0600, never overwrites (`conflict`). Blocks.
core::Result<void> create_tenant_key(const std::string& path, core::Randomness& random);

}   // namespace gateway::app
