#include "gateway/admin/api.hpp"
#include "gateway/ports/benefit_store.hpp"
#include "gateway/ports/flow_store.hpp"
#include "gateway/view/flow_history.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/statistics.hpp"

#include <algorithm>

// How it goes in figures: which way messages went and how long it took, and what storing data once
// has spared.

namespace gateway::admin {
namespace {

// Time to delivery is of so long: what changed lately shows, and a quiet week is not all there is.
constexpr std::chrono::hours delivery_times_of{24 * 30};

}   // namespace

std::optional<ports::Refusal> AdminApi::read_tenant(const std::string& name,
                                                    const std::string& value,
                                                    std::optional<core::TenantId>& tenant) const {
    if (name != "tenant") {
        return view::bad_parameter(name);
    }
    if (!parts_.configuration.current()->tenants.contains(core::TenantId(value))) {
        return ports::Refusal("admin.tenant_unknown");
    }
    tenant = core::TenantId(value);
    return std::nullopt;
}

sdk::Task<http::Response> AdminApi::statistics(AdminCall& call) {
    std::optional<core::TenantId> tenant;
    for (const auto& [name, value] : call.request.query) {
        if (const auto wrong = read_tenant(name, value, tenant)) {
            co_return problem(*wrong, call.context);
        }
    }
    const auto counts = co_await parts_.store.message_counts(tenant);
    if (!counts) {
        co_return problem(view::refusal_of(counts.error()), call.context);
    }
    auto answer = view::statistics_view(view::statistics_of(*counts));
    if (tenant) {
        ports::FlowQuery query;
        query.tenant = *tenant;
        query.until = ports::flow_hour(parts_.clock.now()) + 1;
        query.from = query.until - delivery_times_of.count();
        const auto ways = co_await ports::flow_store_of(parts_.store).flow_ways(query);
        if (!ways) {
            co_return problem(view::refusal_of(ways.error()), call.context);
        }
        answer.set("timeToDelivery", view::time_to_delivery_view(*ways, query.from, query.until));
    }
    co_return json_answer(200, answer);
}

/// Of some days: as the store has them. Of all: with what was counted since they were written.
sdk::Task<http::Response> AdminApi::record_statistics(AdminCall& call) const {
    std::optional<core::TenantId> tenant;
    std::optional<std::chrono::sys_days> from;
    std::optional<std::chrono::sys_days> until;
    for (const auto& [name, value] : call.request.query) {
        if (name == "from" || name == "to") {
            const auto day = core::parse_date(value);
            if (!day) {
                co_return problem(view::bad_parameter(name), call.context);
            }
            (name == "from" ? from : until) = std::chrono::sys_days(*day);
        } else if (const auto wrong = read_tenant(name, value, tenant)) {
            co_return problem(*wrong, call.context);
        }
    }
    if (from && until && *from > *until) {
        co_return problem(ports::Refusal("request.from_after_to"), call.context);
    }
    const auto kept = co_await ports::benefit_store_of(parts_.store).benefits(from, until);
    if (!kept) {
        co_return problem(view::refusal_of(kept.error()), call.context);
    }
    core::Time since = began_;
    if (kept->first) {
        since = std::min<core::Time>(since, *kept->first);
    }
    if (from) {
        since = std::max<core::Time>(since, *from);
    }
    std::vector<view::SystemBenefit> systems;
    if (from || until) {
        systems = view::benefits_of(kept->counts);
    } else {
        systems = view::benefits_of(parts_.metrics.counted(ports::answers_counter),
                                    parts_.metrics.counted(ports::life_events_counter));
    }
    co_return json_answer(200, view::benefits_view(systems, tenant, since));
}

}   // namespace gateway::admin
