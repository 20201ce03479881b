#include "adapters/maskinporten/standin/registry.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>
#include <stdexcept>

namespace gateway::maskinporten::standin {

using json::Value;

Registry::Registry(std::string path) : path_(std::move(path)) {
    const auto text = gateway::standin::read_file(path_);
    if (text) {
        auto parsed = json::parse_or_failure(*text);
        if (!parsed || !parsed->is_object()) {
            throw std::runtime_error(path_ + " is not a JSON object");
        }
        data_ = std::move(*parsed);
    }
    for (const char* name : {"clients", "delegations", "system_users"}) {
        if (!data_[name].is_array()) {
            data_.set(name, Value::array());
        }
    }
    if (!data_["scopes"].is_object()) {
        data_.set("scopes", Value::object());
    }
}

const Value* Registry::client(const std::string& client_id) const {
    for (const Value& client : clients().items()) {
        if (client["client_id"].as_string() == client_id) {
            return &client;
        }
    }
    return nullptr;
}

const Value* Registry::key(const Value& client, const std::string& kid) const {
    for (const Value& key : client["keys"].items()) {
        if (key["kid"].as_string() == kid) {
            return &key;
        }
    }
    return nullptr;
}

const Value& Registry::scope(const std::string& name) const {
    return data_["scopes"][name];
}

bool Registry::granted(const std::string& scope_name, const std::string& organisation) const {
    const Value& allowed = scope(scope_name)["granted_to"];
    if (!allowed.is_array()) {
        return true;
    }
    const auto& items = allowed.items();
    return std::find(items.begin(), items.end(), Value(organisation)) != items.end();
}

bool Registry::delegated(const std::string& scope_name, const std::string& consumer,
                         const std::string& supplier) const {
    for (const Value& delegation : data_["delegations"].items()) {
        if (delegation["consumer"].as_string() == consumer &&
            delegation["supplier"].as_string() == supplier &&
            delegation["scope"].as_string() == scope_name) {
            return true;
        }
    }
    return false;
}

const Value* Registry::system_user(const std::string& organisation, const std::string& client_id,
                                   const std::string& external_ref) const {
    for (const Value& user : data_["system_users"].items()) {
        if (user["organisation"].as_string() == organisation &&
            user["client_id"].as_string() == client_id &&
            user["external_ref"].as_string() == external_ref) {
            return &user;
        }
    }
    return nullptr;
}

std::optional<std::string> Registry::add_client(const Value& client, std::int64_t now) {
    const std::string& id = client["client_id"].as_string();
    if (id.empty() || !core::is_organisation_number(client["organisation"].as_string()) ||
        !client["scopes"].is_array()) {
        return "a client has client_id, organisation (nine digits) and scopes (a list)";
    }
    Value copy = client;
    Value keys = Value::array();
    for (const Value& key : client["keys"].items()) {
        Value kept = key;
        if (key["pem"].is_string()) {
            const auto parsed = gateway::standin::Key::from_public_pem(key["pem"].as_string());
            if (!parsed) {
                return "a key's pem is not a public key";
            }
            kept = parsed->public_jwk(key["kid"].as_string());
            if (key["registered"].is_int()) {
                kept.set("registered", key["registered"]);
            }
        }
        const std::string& kid = kept["kid"].as_string();
        if (kid.empty() || !gateway::standin::Key::from_jwk(kept)) {
            return "a key has kid, and kty, n, e or pem";
        }
        for (const Value& other : clients().items()) {
            if (other["client_id"].as_string() != id && this->key(other, kid) != nullptr) {
                return "the kid is registered on another client";
            }
        }
        if (!kept["registered"].is_int()) {
            kept.set("registered", now);
        }
        keys.push(std::move(kept));
    }
    copy.set("keys", std::move(keys));
    Value list = Value::array();
    for (const Value& other : clients().items()) {
        if (other["client_id"].as_string() != id) {
            list.push(other);
        }
    }
    list.push(std::move(copy));
    data_.set("clients", std::move(list));
    save();
    return std::nullopt;
}

std::optional<std::string> Registry::set_scope(const Value& scope) {
    if (scope["name"].as_string().empty()) {
        return "a scope has a name";
    }
    data_.find("scopes")->set(scope["name"].as_string(), scope);
    save();
    return std::nullopt;
}

std::optional<std::string> Registry::add_delegation(const Value& delegation, bool remove) {
    for (const char* name : {"consumer", "supplier", "scope"}) {
        if (delegation[name].as_string().empty()) {
            return "a delegation has consumer, supplier and scope";
        }
    }
    Value list = Value::array();
    for (const Value& other : data_["delegations"].items()) {
        if (!(other == delegation)) {
            list.push(other);
        }
    }
    if (!remove) {
        list.push(delegation);
    }
    data_.set("delegations", std::move(list));
    save();
    return std::nullopt;
}

std::optional<std::string> Registry::add_system_user(const Value& user) {
    if (!core::is_organisation_number(user["organisation"].as_string()) ||
        user["client_id"].as_string().empty()) {
        return "a system user has organisation, client_id, system_id and perhaps external_ref";
    }
    Value copy = user;
    if (copy["id"].as_string().empty()) {
        copy.set("id", gateway::standin::random_uuid());
    }
    data_.find("system_users")->push(std::move(copy));
    save();
    return std::nullopt;
}

void Registry::save() const {
    gateway::standin::write_file(path_, json::write_pretty(data_) + "\n");
}

}   // namespace gateway::maskinporten::standin
