#include "adapters/common/altinn/platform_access.hpp"

#include <utility>

namespace gateway::altinn_platform {

Access read_access(const std::string& base_url, const json::Value& given) {
    Access access;
    access.base_url = base_url;
    access.exchange = given["token_mode"].as_string() != "raw";
    access.exchange_test = given["exchange_test"].as_bool();
    access.subscription_key = given["subscription_key"].as_string();
    return access;
}

sdk::HttpRequest json_request(std::string method, std::string url, std::string body) {
    sdk::HttpRequest request(std::move(method), std::move(url));
    request.headers.emplace_back("Accept", "application/json");
    if (!body.empty()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = std::move(body);
    }
    return request;
}

std::vector<Source> read_sources(const json::Value& given) {
    std::vector<Source> sources;
    for (const auto& one : given["receive"].items()) {
        Source source;
        source.tenant = core::TenantId(one["tenant"].as_string());
        const std::string& unit = one["organisation"].as_string();
        source.organisation = unit.empty() ? one["tenant"].as_string() : unit;
        source.resource = one["resource"].as_string();
        sources.push_back(std::move(source));
    }
    return sources;
}

}   // namespace gateway::altinn_platform
