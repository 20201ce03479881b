#include "gateway/admin/api.hpp"
#include "gateway/failures/reopening.hpp"
#include "gateway/ports/retention_store.hpp"
#include "gateway/view/refusal.hpp"

#include <algorithm>

// A person's wish with one message. The reason is free text, so it is sealed with the message; who
// it was is a key or a user of the machine and stands openly on the timeline.

namespace gateway::admin {
namespace {

ports::Refusal wrong_state(const char* code, const ports::MessageView& message) {
    return ports::Refusal(core::Code(code),
                          {{"state", std::string(core::to_string(message.state))}});
}

/// Of its content: retention passes it over.
ports::NewLogEntry hold_entry(const std::string& who, const ports::MessageView& message, bool held,
                              core::Time now) {
    ports::NewLogEntry entry;
    entry.kind = ports::LogKind::held;
    entry.at = now;
    entry.system = core::SystemId("operator:" + who);
    entry.dataset = message.type;
    entry.fields = {message.id.to_string()};
    entry.code = held ? "hold.set" : "hold.lifted";
    return entry;
}

}   // namespace

bool is_carried_out(const AdminCall& call, const ports::MessageView& message) {
    return call.carried &&
           std::any_of(message.deliveries.begin(), message.deliveries.end(),
                       [&](const auto& one) { return one.id.uuid == call.carried->id; });
}

core::DeliveryId AdminApi::new_delivery(const AdminCall& call) const {
    return call.carried ? core::DeliveryId(call.carried->id) : parts_.ids.next<core::DeliveryId>();
}

ports::NewEvent AdminApi::act_event(const AdminCall& call, const Found& found,
                                    const char* name) const {
    const failures::Wish wish(call.author.who, call.author.why);
    return failures::event_of(wish, name, found.message, *found.vault, parts_.ids,
                              parts_.clock.now());
}

sdk::Task<http::Response> AdminApi::act_on_message(AdminCall& call, core::MessageId id,
                                                   std::string what) {
    const bool legal = what == "legal-hold";
    if (!legal && what != "retry" && what != "hold" && what != "release" && what != "cancel") {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why" && (!legal || name != "held" || !value.is_bool())) {
            co_return problem(view::bad_member(name), call.context);
        }
    }
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    auto* const retention = ports::retention_store_of(parts_.store);
    if (legal && retention == nullptr) {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    if (legal) {
        const bool held = !call.body.has("held") || call.body["held"].as_bool();
        if (!held) {
            AskedTarget target("message-hold-lift", (*found)->tenant, id.to_string(), {});
            auto waits = co_await ask_second(call, std::move(target));
            if (waits) {
                co_return std::move(*waits);
            }
        }
        std::vector<ports::NewLogEntry> log;
        log.push_back(hold_entry(call.author.who, (*found)->message, held, parts_.clock.now()));
        std::vector<ports::NewEvent> events;
        events.push_back(act_event(call, **found, held ? "legal_hold_set" : "legal_hold_lifted"));
        const auto done = co_await retention->hold_content(
            (*found)->tenant, ports::KeptKind::message, id.uuid, held, parts_.clock.now(),
            std::move(log), std::move(events));
        if (!done) {
            co_return problem(view::refusal_of(done.error()), call.context);
        }
        log_act(call, held ? "message_held_legally" : "message_hold_lifted",
                {{"message", id.to_string()}});
        json::Value view = json::Value::object();
        view.set("id", id.to_string()).set("legalHold", held);
        co_return json_answer(200, view);
    }
    if (what == "retry") {
        co_return co_await retry(call, **found);
    }
    if (what == "hold") {
        co_return co_await hold(call, **found);
    }
    if (what == "release") {
        co_return co_await release(call, **found);
    }
    co_return co_await cancel(call, **found);
}

sdk::Task<http::Response> AdminApi::retry(AdminCall& call, const Found& found) {
    if (is_carried_out(call, found.message)) {
        co_return co_await state_answer(call, found.tenant, found.message.id, 202);
    }
    const auto lifetime = parts_.configuration.current()->dispatch.message_lifetime;
    auto command = failures::reopen(found.tenant, found.message, *found.vault, new_delivery(call),
                                    lifetime, parts_.clock.now());
    if (!command) {
        co_return problem(wrong_state("message.cannot_retry", found.message), call.context);
    }
    AskedTarget target("message-retry", found.tenant, found.message.id.to_string(),
                       version_of(found.message));
    auto waits = co_await ask_second(call, std::move(target));
    if (waits) {
        co_return std::move(*waits);
    }
    command->events.push_back(act_event(call, found, "retried"));
    const auto done = co_await parts_.store.retry(std::move(*command));
    if (!done) {
        const bool state = done.error().is(core::Errc::conflict);
        co_return problem(state ? wrong_state("message.cannot_retry", found.message)
                                : view::refusal_of(done.error()),
                          call.context);
    }
    log_act(call, "retried", {{"message", found.message.id.to_string()}});
    co_return co_await state_answer(call, found.tenant, found.message.id, 202);
}

sdk::Task<http::Response> AdminApi::hold(AdminCall& call, const Found& found) {
    std::vector<ports::NewEvent> events{act_event(call, found, "held")};
    const auto& newest = found.message.deliveries.back();
    const auto done =
        co_await parts_.store.hold(found.tenant, newest.id, parts_.clock.now(), std::move(events));
    if (!done) {
        const bool state = done.error().is(core::Errc::conflict);
        co_return problem(state ? wrong_state("message.cannot_hold", found.message)
                                : view::refusal_of(done.error()),
                          call.context);
    }
    log_act(call, "held", {{"message", found.message.id.to_string()}});
    co_return co_await state_answer(call, found.tenant, found.message.id, 200);
}

sdk::Task<http::Response> AdminApi::release(AdminCall& call, const Found& found) {
    std::vector<ports::NewEvent> events{act_event(call, found, "released")};
    const auto& newest = found.message.deliveries.back();
    const auto done = co_await parts_.store.release(found.tenant, newest.id, parts_.clock.now(),
                                                    std::move(events));
    if (!done) {
        const bool state = done.error().is(core::Errc::conflict);
        co_return problem(state ? wrong_state("message.cannot_release", found.message)
                                : view::refusal_of(done.error()),
                          call.context);
    }
    log_act(call, "released", {{"message", found.message.id.to_string()}});
    co_return co_await state_answer(call, found.tenant, found.message.id, 200);
}

sdk::Task<http::Response> AdminApi::cancel(AdminCall& call, const Found& found) {
    const auto& newest = found.message.deliveries.back();
    const bool gone = newest.cancel_requested || newest.state == core::DeliveryState::cancelled;
    if (call.carried && gone) {
        co_return co_await state_answer(call, found.tenant, found.message.id, 202);
    }
    ports::CancelCommand command;
    command.tenant = found.tenant;
    command.message = found.message.id;
    command.at = parts_.clock.now();
    if (newest.connection) {
        if (const auto connection = parts_.connections.find(*newest.connection)) {
            const auto* capability = connection->capability(found.message.type);
            command.component_can = capability != nullptr && capability->can_cancel;
        }
    }
    if (!core::is_terminal(found.message.state)) {
        // While it is on its way it changes by itself: what is asked is that it be stopped.
        AskedTarget target("message-cancel", found.tenant, found.message.id.to_string(),
                           newest.id.to_string());
        auto waits = co_await ask_second(call, std::move(target));
        if (waits) {
            co_return std::move(*waits);
        }
    }
    command.requested.push_back(act_event(call, found, "cancel_requested"));
    command.cancelled.push_back(act_event(call, found, "cancelled"));
    const auto answer = co_await parts_.store.cancel(std::move(command));
    if (!answer) {
        co_return problem(view::refusal_of(answer.error()), call.context);
    }
    if (*answer == ports::CancelAnswer::not_found) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    if (*answer == ports::CancelAnswer::terminal || *answer == ports::CancelAnswer::not_possible) {
        co_return problem(wrong_state("message.cannot_cancel", found.message), call.context);
    }
    log_act(call, "cancel_requested", {{"message", found.message.id.to_string()}});
    co_return co_await state_answer(call, found.tenant, found.message.id, 202);
}

sdk::Task<http::Response> AdminApi::state_answer(AdminCall& call, core::TenantId tenant,
                                                 core::MessageId id, int status) {
    const auto message = co_await parts_.store.get(tenant, id);
    if (!message) {
        co_return problem(view::refusal_of(message.error()), call.context);
    }
    if (!message->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
    }
    const auto& newest = (*message)->deliveries.back();
    json::Value view = json::Value::object();
    view.set("id", id.to_string())
        .set("tenant", tenant.value)
        .set("state", core::to_string((*message)->state))
        .set("delivery", newest.id.to_string());
    if (newest.replaces) {
        view.set("replaces", newest.replaces->to_string());
    }
    if (newest.cancel_requested) {
        view.set("cancelRequested", true);
    }
    co_return json_answer(status, view);
}

}   // namespace gateway::admin
