#include "adapters/digital_post/standin/receipts.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/skewed_clock.hpp"

#include <algorithm>

namespace gateway::digital_post::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::int64_t day = 24LL * 3600;

Value organisation(const std::string& number) {
    Value out;
    out.set("authority", "iso6523-actorid-upis").set("value", "0192:" + number);
    return out;
}

Value partner(const std::string& number) {
    Value out;
    out.set("identifier", organisation(number));
    return Value::array().push(std::move(out));
}

Value header_of(const Message& message, const std::string& type, const std::string& id,
                const std::string& conversation, core::Time at) {
    Value identification;
    identification.set("standard",
                       "urn:fdc:digdir.no:2020:innbyggerpost:xsd::innbyggerpost##urn:fdc:digdir.no:"
                       "2020:innbyggerpost:schema:" +
                           type + "::1.0");
    identification.set("typeVersion", "1.0").set("instanceIdentifier", id).set("type", type);
    identification.set("creationDateAndTime", core::to_rfc3339(at));
    Value scope;
    scope.set("type", "ConversationId").set("instanceIdentifier", conversation);
    scope.set("identifier", message.process);
    Value scopes;
    scopes.set("scope", Value::array().push(std::move(scope)));
    Value header;
    header.set("headerVersion", "1.0").set("sender", partner(message.receiver));
    header.set("receiver", partner(message.signer));
    header.set("documentIdentification", std::move(identification));
    header.set("businessScope", std::move(scopes));
    return header;
}

Value body_of(const Message& message, const Value& wanted, core::Time at) {
    Value from;
    from.set("virksomhetsidentifikator", organisation(message.receiver));
    Value to;
    to.set("virksomhetsidentifikator", organisation(message.avsender));
    if (!message.sender_unit.empty()) {
        to.set("motakeridentifikator", message.sender_unit);
    }
    Value body;
    body.set("avsender", std::move(from)).set("mottaker", std::move(to));
    body.set("tidspunkt", core::to_rfc3339(at));
    for (const auto& [name, value] : wanted.members()) {
        if (name != "type") {
            body.set(name, value);
        }
    }
    return body;
}

Value document_of(Value header, const std::string& key, Value body) {
    Value inner;
    inner.set("standardBusinessDocumentHeader", std::move(header)).set(key, std::move(body));
    Value out;
    out.set("standardBusinessDocument", std::move(inner));
    return out;
}

std::string sign(const Value& payload, const kit::Issued& by) {
    Value header;
    header.set("x5c", Value::array().push(kit::base64(by.certificate.der())));
    header.set("alg", "RS256");
    const std::string text =
        kit::base64url(json::write(header)) + "." + kit::base64url(json::write(payload));
    return text + "." + kit::base64url(by.key.sign("RS256", text));
}

/// A certificate of that organisation which no authority has signed.
kit::Issued self_made(const std::string& number, core::Time at) {
    kit::CertificateOrder order;
    order.organisation = number;
    order.name = "Ukjent";
    order.bits = 2048;
    order.not_before = kit::seconds(at) - day;
    order.not_after = kit::seconds(at) + day;
    order.self_signed = true;
    const kit::Key key = kit::Key::generate(2048);
    return kit::issue(order, kit::make_authority("Ukjent", key), key);
}

const char* another(const std::string& number) {
    const auto found =
        std::find_if(kit::operators.begin(), kit::operators.end(),
                     [&](const kit::Operator& one) { return number != one.organisation; });
    return found->organisation;
}

}   // namespace

const std::vector<std::string>& ReceiptWriter::ways_to_spoil() {
    static const std::vector<std::string> ways{
        "wrong_signature", "wrong_organisation", "untrusted", "unknown_conversation",
        "truncated",       "extra_field",        "wrong_key"};
    return ways;
}

std::optional<std::string> ReceiptWriter::objection(const Message& message, const Value& wanted,
                                                    core::Time at) const {
    const std::string& type = wanted["type"].as_string();
    if (type == message.type || type == "digital" || type == "utskrift") {
        return "type is that of a receipt";
    }
    if (operators_.find(message.receiver) == nullptr) {
        return "the message has reached no operator";
    }
    return shapes_.objection(
        type, document_of(header_of(message, type, message.id, message.conversation, at), type,
                          body_of(message, wanted, at)));
}

Receipt ReceiptWriter::write(const Message& message, const Value& wanted, core::Time at,
                             const std::string& spoiled) const {
    const std::string& type = wanted["type"].as_string();
    Receipt out;
    out.id = kit::random_uuid();
    out.message = message.id;
    out.type = type;
    out.spoiled = spoiled;
    out.channel = message.channel;
    out.databehandler = message.databehandler;
    out.sender_unit = message.sender_unit;
    out.at = at;
    const std::string conversation =
        spoiled == "unknown_conversation" ? kit::random_uuid() : message.conversation;
    Value body = body_of(message, wanted, at);
    if (spoiled == "extra_field") {
        body.set("maskinportentoken", "ABCDE");
    }
    const std::string key = spoiled == "wrong_key" ? "digital" : type;
    const Value document =
        document_of(header_of(message, type, out.id, conversation, at), key, std::move(body));
    const std::string number = message.receiver;
    if (spoiled == "untrusted") {
        out.jws = sign(document, self_made(number, at));
    } else if (spoiled == "wrong_organisation") {
        out.jws = sign(document, *operators_.find(another(number)));
    } else {
        out.jws = sign(document, *operators_.find(number));
    }
    if (spoiled == "wrong_signature") {
        const std::size_t dot = out.jws.rfind('.');
        std::string signature = *kit::from_base64url(std::string_view(out.jws).substr(dot + 1));
        signature[signature.size() / 2] = static_cast<char>(signature[signature.size() / 2] ^ 1);
        out.jws = out.jws.substr(0, dot + 1) + kit::base64url(signature);
    } else if (spoiled == "truncated") {
        out.jws.resize(out.jws.size() / 2);
    }
    return out;
}

}   // namespace gateway::digital_post::standin
