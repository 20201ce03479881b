#include "adapters/krr/krr_settings.hpp"

#include "gateway/sdk/scopes.hpp"

namespace gateway::krr {
namespace {

// The register gives only the fields that the token's scopes cover.
constexpr const char* default_scope =
    "krr:global/kontaktinformasjon.read krr:global/digitalpost.read";

}   // namespace

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "krr needs base_url");
    }
    const json::Value& given = *parsed;
    Settings settings;
    const auto minutes = [&](const char* name, std::chrono::minutes otherwise) {
        return std::chrono::minutes(given[name].as_int(otherwise.count()));
    };
    const auto count = [&](const char* name, std::size_t otherwise) {
        return static_cast<std::size_t>(given[name].as_int(static_cast<std::int64_t>(otherwise)));
    };
    settings.connection = facts.connection;
    settings.base_url = facts.base_url;
    if (given.has("version")) {
        settings.version = given["version"].as_string();
    }
    settings.scopes =
        sdk::scopes_in(given.has("scope") ? given["scope"].as_string() : default_scope);
    settings.batch_window =
        std::chrono::milliseconds(given["batch_window_ms"].as_int(settings.batch_window.count()));
    settings.batch_persons_max = count("batch_persons_max", settings.batch_persons_max);
    settings.contact_age_max = minutes("contact_age_minutes_max", settings.contact_age_max);
    settings.unknown_age_max = minutes("unknown_age_minutes_max", settings.unknown_age_max);
    settings.print_age_max = minutes("print_age_minutes_max", settings.print_age_max);
    settings.cache_persons_max = count("cache_persons_max", settings.cache_persons_max);
    settings.print_with_token = given["print_with_token"].as_bool();
    return settings;
}

sdk::TokenRequest token_request(const Settings& settings, const core::TenantId& tenant) {
    sdk::TokenRequest request;
    request.scopes = settings.scopes;
    request.consumer_org =
        tenant.value;   // the token source leaves it out when it is the client's own
    return request;
}

}   // namespace gateway::krr
