#pragma once

// letter/v1 to citizens' digital mailboxes and to print, through corner 2 of Digital postkasse til
// innbyggere; receipts from the operators.

#include "adapters/digital_post/dpi_receiver.hpp"
#include "adapters/digital_post/dpi_sender.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::digital_post {

/// Lives on its connection's strand. Nothing runs but what is awaited: stop() has nothing to stop.
class DigitalPostAdapter final : public sdk::Adapter, public sdk::Sender, public sdk::Receiver {
public:
    DigitalPostAdapter(Settings settings, Trust trust, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Sender* sender() override { return this; }
    sdk::Receiver* receiver() override { return this; }

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
    Trust trust_;
    sdk::Host& host_;
    Channels channels_;
    Settled settled_;
    Client client_;
    LetterSender letters_;
    ReceiptPoller receipts_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::digital_post
