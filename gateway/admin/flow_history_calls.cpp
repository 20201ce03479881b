#include "gateway/admin/api.hpp"
#include "gateway/ports/flow_store.hpp"
#include "gateway/view/flow_history.hpp"
#include "gateway/view/refusal.hpp"

#include <charconv>

// The flow as it was: by hour or by day, of all or of one system, type, connection or adapter.

namespace gateway::admin {
namespace {

constexpr std::int64_t hours_shown = 24;
constexpr std::int64_t hours_shown_max = 24 * ports::flow_hours_kept.count();
constexpr std::int64_t days_shown_max = 400;

std::optional<std::int64_t> number_within(const std::string& text, std::int64_t most) {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    const bool whole = error == std::errc() && rest == end;
    return whole && number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

/// The time that is asked for ends with the hour, or day, that has begun.
void ask_for_hours(ports::FlowQuery& query, core::Time now, std::int64_t hours) {
    query.until = ports::flow_hour(now) + 1;
    query.from = query.until - hours;
}
void ask_for_days(ports::FlowQuery& query, core::Time now, std::int64_t days) {
    query.by_day = true;
    const auto next = ports::flow_day(ports::flow_hour(now)) + 1;
    query.until = ports::first_hour(next);
    query.from = ports::first_hour(next - days);
}

/// Nothing: no connection is of that name, or of that adapter.
std::vector<std::string> connections_of(const core::Configuration& configuration,
                                        const std::string& name, const std::string& value) {
    if (name == "connection") {
        return {value};
    }
    std::vector<std::string> found;
    for (const auto& [id, connection] : configuration.connections) {
        if (connection.adapter == value) {
            found.push_back(id.value);
        }
    }
    return found;
}

}   // namespace

sdk::Task<http::Response> AdminApi::flow_history(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    view::FlowHistory history;
    history.now = parts_.clock.now();
    history.query.tenant = *tenant;
    ask_for_hours(history.query, history.now, hours_shown);
    std::optional<std::string> span;
    std::optional<std::string> way;
    for (const auto& [name, value] : call.request.query) {
        bool understood = !value.empty();
        if (name == "hours" || name == "days") {
            const bool hours = name == "hours";
            const auto number = number_within(value, hours ? hours_shown_max : days_shown_max);
            understood = number && !span;
            span = name;
            if (understood && hours) {
                ask_for_hours(history.query, history.now, *number);
            } else if (understood) {
                ask_for_days(history.query, history.now, *number);
            }
        } else if (name == "system") {
            history.query.system = core::SystemId(value);
        } else if (name == "type") {
            history.query.type = value;
        } else if (name == "connection" || name == "adapter") {
            const auto configuration = parts_.configuration.current();
            history.query.connections = connections_of(*configuration, name, value);
            understood = understood && !way && !history.query.connections.empty();
            way = name;
        } else {
            understood = name == "tenant";
        }
        if (!understood) {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    if (const auto refused = keep_to_part(call, *tenant, history.query.system)) {
        co_return problem(*refused, call.context);
    }
    auto& store = ports::flow_store_of(parts_.store);
    auto series = co_await store.flow_series(history.query);
    if (!series) {
        co_return problem(view::refusal_of(series.error()), call.context);
    }
    auto ways = co_await store.flow_ways(history.query);
    if (!ways) {
        co_return problem(view::refusal_of(ways.error()), call.context);
    }
    history.series = std::move(*series);
    history.ways = std::move(*ways);
    co_return json_answer(200, view::flow_history_view(history));
}

}   // namespace gateway::admin
