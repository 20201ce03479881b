#include "gateway/alarms/view.hpp"

#include "gateway/alarms/kinds.hpp"
#include "gateway/core/params.hpp"
#include "gateway/texts/causes.hpp"

#include <charconv>

namespace gateway::alarms {
namespace {

/// The cause of a group of failures, as the alarm keeps it.
std::optional<texts::Cause> cause_in(const ports::Alarm& alarm) {
    const auto code = core::param_of(alarm.params, "cause");
    if (alarm.key.kind != "messages_failed" || code.empty() || code == "unknown") {
        return std::nullopt;
    }
    return texts::cause_of(core::Code(code));
}

json::Value time_or_null(const std::optional<core::Time>& at) {
    return at ? json::Value(core::to_rfc3339(*at)) : json::Value();
}

}   // namespace

texts::Text words_of(const ports::Alarm& alarm, texts::Language language) {
    auto words = texts::render(code_of(alarm.key.kind), alarm.params, language);
    if (const auto cause = cause_in(alarm)) {
        // Its own params are of one message, and stay with it: the title has none.
        const auto why = texts::render(core::Code(cause->id), {}, language);
        words.detail += " " + why.title + ".";
        const auto press = texts::render(cause->press, language);
        words.action = press.title + ": " + press.action;
    }
    return words;
}

std::string owner_of(const ports::Alarm& alarm) {
    const auto cause = cause_in(alarm);
    return cause ? cause->owner : texts::facts(code_of(alarm.key.kind)).owner;
}

std::string link_of(const ports::Alarm& alarm, std::string_view console) {
    const auto* kind = find_kind(alarm.key.kind);
    std::string link(console);
    link += "/#";
    link += kind == nullptr ? "/alarms" : kind->page;
    if (alarm.key.kind == "messages_failed") {
        link += "/" + alarm.key.subject;
    }
    return link;
}

json::Value view_of(const ports::Alarm& alarm, texts::Language language, std::string_view console) {
    const auto words = words_of(alarm, language);
    json::Value view = json::Value::object();
    view.set("id", alarm.id.to_string())
        .set("kind", alarm.key.kind)
        .set("tenant",
             alarm.key.tenant.value.empty() ? json::Value() : json::Value(alarm.key.tenant.value))
        .set("subject", alarm.key.subject)
        .set("system", alarm.system.value.empty() ? json::Value() : json::Value(alarm.system.value))
        .set("severity", name(alarm.severity))
        .set("count", alarm.count)
        .set("openedAt", core::to_rfc3339(alarm.opened))
        .set("lastSeenAt", core::to_rfc3339(alarm.last_seen))
        .set("resolvedAt", time_or_null(alarm.resolved))
        .set("owner", owner_of(alarm))
        .set("title", words.title)
        .set("what", words.detail)
        .set("action", words.action)
        .set("link", link_of(alarm, console));
    json::Value acknowledged;
    if (const auto& how = alarm.acknowledged) {
        acknowledged = json::Value::object();
        acknowledged.set("by", how->by)
            .set("reason", how->why)
            .set("at", core::to_rfc3339(how->at));
    }
    view.set("acknowledged", std::move(acknowledged));
    return view;
}

std::string cursor_of(core::Time last, const core::Uuid& id) {
    return std::to_string(last.time_since_epoch().count()) + "." + id.to_string();
}

std::optional<std::pair<core::Time, core::Uuid>> read_cursor(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t micros = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + dot, micros);
    const auto id = core::parse_uuid(text.substr(dot + 1));
    if (error != std::errc() || end != text.data() + dot || micros < 0 || !id) {
        return std::nullopt;
    }
    return std::pair(core::Time(core::Duration(micros)), *id);
}

}   // namespace gateway::alarms
