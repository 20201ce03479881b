#include "adapters/altinn_broker/standin/model.hpp"

#include <algorithm>

namespace gateway::altinn_broker::standin {

using json::Value;

namespace {

std::int64_t number(core::Time time) {
    return static_cast<std::int64_t>(time.time_since_epoch().count());
}

core::Time time_of(const Value& value) {
    return core::Time(core::Duration(value.as_int()));
}

Value to_json(const History& history) {
    Value list = Value::array();
    for (const StatusEvent& event : history) {
        Value one;
        one.set("status", event.status).set("text", event.text).set("at", number(event.at));
        list.push(std::move(one));
    }
    return list;
}

History history_from(const Value& value) {
    History history;
    for (const Value& one : value.items()) {
        history.emplace_back(one["status"].as_string(), one["text"].as_string(),
                             time_of(one["at"]));
    }
    return history;
}

std::string actor(const std::string& organisation) {
    return "0192:" + organisation;
}

}   // namespace

const Recipient* Transfer::recipient(const std::string& organisation) const {
    const auto found =
        std::find_if(recipients.begin(), recipients.end(),
                     [&](const Recipient& one) { return one.organisation == organisation; });
    return found == recipients.end() ? nullptr : &*found;
}

Recipient* Transfer::recipient(const std::string& organisation) {
    return const_cast<Recipient*>(std::as_const(*this).recipient(organisation));
}

bool Transfer::all_confirmed() const {
    return std::all_of(recipients.begin(), recipients.end(),
                       [](const Recipient& one) { return one.status() == "DownloadConfirmed"; });
}

std::optional<core::Time> Transfer::published() const {
    for (const StatusEvent& event : history) {
        if (event.status == "Published") {
            return event.at;
        }
    }
    return std::nullopt;
}

Value to_json(const Transfer& transfer) {
    Value recipients = Value::array();
    for (const Recipient& one : transfer.recipients) {
        Value item;
        item.set("organisation", one.organisation).set("history", to_json(one.history));
        recipients.push(std::move(item));
    }
    Value out;
    out.set("resource", transfer.resource).set("sender", transfer.sender);
    out.set("fileName", transfer.file_name).set("reference", transfer.reference);
    out.set("checksum", transfer.checksum).set("properties", transfer.properties);
    out.set("scan", transfer.scan).set("created", number(transfer.created));
    out.set("expires", number(transfer.expires)).set("history", to_json(transfer.history));
    out.set("recipients", std::move(recipients));
    out.set("size", static_cast<std::int64_t>(transfer.size)).set("sha256", transfer.sha256);
    out.set("infected", transfer.infected).set("tusUntil", number(transfer.tus_until));
    out.set("downloads", transfer.downloads);
    if (transfer.tus_length) {
        out.set("tusLength", *transfer.tus_length);
    }
    if (transfer.due) {
        out.set("due", number(*transfer.due));
    }
    return out;
}

Transfer transfer_from(const std::string& id, const Value& value) {
    Transfer out;
    out.id = id;
    out.resource = value["resource"].as_string();
    out.sender = value["sender"].as_string();
    out.file_name = value["fileName"].as_string();
    out.reference = value["reference"].as_string();
    out.checksum = value["checksum"].as_string();
    out.properties = value["properties"];
    out.scan = value["scan"].as_bool();
    out.created = time_of(value["created"]);
    out.expires = time_of(value["expires"]);
    out.history = history_from(value["history"]);
    for (const Value& item : value["recipients"].items()) {
        Recipient one;
        one.organisation = item["organisation"].as_string();
        one.history = history_from(item["history"]);
        out.recipients.push_back(std::move(one));
    }
    out.size = static_cast<std::uint64_t>(value["size"].as_int());
    out.sha256 = value["sha256"].as_string();
    out.infected = value["infected"].as_bool();
    out.tus_until = time_of(value["tusUntil"]);
    out.downloads = value["downloads"].as_int();
    if (value.has("tusLength")) {
        out.tus_length = value["tusLength"].as_int();
    }
    if (value.has("due")) {
        out.due = time_of(value["due"]);
    }
    return out;
}

Value view(const Transfer& transfer, bool details) {
    const StatusEvent& now = transfer.history.back();
    Value recipients = Value::array();
    Value recipient_history = Value::array();
    for (const Recipient& one : transfer.recipients) {
        const StatusEvent& current = one.history.back();
        Value item;
        item.set("recipient", actor(one.organisation));
        item.set("currentRecipientFileTransferStatusCode", current.status);
        item.set("currentRecipientFileTransferStatusText", current.text);
        item.set("currentRecipientFileTransferStatusChanged", core::to_rfc3339(current.at));
        recipients.push(std::move(item));
        for (const StatusEvent& event : one.history) {
            Value past;
            past.set("recipient", actor(one.organisation));
            past.set("recipientFileTransferStatusCode", event.status);
            past.set("recipientFileTransferStatusText", event.text);
            past.set("recipientFileTransferStatusChanged", core::to_rfc3339(event.at));
            recipient_history.push(std::move(past));
        }
    }
    Value out;
    out.set("fileTransferId", transfer.id).set("resourceId", transfer.resource);
    out.set("fileName", transfer.file_name);
    out.set("sendersFileTransferReference", transfer.reference);
    out.set("checksum", transfer.checksum.empty() ? Value() : Value(transfer.checksum));
    out.set("useVirusScan", transfer.scan);
    out.set("fileTransferSize", static_cast<std::int64_t>(transfer.size));
    out.set("fileTransferStatus", now.status).set("fileTransferStatusText", now.text);
    out.set("fileTransferStatusChanged", core::to_rfc3339(now.at));
    out.set("created", core::to_rfc3339(transfer.created));
    out.set("expirationTime", core::to_rfc3339(transfer.expires));
    out.set("sender", actor(transfer.sender)).set("recipients", std::move(recipients));
    out.set("propertyList", transfer.properties);
    if (!details) {
        const auto published = transfer.published();
        out.set("published", published ? Value(core::to_rfc3339(*published)) : Value());
        return out;
    }
    Value past = Value::array();
    for (const StatusEvent& event : transfer.history) {
        Value one;
        one.set("fileTransferStatus", event.status).set("fileTransferStatusText", event.text);
        one.set("fileTransferStatusChanged", core::to_rfc3339(event.at));
        past.push(std::move(one));
    }
    out.set("fileTransferStatusHistory", std::move(past));
    out.set("recipientFileTransferStatusHistory", std::move(recipient_history));
    return out;
}

}   // namespace gateway::altinn_broker::standin
