#include "gateway/notify/service.hpp"

#include "gateway/notify/disabling.hpp"
#include "gateway/notify/url_guard.hpp"
#include "gateway/view/message_view.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

namespace gateway::notify {
namespace {

using ports::Refusal;
using ports::SubscriptionAnswer;

constexpr std::size_t patterns_max = 50;
constexpr std::size_t description_bytes_max = 200;
constexpr std::size_t replayed_ids_max = 100;
constexpr std::chrono::seconds look_up_max{5};
// Ids are made a moment before their event is stored.
constexpr std::chrono::minutes replay_slack{1};

Refusal malformed(const char* member) {
    return Refusal("subscription.malformed", {{"member", member}});
}

SubscriptionAnswer refused(const core::Failure& failure) {
    if (failure.is(core::Errc::not_found)) {
        return SubscriptionAnswer(Refusal("subscription.not_found"));
    }
    if (failure.is(core::Errc::conflict)) {
        return SubscriptionAnswer(Refusal("subscription.changed"));
    }
    return SubscriptionAnswer(gateway::view::refusal_of(failure));
}

/// The first member of a body that is not among these.
const char* unknown_member(const json::Value& body, std::initializer_list<std::string_view> known) {
    if (!body.is_object()) {
        return "";
    }
    for (const auto& [name, value] : body.members()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return name.c_str();
        }
    }
    return nullptr;
}

}   // namespace

sdk::Task<core::Result<Service::Opened>> Service::open_own(ports::Caller caller, core::Uuid id) {
    auto found = co_await parts_.store.find_subscription(caller.tenant, id);
    if (!found) {
        co_return found.error();
    }
    if (!*found || (*found)->system != caller.system) {
        co_return core::Failure(core::Errc::not_found);
    }
    const auto vault = parts_.vaults.find(caller.tenant);
    if (!vault) {
        co_return core::Failure(core::Errc::internal, "no key of the tenant");
    }
    auto settings = open_settings(**found, *vault);
    if (!settings) {
        co_return settings.error();
    }
    Opened opened;
    opened.subscription = std::move(**found);
    opened.settings = std::move(*settings);
    co_return opened;
}

sdk::Task<std::optional<Refusal>> Service::check_url(std::string url) {
    const auto config = parts_.configuration.current();
    const auto verdict = judge_url(url, config->webhooks);
    std::string why = verdict.refused;
    if (why.empty()) {
        const auto found = co_await parts_.look_up(verdict.target.host, verdict.target.port,
                                                   parts_.clock.in(look_up_max));
        if (!found || found->empty()) {
            why = "unknown_host";
        } else if (!std::all_of(found->begin(), found->end(), [&](const auto& address) {
                       return may_call(address, verdict.target.port, config->webhooks);
                   })) {
            why = "private";
        }
    }
    std::optional<Refusal> refusal;
    if (!why.empty()) {
        refusal.emplace("subscription.url_refused", core::Params{{"reason", why}});
    }
    co_return refusal;
}

sdk::Task<std::optional<Refusal>> Service::take(json::Value body, Opened& opened) {
    if (const auto* unknown = unknown_member(body, {"url", "events", "description", "enabled"})) {
        co_return malformed(unknown);
    }
    if (const auto* url = body.find("url")) {
        if (!url->is_string()) {
            co_return malformed("url");
        }
        opened.settings.url = url->as_string();
        auto refusal = co_await check_url(opened.settings.url);
        if (refusal) {
            co_return refusal;
        }
    }
    if (const auto* events = body.find("events")) {
        if (!events->is_array() || events->items().size() > patterns_max) {
            co_return malformed("events");
        }
        opened.settings.events.clear();
        for (const auto& pattern : events->items()) {
            if (!is_event_pattern(pattern.as_string())) {
                co_return malformed("events");
            }
            opened.settings.events.push_back(pattern.as_string());
        }
    }
    if (const auto* description = body.find("description")) {
        if (!description->is_string() || description->as_string().size() > description_bytes_max) {
            co_return malformed("description");
        }
        opened.settings.description = description->as_string();
    }
    if (const auto* enabled = body.find("enabled")) {
        if (!enabled->is_bool()) {
            co_return malformed("enabled");
        }
        opened.subscription.enabled = enabled->as_bool();
        opened.subscription.disabled_code = {};
    }
    co_return std::nullopt;
}

