#include "adapters/maskinporten/standin/refusal.hpp"

#include "adapters/common/standin/http_tools.hpp"

namespace gateway::maskinporten::standin {

Refusal invalid_request(std::string code, std::string text) {
    return Refusal(400, "invalid_request", std::move(code), std::move(text));
}

Refusal invalid_grant(std::string code, std::string text) {
    return Refusal(400, "invalid_grant", std::move(code), std::move(text));
}

Refusal invalid_scope(std::string code, std::string text) {
    return Refusal(400, "invalid_scope", std::move(code), std::move(text));
}

Refusal forbidden(std::string code, std::string text) {
    return Refusal(403, "access_denied", std::move(code), std::move(text));
}

Refusal rich(std::string code, std::string text) {
    return Refusal(400, "invalid_authorization_details", std::move(code), std::move(text));
}

http::Response to_response(const Refusal& refusal, const std::string& trace) {
    std::string description = refusal.text;
    if (!refusal.code.empty()) {
        description += " (" + refusal.code + ")";
    }
    description += " (trace_id: " + trace + ")";
    json::Value body;
    body.set("error", refusal.error).set("error_description", std::move(description));
    body.set("error_uri", "https://docs.digdir.no/docs/Maskinporten/maskinporten_feilsoking");
    http::Response response = gateway::standin::json_response(refusal.status, body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}   // namespace gateway::maskinporten::standin
