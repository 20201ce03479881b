#pragma once

#include "adapters/svarinn/svarinn_receiver.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::svarinn {

/// transfer/v1 from SvarInn. One per connection, on its strand.
class SvarInnAdapter final : public sdk::Adapter, public sdk::Receiver {
public:
    SvarInnAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    /// Whether SvarUt answers, by something it gives to everybody, and how the last look went.
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Receiver* receiver() override { return this; }

    sdk::Task<void> receive() override;
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline) override;

private:
    Settings settings_;
    sdk::Host& host_;
    MailboxPoller poller_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::svarinn
