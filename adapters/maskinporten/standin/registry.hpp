#pragma once

// Who may ask for what: clients, scopes, delegations, system users; as a file a person can edit
// (<state>/clients.json).
//
//   {"clients": [{"client_id", "organisation", "scopes": [], "keys": [{"kid", "kty", "n", "e",
//   "registered": unix}],
//                 "token_lifetime": 120}],
//    "scopes": {"<scope>": {"granted_to": ["orgno"], "delegable": true, "maskinporten": false,
//    "max_age": 3600}}, "delegations": [{"consumer", "supplier", "scope"}], "system_users": [{"id",
//    "organisation", "client_id", "system_id", "external_ref"}]}
//
// A scope without an entry is open to all.

#include "gateway/json/value.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::maskinporten::standin {

/// One thread.
class Registry {
public:
    /// Throws std::runtime_error for a file that is no JSON object.
    explicit Registry(std::string path);

    bool empty() const { return clients().items().empty(); }
    const json::Value& clients() const { return data_["clients"]; }
    const json::Value* client(const std::string& client_id) const;
    const json::Value* key(const json::Value& client, const std::string& kid) const;
    const json::Value& scope(const std::string& name) const;
    bool granted(const std::string& scope, const std::string& organisation) const;
    bool delegated(const std::string& scope, const std::string& consumer,
                   const std::string& supplier) const;
    /// The system user that fits; with `external_ref` when it was requested with one.
    const json::Value* system_user(const std::string& organisation, const std::string& client_id,
                                   const std::string& external_ref) const;

    /// Adds or replaces (by client_id, name, id, or all members) and saves. Says what is wrong with
    /// it instead.
    std::optional<std::string> add_client(const json::Value& client, std::int64_t now);
    std::optional<std::string> set_scope(const json::Value& scope);
    std::optional<std::string> add_delegation(const json::Value& delegation, bool remove);
    std::optional<std::string> add_system_user(const json::Value& user);

    const json::Value& data() const { return data_; }

private:
    void save() const;

    std::string path_;
    json::Value data_;
};

}   // namespace gateway::maskinporten::standin
