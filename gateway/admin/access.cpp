#include "gateway/admin/access.hpp"

#include "access_data.hpp"
#include "gateway/json/value.hpp"

#include <algorithm>
#include <stdexcept>

namespace gateway::admin {
namespace {

Scope scope_of(std::string_view word) {
    if (word == "tenant") {
        return Scope::tenant;
    }
    return word == "named" ? Scope::named : Scope::installation;
}

std::string_view next_part(std::string_view& path) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    return part;
}

/// "messages/{id}" fits "messages/0197…"; a placeholder is one part, never empty.
bool fits(std::string_view pattern, std::string_view path) {
    if (path.ends_with('/')) {
        return false;
    }
    while (!pattern.empty() && !path.empty()) {
        const auto wanted = next_part(pattern);
        const auto given = next_part(path);
        const bool any = wanted.starts_with('{') && !given.empty();
        if (!any && wanted != given) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

}   // namespace

Grant::Grant(std::string what, std::string_view place) : role(std::move(what)) {
    auto end = place.find('/');
    tenant = place.substr(0, end);
    while (end != std::string_view::npos) {
        place.remove_prefix(end + 1);
        end = place.find(',');
        systems.emplace(place.substr(0, end));
    }
}

std::string Grant::place() const {
    std::string words = tenant;
    for (const auto& system : systems) {
        words += (words.size() == tenant.size() ? "/" : ",") + system;
    }
    return words;
}

AccessMatrix::AccessMatrix() {
    const auto data = json::parse(embedded::access);
    if (!data) {
        throw std::logic_error("admin-access.json cannot be read");
    }
    for (const auto& role : (*data)["roles"].items()) {
        roles_.insert(role.as_string());
    }
    for (const auto& role : (*data)["content"].items()) {
        content_.insert(role.as_string());
    }
    for (const auto& role : (*data)["parts"].items()) {
        parted_.insert(role.as_string());
    }
    for (const auto& item : (*data)["calls"].items()) {
        Rule rule;
        rule.call = item["call"].as_string();
        rule.scope = scope_of(item["scope"].as_string());
        rule.by_system = item["bySystem"].as_bool();
        for (const auto& role : item["roles"].items()) {
            rule.roles.push_back(role.as_string());
        }
        rules_.push_back(std::move(rule));
    }
}

const AccessMatrix& AccessMatrix::instance() {
    static const AccessMatrix matrix;
    return matrix;
}

const Rule* AccessMatrix::find(std::string_view method, std::string_view path) const {
    const auto asked = method == "HEAD" ? std::string_view("GET") : method;
    // A rule without placeholders goes before one with: messages/search is no message's act.
    const Rule* found = nullptr;
    for (const auto& rule : rules_) {
        const std::string_view call = rule.call;
        const auto space = call.find(' ');
        if (call.substr(0, space) == asked && fits(call.substr(space + 1), path)) {
            if (found == nullptr || call.find('{') == std::string_view::npos) {
                found = &rule;
            }
        }
    }
    return found;
}

std::set<std::string, std::less<>> tenants_for(const Rule& rule, const std::vector<Grant>& grants,
                                               const std::vector<std::string>& all) {
    std::set<std::string, std::less<>> tenants;
    for (const auto& grant : grants) {
        if (std::find(rule.roles.begin(), rule.roles.end(), grant.role) == rule.roles.end()) {
            continue;
        }
        if (!grant.systems.empty() && !rule.by_system) {
            continue;
        }
        if (grant.tenant == "*") {
            tenants.insert(all.begin(), all.end());
            tenants.insert("*");
        } else if (rule.scope != Scope::installation &&
                   std::find(all.begin(), all.end(), grant.tenant) != all.end()) {
            tenants.insert(grant.tenant);
        }
    }
    return tenants;
}

std::vector<Grant> without_parts_of_wholes(std::vector<Grant> grants) {
    std::set<std::string, std::less<>> wholes;
    for (const auto& grant : grants) {
        if (grant.systems.empty()) {
            wholes.insert(grant.tenant);
        }
    }
    std::erase_if(grants, [&](const Grant& grant) {
        return !grant.systems.empty() && (wholes.contains("*") || wholes.contains(grant.tenant));
    });
    return grants;
}

std::set<std::string, std::less<>> systems_of(const std::vector<Grant>& grants,
                                              std::string_view tenant) {
    std::set<std::string, std::less<>> systems;
    for (const auto& grant : grants) {
        if (grant.tenant == tenant) {
            systems.insert(grant.systems.begin(), grant.systems.end());
        }
    }
    return systems;
}

}   // namespace gateway::admin
