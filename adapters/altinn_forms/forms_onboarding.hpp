#pragma once

// A system user for an organisation, asked for and followed: a person of that organisation approves
// at the address Altinn gives. Facts: wire notes 1.3; RequestSystemUserController.cs of
// Altinn/altinn-authentication.

#include "adapters/altinn_forms/forms_client.hpp"
#include "adapters/altinn_forms/forms_exchange.hpp"

namespace gateway::altinn_forms {

/// The operator's wishes "request-system-user" ({"organisation", "reference"?, "resources": [],
/// "packages": []?, "redirect"?}) and "system-user-request" ({"id"} or {"organisation",
/// "reference"}). Both answer {"id", "status", "approve", "organisation", "reference", "system",
/// "rights": [], "packages": [], "created", "escalated", "timedOut"}. Asked for again with the same
/// organisation and reference, an open request is shown, not made twice.
class Onboarding {
public:
    Onboarding(const Settings& settings, FormsClient& client, sdk::Host& host)
        : settings_(settings), client_(client), host_(host) {}

    static bool knows(std::string_view act);
    sdk::Task<sdk::ActAnswer> act(sdk::Act act, sdk::Deadline deadline);

private:
    sdk::Task<sdk::ActAnswer> request(const json::Value& with, sdk::Deadline deadline);
    sdk::Task<sdk::ActAnswer> look(const json::Value& with, sdk::Deadline deadline);
    sdk::Task<sdk::ActAnswer> find(const std::string& organisation, const std::string& reference,
                                   sdk::Deadline deadline);

    const Settings& settings_;
    FormsClient& client_;
    sdk::Host& host_;
};

/// The request's body; pure.
json::Value system_user_body(const Settings& settings, const json::Value& with);
/// Altinn's answer as the operator sees it; null when it is not one.
json::Value shown_request(const json::Value& answer);

}   // namespace gateway::altinn_forms
