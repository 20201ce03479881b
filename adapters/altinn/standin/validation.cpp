#include "adapters/altinn/standin/validation.hpp"

#include "adapters/altinn/standin/form.hpp"
#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace gateway::altinn::standin {

using json::Value;

namespace {

constexpr std::size_t recipients_max = 500;
constexpr std::size_t list_max = 10;

constexpr std::array<std::string_view, 7> reference_types{"Generic",
                                                          "AltinnAppInstance",
                                                          "AltinnBrokerFileTransfer",
                                                          "DialogportenDialogId",
                                                          "DialogportenProcessId",
                                                          "DialogportenTransmissionId",
                                                          "DialogportenTransmissionType"};
constexpr std::array<std::string_view, 5> channels{"Email", "Sms", "EmailPreferred", "SmsPreferred",
                                                   "EmailAndSms"};
constexpr std::array<std::string_view, 2> templates{"CustomMessage", "GenericAltinnMessage"};
constexpr std::array<std::string_view, 2> email_types{"Plain", "Html"};
constexpr std::array<std::string_view, 3> locations{
    "NewCorrespondenceAttachment", "ExistingCorrespondenceAttachment", "ExistingExternalStorage"};

struct Check {
    FieldFaults faults;

    void add(const std::string& path, const std::string& why) { faults.emplace_back(path, why); }

    bool text(const Value& value, const std::string& path, bool required, std::size_t most) {
        if (value.is_null()) {
            if (required) {
                add(path, path + " is required");
            }
            return false;
        }
        if (!value.is_string()) {
            add(path, path + " is a text");
            return false;
        }
        const std::size_t size = characters(value.as_string());
        if (size > most || (required && size == 0)) {
            add(path, path + " has 1 to " + std::to_string(most) + " characters");
            return false;
        }
        return true;
    }

    void flag(const Value& value, const std::string& path) {
        if (!value.is_null() && !value.is_bool()) {
            add(path, path + " is true or false");
        }
    }

    void time(const Value& value, const std::string& path) {
        if (!value.is_null() && (!value.is_string() || !core::parse_rfc3339(value.as_string()))) {
            add(path, path + " is a point in time");
        }
    }

    /// Enumerations come as names or as numbers.
    void name(const Value& value, const std::string& path,
              std::span<const std::string_view> names) {
        if (value.is_null()) {
            return;
        }
        const bool known = std::find(names.begin(), names.end(), value.as_string()) != names.end();
        const bool number = value.is_int() && value.as_int() >= 0 &&
                            value.as_int() <= static_cast<std::int64_t>(names.size());
        if (!known && !number) {
            add(path, path + " has an unknown value");
        }
    }

    void attachment(const Value& value, const std::string& path);
    void references(const Value& list);
    void properties(const Value& map);
    void notification(const Value& value);
    void recipients(const Value& list);
};

bool is_md5(const std::string& text) {
    return text.empty() ||
           (text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos);
}

void Check::attachment(const Value& value, const std::string& path) {
    if (!value.is_object()) {
        add(path, path + " is an object");
        return;
    }
    const auto at = [&](const char* member) { return path.empty() ? member : path + "." + member; };
    // The name's own rules have codes of their own; only its kind is judged here.
    const Value& file_name = get(value, "fileName");
    if (!file_name.is_null() && !file_name.is_string()) {
        add(at("FileName"), "FileName is a text");
    }
    text(get(value, "displayName"), at("DisplayName"), false, 255);
    text(get(value, "sendersReference"), at("SendersReference"), true, 4096);
    flag(get(value, "isEncrypted"), at("IsEncrypted"));
    const Value& checksum = get(value, "checksum");
    if (!checksum.is_null() && (!checksum.is_string() || !is_md5(checksum.as_string()))) {
        add(at("Checksum"), "Checksum is an MD5 of 32 lower-case hexadecimal characters");
    }
    const Value& days = get(value, "expirationInDays");
    if (!days.is_null() && (!days.is_int() || days.as_int() < 1)) {
        add(at("ExpirationInDays"), "ExpirationInDays is at least 1");
    }
    name(get(value, "dataLocationType"), at("DataLocationType"), locations);
}

void Check::references(const Value& list) {
    if (list.is_null()) {
        return;
    }
    const std::string path = "Correspondence.ExternalReferences";
    if (!list.is_array() || list.items().size() > list_max) {
        add(path, "ExternalReferences has at most 10 entries");
        return;
    }
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        const std::string at = path + "[" + std::to_string(i) + "]";
        const Value& item = list.items()[i];
        text(get(item, "referenceValue"), at + ".ReferenceValue", true, 4096);
        if (get(item, "referenceType").is_null()) {
            add(at + ".ReferenceType", "ReferenceType is required");
        }
        name(get(item, "referenceType"), at + ".ReferenceType", reference_types);
        if (get(item, "referenceType").as_string() == "DialogportenTransmissionId") {
            add(at + ".ReferenceType", "DialogportenTransmissionId is given by the service");
        }
    }
}

void Check::properties(const Value& map) {
    if (map.is_null()) {
        return;
    }
    const std::string path = "Correspondence.PropertyList";
    if (!map.is_object() || map.members().size() > list_max) {
        add(path, "PropertyList has at most 10 entries");
        return;
    }
    for (const auto& [key, value] : map.members()) {
        if (characters(key) > 50 || !value.is_string() || characters(value.as_string()) > 300) {
            add(path, "PropertyList keys have at most 50 characters, values 300");
        }
    }
}

