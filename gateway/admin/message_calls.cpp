#include "gateway/admin/api.hpp"
#include "gateway/admin/timeline_stream.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/message_view.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/result_view.hpp"
#include "gateway/view/search_condition.hpp"

// What operators see of messages. Each look at one message is logged: it can hold personal data.

namespace gateway::admin {
namespace {

constexpr std::size_t event_page_max = 1000;

}   // namespace

json::Value operator_timeline_item(const ports::StoredEvent& event, const crypto::Vault& vault,
                                   texts::Language language) {
    auto item = view::timeline_item(event, language);
    for (const auto& [name, value] : event.params) {
        if (name == "who") {
            item.set("who", value);
        }
    }
    if (event.sealed_params.empty()) {
        return item;
    }
    const auto owner = event.message.to_bytes();
    const auto key = vault.unwrap(event.wrapped_key, owner);
    if (!key) {
        return item;
    }
    const auto text = key->open("event", owner, event.sealed_params);
    const auto said = text ? json::parse(*text) : json::parse("{}");
    if (said) {
        if (const auto* why = said->find("why")) {
            item.set("why", *why);
        }
        if (const auto* upstream = said->find("upstream")) {
            item.set("upstream", *upstream);
        }
        if (const auto* raw = said->find("raw")) {
            item.set("raw", *raw);
        }
        if (const auto* raw = said->find("raw_base64")) {
            item.set("rawBase64", *raw);
        }
        if (const auto* bytes = said->find("raw_bytes")) {
            item.set("rawBytes", *bytes);
        }
    }
    return item;
}

void hide_content(json::Value& view) {
    for (const char* member : {"title", "upstream", "raw", "rawBase64"}) {
        view.remove(member);
    }
    if (auto* documents = view.find("documents")) {
        for (auto& document : documents->mutable_items()) {
            document.remove("name");
        }
    }
}

sdk::Task<core::Result<std::optional<Found>>> AdminApi::find(const AdminCall& call,
                                                             core::MessageId id) {
    for (const auto& tenant : tenants_of(call)) {
        auto message = co_await parts_.store.get(tenant, id);
        if (!message) {
            co_return message.error();
        }
        if (message->has_value() && sees_system(call, tenant, (*message)->system)) {
            Found found;
            found.tenant = tenant;
            call.about = tenant.value;
            found.message = std::move(**message);
            found.vault = parts_.vaults.find(tenant);
            found.shows_content = shows_content(call, tenant);
            if (!found.vault) {
                co_return core::Failure(core::Errc::internal, "a tenant without its key");
            }
            co_return std::optional(std::move(found));
        }
    }
    co_return std::optional<Found>();
}

std::string AdminApi::channel_of(const ports::MessageView& message) const {
    const auto& newest = message.deliveries.back();
    if (!newest.connection) {
        return {};
    }
    const auto configuration = parts_.configuration.current();
    const auto connection = configuration->connections.find(*newest.connection);
    return connection == configuration->connections.end() ? std::string()
                                                          : connection->second.adapter;
}

json::Value AdminApi::operator_view(const AdminCall& call, const Found& found,
                                    const std::vector<ports::StoredEvent>& events,
                                    bool with_words) const {
    const auto& message = found.message;
    auto view = view::message_view(message, *found.vault, call.context.language);
    const auto self = "/admin/v1/messages/" + message.id.to_string();
    json::Value links = json::Value::object();
    links.set("self", self).set("events", self + "/events");
    view::ResultFacts facts(message, events);
    facts.adapter = channel_of(message);
    facts.kind = view["kind"].as_string();
    if (with_words) {
        facts.said = view::component_result(message, *found.vault);
    }
    view.set("tenant", found.tenant.value)
        .set("result", view::result_view(facts, call.context.language))
        .set("links", std::move(links));
    return view;
}

sdk::Task<http::Response> AdminApi::get_message(AdminCall& call, core::MessageId id) {
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto events = co_await parts_.store.timeline((*found)->tenant, id, timeline_max);
    if (!events) {
        co_return problem(view::refusal_of(events.error()), call.context);
    }
    parts_.log.write(sdk::Severity::info, "admin_read",
                     {{"who", call.who}, {"message", id.to_string()}});
    auto view = operator_view(call, **found, *events, (*found)->shows_content);
    view.set("version", version_of((*found)->message));
    if (!(*found)->shows_content) {
        hide_content(view);
    }
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::get_timeline(AdminCall& call, core::MessageId id) {
    auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    parts_.log.write(sdk::Severity::info, "admin_read",
                     {{"who", call.who}, {"message", id.to_string()}});
    if (call.request.header("Accept").find("text/event-stream") != std::string_view::npos) {
        http::Response response(200);
        response.headers.emplace_back("Content-Type", "text/event-stream");
        response.headers.emplace_back("Cache-Control", "no-store");
        auto open = still_shows_content(call, (*found)->tenant);
        response.stream = make_timeline_stream(parts_, draining_, std::move(**found),
                                               std::move(open), call.context.language);
        response.flush_each_read = true;
        co_return response;
    }
    const auto events = co_await parts_.store.timeline((*found)->tenant, id, timeline_max);
    if (!events) {
        co_return problem(view::refusal_of(events.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& event : *events) {
        auto line = operator_timeline_item(event, *(*found)->vault, call.context.language);
        if (!(*found)->shows_content) {
            hide_content(line);
        }
        items.push(std::move(line));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", json::Value());
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::search(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    std::vector<view::Condition> conditions;
    for (const auto& [name, value] : call.request.query) {
        if (name == "recipient" || name == "fileName") {
            co_return problem(view::bad_parameter(name),
                              call.context);   // personal data: by body only
        }
        if (name != "tenant") {
            conditions.push_back({name, value});
        }
    }
    co_return co_await run_search(call, *tenant, conditions, view::bad_parameter);
}

/// Who has signed in to the console says why it looks for a person, where the municipality's own
/// people see it; one who does not see content cannot look for it either.
sdk::Task<std::optional<ports::Refusal>> AdminApi::check_search_by_person(AdminCall& call,
                                                                          core::TenantId tenant) {
    if (!call.session) {
        co_return std::nullopt;
    }
    const bool by_content = call.body.has("recipient") || call.body.has("fileName");
    if (by_content && !shows_content(call, tenant)) {
        co_return ports::Refusal("session.not_allowed");
    }
    const auto why = call.body["why"].as_string();
    if (!call.body["recipient"].has("person")) {
        co_return std::nullopt;
    }
    if (why.size() < 3 || why.size() > 1000) {
        co_return ports::Refusal("admin.reason_required");
    }
    if (names_a_person(why)) {
        co_return view::bad_member("why");
    }
    call.author.who = call.who;
    log_act(call, "person_searched", {{"tenant", tenant.value}, {"why", why}});
    const auto kept = co_await keep_audit(call);
    if (!kept) {
        co_return view::refusal_of(kept.error());
    }
    co_return std::nullopt;
}

sdk::Task<http::Response> AdminApi::search_by_body(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call.body["tenant"].as_string(), refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    const auto refused = co_await check_search_by_person(call, *tenant);
    if (refused) {
        co_return problem(*refused, call.context);
    }
    std::vector<view::Condition> conditions;
    for (const auto& [name, value] : call.body.members()) {
        if (name == "tenant" || (name == "why" && call.session)) {
            continue;
        }
        conditions.push_back(view::condition_of(name, value));
    }
    co_return co_await run_search(call, *tenant, conditions, view::bad_member);
}

sdk::Task<http::Response> AdminApi::run_search(AdminCall& call, core::TenantId tenant,
                                               const std::vector<view::Condition>& conditions,
                                               view::Refuse wrong) {
    const auto vault = parts_.vaults.find(tenant);
    if (!vault) {
        co_return problem(ports::Refusal("service.internal"), call.context);
    }
    const bool with_content = shows_content(call, tenant);
    ports::SearchQuery query;
    query.tenant = tenant;
    query.limit = view::page_default;
    for (const auto& condition : conditions) {
        if (condition.name == "system" && !condition.value.empty()) {
            query.system = core::SystemId(condition.value);
            continue;
        }
        const auto refused = view::apply_condition(query, *vault, condition, wrong);
        if (refused) {
            co_return problem(*refused, call.context);
        }
    }
    if (const auto refused = keep_to_part(call, tenant, query.system)) {
        co_return problem(*refused, call.context);
    }
    const auto page = co_await parts_.store.search(std::move(query));
    if (!page) {
        const bool cursor = page.error().is(core::Errc::invalid_argument);
        co_return problem(cursor ? ports::Refusal("request.bad_cursor")
                                 : view::refusal_of(page.error()),
                          call.context);
    }
    parts_.log.write(sdk::Severity::info, "admin_search",
                     {{"who", call.who},
                      {"tenant", tenant.value},
                      {"found", std::to_string(page->items.size())}});
    json::Value items = json::Value::array();
    for (const auto& message : page->items) {
        auto item = view::message_view(message, *vault, call.context.language);
        item.set("tenant", tenant.value).remove("links");
        if (!with_content) {
            hide_content(item);
        }
        items.push(std::move(item));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    view.set("next", page->next.empty() ? json::Value() : json::Value(page->next));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::get_events(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    ports::EventQuery query;
    query.tenant = *tenant;
    for (const auto& [name, value] : call.request.query) {
        if (name == "tenant") {
            continue;
        }
        if (name == "after") {
            const auto position = view::read_cursor(value);
            if (!position) {
                co_return problem(ports::Refusal("request.bad_cursor"), call.context);
            }
            query.after = *position;
        } else if (const auto limit = view::read_limit(value, event_page_max);
                   name == "limit" && limit) {
            query.limit = *limit;
        } else {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto page = co_await parts_.store.events_after(std::move(query));
    if (!page) {
        co_return problem(view::refusal_of(page.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& event : page->items) {
        items.push(view::cloud_event(event));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("next", view::write_cursor(page->last));
    co_return json_answer(200, view);
}

}   // namespace gateway::admin
