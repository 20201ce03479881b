#pragma once

// Forms out: a new instance for somebody, prefilled. An app knows no idempotency key, so an attempt
// says durably that it asks before it does; where the answer was lost, what the service owner made
// for this person in this app about that time is looked up, and what other messages made is left
// out. Where two are left nobody can tell which is whose: a person decides.

#include "adapters/altinn_forms/forms_client.hpp"
#include "adapters/altinn_forms/forms_prefill.hpp"

namespace gateway::altinn_forms {

/// Lives on its connection's strand; all it is given outlives it.
class FormsSender {
public:
    FormsSender(const Settings& settings, FormsClient& client, sdk::Host& host)
        : settings_(settings), client_(client), host_(host) {}

    sdk::Task<sdk::Outcome> send(const core::Delivery& delivery, sdk::Progress& progress,
                                 sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> look_up(const core::Delivery& delivery, sdk::Progress& progress,
                                    sdk::Deadline deadline);

private:
    sdk::Task<sdk::Outcome> make(const core::Delivery& delivery, const Prefill& prefill,
                                 sdk::Progress& progress, sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> find(const core::Delivery& delivery, const Prefill& prefill,
                                 core::Time asked, sdk::Deadline deadline);
    sdk::Task<sdk::Outcome> made(const core::Delivery& delivery, const InstanceRef& instance);
    sdk::Task<core::Result<json::Value>> claims(const InstanceRef& instance);
    sdk::Task<core::Result<bool>> claim(const core::Delivery& delivery,
                                        const InstanceRef& instance);

    const Settings& settings_;
    FormsClient& client_;
    sdk::Host& host_;
};

}   // namespace gateway::altinn_forms
