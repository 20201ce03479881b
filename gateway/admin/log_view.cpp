#include "gateway/admin/log_view.hpp"

#include "gateway/texts/texts.hpp"

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

json::Value log_answer(const std::vector<std::pair<core::TenantId, LogView>>& logs,
                       texts::Language language) {
    bool sound = true;
    json::Value all = json::Value::array();
    for (const auto& [tenant, log] : logs) {
        sound = sound && log.found == 0;
        all.push(log_view(tenant, log, language));
    }
    json::Value view = json::Value::object();
    view.set("sound", sound).set("tenants", std::move(all));
    return view;
}

}   // namespace gateway::admin
