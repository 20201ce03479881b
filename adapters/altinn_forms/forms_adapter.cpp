#include "adapters/altinn_forms/forms_adapter.hpp"

#include <array>

namespace gateway::altinn_forms {

using sdk::Outcome;
using sdk::Verdict;

namespace {

// Ours: Altinn names no limit.
constexpr std::size_t label_length_max = 100;
constexpr std::size_t description_length_max = 1000;

/// "apps-test/50015641/a72223a3-..." as inbound_of writes it.
std::optional<InstanceRef> read_memo(const std::string& memo) {
    const auto slash = memo.find('/');
    if (slash == std::string::npos) {
        return std::nullopt;
    }
    auto instance = read_instance_id(std::string_view(memo).substr(slash + 1));
    if (instance) {
        instance->app = memo.substr(0, slash);
    }
    return instance;
}

bool is_text(const json::Value& value, std::size_t length_max) {
    return value.is_string() && value.as_string().size() <= length_max;
}

}   // namespace

FormsAdapter::FormsAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      client_(settings_, host),
      forms_(settings_, client_, host),
      system_users_(settings_.access, settings_.system_user, host) {}

sdk::Task<core::Result<void>> FormsAdapter::start(sdk::Deadline) {
    co_return core::Result<void>();   // Altinn may be down: the receiver waits for it
}

sdk::Task<void> FormsAdapter::stop(sdk::Deadline) {
    co_await client_.stop();
    co_await system_users_.stop();
}

/// Whether Events answers us, by a question without effect; and what waits for a person.
sdk::Task<sdk::Health> FormsAdapter::check_health(sdk::Deadline deadline) {
    FormsClient::Make make = [this] { return list_subscriptions(settings_); };
    const auto reply = co_await client_.call(std::move(make), sdk::Effect::none, deadline);
    if (!reply.response) {
        const bool no_token = client_.token_trouble().has_value();
        co_return sdk::Health(no_token ? sdk::Condition::degraded : sdk::Condition::down,
                              reply.outcome.code, reply.outcome.params);
    }
    if (reply.response->status != 200) {
        const auto outcome = outcome_of(reply);
        co_return sdk::Health(sdk::Condition::degraded, outcome.code, outcome.params);
    }
    if (!settings_.callback_url.empty() && !forms_.subscribed()) {
        co_return sdk::Health(sdk::Condition::ready, "altinn_forms.not_validated");
    }
    co_return sdk::Health();
}

sdk::Task<sdk::ActAnswer> FormsAdapter::act(sdk::Act act, sdk::Deadline deadline) {
    if (altinn_platform::SystemUsers::knows(act.name)) {
        co_return co_await system_users_.act(std::move(act), deadline);
    }
    co_return co_await sdk::Adapter::act(std::move(act), deadline);
}

sdk::Task<void> FormsAdapter::receive() {
    co_await forms_.run();
}

sdk::Task<sdk::CallbackAnswer> FormsAdapter::on_callback(sdk::Callback call, sdk::Deadline) {
    co_return co_await forms_.on_callback(std::move(call));
}

/// {"substatus": {"label", "description"}} with the acknowledgement or rejection is shown to who
/// sent the form. The same again has no more effect.
sdk::Task<Outcome> FormsAdapter::settled(sdk::InboundSettled what, sdk::Deadline deadline) {
    const json::Value& substatus = what.answer["substatus"];
    if (!substatus.is_object()) {
        co_return Outcome(Verdict::accepted);
    }
    const auto instance = read_memo(what.memo);
    if (!instance || !has_app(settings_, instance->app)) {
        co_return Outcome(Verdict::rejected, "altinn_forms.not_found", {{"status", "-"}});
    }
    const bool described = substatus["description"].is_null() ||
                           is_text(substatus["description"], description_length_max);
    if (!is_text(substatus["label"], label_length_max) || substatus["label"].as_string().empty() ||
        !described) {
        co_return Outcome(Verdict::rejected, "altinn_forms.substatus_wrong");
    }
    const std::string label = substatus["label"].as_string();
    const std::string description = substatus["description"].as_string();
    FormsClient::Make make = [&] {
        return put_substatus(settings_, *instance, label, description);
    };
    const auto reply =
        co_await client_.call(std::move(make), sdk::Effect::none, deadline);   // twice is once
    if (reply.response && reply.response->status == 200) {
        co_return Outcome(Verdict::accepted);
    }
    co_return outcome_of(reply);
}

std::span<const sdk::Capability> capabilities() {
    return {};
}

core::Result<std::unique_ptr<sdk::Adapter>> create(const sdk::ConnectionFacts& facts,
                                                   sdk::Host& host) {
    auto settings = read_settings(facts);
    if (!settings) {
        return settings.error();
    }
    return std::unique_ptr<sdk::Adapter>(
        std::make_unique<FormsAdapter>(std::move(*settings), host));
}

}   // namespace gateway::altinn_forms
