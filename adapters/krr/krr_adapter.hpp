#pragma once

// The contact and reservation register as a Register: may this person be written to, where, and in
// which mailbox. It carries no messages.

#include "adapters/krr/krr_contacts.hpp"
#include "adapters/krr/krr_print.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace gateway::krr {

/// Lives on its connection's strand. stop() cancels what is asked; later look-ups answer
/// `connection.not_running`.
class KrrAdapter final : public sdk::Adapter, public sdk::Register {
public:
    KrrAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Register* registry() override { return this; }

    sdk::Task<sdk::RegisterAnswer> look_up(sdk::RegisterQuery query,
                                           sdk::Deadline deadline) override;

private:
    Settings settings_;
    registers::Pauses pauses_;
    Contacts contacts_;
    Print print_;
    Caller probe_;
};

std::span<const sdk::Capability> capabilities();
std::span<const std::string_view> datasets();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::krr
