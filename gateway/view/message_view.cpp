#include "gateway/view/message_view.hpp"

#include "gateway/view/life_events.hpp"

#include <algorithm>
#include <array>

namespace gateway::view {
namespace {

/// Members of the stored content that are shown as they were sent, but of a case only where it is:
/// that of an archive/v1 names its parties, and this is shown to operators as well.
constexpr std::array<std::string_view, 6> shown{"reference", "case",        "kind",
                                                "title",     "serviceArea", "orderKey"};

json::Value whereabouts(const json::Value& of_case) {
    json::Value shown_case = json::Value::object();
    for (const char* member : {"system", "id", "year", "sequence"}) {
        if (const auto* value = of_case.find(member)) {
            shown_case.set(member, *value);
        }
    }
    return shown_case;
}

json::Value links(const std::string& id) {
    json::Value links = json::Value::object();
    links.set("self", "/v1/messages/" + id).set("events", "/v1/messages/" + id + "/events");
    return links;
}

json::Value documents_of(const json::Value& content) {
    json::Value documents = json::Value::array();
    for (const auto& document : content["documents"].items()) {
        json::Value one = json::Value::object();
        one.set("name", document["name"])
            .set("sha256", document["sha256"])
            .set("size", document["size"]);
        documents.push(std::move(one));
    }
    return documents;
}

json::Value delivery_view(const ports::DeliveryRow& delivery, const crypto::ContentKey* key,
                          texts::Language language) {
    json::Value view = json::Value::object();
    view.set("id", delivery.id.to_string()).set("state", core::to_string(delivery.state));
    if (delivery.connection) {
        view.set("connection", delivery.connection->value);
    }
    if (delivery.channel) {
        view.set("channel", core::to_string(*delivery.channel));
    }
    view.set("attempts", delivery.attempts)
        .set("created", core::to_rfc3339(delivery.created))
        .set("changed", core::to_rfc3339(delivery.changed));
    if (delivery.due && !core::is_terminal(delivery.state)) {
        view.set("next", core::to_rfc3339(*delivery.due));
    }
    if (delivery.replaces) {
        view.set("replaces", delivery.replaces->to_string());
    }
    if (delivery.cancel_requested) {
        view.set("cancelRequested", true);
    }
    if (!delivery.code.empty()) {
        const auto text = texts::render(delivery.code, delivery.params, language);
        view.set("code", delivery.code.value)
            .set("params", params_object(delivery.params))
            .set("text", text.detail.empty() ? text.title : text.detail)
            .set("owner", texts::facts(delivery.code).owner)
            .set("action", text.action);
    }
    if (key != nullptr && !delivery.sealed_upstream_reference.empty()) {
        if (const auto reference = key->open("upstream", delivery.message.to_bytes(),
                                             delivery.sealed_upstream_reference)) {
            view.set("upstreamReference", *reference);
        }
    }
    return view;
}

std::string about(const ports::StoredEvent& event) {
    if (event.subject) {
        return event.subject->to_string();
    }
    return event.subscription ? event.subscription->to_string() : event.message.to_string();
}

}   // namespace

bool rests(const ports::MessageView& message) {
    return std::all_of(message.deliveries.begin(), message.deliveries.end(), [](const auto& row) {
        const bool idle = row.work == core::Work::none && !row.overdue_at && !row.unread_at;
        return idle || row.state == core::DeliveryState::held;
    });
}

json::Value params_object(const core::Params& params) {
    json::Value object = json::Value::object();
    for (const auto& [name, value] : params) {
        object.set(name, value);
    }
    return object;
}

json::Value accepted_view(core::MessageId id, const std::string& type, json::Value documents) {
    json::Value view = json::Value::object();
    view.set("id", id.to_string())
        .set("state", "queued")
        .set("type", type)
        .set("documents", std::move(documents))
        .set("links", links(id.to_string()));
    return view;
}

json::Value message_view(const ports::MessageView& message, const crypto::Vault& vault,
                         texts::Language language) {
    json::Value view = json::Value::object();
    const auto id = message.id.to_string();
    view.set("id", id).set("type", message.type).set("state", core::to_string(message.state));
    view.set("system", message.system.value)
        .set("created", core::to_rfc3339(message.created))
        .set("changed", core::to_rfc3339(message.changed));
    if (message.replaces) {
        view.set("replaces", message.replaces->to_string());
    }
    if (message.replaced_by) {
        view.set("replacedBy", message.replaced_by->to_string());
    }
    const auto key = vault.unwrap(message.wrapped_key, message.id.to_bytes());
    if (key) {
        const auto text = key->open("content", message.id.to_bytes(), message.sealed_content);
        const auto content = text ? json::parse(*text, {.bytes_max = 8U << 20U, .depth_max = 64})
                                  : json::parse("{}");
        if (content) {
            for (const auto member : shown) {
                if (const auto* value = content->find(member)) {
                    view.set(member, member == "case" ? whereabouts(*value) : *value);
                }
            }
            view.set("documents", documents_of(*content));
        }
    }
    json::Value deliveries = json::Value::array();
    for (const auto& delivery : message.deliveries) {
        deliveries.push(delivery_view(delivery, key ? &*key : nullptr, language));
    }
    view.set("deliveries", std::move(deliveries)).set("links", links(id));
    return view;
}

json::Value component_result(const ports::MessageView& message, const crypto::Vault& vault) {
    const auto owner = message.id.to_bytes();
    const auto key = vault.unwrap(message.wrapped_key, owner);
    if (!key || message.deliveries.empty() || message.deliveries.back().sealed_result.empty()) {
        return {};
    }
    const auto text = key->open("result", owner, message.deliveries.back().sealed_result);
    if (!text) {
        return {};
    }
    auto value = json::parse_or_failure(*text, {});
    return value ? std::move(*value) : json::Value();
}

json::Value timeline_item(const ports::StoredEvent& event, texts::Language language) {
    const auto text = texts::render(event.code.empty() ? core::Code(event.name) : event.code,
                                    event.params, language);
    json::Value item = json::Value::object();
    item.set("id", event.id.to_string())
        .set("at", core::to_rfc3339(event.at))
        .set("event", event.name)
        .set("state", core::to_string(event.state));
    if (event.delivery) {
        item.set("delivery", event.delivery->to_string());
    }
    if (event.connection) {
        item.set("connection", event.connection->value);
    }
    item.set("code", event.code.empty() ? event.name : event.code.value)
        .set("params", params_object(event.params))
        .set("title", text.title)
        .set("text", text.detail)
        .set("owner", texts::facts(event.code.empty() ? core::Code(event.name) : event.code).owner)
        .set("action", text.action);
    if (event.next) {
        item.set("next", core::to_rfc3339(*event.next));
    }
    return item;
}

std::string event_type(const ports::StoredEvent& event) {
    constexpr std::string_view about = "subscription_";
    if (event.subscription && event.name.starts_with(about)) {
        return "no.sluse.subscription." + event.name.substr(about.size()) + ".v1";
    }
    if (event.subject) {
        return "no.sluse." + event.name + ".v1";
    }
    return (event.inbound ? "no.sluse.inbox." : "no.sluse.message.") + event.name + ".v1";
}

json::Value cloud_event(const ports::StoredEvent& event) {
    json::Value data = json::Value::object();
    if (event.subject) {
        data = life_event_data(event);
    } else if (event.inbound) {
        data.set("state", core::to_string(*event.inbound));
    } else if (!event.subscription) {
        data.set("state", core::to_string(event.state));
    }
    if (event.delivery) {
        data.set("delivery", event.delivery->to_string());
    }
    if (event.connection) {
        data.set("connection", event.connection->value);
    }
    data.set("code", event.code.empty() ? event.name : event.code.value)
        .set("params", event.subject ? json::Value::object() : params_object(event.params));
    if (event.next) {
        data.set("next", core::to_rfc3339(*event.next));
    }
    json::Value cloud = json::Value::object();
    cloud.set("specversion", "1.0")
        .set("id", event.id.to_string())
        .set("source", "/sluse/" + event.tenant.value)
        .set("type", event_type(event))
        .set("subject", about(event))
        .set("time", core::to_rfc3339(event.at))
        .set("datacontenttype", "application/json")
        .set("data", std::move(data));
    return cloud;
}

}   // namespace gateway::view
