#pragma once

// Acts that may need a second person, and who that may be. Pure.

#include "gateway/admin/access.hpp"
#include "gateway/core/second_person.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::admin {

struct NamedAct {
    std::string_view name;   // in the configuration
    std::string_view path;   // of the call it is, as in schemas/admin-access.json
    /// What it gives is for who asked: approved, it is done when that person asks once more.
    bool gives = false;
    /// What was asked says something of a person: shown to those alone who may see content.
    bool personal = false;
};

const std::vector<NamedAct>& named_acts();
/// nullptr: no act has this name.
const NamedAct* find_named_act(std::string_view name);

/// Whether both are known to be one human being: the same account, also made anew, or accounts that
/// the configuration says are. "account kari"; case does not matter.
bool is_same_person(std::string_view one, std::string_view other,
                    const core::SecondPersonRules& rules);

/// The roles that may approve it: those that may do it, and the municipality's approver.
std::vector<std::string> approving_roles(const NamedAct& act);
/// Whether one of the grants is such a role there.
bool may_approve(const NamedAct& act, const core::TenantId& tenant,
                 const std::vector<Grant>& grants);

}   // namespace gateway::admin
