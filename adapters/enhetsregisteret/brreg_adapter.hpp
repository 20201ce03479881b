#pragma once

// Enhetsregisteret as a Register and a Feed. It carries no messages.

#include "adapters/common/registers/look_ups.hpp"
#include "adapters/enhetsregisteret/brreg_feed.hpp"
#include "adapters/enhetsregisteret/brreg_load.hpp"
#include "adapters/enhetsregisteret/brreg_sources.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace gateway::enhetsregisteret {

/// Lives on its connection's strand. stop() cancels what is asked; later look-ups answer
/// `connection.not_running`.
class EnhetsregisteretAdapter final : public sdk::Adapter, public sdk::Register, public sdk::Feed {
public:
    EnhetsregisteretAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Register* registry() override { return this; }
    sdk::Feed* feed() override { return this; }

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override;
    /// The register is the same for all tenants.
    sdk::Task<sdk::ChangePage> changes(core::TenantId tenant, std::string cursor,
                                       sdk::Deadline deadline) override;
    sdk::Task<sdk::LoadAnswer> load(core::TenantId tenant, sdk::RegisterIntake& into) override;

private:
    Settings settings_;
    sdk::Host& host_;
    registers::Pauses pauses_;
    Organisations organisation_source_;
    Roles role_source_;
    registers::LookUps organisations_;
    registers::LookUps roles_;
    Changes changes_;
    Load load_;
};

std::span<const sdk::Capability> capabilities();
std::span<const std::string_view> datasets();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::enhetsregisteret
