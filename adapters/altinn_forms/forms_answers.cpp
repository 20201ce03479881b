#include "adapters/altinn_forms/forms_answers.hpp"

#include <algorithm>

namespace gateway::altinn_forms {
namespace {

constexpr std::size_t text_length_max = 255;
constexpr std::size_t answer_bytes_max = 8U << 20U;
constexpr std::size_t answer_values_max = 1'000'000;

std::optional<json::Value> object_of(const sdk::HttpResponse& response) {
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    limits.values_max = answer_values_max;
    auto value = json::parse(response.body, limits);
    if (!value) {
        return std::nullopt;
    }
    return std::move(*value);
}

std::optional<core::Time> time_of(const json::Value& value) {
    const auto time = core::parse_rfc3339(value.as_string());
    return time ? std::optional<core::Time>(*time) : std::nullopt;
}

/// Of so many digits, or nothing.
std::string number(const json::Value& value, std::size_t length) {
    const std::string& text = value.as_string();
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
    return digits && text.size() == length ? text : std::string();
}

/// Without control characters, and of a length that is one.
std::string plain(const json::Value& value) {
    std::string text = value.as_string();
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    if (text.size() > text_length_max) {
        text.resize(text_length_max);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
            text.pop_back();
        }
        if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U) {
            text.pop_back();
        }
    }
    return text;
}

Scan scan_of(const json::Value& element) {
    const std::string& said = element["fileScanResult"].as_string();
    if (said == "Infected") {
        return Scan::infected;
    }
    // An outcome that we do not know is waited for, never believed to be good.
    return said.empty() || said == "Clean" || said == "NotApplicable" ? Scan::clean : Scan::pending;
}

std::optional<Element> element_of(const json::Value& value) {
    Element element;
    const auto id = core::parse_uuid(value["id"].as_string());
    if (!id) {
        return std::nullopt;
    }
    element.id = id->to_string();
    element.data_type = plain(value["dataType"]);
    element.media_type = plain(value["contentType"]);
    element.file_name = plain(value["filename"]);
    if (value["size"].is_int() && value["size"].as_int() > 0) {
        element.size = static_cast<std::uint64_t>(value["size"].as_int());
    }
    element.scan = scan_of(value);
    element.deleted = value["deleteStatus"]["isHardDeleted"].as_bool();
    return element;
}

json::Value texts_of(const json::Value& value) {
    json::Value texts = json::Value::object();
    for (const auto& [name, text] : value.members()) {
        if (text.is_string()) {
            texts.set(name, text);
        }
    }
    return texts;
}

}   // namespace

bool Instance::confirmed(std::string_view stakeholder) const {
    return std::find(confirmed_by.begin(), confirmed_by.end(), stakeholder) != confirmed_by.end();
}

std::optional<Instance> read_instance(const json::Value& value, const Settings& settings) {
    auto ref = read_instance_id(value["id"].as_string());
    const std::string& app_id = value["appId"].as_string();
    const auto slash = app_id.find('/');
    if (!ref || slash == std::string::npos || app_id.substr(0, slash) != settings.org ||
        !has_app(settings, app_id.substr(slash + 1))) {
        return std::nullopt;
    }
    Instance instance;
    instance.ref = std::move(*ref);
    instance.ref.app = app_id.substr(slash + 1);
    instance.app_id = app_id;
    instance.person = number(value["instanceOwner"]["personNumber"], 11);
    instance.organisation = number(value["instanceOwner"]["organisationNumber"], 9);
    instance.created = time_of(value["created"]);
    instance.ended = time_of(value["process"]["ended"]);
    instance.last_changed = time_of(value["lastChanged"]);
    instance.last_changed_text = value["lastChanged"].as_string();
    instance.hard_deleted = value["status"]["isHardDeleted"].as_bool();
    for (const auto& confirmation : value["completeConfirmations"].items()) {
        instance.confirmed_by.push_back(confirmation["stakeholderId"].as_string());
    }
    for (const auto& element : value["data"].items()) {
        auto read = element_of(element);
        if (!read) {
            return std::nullopt;   // a file we could not ask for would be lost
        }
        instance.elements.push_back(std::move(*read));
    }
    instance.presentation_texts = texts_of(value["presentationTexts"]);
    instance.data_values = texts_of(value["dataValues"]);
    return instance;
}

std::optional<Instance> read_instance(const sdk::HttpResponse& response, const Settings& settings) {
    const auto value = object_of(response);
    return value && value->is_object() ? read_instance(*value, settings) : std::nullopt;
}

std::optional<InstancePage> read_page(const sdk::HttpResponse& response, const Settings& settings) {
    const auto value = object_of(response);
    if (!value || !(*value)["instances"].is_array()) {
        return std::nullopt;
    }
    InstancePage page;
    for (const auto& one : (*value)["instances"].items()) {
        if (auto instance = read_instance(one, settings)) {
            page.instances.push_back(std::move(*instance));
        } else {
            ++page.unreadable;
        }
    }
    page.next = (*value)["next"].as_string();
    return page;
}

std::optional<FeedPage> read_feed_page(const sdk::HttpResponse& response,
                                       const Settings& settings) {
    const auto value = object_of(response);
    if (!value || !value->is_array()) {
        return std::nullopt;
    }
    FeedPage page;
    for (const auto& one : value->items()) {
        FeedItem item;
        item.event = read_event(one, settings);
        item.text = json::write(one);
        page.items.push_back(std::move(item));
    }
    page.more = !response.header("next").empty();
    return page;
}

std::optional<Subscription> read_subscription(const json::Value& value) {
    if (!value["id"].is_int() || value["id"].as_int() < 0) {
        return std::nullopt;
    }
    Subscription subscription;
    subscription.id = std::to_string(value["id"].as_int());
    subscription.end_point = value["endPoint"].as_string();
    subscription.resource = value["resourceFilter"].as_string();
    subscription.type = value["typeFilter"].as_string();
    subscription.validated = value["validated"].as_bool();
    return subscription;
}

std::optional<Subscription> read_subscription(const sdk::HttpResponse& response) {
    const auto value = object_of(response);
    return value ? read_subscription(*value) : std::nullopt;
}

std::optional<std::vector<Subscription>> read_subscriptions(const sdk::HttpResponse& response) {
    const auto value = object_of(response);
    if (!value || !(*value)["subscriptions"].is_array()) {
        return std::nullopt;
    }
    std::vector<Subscription> all;
    for (const auto& one : (*value)["subscriptions"].items()) {
        if (auto subscription = read_subscription(one)) {
            all.push_back(std::move(*subscription));
        }
    }
    return all;
}

}   // namespace gateway::altinn_forms
