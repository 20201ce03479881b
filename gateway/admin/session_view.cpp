#include "gateway/admin/api.hpp"

// What a session is told of itself: its roles, municipalities, and what it may call where.

namespace gateway::admin {

json::Value grants_view(const std::vector<Grant>& grants) {
    json::Value roles = json::Value::array();
    for (const auto& grant : grants) {
        json::Value one = json::Value::object();
        one.set("role", grant.role).set("tenant", grant.tenant);
        if (!grant.systems.empty()) {
            json::Value systems = json::Value::array();
            for (const auto& system : grant.systems) {
                systems.push(system);
            }
            one.set("systems", std::move(systems));
        }
        roles.push(std::move(one));
    }
    return roles;
}

json::Value AdminApi::session_view(const Session& session) const {
    const auto all = tenant_names();
    std::set<std::string> seen;
    json::Value may = json::Value::object();
    for (const auto& rule : AccessMatrix::instance().rules()) {
        const auto tenants = tenants_for(rule, session.grants, all);
        json::Value list = json::Value::array();
        for (const auto& tenant : tenants) {
            list.push(tenant);
            seen.insert(tenant);
        }
        if (!tenants.empty()) {
            may.set(rule.call, std::move(list));
        }
    }
    json::Value tenants = json::Value::array();
    for (const auto& [tenant, settings] : parts_.configuration.current()->tenants) {
        if (seen.contains(tenant.value)) {
            json::Value one = json::Value::object();
            one.set("id", tenant.value).set("name", settings.name);
            tenants.push(std::move(one));
        }
    }
    json::Value content = json::Value::object();
    for (const auto& [tenant, until] : session.content_until) {
        const auto left = until - parts_.clock.steady();
        if (left.count() > 0) {
            const auto ends = parts_.clock.now() + std::chrono::duration_cast<core::Duration>(left);
            content.set(tenant, core::to_rfc3339(ends));
        }
    }
    const auto rules = second_person();
    json::Value second = json::Value::object();
    for (const auto& [tenant, rule] : rules->tenants) {
        json::Value acts = json::Value::array();
        for (const auto& act : rule.acts) {
            acts.push(act);
        }
        if (seen.contains(tenant.value) && !rule.acts.empty()) {
            second.set(tenant.value, std::move(acts));
        }
    }
    const auto idle = std::chrono::duration_cast<std::chrono::seconds>(session_idle_max);
    json::Value view = json::Value::object();
    view.set("name", session.account)
        .set("csrf", session.csrf)
        .set("idleSeconds", static_cast<std::int64_t>(idle.count()))
        .set("roles", grants_view(session.grants))
        .set("tenants", std::move(tenants))
        .set("contentUntil", std::move(content))
        .set("secondPerson", std::move(second))
        .set("may", std::move(may));
    return view;
}

}   // namespace gateway::admin
