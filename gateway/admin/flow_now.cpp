#include "gateway/admin/flow_now.hpp"

#include "gateway/ports/alarm_store.hpp"
#include "gateway/ports/flow_store.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

// Totals by system, what was sent and how much goes an hour are exact: kept counts. How what stands
// still divides over ways is read from the newest of each state, and says when there are more than
// were read: no count is kept of a way's. What has waited longest is the oldest there is, however
// many wait.

namespace gateway::admin {
namespace {

constexpr std::size_t read_max = 200;   // of each state: a look costs the same in any backlog
constexpr std::chrono::hours recent{24};

using State = core::DeliveryState;
using ports::FlowFigure;

/// States of what does not move, and what failed lately.
struct Asked {
    State state;
    const char* member;
    bool of_recent;   // else all there is
};
constexpr std::array<Asked, 6> asked{{{State::queued, "waiting", false},
                                      {State::sending, "waiting", false},
                                      {State::pending, "waiting", false},
                                      {State::held, "held", false},
                                      {State::failed, "failed", true},
                                      {State::expired, "failed", true}}};

/// What of the figures is said as a rate, and by which name.
constexpr std::array<std::pair<FlowFigure, const char*>, 3> rates{
    {{FlowFigure::accepted, "accepted"},
     {FlowFigure::handed_over, "handedOver"},
     {FlowFigure::failed, "failed"}}};

struct Way {
    std::map<std::string, std::int64_t> counts;
    std::map<std::string, std::int64_t> states;   // of the same: what one can search for
    std::map<int, double> an_hour;                // by figure
    std::optional<core::Time> oldest_waiting;
};

/// system, type, connection
using Key = std::array<std::string, 3>;
using Ways = std::map<Key, Way>;

/// The routes of the configuration that carry it; of what has no connection yet, all of its type.
json::Value routes_of(const core::Configuration& configuration, const core::TenantId& tenant,
                      const Key& key) {
    json::Value ids = json::Value::array();
    const auto settings = configuration.tenants.find(tenant);
    if (settings == configuration.tenants.end()) {
        return ids;
    }
    for (const auto& route : settings->second.routes) {
        const auto uses = [&](const core::RouteTarget& target) {
            return target.connection.value == key[2];
        };
        if (route.type == key[1] &&
            (key[2].empty() || std::any_of(route.use.begin(), route.use.end(), uses))) {
            ids.push(route.id);
        }
    }
    return ids;
}

json::Value way_view(const AdminParts& parts, const core::TenantId& tenant, const Key& key,
                     const Way& way) {
    const auto configuration = parts.configuration.current();
    const core::ConnectionId id(key[2]);
    const auto connection = configuration->connections.find(id);
    const bool known = connection != configuration->connections.end();
    json::Value view = json::Value::object();
    view.set("system", key[0]).set("type", key[1]);
    view.set("connection", key[2].empty() ? json::Value() : json::Value(key[2]));
    view.set("routes", routes_of(*configuration, tenant, key));
    view.set("adapter", known ? json::Value(connection->second.adapter) : json::Value());
    view.set("circuit", known ? json::Value(parts.circuits.circuit(id).state) : json::Value());
    for (const char* member : {"waiting", "held", "failed", "sent"}) {
        const auto count = way.counts.find(member);
        view.set(member, count == way.counts.end() ? std::int64_t{0} : count->second);
    }
    json::Value states = json::Value::object();
    for (const auto& [state, count] : way.states) {
        states.set(state, count);
    }
    view.set("states", std::move(states));
    json::Value an_hour = json::Value::object();
    for (const auto& [figure, name] : rates) {
        const auto rate = way.an_hour.find(static_cast<int>(figure));
        const double exact = rate == way.an_hour.end() ? 0 : rate->second;
        an_hour.set(name, static_cast<std::int64_t>(std::llround(exact)));
    }
    view.set("anHour", std::move(an_hour));
    if (way.oldest_waiting) {
        view.set("oldestWaiting", core::to_rfc3339(*way.oldest_waiting));
    }
    return view;
}

/// In a backlog: what has waited longest, also on ways of which nothing newer waits.
void add_oldest(Ways& ways, const std::vector<ports::WaitingMessage>& waiting) {
    for (const auto& one : waiting) {
        auto& way = ways[Key{one.system.value, one.type, one.connection}];
        if (!way.oldest_waiting || one.created < *way.oldest_waiting) {
            way.oldest_waiting = one.created;
        }
        auto& count = way.counts["waiting"];
        count = std::max(count, std::int64_t{1});   // the rest of it is counted by state
    }
}

json::Value totals_view(const std::vector<ports::MessageCount>& counts) {
    std::map<std::string, std::map<std::string, std::uint64_t>> systems;
    for (const auto& count : counts) {
        systems[count.system.value][std::string(core::to_string(count.state))] += count.count;
    }
    json::Value list = json::Value::array();
    for (const auto& [system, states] : systems) {
        json::Value by_state = json::Value::object();
        for (const auto& [state, number] : states) {
            by_state.set(state, number);
        }
        json::Value one = json::Value::object();
        one.set("system", system).set("states", std::move(by_state));
        list.push(std::move(one));
    }
    return list;
}

/// What stands still, of the newest of each state; names the states of which there are more.
sdk::Task<core::Result<std::vector<State>>>
add_standing(const AdminParts& parts, core::TenantId tenant, core::Time now, Ways& ways) {
    std::vector<State> more;
    for (const auto& [state, member, of_recent] : asked) {
        ports::SearchQuery query;
        query.tenant = tenant;
        query.state = state;
        query.limit = read_max;
        if (of_recent) {
            query.from = now - recent;
        }
        const auto page = co_await parts.store.search(std::move(query));
        if (!page) {
            co_return page.error();
        }
        for (const auto& message : page->items) {
            const auto& connection = message.deliveries.back().connection;
            auto& way = ways[Key{message.system.value, message.type,
                                 connection ? connection->value : std::string()}];
            ++way.counts[member];
            ++way.states[std::string(core::to_string(state))];
            const bool waits = std::string_view(member) == "waiting";
            if (waits && (!way.oldest_waiting || message.created < *way.oldest_waiting)) {
                way.oldest_waiting = message.created;
            }
        }
        if (!page->next.empty()) {
            more.push_back(state);
        }
    }
    co_return more;
}

sdk::Task<core::Result<std::vector<ports::FlowWay>>>
figures(const AdminParts& parts, core::TenantId tenant, std::int64_t from, std::int64_t until) {
    ports::FlowQuery query;
    query.tenant = std::move(tenant);
    query.from = from;
    query.until = until;
    co_return co_await ports::flow_store_of(parts.store).flow_ways(std::move(query));
}

/// An hour's worth: of this hour, and as much of the hour before as this one has yet to go.
sdk::Task<core::Result<void>> add_rates(const AdminParts& parts, core::TenantId tenant,
                                        core::Time now, Ways& ways) {
    const auto hour = ports::flow_hour(now);
    const std::chrono::duration<double, std::ratio<3600>> begun =
        now - std::chrono::floor<std::chrono::hours>(now);
    const std::array<std::pair<std::int64_t, double>, 2> shares{
        {{hour, 1.0}, {hour - 1, 1.0 - begun.count()}}};
    for (const auto& [when, share] : shares) {
        const auto passed = co_await figures(parts, tenant, when, when + 1);
        if (!passed) {
            co_return passed.error();
        }
        for (const auto& one : *passed) {
            for (const auto& [figure, name] : rates) {
                if (one.figure == static_cast<int>(figure)) {
                    auto& way = ways[Key{one.system.value, one.type, one.connection}];
                    way.an_hour[one.figure] += share * static_cast<double>(one.count);
                }
            }
        }
    }
    co_return core::Result<void>();
}

sdk::Task<core::Result<void>> add_sent(const AdminParts& parts, core::TenantId tenant,
                                       std::int64_t since, std::int64_t until, Ways& ways) {
    const auto passed = co_await figures(parts, std::move(tenant), since, until);
    if (!passed) {
        co_return passed.error();
    }
    for (const auto& one : *passed) {
        if (one.figure == static_cast<int>(FlowFigure::handed_over)) {
            ways[Key{one.system.value, one.type, one.connection}].counts["sent"] += one.count;
        }
    }
    co_return core::Result<void>();
}

}   // namespace

sdk::Task<core::Result<json::Value>> flow_now(const AdminParts& parts, core::TenantId tenant) {
    const auto now = parts.clock.now();
    Ways ways;
    const auto more = co_await add_standing(parts, tenant, now, ways);
    if (!more) {
        co_return more.error();
    }
    const auto waits = [](State state) { return state != State::held && state < State::failed; };
    if (std::any_of(more->begin(), more->end(), waits)) {
        const auto oldest = co_await ports::alarms_of(parts.store).waiting(tenant, now);
        if (!oldest) {
            co_return oldest.error();
        }
        add_oldest(ways, *oldest);
    }
    const auto rated = co_await add_rates(parts, tenant, now, ways);
    if (!rated) {
        co_return rated.error();
    }
    const auto since = ports::flow_hour(now - recent);
    const auto sent = co_await add_sent(parts, tenant, since, ports::flow_hour(now) + 1, ways);
    if (!sent) {
        co_return sent.error();
    }
    const auto counts = co_await parts.store.message_counts(tenant);
    if (!counts) {
        co_return counts.error();
    }
    json::Value list = json::Value::array();
    for (const auto& [key, way] : ways) {
        list.push(way_view(parts, tenant, key, way));
    }
    json::Value names = json::Value::array();
    for (const auto state : *more) {
        names.push(core::to_string(state));
    }
    json::Value view = json::Value::object();
    view.set("tenant", tenant.value)
        .set("at", core::to_rfc3339(now))
        .set("recentSince", core::to_rfc3339(now - recent))
        .set("sentSince", core::to_rfc3339(core::Time(std::chrono::hours(since))))
        .set("ways", std::move(list))
        .set("more", std::move(names))
        .set("systems", totals_view(*counts));
    co_return view;
}

void keep_systems(json::Value& flow, const std::set<std::string, std::less<>>& systems) {
    for (const char* member : {"ways", "systems"}) {
        if (auto* list = flow.find(member)) {
            std::erase_if(list->mutable_items(), [&](const json::Value& one) {
                return !systems.contains(one["system"].as_string());
            });
        }
    }
}

}   // namespace gateway::admin
