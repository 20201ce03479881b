#include "gateway/admin/oidc_protocol.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/sdk/percent_encoding.hpp"
#include "gateway/signin/key_set.hpp"
#include "gateway/signin/token.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace gateway::admin {
namespace {

constexpr std::size_t provider_answer_bytes_max = 256U << 10U;
constexpr std::size_t url_bytes_max = 2048;
constexpr std::size_t code_bytes_max = 2048;
constexpr std::size_t subject_bytes_max = 255;
constexpr std::int64_t assertion_seconds = 60;
// An id token is made while we wait for it: one that is older is not of this sign-in.
constexpr std::chrono::minutes id_token_age_max{10};
constexpr const char* assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr const char* provider_down = "session.provider_down";
constexpr const char* provider_bad_answer = "session.provider_bad_answer";
constexpr const char* provider_bad_token = "session.provider_token";

std::string form_of(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
    std::string form;
    for (const auto& [name, value] : fields) {
        form += (form.empty() ? "" : "&") + std::string(name) + "=" + sdk::percent_encoded(value);
    }
    return form;
}

sdk::HttpRequest oidc_post(const std::string& url, std::string form) {
    sdk::HttpRequest request("POST", url);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("Accept", "application/json");
    request.body = std::move(form);
    request.answer_bytes_max = provider_answer_bytes_max;
    return request;
}

std::string words_joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

// RFC 6749 (4.1.2.1, 5.2), OpenID Connect Core (3.1.2.6) and RFC 9396.
constexpr std::array<std::string_view, 16> error_words{"access_denied",
                                                       "account_selection_required",
                                                       "consent_required",
                                                       "interaction_required",
                                                       "invalid_authorization_details",
                                                       "invalid_client",
                                                       "invalid_grant",
                                                       "invalid_request",
                                                       "invalid_scope",
                                                       "login_required",
                                                       "server_error",
                                                       "temporarily_unavailable",
                                                       "unauthorized_client",
                                                       "unmet_authentication_requirements",
                                                       "unsupported_grant_type",
                                                       "unsupported_response_type"};

/// One of them: it goes into the log and the metrics, and the rest of what is said may be about a
/// person, or made up by whoever made the address.
std::string error_word(std::string_view text) {
    const bool known = std::find(error_words.begin(), error_words.end(), text) != error_words.end();
    return known ? std::string(text) : "unknown_error";
}

/// A JSON object with this status, or why not. `step` is a word for the log.
OidcAnswer<json::Value> object_in(const HttpAnswer& answer, int wanted, const std::string& step) {
    if (!answer) {
        const bool foul = answer.error().is(core::Errc::too_large) ||
                          answer.error().is(core::Errc::malformed) ||
                          answer.error().is(core::Errc::bad_answer);
        return OidcFault(foul ? provider_bad_answer : provider_down,
                         step + (foul ? "_answer" : "_unreachable"));
    }
    if (answer->status >= 500 || answer->status == 429) {
        return OidcFault(provider_down, step + "_status_" + std::to_string(answer->status));
    }
    json::ParseLimits limits;
    limits.bytes_max = provider_answer_bytes_max;
    const auto body = json::parse_or_failure(answer->body, limits);
    const bool is_object = body.has_value() && body->is_object();
    if (answer->status >= 400) {
        return OidcFault("session.provider_refused",
                         step + "_" + error_word(is_object ? (*body)["error"].as_string() : ""));
    }
    if (answer->status != wanted || !is_object) {
        return OidcFault(provider_bad_answer, step + "_answer");
    }
    return *body;
}

/// No weaker than the metadata came.
bool is_safe(const core::OidcConfig& config, const std::string& url) {
    const bool plain = config.metadata_url.starts_with("http://");
    return url.size() <= url_bytes_max &&
           (url.starts_with("https://") || (plain && url.starts_with("http://")));
}

std::optional<core::Time> oidc_time(const json::Value& claims, std::string_view name) {
    constexpr std::int64_t seconds_max = 9'000'000'000;   // year 2255: nanoseconds have room for it
    const json::Value* value = claims.find(name);
    if (value == nullptr || !value->is_int() || value->as_int() < 0 ||
        value->as_int() > seconds_max) {
        return std::nullopt;
    }
    return core::Time(std::chrono::seconds(value->as_int()));
}

bool is_or_holds(const json::Value& claim, std::string_view wanted) {
    if (claim.is_string()) {
        return claim.as_string() == wanted;
    }
    const auto& all = claim.items();
    return std::any_of(all.begin(), all.end(), [&](const json::Value& one) {
        return one.is_string() && one.as_string() == wanted;
    });
}

/// For us, and for nobody beside us unless it was asked for by us.
bool is_for_us(const core::OidcConfig& config, const json::Value& claims) {
    const auto& audience = claims["aud"];
    if (!is_or_holds(audience, config.client_id)) {
        return false;
    }
    if (claims.has("azp")) {
        return claims["azp"].as_string() == config.client_id;
    }
    return audience.is_string() || audience.items().size() == 1;
}

/// The origin of our own address, and the console's page.
std::string console_url(const core::OidcConfig& config) {
    const std::string_view path = core::oidc_redirect_path;
    return config.redirect_url.substr(0, config.redirect_url.size() - path.size()) + "/console/";
}

std::string with_query(const std::string& url, const std::string& query) {
    return url + (url.find('?') == std::string::npos ? '?' : '&') + query;
}

}   // namespace