sdk::Task<core::Result<void>> Service::put(Opened& opened, std::vector<ports::NewEvent> disabling) {
    const auto vault = parts_.vaults.find(opened.subscription.tenant);
    if (!vault) {
        co_return core::Failure(core::Errc::internal, "no key of the tenant");
    }
    const auto sealed = seal_settings(opened.settings, *vault, parts_.ids, opened.subscription);
    if (!sealed) {
        co_return sealed.error();
    }
    ports::SubscriptionChange change;
    change.subscription = opened.subscription;
    change.expected = opened.subscription.version;
    change.at = parts_.clock.now();
    change.disabling = std::move(disabling);
    const auto version = co_await parts_.store.put_subscription(std::move(change));
    if (!version) {
        co_return version.error();
    }
    notifier_.look_again();
    co_return core::Result<void>();
}

sdk::Task<SubscriptionAnswer> Service::create(ports::Caller caller, json::Value body) {
    const auto all = co_await parts_.store.list_subscriptions(caller.tenant);
    if (!all) {
        co_return refused(all.error());
    }
    const auto own = std::count_if(all->begin(), all->end(),
                                   [&](const auto& one) { return one.system == caller.system; });
    const int max = parts_.configuration.current()->webhooks.subscriptions_max;
    if (own >= max) {
        co_return SubscriptionAnswer(
            Refusal("subscription.too_many", {{"max", std::to_string(max)}}));
    }
    if (!body["url"].is_string()) {
        co_return SubscriptionAnswer(malformed("url"));
    }
    const auto newest = co_await parts_.store.last_position();
    if (!newest) {
        co_return refused(newest.error());
    }
    Opened opened;
    auto& made = opened.subscription;
    made.tenant = caller.tenant;
    made.system = caller.system;
    made.id = parts_.ids.uuid();
    made.created = parts_.clock.now();
    made.progress.position = *newest;
    opened.settings.secrets.push_back(new_secret(parts_.ids, made.created));
    auto refusal = co_await take(std::move(body), opened);
    if (refusal) {
        co_return SubscriptionAnswer(std::move(*refusal));
    }
    const auto secret = opened.settings.secrets.front().text;
    const auto id = made.id;
    const auto put_down = co_await put(opened);
    if (!put_down) {
        co_return refused(put_down.error());
    }
    auto answer = co_await find(std::move(caller), id);
    if (!answer.refusal) {
        answer.view.set("secret", secret);
    }
    co_return answer;
}

