#include "adapters/altinn_broker/broker_settings.hpp"

#include "adapters/common/altinn/platform_client.hpp"
#include "gateway/sdk/scopes.hpp"

namespace gateway::altinn_broker {
namespace {

constexpr const char* default_scope = "altinn:broker.write altinn:broker.read";

std::uint64_t bytes_of(const json::Value& value, std::int64_t otherwise) {
    return static_cast<std::uint64_t>(value.as_int(otherwise));
}

}   // namespace

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "altinn_broker needs base_url");
    }
    Settings settings;
    settings.access = altinn_platform::read_access(facts.base_url, given);
    settings.scopes =
        sdk::scopes_in(given.has("scope") ? given["scope"].as_string() : default_scope);
    settings.system_user = given["act_as"].as_string() != "organisation";
    settings.system_user_reference = given["system_user_reference"].as_string();
    settings.form_bytes_max = bytes_of(given["form_bytes_max"], 1'000'000);
    settings.resumable_from = bytes_of(given["resumable_from_bytes"], 50'000'000);
    settings.piece_bytes = bytes_of(given["piece_bytes"], 64'000'000);
    settings.without_scan = given["without_scan"].as_bool();
    settings.resource_limits = given["resource_limits"].as_bool(true);
    settings.follow_for = std::chrono::hours(24 * given["follow_days"].as_int(60));
    settings.poll_every = std::chrono::seconds(given["poll_seconds"].as_int(30));
    settings.sources = altinn_platform::read_sources(given);
    settings.asks_for = altinn_platform::read_system_user(given);
    settings.asks_for.organisation = altinn_platform::only_organisation(settings.sources);
    settings.asks_for.reference = settings.system_user_reference;
    return settings;
}

RouteSettings read_route(const json::Value& with) {
    RouteSettings route;
    route.resource = with["resource"].as_string();
    route.sender = with["sender"].as_string();
    return route;
}

sdk::TokenRequest token_of(const Settings& settings, const std::string& organisation) {
    sdk::TokenRequest request;
    request.scopes = settings.scopes;
    if (settings.system_user) {
        // The token is the supplier's own, with the organisation's system user in it.
        request.system_user_org = organisation;
        request.system_user_reference = settings.system_user_reference;
    } else {
        request.consumer_org = organisation;
    }
    return request;
}

sdk::TokenRequest owner_token(const std::string& organisation) {
    sdk::TokenRequest request;
    request.scopes = {"altinn:serviceowner"};
    request.consumer_org = organisation;
    return request;
}

}   // namespace gateway::altinn_broker
