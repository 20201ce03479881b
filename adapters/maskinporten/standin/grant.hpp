#pragma once

// The checks of a JWT grant, in the order Maskinporten is known to make them: the form of the
// assertion, who signed it, time, single use, scopes, delegation, audience, system user. Facts:
// wire notes 1.2; limits as measured in Altinn/altinn-studio issue 19603.

#include "adapters/common/standin/skewed_clock.hpp"
#include "adapters/common/standin/test_ca.hpp"
#include "adapters/maskinporten/standin/refusal.hpp"
#include "adapters/maskinporten/standin/registry.hpp"
#include "adapters/maskinporten/standin/used_grants.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gateway::maskinporten::standin {

struct GrantRules {
    std::string issuer;                // with its slash
    std::int64_t lifetime_max = 120;   // 180 is what the service was seen to accept
    std::int64_t skew_max = 10;
};

/// What a token is made of.
struct Granted {
    std::string client_id;
    std::string client_amr;   // virksomhetssertifikat, private_key_jwt
    std::string consumer;     // organisation numbers
    std::string supplier;     // empty unless delegated
    std::string scope;
    std::int64_t lifetime = 120;
    json::Value audience;                // null unless `resource` was asked for
    json::Value authorization_details;   // null unless a system user was asked for
    std::string pid;
};

using Verdict = std::variant<Granted, Refusal>;

/// One thread; borrows all.
class GrantCheck {
public:
    GrantCheck(const Registry& registry, const gateway::standin::TestCa& ca, UsedGrants& used,
               GrantRules rules)
        : registry_(registry), ca_(ca), used_(used), rules_(std::move(rules)) {}

    /// A grant that is accepted or refused after its signature held is used up.
    Verdict check(std::string_view assertion, std::int64_t now);

private:
    using Wrong = std::optional<Refusal>;
    Wrong check_signer(const gateway::standin::Jws& jws, std::int64_t now,
                       const json::Value*& client, Granted& granted) const;
    Wrong check_certificate(const gateway::standin::Jws& jws, const json::Value& client,
                            std::int64_t now) const;
    Wrong check_registered_key(const gateway::standin::Jws& jws, const json::Value& client,
                               std::int64_t now) const;
    Wrong check_times(const json::Value& claims, std::int64_t now) const;
    Wrong check_scopes(const json::Value& claims, const json::Value& client,
                       Granted& granted) const;
    Wrong check_consumer(const json::Value& claims, Granted& granted) const;
    Wrong check_resource(const json::Value& claims, Granted& granted) const;
    Wrong check_details(const json::Value& claims, Granted& granted) const;

    const Registry& registry_;
    const gateway::standin::TestCa& ca_;
    UsedGrants& used_;
    GrantRules rules_;
};

}   // namespace gateway::maskinporten::standin
