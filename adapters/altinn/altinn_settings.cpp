#include "adapters/altinn/altinn_settings.hpp"

#include "gateway/sdk/scopes.hpp"

namespace gateway::altinn {
namespace {

constexpr const char* default_scope = "altinn:serviceowner altinn:correspondence.write";

}   // namespace

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts) {
    const auto parsed = json::parse_or_failure(facts.settings);
    if (!parsed) {
        return parsed.error();
    }
    const json::Value& given = *parsed;
    if (facts.base_url.empty()) {
        return core::Failure(core::Errc::invalid_argument, "altinn needs base_url");
    }
    Settings settings;
    settings.access = altinn_platform::read_access(facts.base_url, given);
    settings.scopes =
        sdk::scopes_in(given.has("scope") ? given["scope"].as_string() : default_scope);
    settings.system_user_organisation = given["system_user"]["organisation"].as_string();
    settings.system_user_reference = given["system_user"]["reference"].as_string();
    settings.single_call_bytes_max =
        static_cast<std::uint64_t>(given["single_call_bytes_max"].as_int(10'000'000));
    if (given.has("attachment_expiration_days")) {
        settings.attachment_expiration_days =
            static_cast<int>(given["attachment_expiration_days"].as_int());
    }
    settings.follow_for = std::chrono::hours(24 * given["follow_days"].as_int(90));
    settings.notice_details = given["notice_details"].as_bool();
    settings.poll_every = std::chrono::seconds(given["poll_seconds"].as_int(60));
    settings.sources = altinn_platform::read_sources(given);
    settings.system_user = altinn_platform::read_system_user(given);
    settings.system_user.reference = settings.system_user_reference;
    settings.system_user.organisation = settings.system_user_organisation;
    if (settings.system_user.organisation.empty()) {
        settings.system_user.organisation = altinn_platform::only_organisation(settings.sources);
    }
    return settings;
}

RouteSettings read_route(const json::Value& with) {
    RouteSettings route;
    route.resource = with["resource"].as_string();
    route.message_sender = with["message_sender"].as_string();
    route.confidential = with["confidential"].as_bool();
    route.allow_forwarding = with["allow_forwarding"].as_bool();
    return route;
}

sdk::TokenRequest token_request(const Settings& settings, const core::TenantId& tenant) {
    sdk::TokenRequest request;
    request.scopes = settings.scopes;
    request.consumer_org =
        tenant.value;   // the token source leaves it out when it is the client's own
    request.system_user_org = settings.system_user_organisation;
    request.system_user_reference = settings.system_user_reference;
    return request;
}

sdk::TokenRequest receiving_token(const Settings& settings, const Source& source) {
    sdk::TokenRequest request;
    request.scopes = {"altinn:correspondence.read"};
    request.system_user_org = source.organisation;
    request.system_user_reference = settings.system_user_reference;
    return request;
}

}   // namespace gateway::altinn
