#pragma once

// Who calls, and through which role: three headers, then the role's parts and events.

#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/common/standin/program.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace gateway::folkeregister::standin {

struct Role {
    std::set<std::string> parts;
    bool events = false;

    Role() = default;
};

inline constexpr const char* integration_id = "f0f7d3e0-0c5d-4d55-9a7e-8f2b5d1c0001";
inline constexpr const char* integration_password = "sandkasse-folkeregister";

/// KS' error body, with an id of its own.
http::Response refusal(const http::Request& request, int status, const std::string& message);

/// One thread.
class Access {
public:
    explicit Access(gateway::standin::World& world);

    /// Why not, in the service's own words; nothing: it may call.
    sdk::Task<std::optional<http::Response>> refuse(const http::Request& request);
    const Role* role(const std::string& id) const;
    void put(const std::string& id, Role role) { roles_[id] = std::move(role); }
    void reset();

private:
    gateway::standin::World& world_;
    gateway::standin::MaskinportenTokens tokens_;
    std::map<std::string, Role> roles_;
};

}   // namespace gateway::folkeregister::standin