void Check::notification(const Value& value) {
    if (value.is_null()) {
        return;
    }
    const std::string path = "Correspondence.Notification";
    if (!value.is_object()) {
        add(path, "Notification is an object");
        return;
    }
    text(get(value, "emailSubject"), path + ".EmailSubject", false, 512);
    text(get(value, "emailBody"), path + ".EmailBody", false, 10'000);
    text(get(value, "smsBody"), path + ".SmsBody", false, 2144);
    text(get(value, "reminderEmailSubject"), path + ".ReminderEmailSubject", false, 512);
    text(get(value, "reminderEmailBody"), path + ".ReminderEmailBody", false, 10'000);
    text(get(value, "reminderSmsBody"), path + ".ReminderSmsBody", false, 2144);
    flag(get(value, "sendReminder"), path + ".SendReminder");
    flag(get(value, "overrideRegisteredContactInformation"),
         path + ".OverrideRegisteredContactInformation");
    name(get(value, "notificationTemplate"), path + ".NotificationTemplate", templates);
    name(get(value, "notificationChannel"), path + ".NotificationChannel", channels);
    name(get(value, "reminderNotificationChannel"), path + ".ReminderNotificationChannel",
         channels);
    name(get(value, "emailContentType"), path + ".EmailContentType", email_types);
    name(get(value, "reminderEmailContentType"), path + ".ReminderEmailContentType", email_types);
}

bool is_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_recipient(std::string_view text) {
    for (const std::string_view prefix : {"0192:", "urn:altinn:organization:identifier-no:"}) {
        if (text.starts_with(prefix)) {
            const std::string_view number = text.substr(prefix.size());
            return number.size() == 9 && is_digits(number) && core::is_organisation_number(number);
        }
    }
    constexpr std::string_view person = "urn:altinn:person:identifier-no:";
    constexpr std::string_view mail = "urn:altinn:person:idporten-email:";
    constexpr std::string_view legacy = "urn:altinn:person:legacy-selfidentified:";
    if (text.starts_with(mail)) {
        return text.size() > mail.size();
    }
    if (text.starts_with(legacy)) {
        return text.size() > legacy.size() &&
               text.find(':', legacy.size()) == std::string_view::npos;
    }
    const std::string_view number = text.starts_with(person) ? text.substr(person.size()) : text;
    return core::is_person_number(number);
}

void Check::recipients(const Value& list) {
    if (list.items().empty()) {
        add("Recipients", "Recipients can not be empty");
        return;
    }
    if (list.items().size() > recipients_max) {
        add("Recipients", "Recipients has at most 500 entries");
    }
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        if (!is_recipient(list.items()[i].as_string())) {
            add("Recipients[" + std::to_string(i) + "]",
                "A recipient is an organisation or a person by its identifier");
        }
    }
}

}   // namespace

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

FieldFaults validate_attachment(const Value& attachment, const std::string& path) {
    Check check;
    check.attachment(attachment, path);
    if (path.empty()) {
        check.text(get(attachment, "resourceId"), "ResourceId", true, 255);
    }
    return std::move(check.faults);
}

FieldFaults validate_initialize(const Value& request) {
    Check check;
    const Value& letter = get(request, "correspondence");
    if (!letter.is_object()) {
        check.add("Correspondence", "Correspondence is required");
        check.recipients(get(request, "recipients"));
        return std::move(check.faults);
    }
    check.text(get(letter, "resourceId"), "Correspondence.ResourceId", true, 255);
    check.text(get(letter, "sendersReference"), "Correspondence.SendersReference", true, 4096);
    check.text(get(letter, "messageSender"), "Correspondence.MessageSender", false, 255);
    check.time(get(letter, "requestedPublishTime"), "Correspondence.RequestedPublishTime");
    check.time(get(letter, "dueDateTime"), "Correspondence.DueDateTime");
    for (const char* name :
         {"ignoreReservation", "isConfirmationNeeded", "isConfidential", "allowForwarding"}) {
        check.flag(get(letter, name), std::string("Correspondence.") + name);
    }
    check.references(get(letter, "externalReferences"));
    check.properties(get(letter, "propertyList"));
    check.notification(get(letter, "notification"));
    const Value& content = get(letter, "content");
    if (!content.is_null() && !content.is_object()) {
        check.add("Correspondence.Content", "Content is an object");
    }
    for (const char* name : {"language", "messageTitle", "messageSummary", "messageBody"}) {
        const Value& value = get(content, name);
        if (!value.is_null() && !value.is_string()) {
            check.add(std::string("Correspondence.Content.") + name,
                      std::string(name) + " is a text");
        }
    }
    const Value& files = get(content, "attachments");
    for (std::size_t i = 0; i < files.items().size(); ++i) {
        check.attachment(files.items()[i],
                         "Correspondence.Content.Attachments[" + std::to_string(i) + "]");
    }
    check.recipients(get(request, "recipients"));
    for (const Value& id : get(request, "existingAttachments").items()) {
        if (!core::parse_uuid(id.as_string())) {
            check.add("ExistingAttachments", "ExistingAttachments holds GUIDs");
        }
    }
    const Value& key = get(request, "idempotentKey");
    if (!key.is_null() && !core::parse_uuid(key.as_string())) {
        check.add("IdempotentKey", "IdempotentKey is a GUID");
    }
    return std::move(check.faults);
}

}   // namespace gateway::altinn::standin
