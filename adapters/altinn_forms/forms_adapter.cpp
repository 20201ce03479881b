#include "adapters/altinn_forms/forms_adapter.hpp"

#include <array>

namespace gateway::altinn_forms {

FormsAdapter::FormsAdapter(Settings settings, sdk::Host& host)
    : settings_(std::move(settings)),
      host_(host),
      client_(settings_, host),
      forms_(settings_, client_, host),
      feedback_(settings_, client_, host),
      sender_(settings_, client_, host),
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
    if (!reply.response->is_json()) {   // a page for people, of whoever stands between
        co_return sdk::Health(sdk::Condition::degraded, "upstream.bad_answer");
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

sdk::Task<sdk::Outcome> FormsAdapter::send(const core::Delivery& delivery, sdk::Progress& progress,
                                           sdk::Deadline deadline) {
    co_return co_await sender_.send(delivery, progress, deadline);
}

sdk::Task<sdk::Outcome> FormsAdapter::look_up(const core::Delivery& delivery,
                                              sdk::Progress& progress, sdk::Deadline deadline) {
    co_return co_await sender_.look_up(delivery, progress, deadline);
}

sdk::Task<core::Result<sdk::Receipts>> FormsAdapter::poll_receipts(const core::Delivery&,
                                                                   sdk::Deadline) {
    co_return sdk::Receipts();   // what comes of it is the form itself
}

sdk::Task<sdk::Outcome> FormsAdapter::cancel(const core::Delivery&, sdk::Deadline) {
    co_return sdk::Outcome(sdk::Verdict::rejected, "cancel_refused");   // it is theirs now
}

sdk::Task<void> FormsAdapter::receive() {
    co_await forms_.run();
}

sdk::Task<sdk::CallbackAnswer> FormsAdapter::on_callback(sdk::Callback call, sdk::Deadline) {
    co_return co_await forms_.on_callback(std::move(call));
}

sdk::Task<sdk::Outcome> FormsAdapter::settled(sdk::InboundSettled what, sdk::Deadline deadline) {
    auto told = co_await feedback_.tell(what, deadline);
    if (settings_.confirm == Confirm::stored || told.verdict == sdk::Verdict::try_later ||
        told.verdict == sdk::Verdict::unknown) {
        co_return std::move(told);
    }
    auto answered = co_await forms_.answered(std::move(what));
    if (answered.verdict != sdk::Verdict::accepted) {
        co_return std::move(answered);
    }
    co_return std::move(told);
}

std::span<const sdk::Capability> capabilities() {
    static const std::array<sdk::Capability, 1> all = [] {
        std::array<sdk::Capability, 1> made;
        made[0].message_type = "prefill/v1";
        made[0].deduplicates = sdk::Deduplicates::none;
        made[0].answers_lookup = true;
        made[0].lookup_is_final = true;   // not before a call that was cut off can no longer land
        made[0].attempt_time_max = std::chrono::seconds(60);
        return made;
    }();
    return all;
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
