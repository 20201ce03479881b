#pragma once

// Who is calling: the exchange of a Maskinporten token for an Altinn token, and what a token of
// either kind allows. Facts: wire notes 1.2 and 1.4.

#include "adapters/altinn/standin/settings.hpp"
#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/common/standin/program.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gateway::altinn::standin {

struct Caller {
    std::string organisation;   // of the token's consumer
    std::string party;          // recipient URN: the system user's organisation, or the consumer's
    std::vector<std::string> scopes;

    bool may(std::string_view scope) const;
    bool writes() const { return may("altinn:correspondence.write"); }
    bool reads() const { return may("altinn:correspondence.read"); }
};

/// One thread.
class Access {
public:
    Access(gateway::standin::World& world, const Settings& settings);

    void open(const std::string& url);
    /// GET /authentication/api/v1/exchange/{provider}
    sdk::Task<http::Response> exchange(http::Request& request, const std::string& provider);
    /// Nothing when there is no token that holds.
    sdk::Task<std::optional<Caller>> identify(http::Request& request);

    json::Value jwks() const {
        return json::Value::object().set("keys", json::Value::array().push(key_.public_jwk(kid_)));
    }
    json::Value configuration() const;
    /// An Altinn token as the exchange would make it of these claims.
    std::string make_token(const json::Value& claims);
    void roll_over();

private:
    std::int64_t now() const;
    std::optional<json::Value> own_claims(const std::string& token);

    gateway::standin::World& world_;
    const Settings& settings_;
    gateway::standin::MaskinportenTokens maskinporten_;
    std::string issuer_;
    gateway::standin::Key key_;
    std::string kid_;
    std::map<std::string, json::Value> verified_;   // our own tokens, by their text: RSA once each
};

}   // namespace gateway::altinn::standin
