#include "adapters/common/fiks/fiks_access.hpp"

#include "gateway/core/ids.hpp"
#include "gateway/crypto/jws.hpp"

#include <algorithm>

namespace gateway::fiks_platform {
namespace {

constexpr const char* default_scope = "ks:fiks";

}   // namespace

Access read_access(const std::string& base_url, const json::Value& given) {
    Access access;
    access.base_url = base_url;
    access.integration_id = uuid_in(given["integration_id"].as_string());
    access.integration_password = given["integration_password"].as_string();
    access.scope = given.has("scope") ? given["scope"].as_string() : default_scope;
    access.organisation = given["integration_organisation"].as_string();
    return access;
}

sdk::TokenRequest token_request(const Access& access) {
    sdk::TokenRequest request;
    request.scopes = {access.scope};
    return request;
}

void authorise(sdk::HttpRequest& request, const Access& access, const std::string& token) {
    request.headers.emplace_back("Authorization", "Bearer " + token);
    request.headers.emplace_back("IntegrasjonId", access.integration_id);
    request.headers.emplace_back("IntegrasjonPassord", access.integration_password);
}

std::string amqp_password(const Access& access, const std::string& token) {
    return access.integration_password + ' ' + token;
}

std::string consumer_of(std::string_view token) {
    const auto parts = crypto::jws_split(token);
    if (!parts) {
        return {};
    }
    const auto claims = json::parse(parts->payload_json);
    if (!claims) {
        return {};
    }
    std::string id = (*claims)["consumer"]["ID"].as_string();
    id.erase(0, id.rfind(':') + 1);   // "0192:991825827"
    return core::is_organisation_number(id) ? id : std::string();
}

std::string uuid_in(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    const auto id = core::parse_uuid(lower);
    return id ? id->to_string() : std::string();
}

}   // namespace gateway::fiks_platform