sdk::HttpRequest oidc_get(const std::string& url) {
    sdk::HttpRequest request("GET", url);
    request.headers.emplace_back("Accept", "application/json");
    request.answer_bytes_max = provider_answer_bytes_max;
    return request;
}

OidcAnswer<OidcMetadata> read_oidc_metadata(const core::OidcConfig& config,
                                            const HttpAnswer& answer) {
    const auto object = object_in(answer, 200, "metadata");
    if (!object) {
        return object.fault;
    }
    const json::Value& said = object.value;
    if (said["issuer"].as_string() != config.issuer) {
        return OidcFault(provider_bad_answer, "metadata_issuer");
    }
    OidcMetadata metadata;
    metadata.authorization_endpoint = said["authorization_endpoint"].as_string();
    metadata.pushed_endpoint = said["pushed_authorization_request_endpoint"].as_string();
    metadata.token_endpoint = said["token_endpoint"].as_string();
    metadata.keys_url = said["jwks_uri"].as_string();
    metadata.sign_out_endpoint = said["end_session_endpoint"].as_string();
    metadata.names_itself_on_return =
        said["authorization_response_iss_parameter_supported"].as_bool();
    for (const auto* url : {&metadata.authorization_endpoint, &metadata.pushed_endpoint,
                            &metadata.token_endpoint, &metadata.keys_url}) {
        if (!is_safe(config, *url)) {
            return OidcFault(provider_bad_answer, "metadata_address");
        }
    }
    if (!is_safe(config, metadata.sign_out_endpoint)) {
        metadata.sign_out_endpoint.clear();
    }
    return metadata;
}

std::string pkce_challenge(std::string_view verifier) {
    const auto hash = crypto::sha256(verifier);
    return crypto::base64url_encode(
        {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()});
}

json::Value oidc_assertion_header(const core::OidcConfig& config,
                                  const std::vector<std::string>& chain) {
    json::Value header = json::Value::object();
    header.set("alg", "RS256");
    if (!config.kid.empty()) {
        header.set("kid", config.kid);
        return header;
    }
    json::Value certificates = json::Value::array();
    for (const auto& der : chain) {
        certificates.push(crypto::base64_encode(der));
    }
    header.set("x5c", std::move(certificates));
    return header;
}

json::Value oidc_assertion_claims(const core::OidcConfig& config, core::Time now,
                                  const std::string& jti) {
    const std::int64_t issued =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    json::Value claims = json::Value::object();
    claims.set("iss", config.client_id)
        .set("sub", config.client_id)
        .set("aud", config.issuer)
        .set("iat", issued)
        .set("exp", issued + assertion_seconds)
        .set("jti", jti);
    return claims;
}

sdk::HttpRequest oidc_pushed_request(const core::OidcConfig& config, const OidcMetadata& metadata,
                                     const OidcSecrets& secrets, const std::string& assertion) {
    const auto challenge = pkce_challenge(secrets.verifier);
    const auto scope = words_joined(config.scopes);
    const auto acr = words_joined(config.acr);
    return oidc_post(metadata.pushed_endpoint, form_of({{"response_type", "code"},
                                                        {"client_id", config.client_id},
                                                        {"redirect_uri", config.redirect_url},
                                                        {"scope", scope},
                                                        {"acr_values", acr},
                                                        {"state", secrets.state},
                                                        {"nonce", secrets.nonce},
                                                        {"code_challenge", challenge},
                                                        {"code_challenge_method", "S256"},
                                                        {"client_assertion_type", assertion_type},
                                                        {"client_assertion", assertion}}));
}

OidcAnswer<std::string> read_oidc_pushed(const HttpAnswer& answer) {
    // RFC 9126 says 201; some say 200.
    const int status = answer && answer->status == 200 ? 200 : 201;
    const auto object = object_in(answer, status, "par");
    if (!object) {
        return object.fault;
    }
    const std::string& uri = object.value["request_uri"].as_string();
    if (uri.empty() || uri.size() > url_bytes_max) {
        return OidcFault(provider_bad_answer, "par_answer");
    }
    return uri;
}

std::string oidc_authorize_url(const core::OidcConfig& config, const OidcMetadata& metadata,
                               const std::string& request_uri) {
    return with_query(metadata.authorization_endpoint,
                      form_of({{"client_id", config.client_id}, {"request_uri", request_uri}}));
}

std::string oidc_sign_out_url(const core::OidcConfig& config, const OidcMetadata& metadata) {
    if (metadata.sign_out_endpoint.empty()) {
        return {};
    }
    const auto back = console_url(config);
    return with_query(metadata.sign_out_endpoint, form_of({{"client_id", config.client_id},
                                                           {"post_logout_redirect_uri", back}}));
}

