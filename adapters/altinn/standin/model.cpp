#include "adapters/altinn/standin/model.hpp"

#include <algorithm>

namespace gateway::altinn::standin {

using json::Value;

namespace {

std::int64_t number(core::Time time) {
    return time.time_since_epoch().count();
}
core::Time time_of(const Value& value) {
    return core::Time(core::Duration(value.as_int()));
}

Value optional_time(const std::optional<core::Time>& time) {
    return time ? Value(number(*time)) : Value();
}
std::optional<core::Time> optional_time(const Value& value) {
    return value.is_int() ? std::optional<core::Time>(time_of(value)) : std::nullopt;
}

Value to_json(const History& history) {
    Value list = Value::array();
    for (const StatusEvent& event : history) {
        Value item;
        item.set("status", event.status).set("text", event.text).set("at", number(event.at));
        list.push(std::move(item));
    }
    return list;
}

History history_from(const Value& value) {
    History history;
    for (const Value& item : value.items()) {
        history.emplace_back(item["status"].as_string(), item["text"].as_string(),
                             time_of(item["at"]));
    }
    return history;
}

}   // namespace

const std::vector<std::string>& status_names() {
    static const std::vector<std::string> names{"Initialized",
                                                "ReadyForPublish",
                                                "Published",
                                                "Fetched",
                                                "Read",
                                                "Replied",
                                                "Confirmed",
                                                "PurgedByRecipient",
                                                "PurgedByAltinn",
                                                "Archived",
                                                "Reserved",
                                                "Failed",
                                                "AttachmentsDownloaded",
                                                "Forwarded"};
    return names;
}

int status_rank(std::string_view name) {
    const auto& names = status_names();
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

std::optional<core::Time> Attachment::expires() const {
    if (!expiration_days) {
        return std::nullopt;
    }
    return created + std::chrono::hours(24 * *expiration_days);
}

const StatusEvent& Correspondence::status() const {
    const auto highest =
        std::max_element(history.begin(), history.end(), [](const auto& a, const auto& b) {
            return status_rank(a.status) < status_rank(b.status);
        });
    return *highest;
}

bool Correspondence::has(std::string_view name) const {
    return when(name).has_value();
}

std::optional<core::Time> Correspondence::when(std::string_view name) const {
    for (const StatusEvent& event : history) {
        if (event.status == name) {
            return event.at;
        }
    }
    return std::nullopt;
}

bool Correspondence::available_to_recipient() const {
    return has("Published") && !purged() && !has("Failed");
}

bool Correspondence::purged() const {
    return has("PurgedByRecipient") || has("PurgedByAltinn");
}

bool Correspondence::confirmation_needed() const {
    return content["isConfirmationNeeded"].as_bool();
}

Value to_json(const Attachment& attachment) {
    Value out;
    out.set("owner", attachment.owner).set("resource", attachment.resource);
    out.set("fileName", attachment.file_name).set("displayName", attachment.display_name);
    out.set("sendersReference", attachment.senders_reference).set("checksum", attachment.checksum);
    out.set("isEncrypted", attachment.encrypted).set("created", number(attachment.created));
    if (attachment.expiration_days) {
        out.set("expirationInDays", *attachment.expiration_days);
    }
    out.set("history", to_json(attachment.history)).set("size", attachment.size);
    out.set("sha256", attachment.sha256).set("file", attachment.file);
    out.set("infected", attachment.infected).set("scanDue", optional_time(attachment.scan_due));
    return out;
}

Attachment attachment_from(const std::string& id, const Value& value) {
    Attachment out;
    out.id = id;
    out.owner = value["owner"].as_string();
    out.resource = value["resource"].as_string();
    out.file_name = value["fileName"].as_string();
    out.display_name = value["displayName"].as_string();
    out.senders_reference = value["sendersReference"].as_string();
    out.checksum = value["checksum"].as_string();
    out.encrypted = value["isEncrypted"].as_bool();
    out.created = time_of(value["created"]);
    if (value["expirationInDays"].is_int()) {
        out.expiration_days = value["expirationInDays"].as_int();
    }
    out.history = history_from(value["history"]);
    out.size = static_cast<std::uint64_t>(value["size"].as_int());
    out.sha256 = value["sha256"].as_string();
    out.file = value["file"].as_string();
    out.infected = value["infected"].as_bool();
    out.scan_due = optional_time(value["scanDue"]);
    return out;
}

Value to_json(const Correspondence& correspondence) {
    Value attachments = Value::array();
    for (const std::string& id : correspondence.attachments) {
        attachments.push(id);
    }
    Value out;
    out.set("owner", correspondence.owner).set("resource", correspondence.resource);
    out.set("recipient", correspondence.recipient);
    out.set("idempotentKey", correspondence.idempotent_key);
    out.set("content", correspondence.content).set("attachments", std::move(attachments));
    out.set("notifications", correspondence.notifications);
    out.set("created", number(correspondence.created));
    out.set("requestedPublish", number(correspondence.requested_publish));
    out.set("history", to_json(correspondence.history));
    out.set("publishDue", optional_time(correspondence.publish_due));
    out.set("published", optional_time(correspondence.published));
    out.set("dialog", correspondence.dialog).set("transmission", correspondence.transmission);
    return out;
}

Correspondence correspondence_from(const std::string& id, const Value& value) {
    Correspondence out;
    out.id = id;
    out.owner = value["owner"].as_string();
    out.resource = value["resource"].as_string();
    out.recipient = value["recipient"].as_string();
    out.idempotent_key = value["idempotentKey"].as_string();
    out.content = value["content"];
    for (const Value& item : value["attachments"].items()) {
        out.attachments.push_back(item.as_string());
    }
    out.notifications = value["notifications"];
    out.created = time_of(value["created"]);
    out.requested_publish = time_of(value["requestedPublish"]);
    out.history = history_from(value["history"]);
    out.publish_due = optional_time(value["publishDue"]);
    out.published = optional_time(value["published"]);
    out.dialog = value["dialog"].as_string();
    out.transmission = value["transmission"].as_bool();
    return out;
}

}   // namespace gateway::altinn::standin
