#include "adapters/altinn/altinn_letter.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::altinn {
namespace {

std::string recipient_urn(const json::Value& recipient) {
    if (recipient.has("organisation")) {
        return "urn:altinn:organization:identifier-no:" + recipient["organisation"].as_string();
    }
    return "urn:altinn:person:identifier-no:" + recipient["person"].as_string();
}

std::string reference_of(const Letter& letter) {
    const std::string& given = letter.content["reference"].as_string();
    return given.empty() ? letter.delivery->message.to_string() : given;
}

json::Value content_of(const Letter& letter) {
    const json::Value& given = letter.content;
    json::Value content;
    const std::string& language = given["language"].as_string();
    content.set("language", language.empty() ? "nb" : language);
    content.set("messageTitle", given["title"].as_string());
    if (given.has("summary")) {
        content.set("messageSummary", given["summary"].as_string());
    }
    // Altinn demands a body: the summary stands in for it, else the title.
    const char* body = given.has("body") ? "body" : given.has("summary") ? "summary" : "title";
    content.set("messageBody", given[body].as_string());
    content.set("attachments", json::Value::array());
    return content;
}

json::Value external_references(const json::Value& given) {
    json::Value references = json::Value::array();
    for (const auto& one : given.items()) {
        json::Value reference;
        reference.set("referenceType", one["type"].as_string());
        reference.set("referenceValue", one["value"].as_string());
        references.push(std::move(reference));
    }
    return references;
}

json::Value notification(const json::Value& notify) {
    const json::Value& email = notify["email"];
    const json::Value& sms = notify["sms"];
    const bool own_words = email.is_object() || sms.is_object();
    const bool reminder = notify["reminder"].is_object();
    json::Value made;
    made.set("notificationTemplate", own_words ? "CustomMessage" : "GenericAltinnMessage");
    made.set("notificationChannel", notify["channel"].as_string());
    if (email.is_object()) {
        made.set("emailSubject", email["subject"].as_string());
        made.set("emailBody", email["body"].as_string());
        made.set("emailContentType", "Plain");
    }
    if (sms.is_object()) {
        made.set("smsBody", sms["body"].as_string());
    }
    made.set("sendReminder", reminder);
    if (!reminder) {
        return made;
    }
    made.set("reminderNotificationChannel", notify["channel"].as_string());
    if (email.is_object()) {
        made.set("reminderEmailSubject", email["subject"].as_string());
        made.set("reminderEmailBody", email["body"].as_string());
        made.set("reminderEmailContentType", "Plain");
    }
    if (sms.is_object()) {
        made.set("reminderSmsBody", sms["body"].as_string());
    }
    return made;
}

json::Value correspondence_of(const Letter& letter) {
    const json::Value& given = letter.content;
    json::Value made;
    made.set("resourceId", letter.route.resource);
    made.set("sendersReference", reference_of(letter));
    const std::string& unit = given["sender"]["unit"].as_string();
    const std::string& sender = unit.empty() ? letter.route.message_sender : unit;
    if (!sender.empty()) {
        made.set("messageSender", sender);
    }
    made.set("content", content_of(letter));
    if (given.has("dueAt")) {
        made.set("dueDateTime", given["dueAt"].as_string());
    }
    if (!given["externalReferences"].items().empty()) {
        made.set("externalReferences", external_references(given["externalReferences"]));
    }
    if (!given["properties"].members().empty()) {
        made.set("propertyList", given["properties"]);
    }
    if (given["notify"].is_object()) {
        made.set("notification", notification(given["notify"]));
    }
    if (given["recipient"].has("person")) {
        made.set("ignoreReservation", given["ignoreReservation"].as_bool());
    }
    made.set("isConfirmationNeeded", given["confirm"].as_bool());
    made.set("isConfidential", letter.route.confidential);
    if (letter.route.allow_forwarding) {
        made.set("allowForwarding", true);
    }
    return made;
}

json::Value attachment_of(const Letter& letter, const Settings& settings, std::size_t index) {
    const core::DocumentRef& document = letter.documents()[index];
    json::Value made;
    made.set("fileName", document.name);
    made.set("displayName", document.title.empty() ? document.name : document.title);
    made.set("isEncrypted", false);
    made.set("checksum", document.md5_hex);
    made.set("sendersReference", reference_of(letter) + "-" + std::to_string(index + 1));
    if (settings.attachment_expiration_days) {
        made.set("expirationInDays", *settings.attachment_expiration_days);
    }
    return made;
}

json::Value whole(const Letter& letter, json::Value correspondence) {
    json::Value made;
    made.set("correspondence", std::move(correspondence));
    json::Value recipients;
    recipients.push(recipient_urn(letter.content["recipient"]));
    made.set("recipients", std::move(recipients));
    return made;
}

/// `name` as ASP.NET binds it to nested members: dots for members, [n] for items.
void add_fields(const std::string& name, const json::Value& value, const std::string& head,
                std::string& out) {
    if (value.is_object()) {
        for (const auto& [key, member] : value.members()) {
            add_fields(name.empty() ? key : name + "." + key, member, head, out);
        }
        return;
    }
    if (value.is_array()) {
        const auto& items = value.items();
        for (std::size_t i = 0; i < items.size(); ++i) {
            add_fields(name + "[" + std::to_string(i) + "]", items[i], head, out);
        }
        return;
    }
    out += head + "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n";
    out += value.is_string() ? value.as_string() : json::write(value);
    out += "\r\n";
}

/// A key that needs no escape in a form name.
bool is_plain_key(std::string_view key) {
    return std::all_of(key.begin(), key.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
}

}   // namespace

core::Result<Letter> read_letter(const core::Delivery& delivery) {
    const json::ParseLimits limits{8U << 20U, 64, 200'000};
    auto content = json::parse_or_failure(delivery.content, limits);
    if (!content) {
        return content.error();
    }
    const auto with = json::parse_or_failure(delivery.settings);
    if (!with) {
        return with.error();
    }
    Letter letter;
    letter.delivery = &delivery;
    letter.content = std::move(*content);
    letter.route = read_route(*with);
    return letter;
}

json::Value initialize(const Letter& letter, const std::vector<std::string>& existing_attachments) {
    json::Value made = whole(letter, correspondence_of(letter));
    json::Value existing = json::Value::array();
    for (const auto& id : existing_attachments) {
        existing.push(id);
    }
    made.set("existingAttachments", std::move(existing));
    made.set("idempotentKey", letter.delivery->upstream_key);
    return made;
}

json::Value initialize_with_files(const Letter& letter, const Settings& settings) {
    json::Value correspondence = correspondence_of(letter);
    json::Value attachments = json::Value::array();
    for (std::size_t i = 0; i < letter.documents().size(); ++i) {
        auto attachment = attachment_of(letter, settings, i);
        attachment.set("dataLocationType", "NewCorrespondenceAttachment");
        attachments.push(std::move(attachment));
    }
    correspondence.find("content")->set("attachments", std::move(attachments));
    json::Value made = whole(letter, std::move(correspondence));
    made.set("idempotentKey", letter.delivery->upstream_key);
    return made;
}

json::Value initialize_attachment(const Letter& letter, const Settings& settings,
                                  std::size_t index) {
    json::Value made = attachment_of(letter, settings, index);
    made.set("resourceId", letter.route.resource);
    return made;
}

bool fits_single_call(const Letter& letter, const Settings& settings) {
    std::uint64_t bytes = 0;
    for (const auto& document : letter.documents()) {
        bytes += document.size;
    }
    const auto& properties = letter.content["properties"].members();
    return bytes <= settings.single_call_bytes_max &&
           std::all_of(properties.begin(), properties.end(),
                       [](const json::Member& property) { return is_plain_key(property.first); });
}

Exchange send_json(const Letter& letter, const std::vector<std::string>& existing_attachments) {
    return json_post("/correspondence/api/v1/correspondence",
                     json::write(initialize(letter, existing_attachments)));
}

Exchange send_multipart(const Letter& letter, const Settings& settings) {
    // The delivery's id is made after the content is accepted, so no file can hold it by intent.
    const std::string boundary = "sluse-" + letter.delivery->id.to_string();
    const std::string head = "--" + boundary + "\r\n";
    Exchange exchange("POST", "/correspondence/api/v1/correspondence/upload",
                      sdk::Effect::possible);
    exchange.content_type = "multipart/form-data; boundary=" + boundary;
    std::string text;
    add_fields({}, initialize_with_files(letter, settings), head, text);
    for (const auto& document : letter.documents()) {
        // The name has no quote and no control character: the rules refused those.
        text += head + "Content-Disposition: form-data; name=\"attachments\"; filename=\"" +
                document.name + "\"\r\n";
        text += "Content-Type: application/octet-stream\r\n\r\n";
        exchange.body.emplace_back(std::move(text));
        exchange.body.emplace_back(document);
        text = "\r\n";
    }
    exchange.body.emplace_back(text + "--" + boundary + "--\r\n");
    return exchange;
}

Exchange make_attachment(const Letter& letter, const Settings& settings, std::size_t index) {
    return json_post("/correspondence/api/v1/attachment",
                     json::write(initialize_attachment(letter, settings, index)));
}

}   // namespace gateway::altinn
