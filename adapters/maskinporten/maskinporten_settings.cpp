#include "adapters/maskinporten/maskinporten_settings.hpp"

#include "gateway/json/value.hpp"

namespace gateway::maskinporten {

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    Settings settings;
    settings.base_url = facts.base_url;
    settings.client_id = given["client_id"].as_string();
    settings.organisation = given["organisation"].as_string();
    settings.kid = given["kid"].as_string();
    settings.issuer = given.has("issuer") ? given["issuer"].as_string() : facts.base_url + "/";
    settings.lifetime = std::chrono::seconds(given["lifetime_seconds"].as_int(120));
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "maskinporten needs base_url");
    }
    if (settings.client_id.empty()) {
        return core::Failure(core::Errc::invalid_argument, "maskinporten needs client_id");
    }
    if (!core::is_organisation_number(settings.organisation)) {
        return core::Failure(core::Errc::invalid_argument,
                             "organisation is not a valid organisation number");
    }
    return settings;
}

}   // namespace gateway::maskinporten
