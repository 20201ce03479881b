#pragma once

#include "adapters/common/altinn/system_user_wish.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway::altinn_forms {

/// When Altinn is told that a form has come.
enum class Confirm {
    stored,         // durable here: the gateway answers for it from then on
    acknowledged,   // by every system that has it, within answer_within; else never
};

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string connection;
    altinn_platform::Access access;
    std::string apps_url;    // of the service owner's apps, no trailing slash
    core::TenantId tenant;   // whose forms they are
    std::string org;         // the service owner's code: "ttd"
    std::vector<std::string> apps;
    std::vector<std::string> confidential_apps;   // of apps: whose forms are told to be so
    std::vector<std::string> scopes;
    std::string callback_url;   // this gateway's address from outside; empty: no webhooks
    std::chrono::seconds feed_every{60};
    std::chrono::minutes reconcile_every{60};
    int reconcile_days = 30;
    std::uint64_t instance_bytes_max = 5ULL << 30U;
    std::size_t elements_max = 500;
    Confirm confirm = Confirm::stored;
    std::chrono::hours answer_within{24};
    altinn_platform::SystemUserSettings system_user;

    Settings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);
/// The token that forms are fetched with.
sdk::TokenRequest token_request(const Settings& settings);
/// "urn:altinn:resource:app_ttd_apps-test".
std::string resource_of(const Settings& settings, const std::string& app);
bool has_app(const Settings& settings, std::string_view app);

}   // namespace gateway::altinn_forms
