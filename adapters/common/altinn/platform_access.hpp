#pragma once

// What the settings of every adapter of Altinn's platform hold alike: how the platform is reached,
// and where things are received from.

#include "gateway/core/ids.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>
#include <vector>

namespace gateway::altinn_platform {

/// How a connection reaches the platform.
struct Access {
    std::string base_url;   // the platform, no trailing slash
    bool exchange = true;   // false: Maskinporten's token as it is
    bool exchange_test = false;
    std::string subscription_key;   // empty: none

    Access() = default;
};

/// One place that letters or files are fetched from.
struct Source {
    core::TenantId tenant;
    std::string organisation;   // the recipient in Altinn
    std::string resource;

    Source() = default;
};

/// The members of config.schema.json that every such adapter has: token_mode, exchange_test,
/// subscription_key.
Access read_access(const std::string& base_url, const json::Value& given);

/// A call that is answered with JSON, without its token; `body` is JSON, or empty for none.
sdk::HttpRequest json_request(std::string method, std::string url, std::string body);

/// Its member `receive`. Without an organisation the tenant itself is the recipient.
std::vector<Source> read_sources(const json::Value& given);

}   // namespace gateway::altinn_platform
