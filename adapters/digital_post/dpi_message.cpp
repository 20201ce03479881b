#include "adapters/digital_post/dpi_message.hpp"

#include "adapters/digital_post/dpi_address.hpp"
#include "adapters/digital_post/dpi_manifest.hpp"
#include "gateway/crypto/base64url.hpp"

namespace gateway::digital_post {
namespace {

constexpr const char* authority = "iso6523-actorid-upis";
constexpr const char* sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr const char* standard_head = "urn:fdc:digdir.no:2020:innbyggerpost:xsd::innbyggerpost##"
                                      "urn:fdc:digdir.no:2020:innbyggerpost:schema:";
constexpr const char* profile_head = "urn:fdc:digdir.no:2020:profile:egovernment:innbyggerpost:";

const char* type_of(const Letter& letter) {
    return letter.is_print() ? "utskrift" : "digital";
}

json::Value identifier(const std::string& organisation) {
    json::Value made;
    made.set("authority", authority).set("value", "0192:" + organisation);
    return made;
}

json::Value party(const std::string& organisation) {
    json::Value one;
    one.set("identifier", identifier(organisation));
    json::Value list;
    list.push(std::move(one));
    return list;
}

json::Value sender(const Letter& letter, const Parties& parties) {
    json::Value made;
    made.set("virksomhetsidentifikator", identifier(parties.body_sender));
    if (!letter.route.sender_identifier.empty()) {
        made.set("avsenderidentifikator", letter.route.sender_identifier);
    }
    if (auto reference = invoice_reference_of(letter); !reference.empty()) {
        made.set("fakturaReferanse", std::move(reference));
    }
    return made;
}

json::Value fingerprint(const std::string& sha256) {
    json::Value made;
    made.set("digestMethod", sha256_uri).set("digestValue", crypto::base64_encode(sha256));
    return made;
}

json::Value header(const Letter& letter, const Parties& parties, const MessageFacts& facts) {
    const std::string type = type_of(letter);
    const std::string id = message_id(*letter.delivery);
    json::Value identification;
    identification.set("standard", standard_head + type + "::1.0")
        .set("typeVersion", "1.0")
        .set("instanceIdentifier", id)
        .set("type", type)
        .set("creationDateAndTime", core::to_rfc3339(facts.now));
    json::Value conversation;
    conversation.set("type", "ConversationId")
        .set("instanceIdentifier", id)
        .set("identifier", profile_head + type + ":ver1.0");
    json::Value scopes;
    scopes.push(std::move(conversation));
    json::Value scope;
    scope.set("scope", std::move(scopes));
    json::Value made;
    made.set("headerVersion", "1.0")
        .set("sender", party(parties.header_sender))
        .set("receiver", party(facts.receiver))
        .set("documentIdentification", std::move(identification))
        .set("businessScope", std::move(scope));
    return made;
}

}   // namespace

std::string message_id(const core::Delivery& delivery) {
    return delivery.upstream_key;
}

json::Value digital_body(const Letter& letter, const Parties& parties, const std::string& mailbox,
                         const json::Value& notices, const std::string& persons_language) {
    const std::string language = language_of(letter, persons_language);
    json::Value recipient;
    recipient.set("postkasseadresse", mailbox);
    json::Value body;
    body.set("avsender", sender(letter, parties))
        .set("mottaker", std::move(recipient))
        .set("sikkerhetsnivaa", letter.content["securityLevel"].as_int(3));
    if (letter.delivery->not_before) {
        body.set("virkningstidspunkt", core::to_rfc3339(*letter.delivery->not_before));
    }
    body.set("aapningskvittering", letter.content["openReceipt"].as_bool())
        .set("ikkesensitivtittel", open_title(letter, language))
        .set("spraak", language);
    if (!notices.is_null()) {
        body.set("varsler", notices);
    }
    return body;
}

json::Value print_body(const Letter& letter, const Parties& parties) {
    const PrintSettings& print = letter.route.print;
    const json::Value& own_return = letter.content["sender"]["returnAddress"];
    json::Value back;
    if (own_return.is_object()) {
        back.set("mottaker", address_information(read_postal_address(own_return)));
    } else if (print.return_address) {
        back.set("mottaker", address_information(*print.return_address));
    }
    back.set("returposthaandtering",
             print.shred_returned ? "MAKULERING_MED_MELDING" : "DIREKTE_RETUR");
    const bool colour = letter.content["print"]["colour"].as_bool(print.colour);
    json::Value body;
    body.set("avsender", sender(letter, parties))
        .set("mottaker", address_information(read_postal_address(letter.content["address"])))
        .set("utskriftstype", colour ? "FARGE" : "SORT_HVIT")
        .set("retur", std::move(back))
        .set("posttype", print.mail_class);
    return body;
}

json::Value business_message(const Letter& letter, const Parties& parties, json::Value body,
                             const MessageFacts& facts) {
    body.set("dokumentpakkefingeravtrykk", fingerprint(facts.package_sha256))
        .set("maskinportentoken", facts.token);
    json::Value document;
    document.set("standardBusinessDocumentHeader", header(letter, parties, facts))
        .set(type_of(letter), std::move(body));
    json::Value made;
    made.set("standardBusinessDocument", std::move(document));
    return made;
}

std::string jws_header(const std::string& leaf_der) {
    json::Value chain;
    chain.push(crypto::base64_encode(leaf_der));
    json::Value made;
    made.set("x5c", std::move(chain)).set("alg", "RS256");
    return json::write(made);
}

}   // namespace gateway::digital_post
