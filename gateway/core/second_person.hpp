#pragma once

// Which acts of operators need a second person: [second_person] of a tenant. Apart from
// core::Configuration: nothing but the operators' API looks at it. Pure.

#include "gateway/core/ids.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gateway::core {

struct SecondPersonRule {
    std::set<std::string, std::less<>> acts;   // "group-retry"
    std::chrono::hours waits{24};              // so long an asked act may be approved
};

struct SecondPersonRules {
    std::map<TenantId, SecondPersonRule> tenants;
    /// Accounts of one human being, where one has several: [admin] same_person.
    std::vector<std::set<std::string>> same_person;

    /// nullptr: it is done at once.
    const SecondPersonRule* find(const TenantId& tenant, std::string_view act) const {
        const auto found = tenants.find(tenant);
        const bool named = found != tenants.end() && found->second.acts.contains(act);
        return named ? &found->second : nullptr;
    }
};

}   // namespace gateway::core
