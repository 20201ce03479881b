#include "adapters/enhetsregisteret/brreg_settings.hpp"

namespace gateway::enhetsregisteret {

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "enhetsregisteret needs base_url");
    }
    const json::Value& given = *parsed;
    const auto count = [&](const char* name, std::int64_t otherwise) {
        return given[name].as_int(otherwise);
    };
    Settings settings;
    settings.connection = facts.connection;
    settings.base_url = facts.base_url;
    settings.batch_window = std::chrono::milliseconds(count("batch_window_ms", 20));
    settings.batch_units_max = static_cast<std::size_t>(count("batch_units_max", 100));
    settings.age_max = std::chrono::minutes(count("age_minutes_max", 24 * 60));
    settings.feed_page = static_cast<std::size_t>(count("feed_page", 500));
    settings.load_overlap = std::chrono::hours(count("load_overlap_hours", 48));
    settings.load_time_max = std::chrono::hours(count("load_hours_max", 6));
    return settings;
}

}   // namespace gateway::enhetsregisteret
