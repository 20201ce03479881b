#include "gateway/admin/api.hpp"
#include "gateway/texts/texts.hpp"
#include "gateway/view/refusal.hpp"

// The access log as a proof: whether it still is what was written.

namespace gateway::admin {
namespace {

json::Value fault_view(const LogFault& fault, texts::Language language) {
    const auto text = texts::render(fault.code, fault.params, language);
    json::Value view = json::Value::object();
    view.set("code", fault.code.value);
    if (fault.to > 0) {
        view.set("from", fault.from).set("to", fault.to);
    }
    view.set("title", text.title).set("detail", text.detail).set("action", text.action);
    return view;
}

json::Value log_view(const core::TenantId& tenant, const LogView& log, texts::Language language) {
    json::Value faults = json::Value::array();
    for (const auto& fault : log.faults) {
        faults.push(fault_view(fault, language));
    }
    json::Value view = json::Value::object();
    view.set("tenant", tenant.value)
        .set("sound", log.found == 0)
        .set("entries", log.entries)
        .set("proved", log.proved)
        .set("checkpoints", log.checkpoints)
        .set("publicKey", log.public_key)
        .set("found", log.found)
        .set("faults", std::move(faults));
    return view;
}

}   // namespace

sdk::Task<http::Response> AdminApi::verify_log(AdminCall& call) {
    const auto config = parts_.configuration.current();
    std::vector<core::TenantId> tenants;
    for (const auto& [name, value] : call.body.members()) {
        if (name != "tenant" || !value.is_string()) {
            co_return problem(view::bad_parameter(name), call.context);
        }
        tenants.emplace_back(value.as_string());
        if (config->tenants.find(tenants.back()) == config->tenants.end()) {
            co_return problem(ports::Refusal("admin.tenant_unknown"), call.context);
        }
    }
    if (tenants.empty()) {
        for (const auto& [tenant, settings] : config->tenants) {
            tenants.push_back(tenant);
        }
    }
    json::Value logs = json::Value::array();
    std::uint64_t found = 0;
    for (const auto& tenant : tenants) {
        const auto checked = co_await parts_.logs.check_log(tenant);
        if (!checked) {
            co_return problem(view::refusal_of(checked.error()), call.context);
        }
        found += checked->found;
        logs.push(log_view(tenant, *checked, call.context.language));
    }
    parts_.log.write(found == 0 ? sdk::Severity::info : sdk::Severity::error, "access_log_verified",
                     {{"who", call.who}, {"faults", std::to_string(found)}});
    json::Value view = json::Value::object();
    view.set("sound", found == 0).set("tenants", std::move(logs));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
