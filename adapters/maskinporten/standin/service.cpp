#include "adapters/maskinporten/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/journal.hpp"
#include "adapters/maskinporten/standin/grant.hpp"
#include "adapters/maskinporten/standin/material.hpp"
#include "adapters/maskinporten/standin/signing_keys.hpp"

#include <optional>
#include <stdexcept>

namespace gateway::maskinporten::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t grant_bytes_max = 64U << 10U;
constexpr std::size_t command_bytes_max = 1U << 20U;
constexpr const char* grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr const char* default_organisation = "310000019";
constexpr const char* delegation_source = "https://tt02.altinn.no/";

Value actor(const std::string& organisation) {
    Value out;
    out.set("authority", "iso6523-actorid-upis").set("ID", "0192:" + organisation);
    return out;
}

http::Response done(Value body = Value::object()) {
    body.set("ok", true);
    return kit::json_response(200, body);
}

http::Response wrong(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

class Maskinporten final : public kit::Service {
public:
    explicit Maskinporten(kit::World& world)
        : world_(world),
          folder_(world.options.state),
          journal_(folder_ + "/grants.jsonl"),
          used_(journal_),
          registry_(folder_ + "/clients.json"),
          keys_(folder_ + "/keys"),
          material_(folder_ + "/material",
                    world.options.text("organisation", default_organisation)) {}

    void open(const std::string& url) override {
        issuer_ = world_.options.text("issuer", url + "/");
        if (!issuer_.ends_with("/")) {
            throw std::invalid_argument("--issuer ends with a slash");
        }
        url_ = url;
        GrantRules rules;
        rules.issuer = issuer_;
        rules.lifetime_max = static_cast<std::int64_t>(world_.options.number("lifetime-max", 120));
        if (rules.lifetime_max != 120 && rules.lifetime_max != 180) {
            throw std::invalid_argument(
                "--lifetime-max is 120 (as documented) or 180 (as measured)");
        }
        material_.prepare(world_.ca(), registry_, now());
        check_.emplace(registry_, world_.ca(), used_, std::move(rules));
    }

    sdk::Task<http::Response> handle(http::Request& request) override {
        if (request.method == "GET" && request.path == "/.well-known/oauth-authorization-server") {
            co_return kit::json_response(200, metadata());
        }
        if (request.method == "GET" && request.path == "/jwk") {
            co_return kit::json_response(200, keys_.jwks());
        }
        if (request.path == "/token" && request.method != "POST") {
            http::Response response(405);
            response.headers.emplace_back("Allow", "POST");
            co_return response;
        }
        if (request.path == "/token") {
            http::Response response = co_await token(request);
            co_return response;
        }
        co_return http::Response(404);
    }

    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;
    Value material() override { return material_.describe(world_.ca(), issuer_); }

    void reset() override {
        used_.clear();
        journal_.clear();
        issued_ = 0;
    }

private:
    std::int64_t now() const { return kit::seconds(world_.clock.now()); }
    Value metadata() const;
    sdk::Task<http::Response> token(http::Request& request);
    http::Response answer(const Granted& granted);

    kit::World& world_;
    std::string folder_;
    std::string url_;
    std::string issuer_;
    kit::Journal journal_;
    UsedGrants used_;
    Registry registry_;
    SigningKeys keys_;
    Material material_;
    std::optional<GrantCheck> check_;
    std::int64_t issued_ = 0;
};

Value Maskinporten::metadata() const {
    const auto list = [](std::initializer_list<const char*> items) {
        Value out = Value::array();
        for (const char* item : items) {
            out.push(item);
        }
        return out;
    };
    Value out;
    out.set("issuer", issuer_)
        .set("token_endpoint", url_ + "/token")
        .set("jwks_uri", url_ + "/jwk");
    out.set("token_endpoint_auth_methods_supported", list({"private_key_jwt"}));
    out.set("token_endpoint_auth_signing_alg_values_supported", list({"RS256", "RS384", "RS512"}));
    out.set("grant_types_supported", list({grant_type}));
    out.set("authorization_details_types_supported", list({"urn:altinn:systemuser"}));
    return out;
}

sdk::Task<http::Response> Maskinporten::token(http::Request& request) {
    const std::string trace = kit::random_uuid();
    if (kit::media_type(request) != "application/x-www-form-urlencoded") {
        co_return to_response(
            invalid_request("", "Content-Type is application/x-www-form-urlencoded"), trace);
    }
    auto body = co_await sdk::read_all(*request.body, grant_bytes_max);
    if (!body) {
        co_return to_response(invalid_request("", "The body cannot be read"), trace);
    }
    const auto fields = kit::parse_form(*body);
    std::optional<std::string> type;
    std::optional<std::string> assertion;
    bool twice = !fields;
    for (const auto& [name, value] : fields.value_or(kit::Fields())) {
        auto& target = name == "grant_type" ? type : assertion;
        if (name == "grant_type" || name == "assertion") {
            twice = twice || target.has_value();
            target = value;
        }
    }
    if (twice || !type) {
        co_return to_response(invalid_request("", "grant_type is given once"), trace);
    }
    if (*type != grant_type) {
        co_return to_response(Refusal(400, "unsupported_grant_type", "", "Unsupported grant type"),
                              trace);
    }
    if (!assertion || assertion->empty()) {
        co_return to_response(invalid_request("", "assertion is missing"), trace);
    }
    const Verdict verdict = check_->check(*assertion, now());
    if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
        co_return to_response(*refusal, trace);
    }
    co_return answer(std::get<Granted>(verdict));
}

