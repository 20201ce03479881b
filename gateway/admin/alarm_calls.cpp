#include "gateway/admin/alarm_stream.hpp"
#include "gateway/admin/api.hpp"
#include "gateway/admin/list_query.hpp"

// Alarms: what is wrong now and was lately, and a person's word that somebody is at it.

namespace gateway::admin {
namespace {

json::Value alarm_view(const ports::Alarm& alarm, const AdminCall& call) {
    return alarms::view_of(alarm, call.context.language, console_of_ours);
}

}   // namespace

/// The installation's own alarms are seen by all who may see alarms, but those who have a part of a
/// municipality: theirs are those of their systems.
bool AdminApi::may_see_alarm(const SessionAccess& session, const ports::Alarm& alarm) {
    const auto& tenant = alarm.key.tenant.value;
    if (const auto part = session.systems.find(tenant); part != session.systems.end()) {
        return part->second.contains(alarm.system.value);
    }
    const bool has_wholes = session.tenants.size() > session.systems.size();
    return tenant.empty() ? has_wholes : session.tenants.contains(tenant);
}

sdk::Task<http::Response> AdminApi::list_alarms(AdminCall& call) {
    ports::AlarmQuery query;
    if (const auto wrong = read_list_query(call.request, query)) {
        co_return problem(*wrong, call.context);
    }
    if (call.request.query_value("tenant")) {
        ports::Refusal refusal;
        const auto tenant = tenant_of(call, refusal);
        if (!tenant) {
            co_return problem(refusal, call.context);
        }
        query.tenants = {*tenant};
    }
    const auto accepts = call.request.header("Accept");
    if (parts_.alarm_news != nullptr &&
        accepts.find("text/event-stream") != std::string_view::npos) {
        if (query.tenants.empty() && call.session) {
            for (const auto& tenant : call.session->tenants) {
                query.tenants.emplace_back(tenant);
            }
        }
        http::Response response(200);
        response.headers.emplace_back("Content-Type", "text/event-stream");
        response.headers.emplace_back("Cache-Control", "no-store");
        AlarmsSeen seen = [](const ports::Alarm&) { return true; };
        if (call.session && !call.session->systems.empty()) {
            seen = [session = *call.session](const ports::Alarm& alarm) {
                return may_see_alarm(session, alarm);
            };
        }
        response.stream =
            make_alarm_stream(parts_, *parts_.alarm_news, draining_, std::move(query.tenants),
                              std::move(seen), call.context.language);
        response.flush_each_read = true;
        co_return response;
    }
    const auto limit = query.limit;
    auto& store = ports::alarms_of(parts_.store);
    json::Value items = json::Value::array();
    json::Value next;
    do {   // what is there for who asks is never behind an empty page
        const auto page = co_await store.alarms(query);
        if (!page) {
            co_return problem(view::refusal_of(page.error()), call.context);
        }
        for (const auto& alarm : *page) {
            if (!call.session || may_see_alarm(*call.session, alarm)) {
                items.push(alarm_view(alarm, call));
            }
        }
        next = json::Value();
        if (!page->empty() && page->size() == limit) {
            query.after.emplace(page->back().opened, page->back().id);
            next = alarms::cursor_of(page->back().opened, page->back().id);
        }
    } while (items.items().empty() && !next.is_null());
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", std::move(next));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::acknowledge_alarm(AdminCall& call, std::string_view id) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const ports::Refusal unknown("alarm.not_found");
    const auto uuid = core::parse_uuid(id);
    if (!uuid) {
        co_return problem(unknown, call.context);
    }
    auto& store = ports::alarms_of(parts_.store);
    const auto alarm = co_await store.find_alarm(*uuid);
    if (!alarm) {
        co_return problem(view::refusal_of(alarm.error()), call.context);
    }
    if (!alarm->has_value() || (call.session && !may_see_alarm(*call.session, **alarm))) {
        co_return problem(unknown, call.context);
    }
    if (call.session && !call.session->whole && (*alarm)->key.tenant.value.empty()) {
        co_return problem(ports::Refusal("session.not_allowed"), call.context);
    }
    ports::AlarmAcknowledgement how;
    how.by = call.author.who;
    how.why = call.author.why;
    how.at = parts_.clock.now();
    const auto done = co_await store.acknowledge_alarm(*uuid, how);
    if (!done) {
        const bool over = done.error().is(core::Errc::conflict);
        const auto why = over ? ports::Refusal("alarm.not_open") : view::refusal_of(done.error());
        co_return problem(why, call.context);
    }
    log_act(call, "alarm_acknowledged", {{"alarm", std::string(id)}, {"kind", (*alarm)->key.kind}});
    if (parts_.alarm_news != nullptr) {
        parts_.alarm_news->notify();
    }
    const auto now = co_await store.find_alarm(*uuid);
    if (!now || !now->has_value()) {
        co_return problem(unknown, call.context);
    }
    co_return json_answer(200, alarm_view(**now, call));
}

}   // namespace gateway::admin
