#include "adapters/maskinporten/standin/grant.hpp"

#include "gateway/core/ids.hpp"

#include <algorithm>
#include <sstream>

namespace gateway::maskinporten::standin {

using gateway::standin::Certificate;
using gateway::standin::Jws;
using gateway::standin::Key;
using json::Value;

namespace {

constexpr std::int64_t key_lifetime = 365LL * 24 * 3600;
constexpr std::size_t chain_max = 5;

std::vector<std::string> words(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> out;
    std::string word;
    while (stream >> word) {
        out.push_back(word);
    }
    return out;
}

bool contains(const Value& list, const std::string& text) {
    return std::any_of(list.items().begin(), list.items().end(),
                       [&](const Value& item) { return item.as_string() == text; });
}

Refusal invalid_parameter(const std::string& what) {
    return invalid_request("MP-011", "Invalid assertion. Invalid parameter value: " + what);
}

Refusal invalid_signature() {
    return invalid_grant("MP-124", "Invalid JWT signature");
}

bool is_scope_token(const std::string& scope) {
    return scope.find(':') != std::string::npos && scope.find_first_of("\"\\") == std::string::npos;
}

}   // namespace

Verdict GrantCheck::check(std::string_view assertion, std::int64_t now) {
    const auto jws = gateway::standin::split_jws(assertion);
    if (!jws) {
        return invalid_parameter("not a signed JWT");
    }
    Granted granted;
    const Value* client = nullptr;
    if (auto wrong = check_signer(*jws, now, client, granted)) {
        return *wrong;
    }
    const Value& claims = jws->payload;
    // Exactly the issuer, slash and all; an array is a form the documents do not show.
    if (!claims["aud"].is_string() || claims["aud"].as_string() != rules_.issuer) {
        return invalid_grant("MP-110", "Invalid JWT claim aud");
    }
    if (auto wrong = check_times(claims, now)) {
        return *wrong;
    }
    if (claims.has("jti") && claims["jti"].as_string().empty()) {
        return invalid_parameter("jti");
    }
    const std::string id = claims.has("jti") ? granted.client_id + " " + claims["jti"].as_string()
                                             : gateway::standin::sha256_hex(assertion);
    if (!used_.use(id, claims["exp"].as_int(), now)) {
        return invalid_grant("MP-012", "Grant is used before");
    }
    if (auto wrong = check_consumer(claims, granted)) {
        return *wrong;
    }
    if (auto wrong = check_scopes(claims, *client, granted)) {
        return *wrong;
    }
    if (auto wrong = check_resource(claims, granted)) {
        return *wrong;
    }
    if (auto wrong = check_details(claims, granted)) {
        return *wrong;
    }
    if (claims.has("pid")) {
        if (!core::is_person_number(claims["pid"].as_string())) {
            return invalid_parameter("pid");
        }
        granted.pid = claims["pid"].as_string();
    }
    return granted;
}

GrantCheck::Wrong GrantCheck::check_signer(const Jws& jws, std::int64_t now, const Value*& client,
                                           Granted& granted) const {
    const bool has_x5c = jws.header.has("x5c");
    const bool has_kid = jws.header.has("kid");
    if (!gateway::standin::is_rs_algorithm(jws.header["alg"].as_string())) {
        return invalid_parameter("alg is RS256, RS384 or RS512");
    }
    if (has_x5c && !jws.header["x5c"].is_array()) {
        return invalid_grant("MP-123", "Invalid JWT header x5c");
    }
    if (has_x5c == has_kid) {
        return invalid_parameter("the header names its key by x5c or by kid, one of them");
    }
    client = registry_.client(jws.payload["iss"].as_string());
    if (client == nullptr) {
        return invalid_grant("MP-100", "Client not found");
    }
    granted.client_id = (*client)["client_id"].as_string();
    granted.consumer = (*client)["organisation"].as_string();
    granted.client_amr = has_x5c ? "virksomhetssertifikat" : "private_key_jwt";
    return has_x5c ? check_certificate(jws, *client, now) : check_registered_key(jws, *client, now);
}

GrantCheck::Wrong GrantCheck::check_certificate(const Jws& jws, const Value& client,
                                                std::int64_t now) const {
    if (!client["keys"].items().empty()) {
        // A client with registered keys must use them.
        return invalid_grant("MP-100", "Invalid assertion. Client authentication failed.");
    }
    const auto& chain = jws.header["x5c"].items();
    std::optional<Certificate> leaf;
    for (const Value& item : chain) {
        const auto der = gateway::standin::from_base64(item.as_string());
        auto certificate = der ? Certificate::from_der(*der) : std::nullopt;
        if (!certificate || chain.size() > chain_max) {
            return invalid_grant("MP-123", "Invalid JWT header x5c");
        }
        if (!leaf) {
            leaf = std::move(certificate);
        }
    }
    if (!leaf) {
        return invalid_grant("MP-123", "Invalid JWT header x5c");
    }
    if (!ca_.chain_holds(*leaf) || !leaf->organisation()) {
        return invalid_grant("MP-120", "The JWT is signed with an invalid certificate.");
    }
    if (!leaf->valid_at(now) ||
        !leaf->public_key().verify(jws.header["alg"].as_string(), jws.signed_text, jws.signature)) {
        return invalid_signature();
    }
    if (leaf->organisation() != client["organisation"].as_string()) {
        return invalid_grant(
            "MP-122", "Invalid organization number for client. Does not match certificate orgno");
    }
    return std::nullopt;
}

GrantCheck::Wrong GrantCheck::check_registered_key(const Jws& jws, const Value& client,
                                                   std::int64_t now) const {
    const Value* registered = registry_.key(client, jws.header["kid"].as_string());
    const auto key = registered != nullptr ? Key::from_jwk(*registered) : std::nullopt;
    if (!key) {
        return invalid_grant("MP-100", "Invalid assertion. Client authentication failed.");
    }
    if ((*registered)["registered"].as_int() + key_lifetime <= now) {
        return invalid_grant("MP-121", "Expired key");
    }
    if (!key->verify(jws.header["alg"].as_string(), jws.signed_text, jws.signature)) {
        return invalid_signature();
    }
    return std::nullopt;
}

GrantCheck::Wrong GrantCheck::check_times(const Value& claims, std::int64_t now) const {
    if (!claims["iat"].is_int() || !claims["exp"].is_int()) {
        return invalid_parameter("iat and exp are whole seconds");
    }
    const std::int64_t issued = claims["iat"].as_int();
    const std::int64_t expires = claims["exp"].as_int();
    if (issued > now + rules_.skew_max) {
        return invalid_grant("", "Issue time is after now");
    }
    if (now - rules_.skew_max > expires) {
        return invalid_grant("MP-130", "JWT is expired");
    }
    if (expires - issued > rules_.lifetime_max) {
        return invalid_grant("", "JWT has too long lifetime");
    }
    return std::nullopt;
}

GrantCheck::Wrong GrantCheck::check_consumer(const Value& claims, Granted& granted) const {
    const bool internal = claims.has("iss_onbehalfof");
    if (!claims.has("consumer_org")) {
        if (internal) {
            return invalid_parameter("iss_onbehalfof names no client of this one");
        }
        return std::nullopt;
    }
    if (internal) {
        return invalid_parameter("consumer_org and iss_onbehalfof exclude each other");
    }
    const std::string& consumer = claims["consumer_org"].as_string();
    if (!core::is_organisation_number(consumer)) {
        return invalid_parameter("consumer_org is nine digits");
    }
    if (consumer == granted.consumer) {
        return invalid_request("",
                               "Validation of JWT claim failed: The combination consumer_org in "
                               "claim and delegation scope on client is invalid");
    }
    granted.supplier = granted.consumer;
    granted.consumer = consumer;
    return std::nullopt;
}

GrantCheck::Wrong GrantCheck::check_scopes(const Value& claims, const Value& client,
                                           Granted& granted) const {
    const std::vector<std::string> scopes = words(claims["scope"].as_string());
    if (scopes.empty()) {
        return invalid_scope("MP-200",
                             "Invalid scope - Token request contains invalid scopes for client");
    }
    granted.lifetime = client["token_lifetime"].as_int(120);
    for (const std::string& name : scopes) {
        const Value& rules = registry_.scope(name);
        const bool delegable = !granted.supplier.empty() && rules["delegable"].as_bool();
        if (!is_scope_token(name) || (!contains(client["scopes"], name) && !delegable)) {
            return invalid_scope(
                "MP-200", "Invalid scope - Token request contains invalid scopes for client");
        }
        if (!rules["maskinporten"].as_bool(true)) {
            return invalid_scope("MP-201", "Invalid scope - Token request contains scopes not "
                                           "allowed for maskinporten");
        }
        if (!registry_.granted(name, granted.consumer)) {
            return forbidden("MP-250", "Consumer has not been granted access to the scope " + name);
        }
        if (!granted.supplier.empty() &&
            !registry_.delegated(name, granted.consumer, granted.supplier)) {
            return forbidden("MP-251", "Consumer " + granted.consumer +
                                           " has not delegated access to the scope " + name +
                                           " to supplier " + granted.supplier);
        }
        granted.lifetime = std::min(granted.lifetime, rules["max_age"].as_int(granted.lifetime));
        granted.scope += (granted.scope.empty() ? "" : " ") + name;
    }
    return std::nullopt;
}

GrantCheck::Wrong GrantCheck::check_resource(const Value& claims, Granted& granted) const {
    if (!claims.has("resource")) {
        return std::nullopt;
    }
    const auto& items = claims["resource"].items();
    if (items.empty()) {
        return invalid_parameter("resource is an array");
    }
    for (const Value& item : items) {
        if (item.as_string().empty()) {
            return invalid_parameter("resource holds texts");
        }
    }
    granted.audience = items.size() == 1 ? items.front() : claims["resource"];
    return std::nullopt;
}

GrantCheck::Wrong GrantCheck::check_details(const Value& claims, Granted& granted) const {
    if (!claims.has("authorization_details")) {
        return std::nullopt;
    }
    const auto& items = claims["authorization_details"].items();
    if (items.size() != 1 || !items.front().is_object()) {
        return rich("MP-303", "Invalid authorization details values");   // one party a grant
    }
    const Value& wanted = items.front();
    if (wanted["type"].as_string() != "urn:altinn:systemuser") {
        return rich("MP-301", "Unknown authorization details type");
    }
    for (const auto& [name, value] : wanted.members()) {
        if (name != "type" && name != "systemuser_org" && name != "externalRef") {
            return rich("MP-302", "Unknown fields in the authorization details");
        }
    }
    const Value& party = wanted["systemuser_org"];
    for (const auto& [name, value] : party.members()) {
        if (name != "authority" && name != "ID") {
            return rich("MP-302", "Unknown fields in the authorization details");
        }
    }
    const std::string& id = party["ID"].as_string();
    if (party["authority"].as_string() != "iso6523-actorid-upis" || !id.starts_with("0192:") ||
        (wanted.has("externalRef") && !wanted["externalRef"].is_string())) {
        return rich("MP-303", "Invalid authorization details values");
    }
    const Value* user =
        registry_.system_user(id.substr(5), granted.client_id, wanted["externalRef"].as_string());
    if (user == nullptr) {
        return rich("MP-303", "Invalid authorization details values");
    }
    Value answer;
    answer.set("type", "urn:altinn:systemuser");
    answer.set("systemuser_id", Value::array().push((*user)["id"]));
    answer.set("systemuser_org", party);
    answer.set("system_id", (*user)["system_id"]);
    granted.authorization_details = Value::array().push(std::move(answer));
    return std::nullopt;
}

}   // namespace gateway::maskinporten::standin
