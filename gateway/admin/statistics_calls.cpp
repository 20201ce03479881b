#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/statistics.hpp"

// How it goes in figures: which way messages went, and what storing data once has spared.

namespace gateway::admin {

std::optional<ports::Refusal> AdminApi::read_tenant(const AdminCall& call,
                                                    std::optional<core::TenantId>& tenant) const {
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            return view::bad_parameter(name);
        }
        if (!parts_.configuration.current()->tenants.contains(core::TenantId(value))) {
            return ports::Refusal("admin.tenant_unknown");
        }
        tenant = core::TenantId(value);
    }
    return std::nullopt;
}

sdk::Task<http::Response> AdminApi::statistics(AdminCall& call) {
    std::optional<core::TenantId> tenant;
    if (const auto wrong = read_tenant(call, tenant)) {
        co_return problem(*wrong, call.context);
    }
    const auto counts = co_await parts_.store.message_counts(tenant);
    if (!counts) {
        co_return problem(view::refusal_of(counts.error()), call.context);
    }
    co_return json_answer(200, view::statistics_view(view::statistics_of(*counts)));
}

http::Response AdminApi::record_statistics(AdminCall& call) const {
    std::optional<core::TenantId> tenant;
    if (const auto wrong = read_tenant(call, tenant)) {
        return problem(*wrong, call.context);
    }
    const auto systems = view::benefits_of(parts_.metrics.counted(view::answers_counter),
                                           parts_.metrics.counted(view::life_events_counter));
    return json_answer(200, view::benefits_view(systems, tenant, began_));
}

}   // namespace gateway::admin
