#pragma once

// The connection's settings, checked by config.schema.json before they come here, and a route's.

#include "adapters/common/fiks/fiks_access.hpp"
#include "adapters/fiks_io/protocols.hpp"
#include "gateway/json/value.hpp"
#include "gateway/sdk/adapter.hpp"
#include "gateway/seal/finding.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::fiks_io {

/// A mailbox of one municipality here.
struct Account {
    std::string account;   // UUID, lower case
    core::TenantId tenant;
    std::vector<std::string> protocols;          // for people; empty: not said
    std::map<std::string, AnswerOwner> owners;   // by message type, instead of the table's

    Account() = default;
};

struct Settings {
    fiks_platform::Access access;
    std::string environment;   // the trust file's member

    std::string amqp_host;
    std::uint16_t amqp_port = 5671;
    bool amqp_tls = true;
    std::string vhost = "/";
    std::string connection_name = "sluse";   // what KS' support sees
    int prefetch = 10;

    std::vector<Account> accounts;   // at least one; each once

    /// What a package's signature must be: `require` or `warn`.
    seal::Rule signature = seal::Rule::warn;
    std::string trust;   // content of the trust file; empty: no chain is judged
    /// SHA-256 of certificates (hex) by the account they are for: no other is used.
    std::map<std::string, std::vector<std::string>> pinned;

    Settings() = default;

    /// Null: not one of ours.
    const Account* find(std::string_view account) const;
    /// The one account of a tenant; null when it has none or several.
    const Account* only_account_of(const core::TenantId& tenant) const;
};

core::Result<Settings> read_settings(const sdk::ConnectionFacts& facts);

/// Who answers this type for this account: the account's word, else the table's.
AnswerOwner owner_of(const Account& account, const MessageType& type);

struct RouteSettings {
    std::string account;   // that sends; empty: the tenant's only one
    std::string to;        // receiver of messages that name none (archive)
    std::optional<std::chrono::hours> ttl;
    std::optional<std::chrono::hours> answer_within;

    RouteSettings() = default;
};
RouteSettings read_route(const json::Value& with);

}   // namespace gateway::fiks_io