sdk::Task<SubscriptionAnswer> Service::list(ports::Caller caller) {
    const auto all = co_await parts_.store.list_subscriptions(caller.tenant);
    if (!all) {
        co_return refused(all.error());
    }
    json::Value items = json::Value::array();
    for (const auto& one : *all) {
        if (one.system == caller.system) {
            auto found = co_await find(caller, one.id);
            if (!found.refusal) {
                items.push(std::move(found.view));
            }
        }
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    co_return SubscriptionAnswer(std::move(view));
}

sdk::Task<SubscriptionAnswer> Service::find(ports::Caller caller, core::Uuid id) {
    auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    auto shown = co_await view(std::move(caller), std::move(*opened));
    co_return SubscriptionAnswer(std::move(shown));
}

sdk::Task<SubscriptionAnswer> Service::change(ports::Caller caller, core::Uuid id,
                                              json::Value body) {
    auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    auto refusal = co_await take(std::move(body), *opened);
    if (refusal) {
        co_return SubscriptionAnswer(std::move(*refusal));
    }
    const auto put_down = co_await put(*opened);
    if (!put_down) {
        co_return refused(put_down.error());
    }
    co_return co_await find(std::move(caller), id);
}

sdk::Task<SubscriptionAnswer> Service::disable(ports::Caller caller, core::Uuid id,
                                               core::Code why) {
    auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    if (opened->subscription.enabled) {
        opened->subscription.enabled = false;
        opened->subscription.disabled_code = why;
        std::vector<ports::NewEvent> told{disabled_event(parts_.ids, parts_.clock.now(), why, id)};
        const auto put_down = co_await put(*opened, std::move(told));
        if (!put_down) {
            co_return refused(put_down.error());
        }
    }
    co_return co_await find(std::move(caller), id);
}

sdk::Task<SubscriptionAnswer> Service::remove(ports::Caller caller, core::Uuid id) {
    const auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    const auto removed = co_await parts_.store.remove_subscription(caller.tenant, id);
    if (!removed) {
        co_return refused(removed.error());
    }
    notifier_.look_again();
    co_return SubscriptionAnswer(json::Value::object());
}

sdk::Task<SubscriptionAnswer> Service::rotate(ports::Caller caller, core::Uuid id) {
    auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    const auto now = parts_.clock.now();
    const auto overlap = parts_.configuration.current()->webhooks.rotation_overlap;
    auto secret = new_secret(parts_.ids, now);
    const auto text = secret.text;
    notify::rotate(opened->settings, std::move(secret), now + overlap);
    const auto put_down = co_await put(*opened);
    if (!put_down) {
        co_return refused(put_down.error());
    }
    json::Value view = json::Value::object();
    view.set("secret", text).set("previousUntil", core::to_rfc3339(now + overlap));
    co_return SubscriptionAnswer(std::move(view));
}

sdk::Task<SubscriptionAnswer> Service::replay(ports::Caller caller, core::Uuid id,
                                              json::Value body) {
    const auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    if (const auto* unknown = unknown_member(body, {"since", "ids", "givenUp"})) {
        co_return SubscriptionAnswer(malformed(unknown));
    }
    ports::ReplayCommand command;
    command.tenant = caller.tenant;
    command.subscription = id;
    command.at = parts_.clock.now();
    command.given_up = body["givenUp"].as_bool();
    if (const auto* since = body.find("since")) {
        const auto at = core::parse_rfc3339(since->as_string());
        if (!at) {
            co_return SubscriptionAnswer(malformed("since"));
        }
        const auto before =
            co_await parts_.store.position_before(caller.tenant, *at - replay_slack);
        if (!before) {
            co_return refused(before.error());
        }
        command.after = *before;
    }
    if (const auto* ids = body.find("ids")) {
        std::vector<core::EventId> wanted;
        for (const auto& one : ids->items()) {
            const auto event = core::EventId::parse(one.as_string());
            if (!event) {
                co_return SubscriptionAnswer(malformed("ids"));
            }
            wanted.push_back(*event);
        }
        std::sort(wanted.begin(), wanted.end());
        wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
        if (wanted.empty() || wanted.size() > replayed_ids_max) {
            co_return SubscriptionAnswer(malformed("ids"));
        }
        std::optional<core::SystemId> system;
        if (!caller.sees_all()) {
            system = caller.system;
        }
        const auto count = wanted.size();
        const auto found =
            co_await parts_.store.find_events(caller.tenant, std::move(system), std::move(wanted));
        if (!found) {
            co_return refused(found.error());
        }
        if (found->size() < count) {
            co_return SubscriptionAnswer(Refusal("subscription.event_unknown"));
        }
        for (const auto& event : *found) {
            command.positions.push_back(event.position);
        }
    }
    if (!command.after && command.positions.empty() && !command.given_up) {
        co_return SubscriptionAnswer(malformed("since"));
    }
    const auto done = co_await parts_.store.replay(std::move(command));
    if (!done) {
        co_return refused(done.error());
    }
    notifier_.look_again();
    co_return co_await find(std::move(caller), id);
}

sdk::Task<SubscriptionAnswer> Service::test(ports::Caller caller, core::Uuid id) {
    auto opened = co_await open_own(caller, id);
    if (!opened) {
        co_return refused(opened.error());
    }
    json::Value data = json::Value::object();
    json::Value event = json::Value::object();
    event.set("specversion", "1.0")
        .set("id", parts_.ids.uuid().to_string())
        .set("source", "/sluse/" + caller.tenant.value)
        .set("type", "no.sluse.subscription.test.v1")
        .set("subject", id.to_string())
        .set("time", core::to_rfc3339(parts_.clock.now()))
        .set("datacontenttype", "application/json")
        .set("data", std::move(data));
    const auto began = parts_.clock.steady();
    const auto result = co_await notifier_.call(std::move(opened->settings), std::move(event));
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.steady() - began);
    json::Value view = json::Value::object();
    view.set("delivered", result.delivered).set("milliseconds", std::int64_t{took.count()});
    if (result.status != 0) {
        view.set("status", result.status);
    }
    if (!result.delivered) {
        view.set("code", result.code.value)
            .set("params", gateway::view::params_object(result.params));
    }
    co_return SubscriptionAnswer(std::move(view));
}

}   // namespace gateway::notify
