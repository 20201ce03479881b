#pragma once

#include "adapters/common/altinn/system_user_wish.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/adapter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn {

using altinn_platform::Source;

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    altinn_platform::Access access;
    std::vector<std::string> scopes;
    std::string system_user_organisation;
    std::string system_user_reference;
    std::uint64_t single_call_bytes_max = 10'000'000;
    std::optional<int> attachment_expiration_days;
    std::chrono::hours follow_for{24 * 90};
    bool notice_details = false;
    std::vector<Source> sources;
    std::chrono::seconds poll_every{60};
    altinn_platform::SystemUserSettings system_user;   // to be asked for

    Settings() = default;
};

/// What a route says, checked by route.schema.json.
struct RouteSettings {
    std::string resource;
    std::string message_sender;
    bool confidential = false;
    bool allow_forwarding = false;

    RouteSettings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);
RouteSettings read_route(const json::Value& with);
/// The token a tenant's calls are made with.
sdk::TokenRequest token_request(const Settings& settings, const core::TenantId& tenant);

/// The token that a source's recipient reads with: its system user's.
sdk::TokenRequest receiving_token(const Settings& settings, const Source& source);

}   // namespace gateway::altinn
