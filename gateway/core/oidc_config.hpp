#pragma once

// Who vouches for people at the console, and what they are let do: [admin.oidc].

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace gateway::core {

struct OidcRole {
    std::string role;
    std::string tenant;   // organisation number, or "*"

    friend bool operator==(const OidcRole&, const OidcRole&) = default;
};

/// Roles of a person, or of all of whom the provider says the same: what is set must all hold.
struct OidcAccount {
    std::string id;                              // "oidc:<24 hex digits>": one person
    std::map<std::string, std::string> claims;   // equal, or among a list
    std::vector<OidcRole> roles;

    friend bool operator==(const OidcAccount&, const OidcAccount&) = default;
};

struct OidcConfig {
    std::string issuer;         // exactly as it calls itself
    std::string metadata_url;   // OpenID Connect Discovery
    std::string client_id;
    std::string key;   // references
    std::string key_password;
    std::string certificate;
    std::string kid;                // empty: the certificate goes along (x5c)
    std::string redirect_url;       // our own, as the browser sees it
    std::vector<std::string> acr;   // one of these must have been reached
    std::vector<std::string> scopes{"openid"};
    std::string ca_file;   // empty: the system's roots
    std::chrono::seconds leeway{10};
    std::vector<OidcAccount> accounts;

    friend bool operator==(const OidcConfig&, const OidcConfig&) = default;
};

/// What stands after the console's address in `redirect_url`.
inline constexpr const char* oidc_redirect_path = "/admin/v1/session/provider/callback";

}   // namespace gateway::core
