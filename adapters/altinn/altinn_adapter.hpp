#pragma once

// letter/v1 to organisations and persons through Altinn's Correspondence API, and letters to us.
// One attempt a call; what an attempt got done with large files is remembered, so that the next
// goes on from there.

#include "adapters/altinn/altinn_client.hpp"
#include "adapters/altinn/altinn_letter.hpp"
#include "adapters/altinn/altinn_receiver.hpp"
#include "adapters/altinn/altinn_steps.hpp"
#include "adapters/common/altinn/system_users.hpp"
#include "gateway/sdk/adapter.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace gateway::altinn {

/// Lives on its connection's strand. stop() cancels token fetches; attempts are cancelled by who
/// awaits them.
class AltinnAdapter final : public sdk::Adapter, public sdk::Sender, public sdk::Receiver {
public:
    AltinnAdapter(Settings settings, sdk::Host& host);

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
    /// What one attempt in steps works with; lives in the frame of send_in_steps.
    struct Attempt {
        const Letter& letter;
        Steps& steps;
        sdk::Progress& progress;
        sdk::Deadline deadline;

        Attempt(const Letter& what, Steps& done, sdk::Progress& kept, sdk::Deadline until)
            : letter(what), steps(done), progress(kept), deadline(until) {}
    };
    /// Of one step: nothing to say means go on.
    using Said = std::optional<sdk::Outcome>;

    sdk::Task<sdk::Outcome> send_at_once(const Letter& letter, const Exchange& exchange,
                                         sdk::Progress& progress, sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> send_in_steps(const Letter& letter, sdk::Progress& progress,
                                          sdk::Deadline deadline);
    sdk::Task<Said> perform(Attempt& attempt, Steps::Action action);
    sdk::Task<Said> make(Attempt& attempt, std::size_t index);
    sdk::Task<Said> upload(Attempt& attempt, std::size_t index);
    sdk::Task<Said> ask(Attempt& attempt, std::size_t index);
    sdk::Task<Said> judge(Attempt& attempt, std::size_t index, const sdk::HttpResponse& response);
    sdk::Task<Said> replace(Attempt& attempt, std::size_t index, bool delete_it);
    sdk::Task<Said> remove(Attempt& attempt);
    sdk::Task<Said> finish(Attempt& attempt);
    sdk::Task<Said> refuse(Attempt& attempt, const sdk::Outcome& outcome);
    sdk::Task<Said> remember(Attempt& attempt);
    Said wait_for_scan(Attempt& attempt);

    sdk::Task<sdk::Outcome> conclude(const core::Delivery& delivery, const std::string& resource,
                                     Reply reply, sdk::Progress& progress, sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> find(const core::Delivery& delivery, const std::string& resource,
                                 sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> withdraw(const core::Delivery& delivery,
                                     const std::string& correspondence, sdk::Deadline deadline);
    sdk::Task<void> hold(const core::Delivery& delivery, const std::vector<std::string>& ids);
    sdk::Task<void> delete_held(const core::Delivery& delivery, sdk::Deadline deadline);

    Settings settings_;
    sdk::Host& host_;
    AltinnClient client_;
    LetterPoller poller_;
    altinn_platform::SystemUsers system_users_;
};

std::span<const sdk::Capability> capabilities();
core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host);

}   // namespace gateway::altinn
