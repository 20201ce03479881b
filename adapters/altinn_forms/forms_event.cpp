#include "adapters/altinn_forms/forms_event.hpp"

#include <algorithm>

namespace gateway::altinn_forms {
namespace {

constexpr std::string_view validation_type = "platform.events.validatesubscription";
constexpr std::string_view validation_path = "/events/api/v1/subscriptions/";
constexpr std::size_t id_length_max = 200;
constexpr std::size_t party_length_max = 12;
constexpr std::size_t event_bytes_max = 64U << 10U;
constexpr std::size_t event_depth_max = 16;

bool is_number(std::string_view text, std::size_t length_max) {
    return !text.empty() && text.size() <= length_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What stands after `start`; nothing when it begins otherwise.
std::optional<std::string_view> after(std::string_view text, std::string_view start) {
    if (!text.starts_with(start)) {
        return std::nullopt;
    }
    return text.substr(start.size());
}

std::optional<InstanceRef> instance_of(const json::Value& event, const Settings& settings) {
    const auto rest =
        after(event["source"].as_string(), settings.apps_url + "/" + settings.org + "/");
    if (!rest) {
        return std::nullopt;
    }
    const auto slash = rest->find('/');
    const auto app = rest->substr(0, slash);
    if (slash == std::string_view::npos || !has_app(settings, app)) {
        return std::nullopt;
    }
    const auto id = after(rest->substr(slash), "/instances/");
    auto instance = id ? read_instance_id(*id) : std::nullopt;
    if (!instance) {
        return std::nullopt;
    }
    instance->app = std::string(app);
    // Both, where it is said twice, say the same.
    const auto* resource = event.find("resource");
    if (resource != nullptr && resource->as_string() != resource_of(settings, instance->app)) {
        return std::nullopt;
    }
    const auto* again = event.find("resourceinstance");
    if (again != nullptr) {
        const auto same = read_instance_id(again->as_string());
        if (!same || same->path() != instance->path()) {
            return std::nullopt;
        }
    }
    return instance;
}

}   // namespace

std::optional<InstanceRef> read_instance_id(std::string_view id) {
    const auto slash = id.find('/');
    if (slash == std::string_view::npos || !is_number(id.substr(0, slash), party_length_max)) {
        return std::nullopt;
    }
    const auto guid = core::parse_uuid(id.substr(slash + 1));
    if (!guid) {
        return std::nullopt;
    }
    InstanceRef instance;
    instance.party = std::string(id.substr(0, slash));
    instance.guid = guid->to_string();
    return instance;
}

Event read_event(const json::Value& value, const Settings& settings) {
    Event event;
    if (value["specversion"].as_string() != "1.0" || value["type"].as_string().empty() ||
        value["source"].as_string().empty()) {
        event.id = value["id"].as_string().substr(0, id_length_max);
        return event;
    }
    event.id = value["id"].as_string();
    if (event.id.empty() || event.id.size() > id_length_max) {
        event.id.clear();
        return event;
    }
    const std::string& type = value["type"].as_string();
    if (type == validation_type) {
        const auto number = after(value["source"].as_string(),
                                  settings.access.base_url + std::string(validation_path));
        if (number && is_number(*number, party_length_max)) {
            event.kind = EventKind::validation;
            event.subscription = std::string(*number);
        }
        return event;
    }
    if (type != completed_type) {
        event.kind = EventKind::other;
        return event;
    }
    if (auto instance = instance_of(value, settings)) {
        event.kind = EventKind::completed;
        event.instance = std::move(*instance);
    }
    return event;
}

Event read_event_text(std::string_view text, const Settings& settings) {
    json::ParseLimits limits;
    limits.bytes_max = event_bytes_max;
    limits.depth_max = event_depth_max;
    const auto value = json::parse(text, limits);
    return value ? read_event(*value, settings) : Event();
}

}   // namespace gateway::altinn_forms
