#include "adapters/maskinporten/maskinporten_codec.hpp"

#include "adapters/maskinporten/maskinporten_errors.hpp"
#include "gateway/crypto/base64url.hpp"
#include "gateway/sdk/exchange.hpp"

#include <algorithm>
#include <string_view>

namespace gateway::maskinporten {
namespace {

constexpr std::size_t answer_bytes_max = 256U << 10U;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += text.empty() ? word : " " + word;
    }
    return text;
}

json::Value authorization_details(const sdk::TokenRequest& request) {
    if (!request.authorization_details.empty()) {
        const auto given = json::parse(request.authorization_details);
        return given ? *given : json::Value();
    }
    if (request.system_user_org.empty()) {
        return json::Value();
    }
    json::Value organisation;
    organisation.set("authority", "iso6523-actorid-upis")
        .set("ID", "0192:" + request.system_user_org);
    json::Value detail;
    detail.set("type", "urn:altinn:systemuser").set("systemuser_org", std::move(organisation));
    if (!request.system_user_reference.empty()) {
        detail.set("externalRef", request.system_user_reference);
    }
    json::Value details;
    details.push(std::move(detail));
    return details;
}

std::string_view scheme(std::string_view url) {
    return url.substr(0, url.find("://"));
}

/// Every scope asked for is among those granted.
bool covers(std::string_view granted, const std::vector<std::string>& asked) {
    const std::string padded = " " + std::string(granted) + " ";
    return std::all_of(asked.begin(), asked.end(), [&](const std::string& scope) {
        return padded.find(" " + scope + " ") != std::string::npos;
    });
}

TokenReply failed(core::Code code, bool passing) {
    TokenReply reply;
    reply.failure.code = std::move(code);
    reply.failure.passing = passing;
    return reply;
}

}   // namespace

sdk::HttpRequest metadata_request(const Settings& settings) {
    sdk::HttpRequest request("GET", settings.base_url + "/.well-known/oauth-authorization-server");
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

core::Result<Metadata> read_metadata(const Settings& settings, const sdk::HttpResponse& response) {
    if (response.status != 200) {
        return core::Failure(core::Errc::bad_answer,
                             "metadata: status " + std::to_string(response.status));
    }
    const auto parsed = json::parse(response.body);
    if (!parsed || !parsed->is_object()) {
        return core::Failure(core::Errc::bad_answer, "metadata: not a JSON object");
    }
    Metadata metadata;
    metadata.issuer = (*parsed)["issuer"].as_string();
    metadata.token_endpoint = (*parsed)["token_endpoint"].as_string();
    if (metadata.issuer != settings.issuer) {
        return core::Failure(core::Errc::conflict, "metadata: issuer is another", metadata.issuer);
    }
    if (metadata.token_endpoint.size() < 12 ||
        scheme(metadata.token_endpoint) != scheme(metadata.issuer)) {
        return core::Failure(core::Errc::bad_answer, "metadata: no usable token_endpoint");
    }
    return metadata;
}

json::Value grant_header(const Settings& settings, const std::vector<std::string>& chain) {
    json::Value header;
    header.set("alg", "RS256");
    if (!settings.kid.empty()) {
        header.set("kid", settings.kid);
        return header;
    }
    json::Value certificates = json::Value::array();   // an array even of one: a string is MP-123
    for (const auto& der : chain) {
        certificates.push(crypto::base64_encode(der));
    }
    header.set("x5c", std::move(certificates));
    return header;
}

json::Value grant_payload(const Settings& settings, const Metadata& metadata,
                          const sdk::TokenRequest& request, core::Time now,
                          const std::string& jti) {
    const std::int64_t issued =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    json::Value payload;
    payload.set("aud", metadata.issuer);
    payload.set("iss", settings.client_id);
    payload.set("scope", joined(request.scopes));
    payload.set("iat", issued);
    payload.set("exp", issued + settings.lifetime.count());
    payload.set("jti", jti);
    if (!request.consumer_org.empty() && request.consumer_org != settings.organisation) {
        payload.set("consumer_org", request.consumer_org);
    }
    if (!request.resource.empty()) {
        json::Value audiences;
        for (const auto& audience : request.resource) {
            audiences.push(audience);
        }
        payload.set("resource", std::move(audiences));
    }
    if (auto details = authorization_details(request); details.is_array()) {
        payload.set("authorization_details", std::move(details));
    }
    return payload;
}

sdk::HttpRequest token_request(const Metadata& metadata, const std::string& assertion) {
    sdk::HttpRequest request("POST", metadata.token_endpoint);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Accept", "application/json");
    // The colons are written out; an assertion is base64url and dots and needs no escape.
    request.body =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion;
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

TokenReply read_token(const core::Result<sdk::HttpResponse>& answer,
                      const sdk::TokenRequest& request) {
    if (!answer) {
        return failed(code_without_answer(answer.error()), true);
    }
    if (const auto passing = sdk::outcome_of_passing_status(*answer)) {
        auto reply = failed("maskinporten.unavailable", true);
        reply.failure.retry_after = passing->retry_after;
        return reply;
    }
    const auto body = json::parse(answer->body);
    if (answer->status != 200) {
        return read_refusal(answer->status, body ? *body : json::Value());
    }
    if (!body || !body->is_object()) {
        auto reply = failed(sdk::outcome_of_bad_answer(*answer, sdk::Effect::none).code, true);
        return reply;
    }
    TokenReply reply;
    const std::int64_t seconds = (*body)["expires_in"].as_int();
    if ((*body)["access_token"].as_string().empty() || seconds <= 0) {
        return failed("upstream.bad_answer", true);
    }
    if (body->has("scope") && !covers((*body)["scope"].as_string(), request.scopes)) {
        return failed("maskinporten.token_refused", false);
    }
    reply.token = (*body)["access_token"].as_string();
    reply.expires_in =
        std::min(std::chrono::seconds(seconds), std::chrono::seconds(std::chrono::hours(24)));
    return reply;
}

sdk::TokenRequest normalised(const Settings& settings, sdk::TokenRequest request) {
    std::sort(request.scopes.begin(), request.scopes.end());
    request.scopes.erase(std::unique(request.scopes.begin(), request.scopes.end()),
                         request.scopes.end());
    if (request.consumer_org == settings.organisation) {
        request.consumer_org.clear();
    }
    return request;
}

}   // namespace gateway::maskinporten
