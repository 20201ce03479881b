#pragma once

#include "adapters/common/fiks/fiks_client.hpp"
#include "adapters/svarut/svarut_acts.hpp"
#include "adapters/svarut/svarut_sender.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::svarut {

/// letter/v1 and transfer/v1 by SvarUt. One per connection, on its strand.
class SvarUtAdapter final : public sdk::Adapter, public sdk::Sender {
public:
    SvarUtAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline) override;
    sdk::Sender* sender() override { return this; }

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) override;
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(const core::Delivery& delivery,
                                                         sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> cancel(const core::Delivery& delivery, sdk::Deadline deadline) override;

private:
    Settings settings_;
    sdk::Host& host_;
    fiks_platform::Client client_;
    PublicKey key_;
    StatusBatches statuses_;
    ShipmentSender shipments_;
    Acts acts_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::svarut
