#include "adapters/folkeregister/standin/access.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/folkeregister/standin/documents.hpp"

#include <algorithm>

namespace gateway::folkeregister::standin {

namespace kit = gateway::standin;
using json::Value;

http::Response refusal(const http::Request& request, int status, const std::string& message) {
    Value body;
    body.set("timestamp", std::int64_t{1768478400000}).set("status", status);
    body.set("error", status == 401 ? "Unauthorized" : status == 403 ? "Forbidden" : "Bad Request");
    body.set("errorId", kit::random_uuid()).set("path", request.path).set("message", message);
    return kit::json_response(status, body);
}

Access::Access(kit::World& world)
    : world_(world),
      tokens_(world.options.text("maskinporten-url", ""), world.options.text("maskinporten-ca", ""),
              world.clock) {
    reset();
}

void Access::reset() {
    roles_.clear();
    Role all;
    all.parts = all_parts();
    all.events = true;
    Role addresses;
    addresses.parts = {"identifikasjonsnummer",
                       "navn",
                       "status",
                       "bostedsadresse",
                       "postadresse",
                       "oppholdsadresse",
                       "postadresseIUtlandet",
                       "adressebeskyttelse"};
    Role basics;
    basics.parts = {"identifikasjonsnummer", "navn", "foedsel", "status"};
    Role events;
    events.events = true;
    roles_ = {{"rolle-full", all},
              {"rolle-adresse", addresses},
              {"rolle-grunndata", basics},
              {"rolle-hendelser", events}};
}

const Role* Access::role(const std::string& id) const {
    const auto found = roles_.find(id);
    return found == roles_.end() ? nullptr : &found->second;
}

sdk::Task<std::optional<http::Response>> Access::refuse(const http::Request& request) {
    std::optional<Value> claims;
    std::string token = kit::bearer_token(request);
    if (!token.empty()) {
        claims = co_await tokens_.verify(std::move(token), kit::seconds(world_.clock.now()));
    }
    const auto scopes = claims ? kit::scopes_of(*claims) : std::vector<std::string>();
    if (std::find(scopes.begin(), scopes.end(), "ks:fiks") == scopes.end()) {
        co_return std::optional(refusal(request, 401, "Klarte ikke å validere access_token"));
    }
    const std::string id(request.header("IntegrasjonId"));
    // One answer for all three: unknown, another organisation's, wrong password.
    if (id != integration_id || request.header("IntegrasjonPassord") != integration_password ||
        kit::organisation_of((*claims)["consumer"]) !=
            world_.options.text("organisation", "310000019")) {
        co_return std::optional(
            refusal(request, 401, "Autentisering feilet for integrasjon med id " + id));
    }
    co_return std::nullopt;
}

}   // namespace gateway::folkeregister::standin
