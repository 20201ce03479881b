#include "gateway/notify/service.hpp"
#include "gateway/view/message_view.hpp"

// A subscription as its system is shown it.

namespace gateway::notify {
namespace {

constexpr std::uint64_t behind_max = 10'000;

void set_time(json::Value& view, std::string_view name, const std::optional<core::Time>& time) {
    if (time) {
        view.set(name, core::to_rfc3339(*time));
    }
}

json::Value last_failure(const ports::SubscriptionProgress& progress) {
    json::Value view = json::Value::object();
    view.set("at", core::to_rfc3339(*progress.last_failure))
        .set("code", progress.last_code.value)
        .set("params", gateway::view::params_object(progress.last_params));
    return view;
}

}   // namespace

sdk::Task<json::Value> Service::view(ports::Caller caller, Opened opened) {
    const auto& one = opened.subscription;
    const auto& progress = one.progress;
    ports::EventQuery query;
    query.tenant = one.tenant;
    if (!caller.sees_all()) {
        query.system = one.system;
    }
    query.after = progress.position;
    query.limit = behind_max;
    const auto behind = co_await parts_.store.count_events_after(std::move(query));
    json::Value events = json::Value::array();
    for (const auto& pattern : opened.settings.events) {
        events.push(pattern);
    }
    const auto secrets = signing_secrets(opened.settings, parts_.clock.now()).size();
    json::Value view = json::Value::object();
    view.set("id", one.id.to_string())
        .set("url", opened.settings.url)
        .set("events", std::move(events))
        .set("description", opened.settings.description)
        .set("enabled", one.enabled)
        .set("created", core::to_rfc3339(one.created))
        .set("changed", core::to_rfc3339(one.changed))
        .set("secretsActive", static_cast<std::uint64_t>(secrets))
        .set("waiting", one.waiting)
        .set("givenUp", one.given_up)
        .set("behind", behind ? *behind : std::uint64_t{0});
    if (!one.disabled_code.empty() && !one.enabled) {
        view.set("disabledCode", one.disabled_code.value);
    }
    set_time(view, "lastSuccess", progress.last_success);
    set_time(view, "failingSince", progress.failing_since);
    set_time(view, "retryAt", progress.retry_at);
    if (progress.last_failure) {
        view.set("lastFailure", last_failure(progress));
    }
    co_return view;
}

}   // namespace gateway::notify
