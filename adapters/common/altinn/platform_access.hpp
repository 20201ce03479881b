#pragma once

#include "gateway/json/value.hpp"

#include <string>

namespace gateway::altinn_platform {

/// How a connection reaches the platform.
struct Access {
    std::string base_url;   // the platform, no trailing slash
    bool exchange = true;   // false: Maskinporten's token as it is
    bool exchange_test = false;
    std::string subscription_key;   // empty: none

    Access() = default;
};

/// The members of config.schema.json that every such adapter has: token_mode, exchange_test,
/// subscription_key.
Access read_access(const std::string& base_url, const json::Value& given);

}   // namespace gateway::altinn_platform
