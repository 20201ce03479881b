#pragma once

// OpenID Connect as people sign in to the console with it: discovery, a pushed request (RFC 9126)
// with PKCE S256 (RFC 7636), private_key_jwt (RFC 7523), the redirect back (RFC 9207), the token
// answer, and what an id token must say. Facts: docs.digdir.no, "Ansattporten" and "ID-porten".
// Pure: no socket, no clock.

#include "gateway/admin/access.hpp"
#include "gateway/core/code.hpp"
#include "gateway/core/oidc_config.hpp"
#include "gateway/core/time.hpp"
#include "gateway/http/message.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/http_client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::admin {

/// Why somebody did not get in: what that person is told, and a word for the log and the metrics.
struct OidcFault {
    core::Code code;   // empty: none
    std::string why;
    std::string account;   // whom nothing is bound to

    OidcFault() = default;
    OidcFault(const char* what, std::string reason) : code(what), why(std::move(reason)) {}
    explicit operator bool() const { return !code.value.empty(); }
};

/// Of a step: what it gave, or why not.
template <class T>
struct OidcAnswer {
    T value;
    OidcFault fault;

    OidcAnswer() = default;
    OidcAnswer(T given) : value(std::move(given)) {}
    OidcAnswer(OidcFault refused) : fault(std::move(refused)) {}
    explicit operator bool() const { return !fault; }
};

struct OidcMetadata {
    std::string authorization_endpoint;
    std::string pushed_endpoint;
    std::string token_endpoint;
    std::string keys_url;
    std::string sign_out_endpoint;         // empty: it has none
    bool names_itself_on_return = false;   // RFC 9207: then it must

    OidcMetadata() = default;
};

/// What belongs to one sign-in and nobody else knows.
struct OidcSecrets {
    std::string state;
    std::string nonce;
    std::string verifier;

    OidcSecrets() = default;
};

using HttpAnswer = core::Result<sdk::HttpResponse>;

sdk::HttpRequest oidc_get(const std::string& url);
/// Of another issuer, or with an address weaker than the one it came from: refused.
OidcAnswer<OidcMetadata> read_oidc_metadata(const core::OidcConfig& config,
                                            const HttpAnswer& answer);

/// BASE64URL(SHA256(verifier)).
std::string pkce_challenge(std::string_view verifier);
/// Header and claims of private_key_jwt; `chain` is DER, leaf first, used when no kid is set.
json::Value oidc_assertion_header(const core::OidcConfig& config,
                                  const std::vector<std::string>& chain);
json::Value oidc_assertion_claims(const core::OidcConfig& config, core::Time now,
                                  const std::string& jti);

/// All that the browser does not need to see goes this way.
sdk::HttpRequest oidc_pushed_request(const core::OidcConfig& config, const OidcMetadata& metadata,
                                     const OidcSecrets& secrets, const std::string& assertion);
/// The request_uri.
OidcAnswer<std::string> read_oidc_pushed(const HttpAnswer& answer);
/// Where the browser goes: client_id and request_uri, no more.
std::string oidc_authorize_url(const core::OidcConfig& config, const OidcMetadata& metadata,
                               const std::string& request_uri);
/// Where it goes after signing out; empty when the provider has no such place. Holds no token: a
/// token may name a person, and this is a URL.
std::string oidc_sign_out_url(const core::OidcConfig& config, const OidcMetadata& metadata);

/// The one value of that name; empty when there is none, or more than one.
std::string oidc_only_value(const http::Request& request, std::string_view name);
/// What the provider sent the browser back with: the code. The state has been looked up already.
OidcAnswer<std::string> read_oidc_return(const core::OidcConfig& config,
                                         bool names_itself_on_return, const http::Request& request);

sdk::HttpRequest oidc_token_request(const core::OidcConfig& config,
                                    const std::string& token_endpoint, const std::string& code,
                                    const std::string& verifier, const std::string& assertion);
/// The id token.
OidcAnswer<std::string> read_oidc_token(const HttpAnswer& answer);
/// Its claims, once its signature is by one of the keys in `keys`: RS256 alone, by key id.
OidcAnswer<json::Value> verify_id_token(const std::string& compact, const HttpAnswer& keys);
/// Issuer, audience, times, nonce and level.
OidcFault judge_id_token(const core::OidcConfig& config, const json::Value& claims,
                         std::string_view nonce, core::Time now);

/// "oidc:<24 hex digits>": the same person at the same provider, and nothing else about that
/// person.
std::string oidc_account_id(const core::OidcConfig& config, std::string_view subject);
/// What the configuration gives this person; none when it says nothing.
std::vector<Grant> oidc_grants(const core::OidcConfig& config, const std::string& account,
                               const json::Value& claims);

}   // namespace gateway::admin
