#include "gateway/app/delivery.hpp"
#include "gateway/app/message_content.hpp"
#include "gateway/route/telling.hpp"
#include "gateway/runtime/crash_point.hpp"

// A delivery without a connection gets one, before its first attempt and in a commit of its own:
// what was chosen, and why, is on disk before anything is sent.

namespace gateway::app {

using core::MachineEvent;
using core::Work;

sdk::Task<void> DeliveryCarrier::choose_way(dispatch::Cargo& cargo) {
    auto question = policy_.question(cargo);
    auto decision = route::choose(question);
    if (decision.needs_contact) {
        const auto contact = co_await ask_for_contact(cargo);
        if (!contact) {
            co_return;   // the claim has ended: later, or held
        }
        question.contact = *contact;
        decision = route::choose(question);
    }
    if (decision.refusal && decision.options.empty() && question.trail.tried.empty()) {
        // The configuration has no route for it any more: a person may mend that and release it.
        cargo.fault.emplace(decision.refusal->code, decision.refusal->params);
        co_await end_without_call(cargo, MachineEvent::unusable);
        co_return;
    }
    GATEWAY_CRASH_POINT("dispatch.before_choice");
    auto command = decided(cargo, decision, question.trail);
    co_await write(std::move(command));
}

/// Nothing when the claim has ended without: the register does not answer, or cannot be asked.
sdk::Task<std::optional<route::Contact>> DeliveryCarrier::ask_for_contact(dispatch::Cargo& cargo) {
    std::string dataset = route::contact_dataset;
    std::string person = cargo.content["recipient"]["person"].as_string();
    services_.log.write(sdk::Severity::debug, "contact_asked",
                        {{"delivery", cargo.claimed.row.id.to_string()}, {"purpose", "delivery"}});
    auto answer =
        co_await dispatch::ask_register(services_, cargo, std::move(dataset), std::move(person));
    if (answer.has_error()) {
        if (answer.error().is(core::Errc::cancelled)) {
            co_await give_back(cargo.claimed);
        }
        co_return std::nullopt;
    }
    if (answer->failure && answer->failure->passing) {
        auto command = postponed(cargo, *answer->failure);
        co_await write(std::move(command));
        co_return std::nullopt;
    }
    std::optional<route::Contact> contact;
    if (answer->failure) {
        cargo.fault.emplace(answer->failure->code, answer->failure->params);
    } else if (answer->entries.size() == 1) {
        contact = route::read_contact(answer->entries.front().value);
    }
    if (!contact) {
        if (!cargo.fault) {
            cargo.fault.emplace(core::Code("route.contact_unreadable"));
        }
        co_await end_without_call(cargo, MachineEvent::unusable);
    }
    co_return contact;
}

ports::FinishCommand DeliveryCarrier::decided(const dispatch::Cargo& cargo,
                                              const route::Decision& decision,
                                              const route::Trail& trail) {
    const auto now = services_.clock.now();
    auto command = receipt::give_back(cargo.claimed, now, now);
    command.failures = 0;
    command.code = core::Code();
    command.params.clear();
    command.events = route::events_of(decision, services_.ids, now);
    if (decision.chosen() != nullptr) {
        command.state = core::DeliveryState::queued;
        command.work = Work::send;
        const auto limit = trail.expires_at ? trail.expires_at : cargo.claimed.row.expires_at;
        command.chosen = chosen_way(decision, trail, limit, now);
        services_.metrics.count(
            "sluse_ways_chosen_total",
            {{"tenant", cargo.claimed.tenant.value},
             {"channel", std::string(core::to_string(command.chosen->channel))}});
        return command;
    }
    command.state = core::DeliveryState::failed;
    command.work = Work::none;
    command.due.reset();
    command.code = core::Code("route.none_left");
    command.params = {{"route", decision.route}};
    command.events.push_back(finishing(cargo).events.make("failed", command.code, command.params));
    return command;
}

ports::FinishCommand DeliveryCarrier::postponed(const dispatch::Cargo& cargo,
                                                const sdk::RegisterFailure& failure) {
    const auto now = services_.clock.now();
    const auto& row = cargo.claimed.row;
    const auto& rules = cargo.configuration->dispatch;
    const core::RetryPolicy policy{rules.backoff_first, rules.backoff_max};
    const auto wait =
        core::backoff(policy, row.failures, services_.ids.random_number(), failure.retry_after);
    auto command = receipt::give_back(cargo.claimed, now, now + wait);
    command.work = Work::choose;
    command.failures = row.failures + 1;
    command.code = failure.code;
    command.params = failure.params;
    if (row.code != failure.code) {   // told once, not at every try
        core::Params params{{"until", core::to_rfc3339(*command.due)}};
        command.events.push_back(
            finishing(cargo).events.make("route_postponed", {}, std::move(params)));
    }
    return command;
}

}   // namespace gateway::app
