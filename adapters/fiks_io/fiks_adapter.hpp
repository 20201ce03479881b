#pragma once

// Messages of Fiks' protocols to and from any Fiks IO account.

#include "adapters/fiks_io/fiks_answering.hpp"
#include "adapters/fiks_io/fiks_catalogue.hpp"
#include "adapters/fiks_io/fiks_package.hpp"
#include "adapters/fiks_io/fiks_receiver.hpp"
#include "adapters/fiks_io/fiks_sender.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::fiks_io {

/// Lives on its connection's strand. stop() ends what its receiver runs.
class FiksIoAdapter final : public sdk::Adapter, public sdk::Sender {
public:
    /// `malformed` or `not_found` as the trust file is.
    static core::Result<std::unique_ptr<sdk::Adapter>> make(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ProbeAnswer> probe(core::TenantId tenant, sdk::Deadline deadline) override;
    sdk::Sender* sender() override { return this; }
    sdk::Receiver* receiver() override { return receiver_.get(); }

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline) override;
    sdk::Task<core::Result<sdk::Receipts>> poll_receipts(const core::Delivery& delivery,
                                                         sdk::Deadline deadline) override;
    sdk::Task<sdk::Outcome> cancel(const core::Delivery& delivery, sdk::Deadline deadline) override;

private:
    FiksIoAdapter(Settings settings, sdk::Host& host);

    Settings settings_;
    Catalogue catalogue_;
    Answering answering_;
    MessageSender messages_;
    std::unique_ptr<Opener> opener_;
    std::unique_ptr<AdapterDesk> desk_;
    std::unique_ptr<FiksReceiver> receiver_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::fiks_io
