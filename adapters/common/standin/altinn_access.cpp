#include "adapters/common/standin/altinn_access.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>

namespace gateway::standin {

using json::Value;

namespace {

constexpr std::int64_t lifetime = 30 * 60;
constexpr std::int64_t skew_max = 10;
constexpr std::size_t verified_max = 1000;
constexpr std::string_view exchange_base = "/authentication/api/v1/exchange/";
constexpr std::string_view openid_base =
    "/authentication/api/v1/openid/.well-known/openid-configuration";
constexpr std::string_view organisation_urn = "urn:altinn:organization:identifier-no:";

AltinnCaller caller_of(const Value& claims) {
    AltinnCaller caller;
    caller.organisation = organisation_of(claims["consumer"]);
    caller.scopes = scopes_of(claims);
    std::string party = caller.organisation;
    const auto& details = claims["authorization_details"].items();
    if (!details.empty()) {
        party = organisation_of(details.front()["systemuser_org"]);
    }
    caller.party = std::string(organisation_urn) + party;
    caller.acting = std::move(party);
    return caller;
}

bool is_service_owner_scope(const Value& claims) {
    return claims["scope"].as_string().find("altinn:serviceowner") != std::string::npos;
}

}   // namespace

bool AltinnCaller::may(std::string_view scope) const {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

AltinnAccess::AltinnAccess(World& world, OwnerCode owner_code)
    : world_(world),
      owner_code_(std::move(owner_code)),
      maskinporten_(world.options.text("maskinporten-url", ""),
                    world.options.text("maskinporten-ca", ""), world.clock) {
    const std::string path = world.options.state + "/token.key.pem";
    const auto pem = read_file(path);
    const auto stored = pem ? Key::from_private_pem(*pem) : std::nullopt;
    key_ = stored ? *stored : Key::generate(2048);
    if (!stored) {
        write_file(path, key_.private_pem());
    }
    kid_ = sha256_hex(key_.public_pem()).substr(0, 40);
}

void AltinnAccess::open(const std::string& url) {
    issuer_ = url + "/authentication/api/v1/openid/";
}

std::int64_t AltinnAccess::now() const {
    return seconds(world_.clock.now());
}

void AltinnAccess::roll_over() {
    key_ = Key::generate(2048);
    write_file(world_.options.state + "/token.key.pem", key_.private_pem());
    kid_ = sha256_hex(key_.public_pem()).substr(0, 40);
    verified_.clear();
}

Value AltinnAccess::configuration() const {
    Value out;
    out.set("issuer", issuer_).set("jwks_uri", issuer_ + ".well-known/openid-configuration/jwks");
    out.set("id_token_signing_alg_values_supported", Value::array().push("RS256"));
    out.set("response_types_supported", Value::array().push("token"));
    out.set("subject_types_supported", Value::array().push("public"));
    return out;
}

std::string AltinnAccess::make_token(const Value& claims) {
    Value out = Value::object();
    for (const auto& [name, value] : claims.members()) {
        if (name != "aud" && name != "client_amr" && name != "iss" && name != "sid") {
            out.set(name, value);
        }
    }
    const std::string organisation = organisation_of(claims["consumer"]);
    const auto owner = owner_code_(organisation);
    if (is_service_owner_scope(claims) && owner) {
        out.set("urn:altinn:org", *owner);
    }
    out.set("urn:altinn:orgNumber", organisation);
    out.set("urn:altinn:authenticatemethod", "maskinporten").set("urn:altinn:authlevel", "3");
    out.set("iss", issuer_).set("sid", random_uuid());
    out.set("iat", now()).set("nbf", now()).set("exp", now() + lifetime);
    return make_jws(key_, kid_, out);
}

sdk::Task<http::Response> AltinnAccess::exchange(http::Request& request,
                                                 const std::string& provider) {
    if (!request.header("X-Altinn-EnterpriseUser-Authentication").empty()) {
        Value gone;
        gone.set("type", "https://tools.ietf.org/html/rfc9110#section-15.5.11");
        gone.set("title", "Gone").set("status", 410);
        gone.set("detail", "Enterprise users ended with Altinn 2; use a system user");
        co_return http::Response(410, "application/problem+json; charset=utf-8", json::write(gone));
    }
    const std::string name = lower(provider);
    if (name != "maskinporten" && name != "id-porten" && name != "altinnstudio") {
        co_return text_response(400, "Invalid token provider: " + provider + ".");
    }
    std::string token = bearer_token(request);
    std::optional<Value> claims;
    if (name == "maskinporten" && !token.empty()) {
        claims = co_await maskinporten_.verify(std::move(token), now());
    }
    if (!claims) {
        co_return http::Response(401);
    }
    if (request.query_value("test").value_or("") == "true") {
        const auto owner = owner_code_(organisation_of((*claims)["consumer"]));
        if (owner == "digdir" && is_service_owner_scope(*claims)) {
            // Test organisations of Digdir act as the test service owner.
            Value changed = split_jws(make_token(*claims))->payload;
            changed.set("urn:altinn:org", "ttd");
            co_return text_response(200, make_jws(key_, kid_, changed));
        }
    }
    co_return text_response(200, make_token(*claims));
}

sdk::Task<std::optional<http::Response>> AltinnAccess::handle(http::Request& request) {
    const std::string& path = request.path;
    if (request.method != "GET") {
        co_return std::nullopt;
    }
    if (path.starts_with(exchange_base)) {
        const std::string provider = path.substr(exchange_base.size());
        http::Response response = co_await exchange(request, provider);
        co_return response;
    }
    if (path == openid_base) {
        co_return json_response(200, configuration());
    }
    if (path == std::string(openid_base) + "/jwks") {
        co_return json_response(200, jwks());
    }
    co_return std::nullopt;
}

std::string AltinnAccess::token_for(const Value& wanted, const std::string& organisation,
                                    const std::string& scope) {
    const Value& whose = wanted["organisation"];
    Value consumer;
    consumer.set("authority", "iso6523-actorid-upis");
    consumer.set("ID", "0192:" + (whose.is_string() ? whose.as_string() : organisation));
    Value claims;
    claims.set("consumer", std::move(consumer));
    claims.set("scope", wanted["scope"].is_string() ? wanted["scope"] : Value(scope));
    if (wanted["authorization_details"].is_array()) {
        claims.set("authorization_details", wanted["authorization_details"]);
    }
    return make_token(claims);
}

std::optional<Value> AltinnAccess::own_claims(const std::string& token) {
    const auto known = verified_.find(token);
    if (known != verified_.end()) {
        return known->second["exp"].as_int() + skew_max > now()
                   ? std::optional<Value>(known->second)
                   : std::nullopt;
    }
    const auto jws = split_jws(token);
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

sdk::Task<std::optional<AltinnCaller>> AltinnAccess::identify(http::Request& request) {
    std::string token = bearer_token(request);
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
    AltinnCaller caller = caller_of(*claims);
    if (!caller.may("altinn:serviceowner")) {
        caller.scopes.clear();
    }
    co_return caller;
}

}   // namespace gateway::standin
