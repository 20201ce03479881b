#include "gateway/admin/api.hpp"
#include "gateway/ports/alarm_store.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>
#include <array>
#include <map>

// The flow as it is now: from systems through types of messages to connections, and where it stands
// still. Totals by system are exact; how they divide over connections is read from the newest of
// each state, and says when there are more than were read. What has waited longest is the oldest
// there is, however many wait.

namespace gateway::admin {
namespace {

constexpr std::size_t read_max = 200;   // of each state: a look costs the same in any backlog
constexpr std::chrono::hours recent{24};

using State = core::DeliveryState;

/// States of what does not move, and what moved lately.
struct Asked {
    State state;
    const char* member;
    bool of_recent;   // else all there is
};
constexpr std::array<Asked, 9> asked{{{State::queued, "waiting", false},
                                      {State::sending, "waiting", false},
                                      {State::pending, "waiting", false},
                                      {State::held, "held", false},
                                      {State::failed, "failed", true},
                                      {State::expired, "failed", true},
                                      {State::sent, "sent", true},
                                      {State::delivered, "sent", true},
                                      {State::read, "sent", true}}};

struct Way {
    std::map<std::string, std::int64_t> counts;
    std::optional<core::Time> oldest_waiting;
};

/// system, type, connection
using Key = std::array<std::string, 3>;

json::Value way_view(const Key& key, const Way& way) {
    json::Value view = json::Value::object();
    view.set("system", key[0]).set("type", key[1]);
    view.set("connection", key[2].empty() ? json::Value() : json::Value(key[2]));
    for (const char* member : {"waiting", "held", "failed", "sent"}) {
        const auto count = way.counts.find(member);
        view.set(member, count == way.counts.end() ? std::int64_t{0} : count->second);
    }
    if (way.oldest_waiting) {
        view.set("oldestWaiting", core::to_rfc3339(*way.oldest_waiting));
    }
    return view;
}

/// In a backlog: what has waited longest, also on ways of which nothing newer waits.
void add_oldest(std::map<Key, Way>& ways, const std::vector<ports::WaitingMessage>& waiting) {
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

}   // namespace

sdk::Task<http::Response> AdminApi::flow(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto now = parts_.clock.now();
    std::map<Key, Way> ways;
    json::Value more = json::Value::array();
    bool reads_short = false;   // of what waits only the newest was read
    for (const auto& [state, member, of_recent] : asked) {
        ports::SearchQuery query;
        query.tenant = *tenant;
        query.state = state;
        query.limit = read_max;
        if (of_recent) {
            query.from = now - recent;
        }
        const auto page = co_await parts_.store.search(std::move(query));
        if (!page) {
            co_return problem(view::refusal_of(page.error()), call.context);
        }
        for (const auto& message : page->items) {
            const auto& connection = message.deliveries.back().connection;
            auto& way = ways[Key{message.system.value, message.type,
                                 connection ? connection->value : std::string()}];
            ++way.counts[member];
            const bool waits = std::string_view(member) == "waiting";
            if (waits && (!way.oldest_waiting || message.created < *way.oldest_waiting)) {
                way.oldest_waiting = message.created;
            }
        }
        if (!page->next.empty()) {
            more.push(core::to_string(state));
            reads_short = reads_short || std::string_view(member) == "waiting";
        }
    }
    if (reads_short) {
        const auto oldest = co_await ports::alarms_of(parts_.store).waiting(*tenant, now);
        if (!oldest) {
            co_return problem(view::refusal_of(oldest.error()), call.context);
        }
        add_oldest(ways, *oldest);
    }
    const auto counts = co_await parts_.store.message_counts(*tenant);
    if (!counts) {
        co_return problem(view::refusal_of(counts.error()), call.context);
    }
    json::Value list = json::Value::array();
    for (const auto& [key, way] : ways) {
        list.push(way_view(key, way));
    }
    json::Value view = json::Value::object();
    view.set("tenant", tenant->value)
        .set("at", core::to_rfc3339(now))
        .set("recentSince", core::to_rfc3339(now - recent))
        .set("ways", std::move(list))
        .set("more", std::move(more))
        .set("systems", totals_view(*counts));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