std::string oidc_only_value(const http::Request& request, std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [key, value] : request.query) {
        if (key != name) {
            continue;
        }
        if (found != nullptr) {
            return {};
        }
        found = &value;
    }
    return found == nullptr ? std::string() : *found;
}

OidcAnswer<std::string> read_oidc_return(const core::OidcConfig& config,
                                         bool names_itself_on_return,
                                         const http::Request& request) {
    const bool named = request.query_value("iss").has_value();
    // Another provider's answer to our request: its code would be tried at the wrong place.
    if ((named || names_itself_on_return) && oidc_only_value(request, "iss") != config.issuer) {
        return OidcFault("session.provider_state", "return_issuer");
    }
    if (const auto error = request.query_value("error")) {
        return OidcFault("session.provider_denied", "return_" + error_word(*error));
    }
    const auto code = oidc_only_value(request, "code");
    if (code.empty() || code.size() > code_bytes_max) {
        return OidcFault("session.provider_state", "return_code");
    }
    return code;
}

sdk::HttpRequest oidc_token_request(const core::OidcConfig& config,
                                    const std::string& token_endpoint, const std::string& code,
                                    const std::string& verifier, const std::string& assertion) {
    return oidc_post(token_endpoint, form_of({{"grant_type", "authorization_code"},
                                              {"client_id", config.client_id},
                                              {"code", code},
                                              {"redirect_uri", config.redirect_url},
                                              {"code_verifier", verifier},
                                              {"client_assertion_type", assertion_type},
                                              {"client_assertion", assertion}}));
}

OidcAnswer<std::string> read_oidc_token(const HttpAnswer& answer) {
    const auto object = object_in(answer, 200, "token");
    if (!object) {
        return object.fault;
    }
    const std::string& token = object.value["id_token"].as_string();
    if (token.empty()) {
        return OidcFault(provider_bad_answer, "token_answer");
    }
    return token;
}

OidcAnswer<json::Value> verify_id_token(const std::string& compact, const HttpAnswer& keys) {
    auto token = signin::read_token(compact);
    if (!token) {
        return OidcFault(provider_bad_token, "malformed");
    }
    const auto set = object_in(keys, 200, "keys");
    if (!set) {
        return set.fault;
    }
    const auto known = signin::read_key_set(keys->body);
    if (!known) {
        return OidcFault(provider_bad_answer, "keys_answer");
    }
    const auto key = known->find(token->kid);
    if (key == known->end()) {
        return OidcFault(provider_bad_token, "unknown_key");
    }
    const auto good =
        crypto::verify_rs256(key->second, token->parts.signing_input, token->parts.signature);
    if (!good || !*good) {
        return OidcFault(provider_bad_token, "signature");
    }
    return std::move(token->claims);
}

OidcFault judge_id_token(const core::OidcConfig& config, const json::Value& claims,
                         std::string_view nonce, core::Time now) {
    const auto expires = oidc_time(claims, "exp");
    const auto issued = oidc_time(claims, "iat");
    const std::string& subject = claims["sub"].as_string();
    if (claims["iss"].as_string() != config.issuer) {
        return {provider_bad_token, "issuer"};
    }
    if (!is_for_us(config, claims)) {
        return {provider_bad_token, "audience"};
    }
    if (!expires || !issued) {
        return {provider_bad_token, "times"};
    }
    if (*expires + config.leeway <= now || *issued + id_token_age_max <= now) {
        return {provider_bad_token, "expired"};
    }
    if (*issued > now + config.leeway) {
        return {provider_bad_token, "not_yet"};
    }
    if (nonce.empty() || !crypto::equal_in_constant_time(claims["nonce"].as_string(), nonce)) {
        return {provider_bad_token, "nonce"};
    }
    if (subject.empty() || subject.size() > subject_bytes_max) {
        return {provider_bad_token, "subject"};
    }
    const auto& reached = claims["acr"].as_string();
    if (std::find(config.acr.begin(), config.acr.end(), reached) == config.acr.end()) {
        return {"session.provider_level", "acr"};
    }
    return {};
}

std::string oidc_account_id(const core::OidcConfig& config, std::string_view subject) {
    constexpr std::size_t bytes = 12;
    const auto hash = crypto::sha256(config.issuer + '\0' + std::string(subject));
    return "oidc:" + core::to_hex(hash.to_bytes().substr(0, bytes));
}

std::vector<Grant> oidc_grants(const core::OidcConfig& config, const std::string& account,
                               const json::Value& claims) {
    std::vector<Grant> grants;
    for (const auto& rule : config.accounts) {
        const bool names_somebody = !rule.id.empty() || !rule.claims.empty();
        const bool says_so =
            std::all_of(rule.claims.begin(), rule.claims.end(), [&](const auto& wanted) {
                return is_or_holds(claims[wanted.first], wanted.second);
            });
        if (!names_somebody || (!rule.id.empty() && rule.id != account) || !says_so) {
            continue;
        }
        for (const auto& role : rule.roles) {
            if (AccessMatrix::instance().is_role(role.role)) {
                grants.emplace_back(role.role, role.tenant);
            }
        }
    }
    return grants;
}

}   // namespace gateway::admin
