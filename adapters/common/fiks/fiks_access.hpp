#pragma once

// How a connection reaches KS' Fiks platform: three headers on every call. The settings that every
// adapter of the platform has alike. Pure.
// Facts: ks-no/ks-no.github.io, content/Felles/integrasjoner.md.

#include "gateway/json/value.hpp"
#include "gateway/sdk/host.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>

namespace gateway::fiks_platform {

struct Access {
    std::string base_url;         // of the REST API, no trailing slash
    std::string integration_id;   // UUID, lower case
    std::string integration_password;
    std::string scope;
    std::string organisation;   // 9 digits: that the integration is authorised for; empty: not said

    Access() = default;
};

/// The members of config.schema.json that every such adapter has: integration_id,
/// integration_password (a secret's value by now), scope, integration_organisation.
Access read_access(const std::string& base_url, const json::Value& given);

/// The token is the integration's own, for nobody else: its `consumer` is compared with the
/// organisation that the integration is authorised for.
sdk::TokenRequest token_request(const Access& access);

/// The three headers.
void authorise(sdk::HttpRequest& request, const Access& access, const std::string& token);

/// AMQP's password: integration password, one space, token.
std::string amqp_password(const Access& access, const std::string& token);

/// The organisation that a token was given to (claim `consumer`), 9 digits; empty when it does not
/// say.
std::string consumer_of(std::string_view token);

/// A UUID in lower case; empty when it is none.
std::string uuid_in(std::string_view text);

}   // namespace gateway::fiks_platform
