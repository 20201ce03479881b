#include "gateway/admin/api.hpp"
#include "gateway/admin/log_view.hpp"
#include "gateway/view/refusal.hpp"

// The access log as a proof: whether it still is what was written.

namespace gateway::admin {

sdk::Task<http::Response> AdminApi::verify_log(AdminCall& call) {
    const auto config = parts_.configuration.current();
    std::vector<core::TenantId> tenants;
    for (const auto& [name, value] : call.body.members()) {
        if (name != "tenant" || !value.is_string()) {
            co_return problem(view::bad_member(name), call.context);
        }
        tenants.emplace_back(value.as_string());
        if (config->tenants.find(tenants.back()) == config->tenants.end()) {
            co_return problem(ports::Refusal("admin.tenant_unknown"), call.context);
        }
    }
    if (tenants.empty() && call.session && !call.session->whole) {
        co_return problem(ports::Refusal("admin.tenant_required"), call.context);
    }
    if (tenants.empty()) {
        for (const auto& [tenant, settings] : config->tenants) {
            tenants.push_back(tenant);
        }
    }
    std::vector<std::pair<core::TenantId, LogView>> logs;
    std::uint64_t found = 0;
    for (const auto& tenant : tenants) {
        const auto checked = co_await parts_.logs.check_log(tenant);
        if (!checked) {
            co_return problem(view::refusal_of(checked.error()), call.context);
        }
        found += checked->found;
        logs.emplace_back(tenant, *checked);
    }
    parts_.log.write(found == 0 ? sdk::Severity::info : sdk::Severity::error, "access_log_verified",
                     {{"who", call.who}, {"faults", std::to_string(found)}});
    co_return json_answer(200, log_answer(logs, call.context.language));
}

}   // namespace gateway::admin
