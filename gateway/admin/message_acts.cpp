#include "gateway/admin/api.hpp"
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

json::Value content_of(const Found& found) {
    const auto owner = found.message.id.to_bytes();
    const auto key = found.vault->unwrap(found.message.wrapped_key, owner);
    if (!key) {
        return json::Value();
    }
    const auto text = key->open("content", owner, found.message.sealed_content);
    if (!text) {
        return json::Value();
    }
    auto content = json::parse(*text, {.bytes_max = 8U << 20U, .depth_max = 64});
    return content ? std::move(*content) : json::Value();
}

std::optional<core::Time> time_of(const json::Value& content, std::string_view member) {
    const auto& text = content[member].as_string();
    const auto time = core::parse_rfc3339(text);
    return time ? std::optional(*time) : std::nullopt;
}

}   // namespace

ports::NewEvent AdminApi::act_event(const AdminCall& call, const Found& found,
                                    const char* name) const {
    ports::NewEvent event;
    event.id = parts_.ids.next<core::EventId>();
    event.at = parts_.clock.now();
    event.name = name;
    event.code = core::Code(name);
    event.params.emplace_back("who", call.author.who);
    const auto owner = found.message.id.to_bytes();
    if (const auto key = found.vault->unwrap(found.message.wrapped_key, owner)) {
        json::Value sealed = json::Value::object();
        sealed.set("why", call.author.why);
        event.sealed_params = key->seal(parts_.ids, "event", owner, json::write(sealed));
    }
    return event;
}

sdk::Task<http::Response> AdminApi::act_on_message(AdminCall& call, core::MessageId id,
                                                   std::string what) {
    if (what != "retry" && what != "hold" && what != "release" && what != "cancel") {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    for (const auto& [name, value] : call.body.members()) {
        if (name != "why") {
            co_return problem(view::bad_parameter(name), call.context);
        }
    }
    const auto found = co_await find(call, id);
    if (!found) {
        co_return problem(view::refusal_of(found.error()), call.context);
    }
    if (!found->has_value()) {
        co_return problem(ports::Refusal("message.not_found"), call.context);
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
    const auto& old = found.message.deliveries.back();
    const auto content = content_of(found);
    const auto now = parts_.clock.now();
    const auto own_expiry = time_of(content, "expiresAt");
    if (!content.is_object() || (own_expiry && *own_expiry <= now)) {
        // What cannot be read cannot be sent, and the sender's own time limit is not ours to move.
        co_return problem(wrong_state("message.cannot_retry", found.message), call.context);
    }
    ports::RetryCommand command;
    command.tenant = found.tenant;
    command.old = old.id;
    command.at = now;
    auto& delivery = command.delivery;
    delivery.id = parts_.ids.next<core::DeliveryId>();
    delivery.upstream_key = delivery.id.to_string();   // a new letter to the component
    delivery.replaces = old.id;
    // Without a connection: dispatch chooses by the routes as they are now.
    delivery.due = std::max(now, time_of(content, "notBefore").value_or(now));
    const auto lifetime = parts_.configuration.current()->dispatch.message_lifetime;
    delivery.expires_at = own_expiry.value_or(delivery.due + lifetime);
    if (const auto& order = content["orderKey"].as_string(); !order.empty()) {
        delivery.order_token = found.vault->token(crypto::TokenKind::order_key, order);
    }
    command.events.push_back(act_event(call, found, "retried"));
    const auto done = co_await parts_.store.retry(std::move(command));
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
