#include "adapters/altinn_forms/forms_settings.hpp"

#include "gateway/sdk/scopes.hpp"

#include <algorithm>

namespace gateway::altinn_forms {
namespace {

constexpr const char* default_scope = "altinn:serviceowner altinn:serviceowner/instances.read "
                                      "altinn:serviceowner/instances.write altinn:events.subscribe";

std::string without_slash(std::string url) {
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

/// Where the apps of a service owner are: a host of its own at Altinn.
std::string apps_url_of(const sdk::ConnectionFacts& facts, const json::Value& given,
                        const std::string& org) {
    if (given.has("apps_url")) {
        return without_slash(given["apps_url"].as_string());
    }
    if (facts.environment == "prod") {
        return "https://" + org + ".apps.altinn.no";
    }
    if (facts.environment == "tt02") {
        return "https://" + org + ".apps.tt02.altinn.no";
    }
    return facts.base_url;
}

}   // namespace

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "altinn_forms needs base_url");
    }
    Settings settings;
    settings.connection = facts.connection;
    settings.access = altinn_platform::read_access(facts.base_url, given);
    settings.org = given["org"].as_string();
    settings.apps_url = apps_url_of(facts, given, settings.org);
    settings.tenant = core::TenantId(given["organisation"].as_string());
    for (const auto& app : given["apps"].items()) {
        settings.apps.push_back(app.as_string());
    }
    for (const auto& app : given["confidential_apps"].items()) {
        if (!has_app(settings, app.as_string())) {
            return core::Failure(core::Errc::invalid_argument,
                                 "confidential_apps names an app that is not in apps: " +
                                     app.as_string());
        }
        settings.confidential_apps.push_back(app.as_string());
    }
    settings.scopes =
        sdk::scopes_in(given.has("scope") ? given["scope"].as_string() : default_scope);
    settings.callback_url = without_slash(given["callback_url"].as_string());
    settings.feed_every = std::chrono::seconds(given["feed_seconds"].as_int(60));
    settings.reconcile_every = std::chrono::minutes(given["reconcile_minutes"].as_int(60));
    settings.reconcile_days = static_cast<int>(given["reconcile_days"].as_int(30));
    settings.instance_bytes_max =
        static_cast<std::uint64_t>(given["instance_bytes_max"].as_int(5LL << 30U));
    settings.elements_max = static_cast<std::size_t>(given["elements_max"].as_int(500));
    if (given["confirm"].as_string() == "acknowledged") {
        settings.confirm = Confirm::acknowledged;
    }
    settings.answer_within = std::chrono::hours(given["answer_hours"].as_int(24));
    settings.system_user = altinn_platform::read_system_user(given);
    settings.system_user.organisation = settings.tenant.value;
    return settings;
}

sdk::TokenRequest token_request(const Settings& settings) {
    sdk::TokenRequest request;
    request.scopes = settings.scopes;
    request.consumer_org =
        settings.tenant.value;   // the token source leaves it out when it is the client's own
    return request;
}

std::string resource_of(const Settings& settings, const std::string& app) {
    return "urn:altinn:resource:app_" + settings.org + "_" + app;
}

bool has_app(const Settings& settings, std::string_view app) {
    return std::find(settings.apps.begin(), settings.apps.end(), app) != settings.apps.end();
}

}   // namespace gateway::altinn_forms
