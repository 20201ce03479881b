#pragma once

// What is asked for when a system user is, and Altinn's answer. Pure. Facts: wire notes 1.3;
// RequestSystemUserController.cs and RequestSystemResponse.cs of Altinn/altinn-authentication.

#include "adapters/common/altinn/platform_access.hpp"
#include "gateway/sdk/http_client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::altinn_platform {

/// The members of config.schema.json that say which system users a connection asks for: system_id,
/// onboarding_scope, system_user_rights, system_user_packages.
struct SystemUserSettings {
    std::string system_id;   // "<orgnr>_<name>", as registered; empty: none can be asked for
    std::vector<std::string> scopes;
    std::string organisation;   // where a wish names none; empty: it must
    std::string reference;      // externalRef, likewise; empty: Altinn's own, the organisation
    std::vector<std::string> rights;     // ids of resources
    std::vector<std::string> packages;   // URNs of access packages

    SystemUserSettings() = default;
};

SystemUserSettings read_system_user(const json::Value& given);
/// The one organisation that everything is received for; empty when there are several, or none.
std::string only_organisation(const std::vector<Source>& sources);

/// One request: what an operator wishes, the rest from the settings.
struct SystemUserWish {
    std::string organisation;   // 9 digits
    std::string reference;      // never empty
    std::vector<std::string> rights;
    std::vector<std::string> packages;
    std::string redirect;

    SystemUserWish() = default;
};

/// `with` is {"organisation"?, "reference"?, "rights"?: [], "packages"?: [], "redirect"?}. Nothing
/// when a member is of another form, or there is no organisation.
std::optional<SystemUserWish> read_wish(const SystemUserSettings& settings,
                                        const json::Value& with);
/// {"organisation", "reference", "system", "rights": [], "packages": [], "request": null}.
json::Value shown_wish(const SystemUserSettings& settings, const SystemUserWish& wish);

sdk::HttpRequest request_system_user(const Access& access, const SystemUserSettings& settings,
                                     const SystemUserWish& wish);
sdk::HttpRequest find_system_user(const Access& access, const SystemUserSettings& settings,
                                  const SystemUserWish& wish);

/// Altinn's answer as the operator sees it: {"id", "status", "approve", "rights": [], "packages":
/// [], "created", "escalated", "timedOut"}; null when it is none. Nothing in it but printable text.
json::Value shown_request(const json::Value& answer);

}   // namespace gateway::altinn_platform