http::Response Maskinporten::answer(const Granted& granted) {
    const std::int64_t time = now();
    Value claims;
    if (!granted.audience.is_null()) {
        claims.set("aud", granted.audience);
    }
    claims.set("scope", granted.scope).set("iss", issuer_).set("client_amr", granted.client_amr);
    claims.set("token_type", "Bearer").set("exp", time + granted.lifetime).set("iat", time);
    claims.set("client_id", granted.client_id);
    claims.set("jti", kit::base64url(kit::random_bytes(32)));
    claims.set("consumer", actor(granted.consumer));
    if (!granted.supplier.empty()) {
        claims.set("supplier", actor(granted.supplier));
        claims.set("delegation_source", delegation_source);
    }
    if (!granted.authorization_details.is_null()) {
        claims.set("authorization_details", granted.authorization_details);
    }
    if (!granted.pid.empty()) {
        claims.set("pid", granted.pid);
    }
    Value body;
    body.set("access_token", keys_.sign(claims)).set("token_type", "Bearer");
    body.set("expires_in", granted.lifetime - 1).set("scope", granted.scope);
    ++issued_;
    http::Response response = kit::json_response(200, body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

sdk::Task<http::Response> Maskinporten::control(http::Request& request) {
    const std::string& path = request.path;
    const bool removal = request.method == "DELETE" && path == "/control/delegations";
    if (request.method != "POST" && !removal) {
        co_return http::Response(404);
    }
    auto read = co_await kit::read_json(request, command_bytes_max);
    if (!read) {
        co_return wrong(read.error().to_string());
    }
    const Value& body = *read;
    std::optional<std::string> mistake;
    if (path == "/control/keys/rollover") {
        keys_.roll_over(body["drop_all"].as_bool());
        Value out;
        out.set("kid", keys_.active_kid());
        co_return done(std::move(out));
    }
    if (path == "/control/certificates") {
        auto issued = order_certificate(world_.ca(), folder_ + "/other-ca", body, now());
        if (!issued) {
            co_return wrong("kind is valid, expired, not_yet_valid, self_signed or other_ca");
        }
        co_return done(std::move(*issued));
    }
    if (path == "/control/token") {
        // A token as it would be issued, for tests of what accepts tokens.
        Granted granted;
        granted.client_id = "control";
        granted.client_amr = "virksomhetssertifikat";
        granted.consumer = body["organisation"].as_string();
        granted.supplier = body["supplier"].as_string();
        granted.audience = body["resource"];
        granted.scope = body["scope"].as_string();
        granted.lifetime = body["lifetime"].as_int(120);
        granted.authorization_details = body["authorization_details"];
        co_return answer(granted);
    }
    if (path == "/control/clients") {
        mistake = registry_.add_client(body, now());
    } else if (path == "/control/scopes") {
        mistake = registry_.set_scope(body);
    } else if (path == "/control/delegations") {
        mistake = registry_.add_delegation(body, removal);
    } else if (path == "/control/system-users") {
        mistake = registry_.add_system_user(body);
    } else {
        co_return http::Response(404);
    }
    if (mistake) {
        co_return wrong(*mistake);
    }
    co_return done();
}

Value Maskinporten::state() {
    Value out;
    out.set("issuer", issuer_).set("tokens_issued", issued_);
    out.set("grants_remembered", static_cast<std::int64_t>(used_.size()));
    out.set("active_kid", keys_.active_kid()).set("registry", registry_.data());
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Maskinporten>(world);
}

}   // namespace gateway::maskinporten::standin
