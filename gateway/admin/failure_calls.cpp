#include "gateway/admin/api.hpp"
#include "gateway/failures/groups.hpp"
#include "gateway/view/refusal.hpp"
#include "gateway/view/search_condition.hpp"

#include <algorithm>

// What fails, by cause, and mending a group at once.

namespace gateway::admin {
namespace {

constexpr std::size_t page_max = 200;

json::Value text_view(const texts::Text& text) {
    json::Value view = json::Value::object();
    view.set("title", text.title).set("detail", text.detail).set("action", text.action);
    return view;
}

json::Value group_view(const failures::Group& group, texts::Language language) {
    auto cause = text_view(texts::render(group.cause, group.code, group.params, language));
    auto press = text_view(texts::render(group.cause.press, language));
    press.set("do", texts::name(group.cause.press));
    cause.set("id", group.cause.id).set("owner", group.cause.owner).set("press", std::move(press));
    json::Value samples = json::Value::array();
    for (const auto& id : group.samples) {
        samples.push(id.to_string());
    }
    const auto& kind = group.kinds.front();
    json::Value view = json::Value::object();
    view.set("group", group.id)
        .set("tenant", kind.tenant.value)
        .set("type", kind.type)
        .set("count", group.count)
        .set("oldest", core::to_rfc3339(group.oldest))
        .set("newest", core::to_rfc3339(group.newest))
        .set("cause", std::move(cause))
        .set("retryable", group.cause.press != texts::Press::look_first)
        .set("samples", std::move(samples));
    if (!kind.connection.empty()) {
        view.set("connection", kind.connection);
    }
    if (!kind.detail.empty()) {
        view.set("detail", kind.detail);
    }
    return view;
}

json::Value retry_view(const failures::GroupRetry& retry) {
    json::Value view = json::Value::object();
    view.set("id", retry.id)
        .set("group", retry.group)
        .set("tenant", retry.tenant().value)
        .set("state", failures::name(retry.state))
        .set("stage", retry.stage == 0   ? "first"
                      : retry.stage == 1 ? "ten"
                                         : "rest")
        .set("who", retry.who)
        .set("started", core::to_rfc3339(retry.started))
        .set("total", retry.total)
        .set("opened", retry.opened)
        .set("went", retry.went)
        .set("failed", retry.failed)
        .set("skipped", retry.skipped);
    if (retry.ended) {
        view.set("ended", core::to_rfc3339(*retry.ended));
    }
    return view;
}

}   // namespace

/// Of the tenant named, or of all.
sdk::Task<core::Result<std::vector<ports::FailureCount>>>
AdminApi::count_failures(AdminCall& call, ports::Refusal& refusal) {
    std::optional<core::TenantId> tenant;
    if (call.request.query_value("tenant")) {
        const auto named = tenant_of(call, refusal);
        if (!named) {
            co_return named.error();
        }
        tenant = *named;
    }
    auto counts = co_await ports::failures_of(parts_.store).failures(std::move(tenant));
    if (!counts) {
        refusal = view::refusal_of(counts.error());
    }
    co_return counts;
}

sdk::Task<http::Response> AdminApi::list_failures(AdminCall& call) {
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    ports::Refusal refusal;
    auto counts = co_await count_failures(call, refusal);
    if (!counts) {
        co_return problem(refusal, call.context);
    }
    json::Value items = json::Value::array();
    std::uint64_t total = 0;
    for (const auto& group : failures::groups_of(std::move(*counts))) {
        total += group.count;
        items.push(group_view(group, call.context.language));
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items)).set("total", total);
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::list_failed(AdminCall& call, std::string group) {
    ports::FailureQuery query;
    for (const auto& [name, value] : call.request.query) {
        const auto limit = name == "limit" ? view::read_limit(value, page_max) : std::nullopt;
        if (name == "cursor") {
            const auto place = failures::read_cursor(value);
            if (!place) {
                co_return problem(ports::Refusal("request.bad_cursor"), call.context);
            }
            query.after = *place;
        } else if (limit) {
            query.limit = *limit;
        } else if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    ports::Refusal refusal;
    auto counts = co_await count_failures(call, refusal);
    if (!counts) {
        co_return problem(refusal, call.context);
    }
    const auto found = failures::find_group(std::move(*counts), group);
    if (!found) {
        co_return problem(ports::Refusal("failures.not_found"), call.context);
    }
    query.kinds = found->kinds;
    const auto limit = query.limit;
    const auto page = co_await ports::failures_of(parts_.store).failed(std::move(query));
    if (!page) {
        co_return problem(view::refusal_of(page.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& one : *page) {
        json::Value item = json::Value::object();
        item.set("id", one.message.to_string())
            .set("delivery", one.delivery.to_string())
            .set("system", one.system.value)
            .set("state", core::to_string(one.state))
            .set("code", one.kind.code)
            .set("at", core::to_rfc3339(one.at));
        items.push(std::move(item));
    }
    json::Value view = group_view(*found, call.context.language);
    view.set("items", std::move(items));
    const bool more = !page->empty() && page->size() == limit;
    view.set("next", more ? json::Value(failures::cursor_of(page->back())) : json::Value());
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::retry_group(AdminCall& call, std::string group) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why" && !(name == "preview" && value.is_bool())) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    if (call.carried) {
        // From before a crash: it is begun once.
        const auto begun = co_await parts_.retries.list();
        const auto id = call.carried->id.to_string();
        for (const auto& retry : begun ? *begun : std::vector<failures::GroupRetry>()) {
            if (retry.id == id) {
                co_return json_answer(202, retry_view(retry));
            }
        }
    }
    ports::Refusal refusal;
    auto counts = co_await count_failures(call, refusal);
    if (!counts) {
        co_return problem(refusal, call.context);
    }
    auto found = failures::find_group(std::move(*counts), group);
    if (!found) {
        co_return problem(ports::Refusal("failures.not_found"), call.context);
    }
    if (found->cause.press == texts::Press::look_first) {
        co_return problem(ports::Refusal("failures.look_first"), call.context);
    }
    if (call.body["preview"].as_bool()) {
        co_return json_answer(200, group_view(*found, call.context.language));
    }
    AskedTarget target("group-retry", found->kinds.front().tenant, found->id, {});
    target.count = found->count;
    auto waits = co_await ask_second(call, std::move(target));
    if (waits) {
        co_return std::move(*waits);
    }
    failures::RetryAsked asked;
    if (call.carried) {
        // What failed later was not asked for.
        asked.id = call.carried->id;
        asked.until = call.carried->asked;
        found->count = std::min(found->count, call.carried->count);
    }
    failures::Wish wish(call.author.who, call.author.why);
    const auto begun = co_await parts_.retries.begin(std::move(*found), std::move(wish), asked);
    if (!begun) {
        const auto& failure = begun.error();
        ports::Refusal why = view::refusal_of(failure);
        if (failure.is(core::Errc::conflict)) {
            why = ports::Refusal("failures.retry_running");
        } else if (failure.is(core::Errc::unavailable)) {
            why = ports::Refusal("failures.retries_full",
                                 {{"max", std::to_string(failures::retries_open_max)}});
        }
        co_return problem(why, call.context);
    }
    log_act(call, "group_retried",
            {{"tenant", begun->tenant().value},
             {"group", begun->group},
             {"retry", begun->id},
             {"count", std::to_string(begun->total)}});
    co_return json_answer(202, retry_view(*begun));
}

sdk::Task<http::Response> AdminApi::list_retries(AdminCall& call) {
    for (const auto& [name, value] : call.request.query) {
        if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto tenant = call.request.query_value("tenant");
    const auto retries = co_await parts_.retries.list();
    if (!retries) {
        co_return problem(view::refusal_of(retries.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& retry : *retries) {
        if (!tenant || retry.tenant().value == *tenant) {
            items.push(retry_view(retry));
        }
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> AdminApi::change_retry(AdminCall& call, std::string id,
                                                 std::string what) {
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why") {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    if (call.session && !call.session->whole) {
        const auto retries = co_await parts_.retries.list();
        if (!retries) {
            co_return problem(view::refusal_of(retries.error()), call.context);
        }
        const auto is_theirs = [&](const failures::GroupRetry& retry) {
            return retry.id == id && call.session->tenants.contains(retry.tenant().value);
        };
        if (std::none_of(retries->begin(), retries->end(), is_theirs)) {
            co_return problem(ports::Refusal("failures.retry_not_found"), call.context);
        }
    }
    failures::Wish wish(call.author.who, call.author.why);
    std::optional<failures::GroupRetry> now;
    const auto changed = co_await parts_.retries.change(id, what, std::move(wish), now);
    if (!changed) {
        ports::Refusal why = view::refusal_of(changed.error());
        if (changed.error().is(core::Errc::not_found)) {
            why = ports::Refusal("failures.retry_not_found");
        } else if (now && changed.error().is(core::Errc::conflict)) {
            why = ports::Refusal("failures.retry_state",
                                 {{"state", std::string(failures::name(now->state))}});
        }
        co_return problem(why, call.context);
    }
    log_act(call, "group_retry_" + what, {{"tenant", changed->tenant().value}, {"retry", id}});
    co_return json_answer(200, retry_view(*changed));
}

}   // namespace gateway::admin
