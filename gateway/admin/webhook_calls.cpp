#include "gateway/admin/api.hpp"
#include "gateway/view/refusal.hpp"

#include <array>
#include <set>

// Subscriptions to events by webhook, for operators: whosever they are, by the same service as
// their own system uses.

namespace gateway::admin {
namespace {

struct WebhookAct {
    std::string_view name;
    std::string_view logged;
};

constexpr std::array<WebhookAct, 5> webhook_acts{{{"enable", "webhook_enabled"},
                                                  {"disable", "webhook_disabled"},
                                                  {"test", "webhook_tested"},
                                                  {"replay", "webhook_replayed"},
                                                  {"rotate", "webhook_rotated"}}};

const WebhookAct* find_act(std::string_view name) {
    for (const auto& act : webhook_acts) {
        if (act.name == name) {
            return &act;
        }
    }
    return nullptr;
}

/// As its system may see it.
ports::Caller caller_of(const core::Configuration& configuration, const core::TenantId& tenant,
                        const core::SystemId& system) {
    ports::Caller caller;
    caller.tenant = tenant;
    caller.system = system;
    const auto& systems = configuration.tenants.at(tenant).systems;
    if (const auto found = systems.find(system); found != systems.end()) {
        caller.grants = found->second.grants;
    }
    return caller;
}

core::Params params_of(const json::Value& object) {
    core::Params params;
    for (const auto& [name, value] : object.members()) {
        params.emplace_back(name, value.as_string());
    }
    return params;
}

/// The system's own view, with whose it is, and codes in words.
void add_words(json::Value& view, const ports::Caller& owner, const core::WebhookConfig& config,
               texts::Language language) {
    view.set("tenant", owner.tenant.value).set("system", owner.system.value);
    if (const auto& code = view["disabledCode"].as_string(); !code.empty()) {
        const core::Params params{{"subscription", view["id"].as_string()},
                                  {"hours", std::to_string(config.give_up_after.count())}};
        view.set("disabled", code_view(core::Code(code), params, language));
    }
    if (auto* failure = view.find("lastFailure")) {
        failure->set("reason", code_view(core::Code((*failure)["code"].as_string()),
                                         params_of((*failure)["params"]), language));
    }
}

}   // namespace

sdk::Task<http::Response> AdminApi::list_webhooks(AdminCall& call) {
    ports::Refusal refusal;
    const auto tenant = tenant_of(call, refusal);
    if (!tenant) {
        co_return problem(refusal, call.context);
    }
    std::optional<core::SystemId> wanted;
    for (const auto& [name, value] : call.request.query) {
        if (name == "system") {
            wanted = core::SystemId(value);
        } else if (name != "tenant") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto all = co_await parts_.store.list_subscriptions(*tenant);
    if (!all) {
        co_return problem(view::refusal_of(all.error()), call.context);
    }
    std::set<core::SystemId> systems;
    for (const auto& one : *all) {
        if ((!wanted || one.system == *wanted) && sees_system(call, *tenant, one.system)) {
            systems.insert(one.system);
        }
    }
    const auto configuration = parts_.configuration.current();
    json::Value items = json::Value::array();
    for (const auto& system : systems) {
        const auto owner = caller_of(*configuration, *tenant, system);
        const auto answer = co_await parts_.subscriptions.list(owner);
        if (answer.refusal) {
            co_return problem(*answer.refusal, call.context);
        }
        for (auto item : answer.view["items"].items()) {
            add_words(item, owner, configuration->webhooks, call.context.language);
            items.push(std::move(item));
        }
    }
    json::Value view = json::Value::object();
    view.set("items", std::move(items));
    co_return json_answer(200, view);
}

sdk::Task<core::Result<std::optional<ports::Caller>>>
AdminApi::find_webhook_owner(const AdminCall& call, core::Uuid id) {
    const auto configuration = parts_.configuration.current();
    for (const auto& tenant : tenants_of(call)) {
        const auto found = co_await parts_.store.find_subscription(tenant, id);
        if (!found) {
            co_return found.error();
        }
        if (found->has_value() && sees_system(call, tenant, (*found)->system)) {
            co_return std::optional(caller_of(*configuration, tenant, (*found)->system));
        }
    }
    co_return std::optional<ports::Caller>();
}

sdk::Task<http::Response> AdminApi::show_webhook(AdminCall& call, core::Uuid id) {
    const auto owner = co_await find_webhook_owner(call, id);
    if (!owner) {
        co_return problem(view::refusal_of(owner.error()), call.context);
    }
    if (!owner->has_value()) {
        co_return problem(ports::Refusal("admin.webhook_not_found"), call.context);
    }
    auto answer = co_await parts_.subscriptions.find(**owner, id);
    if (answer.refusal) {
        co_return problem(*answer.refusal, call.context);
    }
    add_words(answer.view, **owner, parts_.configuration.current()->webhooks,
              call.context.language);
    co_return json_answer(200, answer.view);
}

sdk::Task<ports::SubscriptionAnswer> AdminApi::perform(const ports::Caller& owner, core::Uuid id,
                                                       std::string_view what, json::Value body) {
    auto& all = parts_.subscriptions;
    if (what == "enable") {
        body.set("enabled", true);
        co_return co_await all.change(owner, id, std::move(body));
    }
    if (what == "disable") {
        co_return co_await all.disable(owner, id, "subscription.disabled_by_operator");
    }
    if (what == "rotate") {
        co_return co_await all.rotate(owner, id);
    }
    if (what == "replay") {
        co_return co_await all.replay(owner, id, std::move(body));
    }
    co_return co_await all.test(owner, id);
}

sdk::Task<http::Response> AdminApi::act_on_webhook(AdminCall& call, core::Uuid id,
                                                   std::string what) {
    const auto* act = find_act(what);
    if (act == nullptr) {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    json::Value body = call.body;
    body.remove("why");
    if (what != "replay" && !body.members().empty()) {
        co_return problem(view::bad_member(body.members().front().first), call.context);
    }
    const auto owner = co_await find_webhook_owner(call, id);
    if (!owner) {
        co_return problem(view::refusal_of(owner.error()), call.context);
    }
    if (!owner->has_value()) {
        co_return problem(ports::Refusal("admin.webhook_not_found"), call.context);
    }
    if (what == "enable") {
        AskedTarget target("webhook-enable", (*owner)->tenant, id.to_string(), {});
        auto waits = co_await ask_second(call, std::move(target));
        if (waits) {
            co_return std::move(*waits);
        }
    }
    auto answer = co_await perform(**owner, id, what, std::move(body));
    if (answer.refusal) {
        co_return problem(*answer.refusal, call.context);
    }
    log_act(call, act->logged,
            {{"subscription", id.to_string()},
             {"tenant", (*owner)->tenant.value},
             {"system", (*owner)->system.value},
             {"why", call.author.why}});
    const auto configuration = parts_.configuration.current();
    if (answer.view.has("id")) {
        add_words(answer.view, **owner, configuration->webhooks, call.context.language);
    }
    if (const auto& code = answer.view["code"].as_string(); !code.empty()) {
        answer.view.set("reason", code_view(core::Code(code), params_of(answer.view["params"]),
                                            call.context.language));
    }
    co_return json_answer(200, answer.view);
}

}   // namespace gateway::admin
