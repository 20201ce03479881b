#include "adapters/folkeregister/freg_settings.hpp"

#include <set>

namespace gateway::folkeregister {

using core::Errc;
using core::Failure;

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    if (facts.base_url.empty()) {
        return Failure(Errc::invalid_argument, "folkeregister needs base_url");
    }
    const json::Value& given = *parsed;
    Settings settings;
    settings.connection = facts.connection;
    settings.access = fiks_platform::read_access(facts.base_url, given);
    std::set<std::string> seen;
    for (const auto& [purpose, role] : given["roles"].members()) {
        if (!seen.insert(role.as_string()).second) {
            return Failure(Errc::invalid_argument,
                           "folkeregister: roles." + purpose +
                               " has the role of another purpose; a role is of one purpose alone");
        }
        settings.roles.emplace(purpose, role.as_string());
    }
    settings.feed_role = given["feed_role"].as_string();
    settings.event_details = given["event_details"].as_bool(true);
    settings.silent_is_ungraded = given["silent_is_ungraded"].as_bool(false);
    settings.batch_window = std::chrono::milliseconds(given["batch_window_ms"].as_int(20));
    settings.batch_persons_max = static_cast<std::size_t>(given["batch_persons_max"].as_int(200));
    settings.age_max = std::chrono::minutes(given["age_minutes_max"].as_int(24 * 60));
    return settings;
}

}   // namespace gateway::folkeregister
