#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

// What retention would do now. Asking changes nothing.

namespace gateway::admin {
namespace {

void set_days(json::Value& view, const char* name, const std::optional<std::chrono::hours>& term) {
    if (term) {
        view.set(name, static_cast<std::int64_t>(term->count() / 24));
    }
}

json::Value sight_view(const ports::RetentionSight& sight) {
    const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
    json::Value rule = json::Value::object();
    set_days(rule, "contentDays", sight.rule.content);
    set_days(rule, "unfinishedDays", sight.rule.unfinished);
    set_days(rule, "recordDays", sight.rule.record);
    json::Value content_stays = json::Value::object();
    content_stays.set("open", number(sight.open))
        .set("unfinished", number(sight.unfinished))
        .set("legalHold", number(sight.held))
        .set("personLegalHold", number(sight.person_held))
        .set("unreadable", number(sight.unreadable));
    json::Value content = json::Value::object();
    content.set("due", number(sight.content_due)).set("heldBack", std::move(content_stays));
    json::Value record_stays = json::Value::object();
    record_stays.set("legalHold", number(sight.record_held))
        .set("unread", number(sight.record_unread));
    json::Value record = json::Value::object();
    record.set("due", number(sight.record_due)).set("heldBack", std::move(record_stays));
    json::Value view = json::Value::object();
    view.set("tenant", sight.tenant.value)
        .set("type", sight.type)
        .set("kind", sight.kind == ports::KeptKind::message ? "message" : "inboxItem")
        .set("rule", std::move(rule))
        .set("content", std::move(content))
        .set("record", std::move(record))
        .set("complete", sight.complete);
    return view;
}

json::Value quarantine_view(const ports::QuarantineSight& sight) {
    const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
    json::Value stays = json::Value::object();
    stays.set("legalHold", number(sight.held));
    json::Value view = json::Value::object();
    view.set("tenant", sight.tenant.value)
        .set("quarantineDays", static_cast<std::int64_t>(sight.kept.count() / 24))
        .set("due", number(sight.due))
        .set("heldBack", std::move(stays))
        .set("toTell", number(sight.to_tell))
        .set("told", number(sight.told));
    if (sight.first_told) {
        view.set("firstTold", core::to_rfc3339(*sight.first_told));
    }
    view.set("complete", sight.complete);
    return view;
}

}   // namespace

sdk::Task<http::Response> AdminApi::preview_retention(AdminCall& call) const {
    std::optional<core::TenantId> tenant;
    for (const auto& [name, value] : call.request.query) {
        if (const auto wrong = read_tenant(name, value, tenant)) {
            co_return problem(*wrong, call.context);
        }
    }
    const auto foresight = co_await parts_.retention.preview(tenant);
    if (!foresight) {
        co_return problem(view::refusal_of(foresight.error()), call.context);
    }
    json::Value items = json::Value::array();
    for (const auto& sight : foresight->contents) {
        items.push(sight_view(sight));
    }
    json::Value quarantines = json::Value::array();
    for (const auto& sight : foresight->quarantines) {
        quarantines.push(quarantine_view(sight));
    }
    json::Value answer = json::Value::object();
    answer.set("at", core::to_rfc3339(parts_.clock.now()))
        .set("items", std::move(items))
        .set("quarantine", std::move(quarantines));
    co_return json_answer(200, answer);
}

}   // namespace gateway::admin
