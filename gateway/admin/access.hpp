#pragma once

// What a role may call, as data: schemas/admin-access.json. What is not named there is refused to
// everybody who has signed in to the console. Root, the service's own user and admin keys may do
// everything and are not asked.

#include "gateway/core/ids.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::admin {

/// A role in one municipality, in a part of it, or in the whole installation.
struct Grant {
    std::string role;
    std::string tenant;                           // organisation number, or "*"
    std::set<std::string, std::less<>> systems;   // the part: these alone; empty: all of it

    Grant() = default;
    /// `place` is "*", "310001007" or "310001007/byggesak,barnevern".
    Grant(std::string what, std::string_view place);
    std::string place() const;
};

enum class Scope {
    tenant,        // the call looks by itself only where it may
    named,         // the municipality must be named in the question
    installation   // of all of it: the role must be for "*"
};

struct Rule {
    std::string call;   // "GET messages/{id}"
    Scope scope = Scope::installation;
    bool by_system = false;   // whoever has a part of a municipality may: it shows no more of it
    std::vector<std::string> roles;

    Rule() = default;
};

/// Read once, never changed. Any thread.
class AccessMatrix {
public:
    static const AccessMatrix& instance();

    /// `path` is what stands after /admin/v1/. nullptr: nobody may.
    const Rule* find(std::string_view method, std::string_view path) const;
    const std::vector<Rule>& rules() const { return rules_; }
    bool is_role(std::string_view role) const { return roles_.contains(role); }
    /// Whether the role sees what a message says of itself: title, file names, replies.
    bool sees_content(std::string_view role) const { return content_.contains(role); }
    /// Whether the role may be had in a part of a municipality.
    bool has_parts(std::string_view role) const { return parted_.contains(role); }

private:
    AccessMatrix();

    std::set<std::string, std::less<>> roles_;
    std::set<std::string, std::less<>> content_;
    std::set<std::string, std::less<>> parted_;
    std::vector<Rule> rules_;
};

/// The municipalities of `all` for which one of the grants fits the rule; "*" among them when it is
/// for the whole installation.
std::set<std::string, std::less<>> tenants_for(const Rule& rule, const std::vector<Grant>& grants,
                                               const std::vector<std::string>& all);

/// Whoever has a role in the whole of a municipality has no part of it beside that: the part goes.
std::vector<Grant> without_parts_of_wholes(std::vector<Grant> grants);

/// Of grants without parts of wholes: the systems that are seen of the municipality; empty: all.
std::set<std::string, std::less<>> systems_of(const std::vector<Grant>& grants,
                                              std::string_view tenant);

}   // namespace gateway::admin
