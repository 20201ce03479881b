#pragma once

// Who is calling: the exchange of a Maskinporten token for an Altinn token, and what a token of
// either kind allows. Facts: wire notes 1.2 and 1.4.

#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/common/standin/program.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::standin {

/// Who calls an API of Altinn's platform.
struct AltinnCaller {
    std::string organisation;   // of the token's consumer
    std::string acting;         // 9 digits: the system user's organisation, or the consumer's
    std::string party;          // `acting` as a URN
    std::vector<std::string> scopes;

    bool may(std::string_view scope) const;
};

/// One thread.
class AltinnAccess {
public:
    /// The code ("ttd") of a service owner by its organisation number; nothing for others.
    using OwnerCode = std::function<std::optional<std::string>(const std::string&)>;

    AltinnAccess(World& world, OwnerCode owner_code);

    void open(const std::string& url);
    /// GET /authentication/api/v1/exchange/{provider}
    sdk::Task<http::Response> exchange(http::Request& request, const std::string& provider);
    /// Nothing when there is no token that holds.
    sdk::Task<std::optional<AltinnCaller>> identify(http::Request& request);

    json::Value jwks() const {
        return json::Value::object().set("keys", json::Value::array().push(key_.public_jwk(kid_)));
    }
    json::Value configuration() const;
    /// Answers for the addresses that are the platform's own: exchange, configuration, keys.
    /// Nothing for any other.
    sdk::Task<std::optional<http::Response>> handle(http::Request& request);
    /// A token for POST /control/token: {"organisation", "scope", "authorization_details"}.
    std::string token_for(const json::Value& wanted, const std::string& organisation,
                          const std::string& scope);
    /// An Altinn token as the exchange would make it of these claims.
    std::string make_token(const json::Value& claims);
    void roll_over();

private:
    std::int64_t now() const;
    std::optional<json::Value> own_claims(const std::string& token);

    World& world_;
    OwnerCode owner_code_;
    MaskinportenTokens maskinporten_;
    std::string issuer_;
    Key key_;
    std::string kid_;
    std::map<std::string, json::Value> verified_;   // our own tokens, by their text: RSA once each
};

}   // namespace gateway::standin
