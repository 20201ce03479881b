#pragma once

#include "gateway/sdk/adapter.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace gateway::enhetsregisteret {

/// The connection's settings, checked by config.schema.json before they come here.
struct Settings {
    std::string connection;
    std::string base_url;   // no trailing slash; /enheter and the like follow
    std::chrono::milliseconds batch_window{20};
    std::size_t batch_units_max = 100;
    std::chrono::minutes age_max{24 * 60};
    std::size_t feed_page = 500;
    std::chrono::hours load_overlap{48};
    std::chrono::hours load_time_max{6};

    Settings() = default;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);

}   // namespace gateway::enhetsregisteret
