#include "adapters/digital_post/standin/model.hpp"

#include <algorithm>

namespace gateway::digital_post::standin {

using json::Value;

namespace {

std::int64_t number(core::Time time) {
    return time.time_since_epoch().count();
}
core::Time time_of(const Value& value) {
    return core::Time(core::Duration(value.as_int()));
}

}   // namespace

bool Message::has_status(std::string_view name) const {
    return std::any_of(history.begin(), history.end(),
                       [&](const Status& status) { return status.name == name; });
}

Value to_json(const Message& message) {
    Value history = Value::array();
    for (const Status& status : message.history) {
        Value item;
        item.set("status", status.name).set("text", status.text).set("at", number(status.at));
        history.push(std::move(item));
    }
    Value steps = Value::array();
    for (const Step& step : message.steps) {
        Value item;
        item.set("what", step.what).set("at", number(step.at)).set("with", step.with);
        steps.push(std::move(item));
    }
    Value out;
    out.set("conversation", message.conversation).set("type", message.type);
    out.set("process", message.process).set("channel", message.channel);
    out.set("databehandler", message.databehandler).set("signer", message.signer);
    out.set("avsender", message.avsender).set("senderUnit", message.sender_unit);
    out.set("receiver", message.receiver).set("digest", message.digest);
    out.set("body", message.body).set("packageBytes", message.package_bytes);
    out.set("arrived", number(message.arrived)).set("history", std::move(history));
    out.set("steps", std::move(steps)).set("opened", message.opened);
    out.set("objection", message.objection).set("delivered", message.delivered);
    return out;
}

Message message_from(const std::string& id, const Value& value) {
    Message out;
    out.id = id;
    out.conversation = value["conversation"].as_string();
    out.type = value["type"].as_string();
    out.process = value["process"].as_string();
    out.channel = value["channel"].as_string();
    out.databehandler = value["databehandler"].as_string();
    out.signer = value["signer"].as_string();
    out.avsender = value["avsender"].as_string();
    out.sender_unit = value["senderUnit"].as_string();
    out.receiver = value["receiver"].as_string();
    out.digest = value["digest"].as_string();
    out.body = value["body"];
    out.package_bytes = static_cast<std::uint64_t>(value["packageBytes"].as_int());
    out.arrived = time_of(value["arrived"]);
    for (const Value& item : value["history"].items()) {
        out.history.emplace_back(item["status"].as_string(), item["text"].as_string(),
                                 time_of(item["at"]));
    }
    for (const Value& item : value["steps"].items()) {
        out.steps.emplace_back(item["what"].as_string(), time_of(item["at"]), item["with"]);
    }
    out.opened = value["opened"];
    out.objection = value["objection"].as_string();
    out.delivered = value["delivered"].as_bool();
    return out;
}

Value to_json(const Receipt& receipt) {
    Value out;
    out.set("number", receipt.number).set("id", receipt.id).set("message", receipt.message);
    out.set("type", receipt.type).set("spoiled", receipt.spoiled).set("jws", receipt.jws);
    out.set("channel", receipt.channel).set("databehandler", receipt.databehandler);
    out.set("senderUnit", receipt.sender_unit).set("at", number(receipt.at));
    out.set("read", receipt.read);
    return out;
}

Receipt receipt_from(const Value& value) {
    Receipt out;
    out.number = static_cast<std::uint64_t>(value["number"].as_int());
    out.id = value["id"].as_string();
    out.message = value["message"].as_string();
    out.type = value["type"].as_string();
    out.spoiled = value["spoiled"].as_string();
    out.jws = value["jws"].as_string();
    out.channel = value["channel"].as_string();
    out.databehandler = value["databehandler"].as_string();
    out.sender_unit = value["senderUnit"].as_string();
    out.at = time_of(value["at"]);
    out.read = value["read"].as_bool();
    return out;
}

}   // namespace gateway::digital_post::standin
