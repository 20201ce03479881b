#pragma once

// Forms that citizens and businesses send in through a service owner's apps at Altinn, as form/v1;
// what the specialist system says of one, back to its instance.

#include "adapters/altinn_forms/forms_feedback.hpp"
#include "adapters/altinn_forms/forms_receiver.hpp"
#include "adapters/altinn_forms/forms_sender.hpp"
#include "adapters/common/altinn/system_users.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <span>

namespace gateway::altinn_forms {

/// Lives on its connection's strand. Nothing runs but what is awaited; stop() cancels token
/// fetches.
class FormsAdapter final : public sdk::Adapter, public sdk::Sender, public sdk::Receiver {
public:
    FormsAdapter(Settings settings, sdk::Host& host);

    sdk::Task<core::Result<void>> start(sdk::Deadline deadline) override;
    sdk::Task<sdk::Health> check_health(sdk::Deadline deadline) override;
    sdk::Task<void> stop(sdk::Deadline deadline) override;
    sdk::Needs needs(const core::TenantId& tenant) const override;
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline) override;
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
    sdk::Task<sdk::Outcome> settled(sdk::InboundSettled what, sdk::Deadline deadline) override;
    sdk::Task<sdk::CallbackAnswer> on_callback(sdk::Callback call, sdk::Deadline deadline) override;

private:
    Settings settings_;
    sdk::Host& host_;
    FormsClient client_;
    FormsReceiver forms_;
    Feedback feedback_;
    FormsSender sender_;
    altinn_platform::SystemUsers system_users_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::altinn_forms
