#include "gateway/admin/api.hpp"
#include "gateway/admin/receivers.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/inbox_view.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <algorithm>

// What came in, over all systems of a tenant: listed without content, counted by day, handed out
// anew; and what is quarantined, released to systems.

namespace gateway::admin {
namespace {

constexpr std::size_t page_max = 200;
constexpr std::size_t systems_max = 20;

/// A condition of the list; false when there is no such, or its value is none.
bool take_condition(ports::InboxQuery& query, const std::string& name, const std::string& value) {
    if (name == "system" && !value.empty()) {
        query.system = core::SystemId(value);
        return true;
    }
    if (name == "state") {
        query.state = core::parse_inbound_state(value);
        return query.state.has_value();
    }
    const auto limit = name == "limit" ? view::read_limit(value, page_max) : std::nullopt;
    const auto before = name == "cursor" ? view::read_cursor(value) : std::nullopt;
    query.limit = limit.value_or(query.limit);
    query.before = before.value_or(query.before);
    return limit || before || name == "tenant";
}

json::Value line_of(const ports::InboxItem& item) {
    auto line = view::inbox_line(item);
    line.set("system", item.system.value);
    return line;
}

}   // namespace

sdk::Task<http::Response> AdminApi::list_inbox(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    ports::InboxQuery query;
    query.tenant = *tenant;
    for (const auto& [name, value] : call.request.query) {
        if (!take_condition(query, name, value)) {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto limit = query.limit;
    const auto found = co_await parts_.store.list_inbox(std::move(query));
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& item : *found) {
        items.push(line_of(item));
    }
    const auto last = found->empty() ? 0 : found->back().number;
    co_return json_answer(200, view::page_of(std::move(items), limit, last));
}

sdk::Task<http::Response> AdminApi::inbox_counts(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    std::string date = core::to_rfc3339(parts_.clock.now()).substr(0, 10);
    for (const auto& [name, value] : call.request.query) {
        if (name == "date") {
            date = value;
        } else if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto day = view::day_of(date);
    if (!day) {
        co_return problem(view::bad_parameter("date"), call.context);
    }
    const std::optional<core::SystemId> all;
    const auto counts =
        co_await parts_.store.inbox_counts(*tenant, all, *day, *day + std::chrono::hours(24));
    if (!counts) {
        co_return problem(view::refusal_of(counts.error()), call.context);
    }
    co_return json_answer(200, view::inbox_counts(date, *counts));
}

sdk::Task<http::Response> AdminApi::replay_inbox(AdminCall& call, std::string_view item) {
    const auto id = core::InboxId::parse(item);
    ports::InboxReplay command;
    for (const auto& [name, value] : call.body.members()) {
        if (name == "system" && value.is_string() && !value.as_string().empty()) {
            command.system = core::SystemId(value.as_string());
        } else if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    command.at = parts_.clock.now();
    command.params = {{"who", call.author.who}};
    for (const auto& tenant : tenants_of(call)) {
        if (!id) {
            break;
        }
        command.tenant = tenant;
        command.id = *id;
        command.event_ids.clear();
        for (std::size_t i = 0; i < systems_max; ++i) {
            command.event_ids.push_back(parts_.ids.next<core::EventId>());
        }
        const auto again = co_await parts_.store.replay_inbox(command);
        if (again.has_error() && again.error().is(core::Errc::not_found)) {
            continue;
        }
        if (again.has_error()) {
            co_return problem(again.error().is(core::Errc::conflict)
                                  ? ports::Refusal("inbox.nothing_to_replay")
                                  : view::refusal_of(again.error()),
                              call.context);
        }
        log_act(call, "inbox_replayed", {{"item", id->to_string()}});
        json::Value view = json::Value::object();
        view.set("id", id->to_string()).set("copies", static_cast<std::uint64_t>(*again));
        co_return json_answer(200, view);
    }
    co_return problem(ports::Refusal("inbox.not_found"), call.context);
}

sdk::Task<http::Response> AdminApi::release_quarantined(AdminCall& call, core::InboxId id) {
    ports::ReleaseCommand command;
    for (const auto& [name, value] : call.body.members()) {
        if (name == "systems" && value.is_array() && value.items().size() <= systems_max) {
            for (const auto& system : value.items()) {
                command.systems.emplace_back(system.as_string());
            }
        } else if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const auto found = co_await find_quarantined(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("quarantine.not_found"), call.context);
    }
    const auto& item = **found;
    if (call.carried && item.resolved && item.resolved_by == call.author.who) {
        json::Value view = json::Value::object();   // by this very act, before a crash
        view.set("id", id.to_string());
        co_return json_answer(200, view);
    }
    const auto configuration = parts_.configuration.current();
    const auto allowed = receivers_of(configuration->tenants.at(item.tenant), item.type);
    auto& systems = command.systems;
    std::sort(systems.begin(), systems.end());
    systems.erase(std::unique(systems.begin(), systems.end()), systems.end());
    if (systems.empty() ||
        !std::includes(allowed.begin(), allowed.end(), systems.begin(), systems.end())) {
        co_return problem(view::bad_member("systems"), call.context);
    }
    const auto vault = parts_.vaults.find(item.tenant);
    const auto owner = id.to_bytes();
    const auto key =
        vault == nullptr
            ? core::Result<crypto::ContentKey>(core::Failure(core::Errc::unavailable, "no key"))
            : vault->unwrap(item.wrapped_key, owner);
    if (!key) {
        co_return problem(ports::Refusal("service.internal"),
                          call.context);   // nobody could read it
    }
    if (!item.resolved) {
        AskedTarget target("quarantine-release", item.tenant, id.to_string(), {});
        auto waits = co_await ask_second(call, std::move(target));
        if (waits) {
            co_return std::move(*waits);
        }
    }
    command.tenant = item.tenant;
    command.id = id;
    command.at = parts_.clock.now();
    command.who = call.author.who;
    command.sealed_reason = key->seal(parts_.ids, "reason", owner, call.author.why);
    json::Value to = json::Value::array();
    for (const auto& system : systems) {
        command.event_ids.push_back(parts_.ids.next<core::EventId>());
        to.push(system.value);
    }
    const auto released = co_await parts_.store.release_quarantined(std::move(command));
    if (!released) {
        co_return problem(released.error().is(core::Errc::conflict)
                              ? ports::Refusal("quarantine.no_message")
                              : view::refusal_of(released.error()),
                          call.context);
    }
    log_act(call, "quarantine_released", {{"item", id.to_string()}});
    json::Value view = json::Value::object();
    view.set("id", id.to_string()).set("systems", std::move(to));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
