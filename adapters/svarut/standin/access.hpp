#pragma once

// Who calls: three headers on SvarUt's own API (Maskinporten token, integration id and password),
// HTTP Basic of a SvarInn system.

#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/common/standin/program.hpp"
#include "adapters/svarut/standin/book.hpp"

#include <optional>
#include <string>

namespace gateway::svarut::standin {

/// One thread. Borrows both.
class Access {
public:
    Access(gateway::standin::World& world, const Book& book);

    struct Caller {
        const json::Value* integration = nullptr;
        http::Response refusal;   // without an integration

        Caller() = default;
    };
    /// The integration that the three headers prove.
    sdk::Task<Caller> identify(const http::Request& request);
    /// May it act for this account, or the account of a shipment?
    static bool may(const json::Value& integration, const std::string& account);
    /// The SvarInn system by its user and password; null when they do not hold.
    const json::Value* mailbox(const http::Request& request) const;

private:
    gateway::standin::World& world_;
    const Book& book_;
    gateway::standin::MaskinportenTokens tokens_;
};

}   // namespace gateway::svarut::standin
