#pragma once

#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace gateway::krr {

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string connection;
    std::string base_url;         // no trailing slash, without /rest
    std::string version = "v2";   // of the look-up's path
    std::vector<std::string> scopes;
    std::chrono::milliseconds batch_window{20};
    std::size_t batch_persons_max = 1000;
    std::chrono::minutes contact_age_max{24 * 60};
    std::chrono::minutes unknown_age_max{60};
    std::chrono::minutes print_age_max{24 * 60};
    std::size_t cache_persons_max = 20'000;
    bool print_with_token = false;

    Settings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);
/// The token a tenant's look-ups are made with.
sdk::TokenRequest token_request(const Settings& settings, const core::TenantId& tenant);

}   // namespace gateway::krr
