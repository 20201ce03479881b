#include "gateway/failures/reopening.hpp"

#include <algorithm>

namespace gateway::failures {
namespace {

std::optional<core::Time> time_of(const json::Value& content, std::string_view member) {
    const auto time = core::parse_rfc3339(content[member].as_string());
    return time ? std::optional(*time) : std::nullopt;
}

}   // namespace

json::Value opened_content(const ports::MessageView& message, const crypto::Vault& vault) {
    const auto owner = message.id.to_bytes();
    const auto key = vault.unwrap(message.wrapped_key, owner);
    if (!key) {
        return json::Value();
    }
    const auto text = key->open("content", owner, message.sealed_content);
    if (!text) {
        return json::Value();
    }
    auto content = json::parse(*text, {.bytes_max = 8U << 20U, .depth_max = 64});
    return content ? std::move(*content) : json::Value();
}

ports::NewEvent event_of(const Wish& wish, const char* name, const ports::MessageView& message,
                         const crypto::Vault& vault, sdk::Ids& ids, core::Time now) {
    ports::NewEvent event;
    event.id = ids.next<core::EventId>();
    event.at = now;
    event.name = name;
    event.code = core::Code(name);
    event.params.emplace_back("who", wish.who);
    const auto owner = message.id.to_bytes();
    if (const auto key = vault.unwrap(message.wrapped_key, owner)) {
        json::Value sealed = json::Value::object();
        sealed.set("why", wish.why);
        event.sealed_params = key->seal(ids, "event", owner, json::write(sealed));
    }
    return event;
}

std::optional<ports::RetryCommand> reopen(const core::TenantId& tenant,
                                          const ports::MessageView& message,
                                          const crypto::Vault& vault, core::DeliveryId next,
                                          std::chrono::seconds lifetime, core::Time now) {
    const auto content = opened_content(message, vault);
    const auto own_expiry = time_of(content, "expiresAt");
    if (!content.is_object() || (own_expiry && *own_expiry <= now)) {
        return std::nullopt;
    }
    const auto& old = message.deliveries.back();
    ports::RetryCommand command;
    command.tenant = tenant;
    command.old = old.id;
    command.at = now;
    auto& delivery = command.delivery;
    delivery.id = next;
    delivery.upstream_key = next.to_string();   // a new letter to the component
    delivery.replaces = old.id;
    // Without a connection: dispatch chooses by the routes as they are now.
    delivery.due = std::max(now, time_of(content, "notBefore").value_or(now));
    delivery.expires_at = own_expiry.value_or(delivery.due + lifetime);
    if (const auto& order = content["orderKey"].as_string(); !order.empty()) {
        delivery.order_token = vault.token(crypto::TokenKind::order_key, order);
    }
    return command;
}

}   // namespace gateway::failures
