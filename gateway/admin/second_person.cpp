#include "gateway/admin/second_person.hpp"

#include <algorithm>

namespace gateway::admin {
namespace {

constexpr std::string_view approver = "tenant_approver";

std::string lower(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return small;
}

std::string account_in(std::string_view who) {
    constexpr std::string_view prefix = "account ";
    return lower(who.starts_with(prefix) ? who.substr(prefix.size()) : who);
}

}   // namespace

const std::vector<NamedAct>& named_acts() {
    static const std::vector<NamedAct> acts{
        {"group-retry", "failures/{group}/retry", false, false},
        {"message-retry", "messages/{id}/retry", false, false},
        {"message-cancel", "messages/{id}/cancel", false, false},
        {"message-edit", "messages/{id}/edit", false, true},
        {"message-resend", "messages/{id}/resend", false, false},
        {"message-hold-lift", "messages/{id}/legal-hold", false, false},
        {"quarantine-release", "quarantine/{id}/release", false, false},
        {"quarantine-settle", "quarantine/{id}/settle", false, false},
        {"person-erase", "persons/erase", false, true},
        {"person-hold-lift", "persons/lift-hold", false, true},
        {"webhook-enable", "webhooks/{id}/enable", false, false},
        {"content-open", "content/open", true, false},
        {"evidence", "messages/{id}/evidence", true, false},
        {"person-report", "persons/report", true, true},
    };
    return acts;
}

const NamedAct* find_named_act(std::string_view name) {
    const auto& all = named_acts();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& act) { return act.name == name; });
    return found == all.end() ? nullptr : &*found;
}

bool is_same_person(std::string_view one, std::string_view other,
                    const core::SecondPersonRules& rules) {
    const auto a = account_in(one);
    const auto b = account_in(other);
    return a == b ||
           std::any_of(rules.same_person.begin(), rules.same_person.end(), [&](const auto& person) {
               const auto has = [&](const std::string& account) {
                   return std::any_of(person.begin(), person.end(),
                                      [&](const auto& his) { return lower(his) == account; });
               };
               return has(a) && has(b);
           });
}

std::vector<std::string> approving_roles(const NamedAct& act) {
    std::vector<std::string> roles;
    if (const auto* rule = AccessMatrix::instance().find("POST", act.path)) {
        roles = rule->roles;
    }
    roles.emplace_back(approver);
    return roles;
}

bool may_approve(const NamedAct& act, const core::TenantId& tenant,
                 const std::vector<Grant>& grants) {
    const auto roles = approving_roles(act);
    return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
        const bool here =
            grant.systems.empty() && (grant.tenant == "*" || grant.tenant == tenant.value);
        return here && std::find(roles.begin(), roles.end(), grant.role) != roles.end();
    });
}

}   // namespace gateway::admin
