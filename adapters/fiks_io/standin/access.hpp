#pragma once

// Who calls: three headers over HTTP, user and password at the broker's door. Facts: wire notes 1
// and 2.1.

#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/common/standin/program.hpp"
#include "adapters/fiks_io/standin/book.hpp"
#include "adapters/fiks_io/standin/problem.hpp"

#include <variant>

namespace gateway::fiks_io::standin {

/// One thread. Borrows both.
class Access {
public:
    Access(gateway::standin::World& world, const Book& book);

    /// The integration, or why not, in the service's own words.
    sdk::Task<std::variant<Integration, Refusal>> identify(const http::Request& request);
    /// The same at the broker: the password is the integration's, one blank, the token.
    sdk::Task<bool> may_log_in(std::string user, std::string password);

private:
    sdk::Task<std::variant<Integration, Refusal>> judge(std::string id, std::string password,
                                                        std::string token);

    gateway::standin::World& world_;
    const Book& book_;
    gateway::standin::MaskinportenTokens maskinporten_;
};

}   // namespace gateway::fiks_io::standin
