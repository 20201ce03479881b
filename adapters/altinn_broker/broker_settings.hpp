#pragma once

#include "adapters/common/altinn/system_user_wish.hpp"
#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway::altinn_broker {

using altinn_platform::Source;

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    altinn_platform::Access access;
    std::vector<std::string> scopes;
    bool system_user = true;
    std::string system_user_reference;
    std::uint64_t form_bytes_max = 1'000'000;
    std::uint64_t resumable_from = 50'000'000;
    std::uint64_t piece_bytes = 64'000'000;
    bool without_scan = false;
    bool resource_limits = true;
    std::chrono::hours follow_for{24 * 60};
    std::chrono::seconds poll_every{30};
    std::vector<Source> sources;
    altinn_platform::SystemUserSettings asks_for;   // system users to be had

    Settings() = default;
};

/// What a route says, checked by route.schema.json.
struct RouteSettings {
    std::string resource;
    std::string sender;   // 9 digits; empty: the tenant

    RouteSettings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);
RouteSettings read_route(const json::Value& with);

/// For calls of the organisation that sends or receives.
sdk::TokenRequest token_of(const Settings& settings, const std::string& organisation);
/// For what only the resource's owner may ask.
sdk::TokenRequest owner_token(const std::string& organisation);

}   // namespace gateway::altinn_broker
