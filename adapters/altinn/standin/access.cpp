#include "adapters/altinn/standin/access.hpp"

#include "adapters/altinn/standin/problem.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>

namespace gateway::altinn::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::int64_t lifetime = 30 * 60;
constexpr std::int64_t skew_max = 10;
constexpr std::size_t verified_max = 1000;
constexpr std::string_view organisation_urn = "urn:altinn:organization:identifier-no:";

Caller caller_of(const Value& claims) {
    Caller caller;
    caller.organisation = kit::organisation_of(claims["consumer"]);
    caller.scopes = kit::scopes_of(claims);
    std::string party = caller.organisation;
    const auto& details = claims["authorization_details"].items();
    if (!details.empty()) {
        party = kit::organisation_of(details.front()["systemuser_org"]);
    }
    caller.party = std::string(organisation_urn) + party;
    return caller;
}

bool is_service_owner_scope(const Value& claims) {
    return claims["scope"].as_string().find("altinn:serviceowner") != std::string::npos;
}

}   // namespace

bool Caller::may(std::string_view scope) const {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

Access::Access(kit::World& world, const Settings& settings)
    : world_(world),
      settings_(settings),
      maskinporten_(world.options.text("maskinporten-url", ""),
                    world.options.text("maskinporten-ca", ""), world.clock) {
    const std::string path = world.options.state + "/token.key.pem";
    const auto pem = kit::read_file(path);
    const auto stored = pem ? kit::Key::from_private_pem(*pem) : std::nullopt;
    key_ = stored ? *stored : kit::Key::generate(2048);
    if (!stored) {
        kit::write_file(path, key_.private_pem());
    }
    kid_ = kit::sha256_hex(key_.public_pem()).substr(0, 40);
}

void Access::open(const std::string& url) {
    issuer_ = url + "/authentication/api/v1/openid/";
}

std::int64_t Access::now() const {
    return kit::seconds(world_.clock.now());
}

void Access::roll_over() {
    key_ = kit::Key::generate(2048);
    kit::write_file(world_.options.state + "/token.key.pem", key_.private_pem());
    kid_ = kit::sha256_hex(key_.public_pem()).substr(0, 40);
    verified_.clear();
}

Value Access::configuration() const {
    Value out;
    out.set("issuer", issuer_).set("jwks_uri", issuer_ + ".well-known/openid-configuration/jwks");
    out.set("id_token_signing_alg_values_supported", Value::array().push("RS256"));
    out.set("response_types_supported", Value::array().push("token"));
    out.set("subject_types_supported", Value::array().push("public"));
    return out;
}

std::string Access::make_token(const Value& claims) {
    Value out = Value::object();
    for (const auto& [name, value] : claims.members()) {
        if (name != "aud" && name != "client_amr" && name != "iss" && name != "sid") {
            out.set(name, value);
        }
    }
    const std::string organisation = kit::organisation_of(claims["consumer"]);
    const Value* owner = settings_.service_owner(organisation);
    if (is_service_owner_scope(claims) && owner != nullptr) {
        out.set("urn:altinn:org", (*owner)["org"]);
    }
    out.set("urn:altinn:orgNumber", organisation);
    out.set("urn:altinn:authenticatemethod", "maskinporten").set("urn:altinn:authlevel", "3");
    out.set("iss", issuer_).set("sid", kit::random_uuid());
    out.set("iat", now()).set("nbf", now()).set("exp", now() + lifetime);
    return kit::make_jws(key_, kid_, out);
}

sdk::Task<http::Response> Access::exchange(http::Request& request, const std::string& provider) {
    if (!request.header("X-Altinn-EnterpriseUser-Authentication").empty()) {
        co_return plain_problem(410, "Enterprise users ended with Altinn 2; use a system user");
    }
    const std::string name = kit::lower(provider);
    if (name != "maskinporten" && name != "id-porten" && name != "altinnstudio") {
        co_return kit::text_response(400, "Invalid token provider: " + provider + ".");
    }
    std::string token = kit::bearer_token(request);
    std::optional<Value> claims;
    if (name == "maskinporten" && !token.empty()) {
        claims = co_await maskinporten_.verify(std::move(token), now());
    }
    if (!claims) {
        co_return http::Response(401);
    }
    if (request.query_value("test").value_or("") == "true") {
        const Value* owner = settings_.service_owner(kit::organisation_of((*claims)["consumer"]));
        if (owner != nullptr && (*owner)["org"].as_string() == "digdir" &&
            is_service_owner_scope(*claims)) {
            // Test organisations of Digdir act as the test service owner.
            Value changed = kit::split_jws(make_token(*claims))->payload;
            changed.set("urn:altinn:org", "ttd");
            co_return kit::text_response(200, kit::make_jws(key_, kid_, changed));
        }
    }
    co_return kit::text_response(200, make_token(*claims));
}

std::optional<Value> Access::own_claims(const std::string& token) {
    const auto known = verified_.find(token);
    if (known != verified_.end()) {
        return known->second["exp"].as_int() + skew_max > now()
                   ? std::optional<Value>(known->second)
                   : std::nullopt;
    }
    const auto jws = kit::split_jws(token);
    if (!jws || jws->header["kid"].as_string() != kid_ ||
        jws->payload["iss"].as_string() != issuer_ ||
        jws->payload["exp"].as_int() + skew_max <= now() ||
        !key_.verify(jws->header["alg"].as_string(), jws->signed_text, jws->signature)) {
        return std::nullopt;
    }
    if (verified_.size() >= verified_max) {
        verified_.clear();
    }
    verified_.emplace(token, jws->payload);
    return jws->payload;
}

sdk::Task<std::optional<Caller>> Access::identify(http::Request& request) {
    std::string token = kit::bearer_token(request);
    if (token.empty()) {
        co_return std::nullopt;
    }
    auto claims = own_claims(token);
    if (claims) {
        co_return caller_of(*claims);
    }
    // A Maskinporten token as it stands is taken too, from a service owner.
    claims = co_await maskinporten_.verify(std::move(token), now());
    if (!claims) {
        co_return std::nullopt;
    }
    Caller caller = caller_of(*claims);
    if (!caller.may("altinn:serviceowner")) {
        caller.scopes.clear();
    }
    co_return caller;
}

}   // namespace gateway::altinn::standin
