#pragma once

// What the specialist system says of a form, back to its instance: files first, then the substatus,
// which tells whoever sent the form that there is news. Altinn knows no key for an upload, so what
// is there already is recognised by its bytes: told twice, it is there once. Facts: wire notes,
// section 7; Altinn/altinn-storage, DataController.cs (an app takes nothing for what was sent in,
// Storage does); Altinn/app-lib-dotnet.

#include "adapters/altinn_forms/forms_answers.hpp"
#include "adapters/altinn_forms/forms_client.hpp"
#include "adapters/altinn_forms/forms_system_answer.hpp"

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class Feedback {
public:
    Feedback(const Settings& settings, FormsClient& client, sdk::Host& host)
        : settings_(settings), client_(client), host_(host) {}

    /// Receiver::settled.
    sdk::Task<sdk::Outcome> tell(sdk::InboundSettled what, sdk::Deadline deadline);

private:
    using Said = std::optional<sdk::Outcome>;   // why it ends here; nothing: go on

    sdk::Task<Said> hand_in(const InstanceRef& instance, const std::vector<FeedbackFile>& files,
                            sdk::Deadline deadline);
    sdk::Task<core::Result<bool>> is_there(const Instance& instance, const FeedbackFile& file,
                                           std::uint64_t size, sdk::Deadline deadline);
    sdk::Task<core::Result<sdk::HttpRequest>> with_file(const InstanceRef& instance,
                                                        const FeedbackFile& file);
    sdk::Task<Said> upload(const InstanceRef& instance, const FeedbackFile& file,
                           sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> set_substatus(const InstanceRef& instance, const Substatus& substatus,
                                          sdk::Deadline deadline);

    const Settings& settings_;
    FormsClient& client_;
    sdk::Host& host_;
};

}   // namespace gateway::altinn_forms
