#pragma once

#include "adapters/common/fiks/fiks_access.hpp"
#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace gateway::folkeregister {

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string connection;
    fiks_platform::Access access;
    std::map<std::string, std::string> roles;   // by purpose; no role stands twice
    std::string feed_role;                      // empty: no events
    bool event_details = true;
    bool silent_is_ungraded = false;
    std::chrono::milliseconds batch_window{20};
    std::size_t batch_persons_max = 200;
    std::chrono::minutes age_max{24 * 60};

    Settings() = default;
};

/// `invalid_argument` for a role that belongs to two purposes.
core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);

}   // namespace gateway::folkeregister
