#include "adapters/svarut/standin/shipment.hpp"

namespace gateway::svarut::standin {

using json::Value;

namespace {

Value moments(const std::vector<Moment>& list) {
    Value out = Value::array();
    for (const auto& one : list) {
        Value item;
        item.set("what", one.what).set("at", core::to_rfc3339(one.at));
        out.push(std::move(item));
    }
    return out;
}

std::vector<Moment> moments_from(const Value& list) {
    std::vector<Moment> out;
    for (const auto& item : list.items()) {
        const auto at = core::parse_rfc3339(item["at"].as_string());
        out.emplace_back(item["what"].as_string(), at ? *at : core::Time{});
    }
    return out;
}

}   // namespace

bool Shipment::is_highest_level() const {
    return order["sikkerhetsniva"].as_string() == "HOYESTE" ||
           order["krevNiva4Innlogging"].as_bool();
}

bool Shipment::has_address() const {
    const Value& recipient_given = order["mottaker"];
    const Value& address =
        recipient_given.has("adresse") ? recipient_given["adresse"] : recipient_given;
    return !address["adresselinje1"].as_string().empty() &&
           !address["poststed"].as_string().empty();
}

std::string status_name(const std::string& status, const std::string& version) {
    if (version == "v3") {
        return status;
    }
    if (status == "FEILET_UNDER_MOTTAK") {
        return "AVVIST";
    }
    if (status == "SENDT_ALTINN" || status == "LEVERT_ALTINN" || status == "SENDT_NHN_MOTTAKER" ||
        status == "LEVERT_NHN_MOTTAKER") {
        return "SENDT_DIGITALT";
    }
    return status == "SLETTET" ? "MANUELT_HANDTERT" : status;
}

Value to_json(const Shipment& shipment) {
    Value documents = Value::array();
    for (const auto& one : shipment.documents) {
        Value item;
        item.set("name", one.name).set("mediaType", one.media_type).set("sha256", one.sha256);
        item.set("size", static_cast<std::int64_t>(one.size));
        documents.push(std::move(item));
    }
    Value out;
    out.set("id", shipment.id).set("account", shipment.account).set("sender", shipment.sender);
    out.set("version", shipment.version).set("kind", shipment.kind);
    out.set("recipient", shipment.recipient).set("order", shipment.order);
    out.set("documents", std::move(documents)).set("readable", shipment.readable);
    out.set("deleted", shipment.deleted).set("history", moments(shipment.history));
    out.set("happenings", moments(shipment.happenings)).set("signing", moments(shipment.signing));
    out.set("mailbox", shipment.mailbox).set("taken", shipment.taken);
    out.set("sentOn", shipment.sent_on).set("failures", shipment.failures);
    out.set("downloads", shipment.downloads).set("status", shipment.status());
    if (shipment.due) {
        out.set("due", core::to_rfc3339(*shipment.due));
    }
    return out;
}

Shipment shipment_from(const std::string& id, const Value& value) {
    Shipment out;
    out.id = id;
    out.account = value["account"].as_string();
    out.sender = value["sender"].as_string();
    out.version = value["version"].as_string();
    out.kind = value["kind"].as_string();
    out.recipient = value["recipient"].as_string();
    out.order = value["order"];
    for (const auto& item : value["documents"].items()) {
        Document document;
        document.name = item["name"].as_string();
        document.media_type = item["mediaType"].as_string();
        document.sha256 = item["sha256"].as_string();
        document.size = static_cast<std::uint64_t>(item["size"].as_int());
        out.documents.push_back(std::move(document));
    }
    out.readable = value["readable"].as_bool(true);
    out.deleted = value["deleted"].as_string();
    out.history = moments_from(value["history"]);
    out.happenings = moments_from(value["happenings"]);
    out.signing = moments_from(value["signing"]);
    out.mailbox = value["mailbox"].as_string();
    out.taken = value["taken"].as_bool();
    out.sent_on = value["sentOn"].as_bool();
    out.failures = value["failures"].as_int();
    out.downloads = value["downloads"].as_int();
    if (value.has("due")) {
        const auto due = core::parse_rfc3339(value["due"].as_string());
        out.due = due ? std::optional(*due) : std::nullopt;
    }
    return out;
}

}   // namespace gateway::svarut::standin
