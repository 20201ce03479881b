#include "adapters/altinn/standin/views.hpp"

#include "adapters/altinn/standin/form.hpp"
#include "adapters/altinn/standin/rules.hpp"

namespace gateway::altinn::standin {

using json::Value;

namespace {

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

Value status_event(const StatusEvent& event) {
    Value out;
    out.set("status", event.status).set("statusText", event.text);
    out.set("statusChanged", core::to_rfc3339(event.at));
    return out;
}

void set_status(Value& out, const StatusEvent& event) {
    out.set("status", event.status).set("statusText", event.text);
    out.set("statusChanged", core::to_rfc3339(event.at));
}

void set_file(Value& out, const Attachment& attachment) {
    out.set("fileName", attachment.file_name);
    out.set("displayName", text_or_null(attachment.display_name));
    out.set("isEncrypted", attachment.encrypted);
    out.set("checksum", text_or_null(attachment.checksum));
    out.set("sendersReference", attachment.senders_reference);
    out.set("expirationInDays",
            attachment.expiration_days ? Value(*attachment.expiration_days) : Value());
}

Value letter_attachment(const Attachment& attachment) {
    Value out;
    set_file(out, attachment);
    out.set("id", attachment.id).set("dataLocationType", "AltinnCorrespondenceAttachment");
    out.set("created", core::to_rfc3339(attachment.created));
    set_status(out, attachment.status());
    out.set("dataType", mime_type(attachment.file_name));
    const auto expires = attachment.expires();
    out.set("expirationTime", expires ? Value(core::to_rfc3339(*expires)) : Value());
    return out;
}

Value references(const Correspondence& correspondence) {
    Value list = get(correspondence.content, "externalReferences");
    if (list.is_null()) {
        list = Value::array();
    }
    if (!correspondence.transmission && !correspondence.dialog.empty()) {
        Value dialog;
        dialog.set("referenceType", "DialogportenDialogId");
        dialog.set("referenceValue", correspondence.dialog);
        list.push(std::move(dialog));
    }
    return list;
}

/// One channel's outcome: who it went to and how it went.
Value notice(const Correspondence& correspondence, const Value& order, bool delivered,
             const char* status, const std::string& at) {
    Value recipient = Value::object();
    const std::string number =
        correspondence.recipient.substr(correspondence.recipient.rfind(':') + 1);
    recipient.set(is_person(correspondence.recipient) ? "nationalIdentityNumber"
                                                      : "organizationNumber",
                  number);
    Value send;
    send.set("status", status).set("description", Value()).set("lastUpdate", at);
    Value out;
    out.set("id", order["orderId"]).set("succeeded", delivered);
    out.set("recipient", std::move(recipient)).set("sendStatus", std::move(send));
    return out;
}

Value notification_view(const Book& book, const Correspondence& correspondence,
                        const Value& order) {
    const std::string& channel = order["channel"].as_string();
    const bool contact = order["status"].as_string() == "Success";
    const bool sent =
        correspondence.published && *correspondence.published + book.pace().notice <= book.now();
    const bool reminder = order["isReminder"].as_bool();
    const bool due = sent && !reminder;
    const std::string at = core::to_rfc3339(due ? *correspondence.published + book.pace().notice
                                                : correspondence.created);
    const bool mail = contact && due && channel != "Sms" && channel != "SmsPreferred";
    const bool text = contact && due &&
                      (channel == "Sms" || channel == "SmsPreferred" || channel == "EmailAndSms");
    Value process;
    process.set("status", due ? "Order_Completed" : "Order_Registered");
    process.set("description", Value()).set("lastUpdate", at);
    Value email = mail ? notice(correspondence, order, true, "Email_Delivered", at) : Value();
    Value sms = text ? notice(correspondence, order, true, "SMS_Delivered", at) : Value();
    Value details;
    details.set("emails", email.is_null() ? Value::array() : Value::array().push(email));
    details.set("smses", sms.is_null() ? Value::array() : Value::array().push(sms));
    details.set("email", std::move(email)).set("sms", std::move(sms));
    Value out;
    out.set("id", order["orderId"]).set("isReminder", reminder);
    out.set("sendersReference",
            get(get(correspondence.content, "notification"), "sendersReference"));
    out.set("creator", correspondence.owner)
        .set("created", core::to_rfc3339(correspondence.created));
    out.set("notificationChannel", channel).set("resourceId", correspondence.resource);
    out.set("ignoreReservation", get(correspondence.content, "ignoreReservation"));
    out.set("processingStatus", std::move(process));
    out.set("notificationStatusDetails", std::move(details));
    return out;
}

Value overview(Book& book, const Correspondence& correspondence) {
    const Value& sent = correspondence.content;
    const Value& content = get(sent, "content");
    Value files = Value::array();
    for (const std::string& id : correspondence.attachments) {
        const Attachment* attachment = book.attachment(id);
        if (attachment != nullptr) {
            files.push(letter_attachment(*attachment));
        }
    }
    Value inside;
    inside.set("language", get(content, "language"))
        .set("messageTitle", get(content, "messageTitle"));
    inside.set("messageSummary", get(content, "messageSummary"));
    inside.set("messageBody", get(content, "messageBody")).set("attachments", std::move(files));
    Value out;
    out.set("resourceId", correspondence.resource);
    out.set("sender", "urn:altinn:organization:identifier-no:" + correspondence.owner);
    for (const char* name : {"sendersReference", "messageSender", "requestedPublishTime",
                             "dueDateTime", "replyOptions", "notification", "ignoreReservation"}) {
        out.set(name, get(sent, name));
    }
    out.set("content", std::move(inside)).set("externalReferences", references(correspondence));
    const Value& properties = get(sent, "propertyList");
    out.set("propertyList", properties.is_object() ? properties : Value::object());
    for (const char* name : {"isConfirmationNeeded", "isConfidential", "allowForwarding"}) {
        out.set(name, get(sent, name).as_bool());
    }
    out.set("recipient", correspondence.recipient).set("correspondenceId", correspondence.id);
    out.set("created", core::to_rfc3339(correspondence.created));
    set_status(out, correspondence.status());
    out.set("altinn2CorrespondenceId", Value());
    const auto read = correspondence.when("Read");
    out.set("published", correspondence.published
                             ? Value(core::to_rfc3339(*correspondence.published))
                             : Value());
    out.set("read", read ? Value(core::to_rfc3339(*read)) : Value());
    return out;
}

}   // namespace

Value attachment_view(const Book& book, const Attachment& attachment, bool details) {
    Value letters = Value::array();
    for (const std::string& id : book.linked_to(attachment.id)) {
        letters.push(id);
    }
    Value out;
    set_file(out, attachment);
    out.set("resourceId", attachment.resource);
    out.set("sender", "urn:altinn:organization:identifier-no:" + attachment.owner);
    out.set("attachmentId", attachment.id);
    set_status(out, attachment.status());
    out.set("correspondenceIds", std::move(letters))
        .set("dataType", mime_type(attachment.file_name));
    if (details) {
        Value history = Value::array();
        for (const StatusEvent& event : attachment.history) {
            history.push(status_event(event));
        }
        out.set("statusHistory", std::move(history));
    }
    return out;
}

Value correspondence_view(Book& book, const Correspondence& correspondence) {
    Value out = overview(book, correspondence);
    Value orders = Value::array();
    for (const Value& order : correspondence.notifications.items()) {
        Value item;
        item.set("notificationOrderId", order["orderId"]).set("isReminder", order["isReminder"]);
        orders.push(std::move(item));
    }
    out.set("notifications", std::move(orders));
    return out;
}

Value correspondence_details(Book& book, const Correspondence& correspondence) {
    Value out = overview(book, correspondence);
    Value orders = Value::array();
    for (const Value& order : correspondence.notifications.items()) {
        orders.push(notification_view(book, correspondence, order));
    }
    Value history = Value::array();
    for (const StatusEvent& event : correspondence.history) {
        history.push(status_event(event));
    }
    out.set("notifications", std::move(orders)).set("statusHistory", std::move(history));
    out.set("systemLabel", "Default");
    return out;
}

Value audit_view(Book& book, const Correspondence& correspondence) {
    Value files = Value::array();
    for (const std::string& id : correspondence.attachments) {
        const Attachment* attachment = book.attachment(id);
        if (attachment == nullptr) {
            continue;
        }
        Value file;
        file.set("id", id).set("fileName", attachment->file_name).set("size", attachment->size);
        file.set("sha256", attachment->sha256).set("status", attachment->status().status);
        files.push(std::move(file));
    }
    const Value& content = get(correspondence.content, "content");
    Value history = Value::array();
    for (const StatusEvent& event : correspondence.history) {
        history.push(status_event(event));
    }
    Value out;
    out.set("correspondenceId", correspondence.id)
        .set("idempotentKey", correspondence.idempotent_key);
    out.set("recipient", correspondence.recipient).set("status", correspondence.status().status);
    out.set("resourceId", correspondence.resource);
    out.set("sendersReference", get(correspondence.content, "sendersReference"));
    out.set("messageTitle", get(content, "messageTitle"));
    out.set("attachments", std::move(files)).set("statusHistory", std::move(history));
    return out;
}

}   // namespace gateway::altinn::standin
