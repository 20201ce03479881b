#pragma once

#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <string>

namespace gateway::maskinporten {

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string base_url;   // where to call, no trailing slash
    std::string issuer;     // what the metadata must say of itself, exactly
    std::string client_id;
    std::string organisation;   // the client's owner
    std::string kid;            // empty: by certificate
    std::chrono::seconds lifetime{120};

    Settings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);

}   // namespace gateway::maskinporten
