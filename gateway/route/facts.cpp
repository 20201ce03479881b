#include "gateway/route/facts.hpp"

#include <array>

namespace gateway::route {

Facts facts_of(const json::Value& message) {
    Facts facts;
    for (const auto* kind : {"person", "organisation", "nhn"}) {
        if (message["recipient"].has(kind)) {
            facts.recipient = kind;
        }
    }
    facts.kind = message["kind"].as_string();
    facts.must_be = message["mustBe"].as_string();
    const auto& confidentiality = message["confidentiality"];
    facts.confidentiality =
        confidentiality.has("level") ? confidentiality["level"].as_string() : "internal";
    facts.health = confidentiality["health"].as_bool();
    facts.child = confidentiality["child"].as_bool();
    facts.graded_address = confidentiality["gradedAddress"].as_bool();
    facts.open_receipt = message["openReceipt"].as_bool();
    facts.ignore_reservation = message["ignoreReservation"].as_bool();
    if (const auto* address = message.find("address")) {
        facts.country = address->has("country") ? (*address)["country"].as_string() : "NO";
    }
    for (const auto& document : message["documents"].items()) {
        const auto size = document["size"].as_int();
        facts.bytes += size > 0 ? static_cast<std::uint64_t>(size) : 0;
        ++facts.documents;
    }
    return facts;
}

std::optional<Contact> read_contact(const json::Value& value) {
    Contact contact;
    if (value.is_null()) {
        contact.status = "not_registered";
        return contact;
    }
    contact.status = value["status"].as_string();
    const bool known = contact.status == "active" || contact.status == "deleted" ||
                       contact.status == "not_registered";
    if (!known || !value["reserved"].is_bool() || !value["canNotify"].is_bool()) {
        return std::nullopt;
    }
    contact.reserved = value["reserved"].as_bool();
    contact.can_notify = value["canNotify"].as_bool();
    const auto& mailbox = value["mailbox"];
    contact.mailbox = contact.status == "active" && !mailbox["address"].as_string().empty() &&
                      !mailbox["operator"].as_string().empty() &&
                      !value["certificate"].as_string().empty();
    return contact;
}

}   // namespace gateway::route
