#include "gateway/accept/api.hpp"
#include "gateway/accept/event_stream.hpp"
#include "gateway/api/request_head.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/life_events.hpp"
#include "gateway/view/message_view.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <algorithm>

// GET /v1/messages?…, POST /v1/messages/search (by recipient: personal data has no place in a URL),
// GET /v1/events.

namespace gateway::accept {
namespace {

constexpr std::size_t event_page_max = 1000;

ports::SearchQuery query_of(const ports::Caller& caller) {
    ports::SearchQuery query;
    query.tenant = caller.tenant;
    if (!caller.sees_all()) {
        query.system = caller.system;
    }
    query.limit = view::page_default;
    return query;
}

}   // namespace

sdk::Task<http::Response> PublicApi::run_search(Call& call, ports::SearchQuery query) {
    const auto vault = parts_.vaults.find(call.caller.tenant);
    auto page = co_await parts_.store.search(std::move(query));
    if (!page) {
        const bool cursor = page.error().is(core::Errc::invalid_argument);
        co_return problem(cursor ? ports::Refusal("request.bad_cursor") : refusal_of(page.error()),
                          call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& message : page->items) {
        items.push(view::message_view(message, *vault, call.context.language));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    view.set("next", page->next.empty() ? json::Value() : json::Value(page->next));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::search_messages(Call& call) {
    const auto vault = parts_.vaults.find(call.caller.tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    auto query = query_of(call.caller);
    for (const auto& [name, value] : call.request.query) {
        if (name == "recipient" || name == "fileName") {
            co_return problem(view::bad_parameter(name), call.context);
        }
        const auto refused =
            view::apply_condition(query, *vault, {name, value}, view::bad_parameter);
        if (refused) {
            co_return problem(*refused, call.context);
        }
    }
    co_return co_await run_search(call, std::move(query));
}

sdk::Task<http::Response> PublicApi::search_by_body(Call& call) {
    if (const auto refused = api::refuse_parameters(call.request)) {
        co_return problem(*refused, call.context);
    }
    const auto vault = parts_.vaults.find(call.caller.tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    ports::Refusal refusal;
    const auto body =
        co_await read_json(*call.request.body, parts_.configuration.current()->limits, refusal);
    if (!body) {
        co_return problem(refusal, call.context);
    }
    if (!body->is_object()) {
        co_return problem(view::no_object(), call.context);
    }
    auto query = query_of(call.caller);
    for (const auto& [name, value] : body->members()) {
        const auto refused =
            view::apply_condition(query, *vault, view::condition_of(name, value), view::bad_member);
        if (refused) {
            co_return problem(*refused, call.context);
        }
    }
    co_return co_await run_search(call, std::move(query));
}

sdk::Task<http::Response> PublicApi::get_events(Call& call) {
    ports::EventQuery query;
    query.tenant = call.caller.tenant;
    if (!call.caller.sees_all()) {
        query.system = call.caller.system;
    }
    const bool stream =
        call.request.header("Accept").find("text/event-stream") != std::string_view::npos;
    std::string after;
    for (const auto& [name, value] : call.request.query) {
        if (name == "after") {
            after = value;
        } else if (name == "limit" && view::read_limit(value, event_page_max)) {
            query.limit = *view::read_limit(value, event_page_max);
        } else {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    if (const auto last = call.request.header("Last-Event-ID"); stream && !last.empty()) {
        after = last;
    }
    if (!after.empty()) {
        const auto position = view::read_cursor(after);
        if (!position) {
            co_return problem(ports::Refusal("request.bad_cursor"), call.context);
        }
        query.after = *position;
    }
    if (stream) {
        http::Response response(200);
        response.headers.emplace_back("Content-Type", "text/event-stream");
        response.headers.emplace_back("Cache-Control", "no-store");
        response.stream =
            make_event_stream({parts_.store, parts_.configuration, parts_.clock, news_, draining_},
                              call.caller.system, std::move(query));
        response.flush_each_read = true;
        co_return response;
    }
    const auto page = co_await parts_.store.events_after(std::move(query));
    if (!page) {
        co_return problem(refusal_of(page.error()), call.context);
    }
    const auto configuration = parts_.configuration.current();
    const view::EventReader reader{*configuration, call.caller.tenant, call.caller.system,
                                   call.caller.grants};
    json::Value items = json::Value::array();
    for (const auto& event : page->items) {
        if (view::may_see(event, reader)) {
            items.push(view::cloud_event(event));
        }
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", view::write_cursor(page->last));
    co_return json_answer(200, view);
}

}   // namespace gateway::accept
