#pragma once

// transfer/v1 both ways through Altinn Broker (formidling): one file to an organisation, and the
// files that organisations have sent to us.

#include "adapters/altinn_broker/broker_receiver.hpp"
#include "adapters/altinn_broker/broker_sender.hpp"
#include "adapters/common/altinn/system_users.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::altinn_broker {

/// Lives on its connection's strand. stop() cancels token fetches; attempts and the receiver are
/// cancelled by who awaits them.
class BrokerAdapter final : public sdk::Adapter, public sdk::Sender, public sdk::Receiver {
public:
    BrokerAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline) override;
    sdk::Sender* sender() override { return this; }
    sdk::Receiver* receiver() override { return settings_.sources.empty() ? nullptr : this; }

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) override;
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(const core::Delivery& delivery,
                                                         sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> cancel(const core::Delivery& delivery, sdk::Deadline deadline) override;
    sdk::Task<void> receive() override;

private:
    Settings settings_;
    sdk::Host& host_;
    std::shared_ptr<SearchBudget> budget_;   // with every connection to the platform
    altinn_platform::PlatformClient client_;
    FileSender files_;
    FilePoller poller_;
    altinn_platform::SystemUsers system_users_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::altinn_broker
