#include "adapters/svarut/standin/listing.hpp"

#include <chrono>

namespace gateway::svarut::standin {

using json::Value;

namespace {

void copy(const Value& from, const char* name, Value& to, const char* as) {
    if (from.has(name)) {
        to.set(as, from[name]);
    }
}

/// Name and address of a party in the order, whichever version wrote it.
Value postal(const Value& party) {
    const Value& address = party.has("adresse") ? party["adresse"] : party;
    Value out = Value::object();
    copy(party, "navn", out, "navn");
    for (const char* name :
         {"adresselinje1", "adresselinje2", "adresselinje3", "postnummer", "poststed"}) {
        copy(address, name, out, name);
    }
    copy(address, "land", out, "land");
    copy(address, "landkode", out, "land");
    return out;
}

/// Both forms of one party: by number, and where it lives.
Value party_v2(const Value& address, const std::string& number, bool nested) {
    const char* const as = number.size() == 11 ? "fodselsnummer" : "organisasjonsnummer";
    Value out = nested ? Value::object() : address;
    if (nested) {
        out.set("postadresse", address);
    }
    if (!number.empty()) {
        out.set(as, number);
    }
    return out;
}

Value party_v1(const Value& address, const std::string& number) {
    Value out = Value::object();
    copy(address, "adresselinje1", out, "adresse1");
    copy(address, "adresselinje2", out, "adresse2");
    copy(address, "adresselinje3", out, "adresse3");
    copy(address, "postnummer", out, "postnr");
    copy(address, "poststed", out, "poststed");
    copy(address, "navn", out, "navn");
    out.set("land", "Norge");
    out.set("orgnr", number.size() == 9 ? Value(number) : Value());
    out.set("fnr", number.size() == 11 ? Value(number) : Value());
    return out;
}

/// Folder and record in objects of their own, as v2 tells them.
Value noark_v2(const Value& given, const char* extra) {
    Value folder = Value::object();
    copy(given, "mappeId", folder, "mappeId");
    copy(given, "mappeSystemId", folder, "systemId");
    copy(given, "saksaar", folder, "saksaar");
    copy(given, "sakssekvensnummer", folder, "sakssekvensnummer");
    Value record = Value::object();
    for (const char* name : {"systemId", "registreringsId", "journalpostnummer", "journalaar",
                             "journalsekvensnummer"}) {
        copy(given, name, record, name);
    }
    Value out = Value::object();
    if (!folder.members().empty()) {
        out.set("mappeId", std::move(folder));
    }
    if (!record.members().empty()) {
        out.set("journalpostId", std::move(record));
    }
    for (const char* name : {"journalposttype", "journalstatus", "journaldato", "dokumentetsDato",
                             "tittel", "saksbehandler"}) {
        copy(given, name, out, name);
    }
    copy(given, "ekstraMetadata", out, extra);
    return out;
}

const Value& document_of(const Shipment& shipment, std::size_t i) {
    static const Value none;
    const auto& all = shipment.order["dokumenter"].items();
    return i < all.size() ? all[i] : none;
}

Value sender_address(const std::string& name) {
    Value out;
    out.set("navn", name).set("adresselinje1", "Rådhuset").set("postnummer", "0037");
    out.set("poststed", "Oslo");
    return out;
}

}   // namespace

Value listed_v2(const Shipment& shipment, const std::string& sender_name, bool nested,
                const std::string& link) {
    const Value& order = shipment.order;
    Value files = Value::array();
    for (std::size_t i = 0; i < shipment.documents.size(); ++i) {
        const auto& one = shipment.documents[i];
        Value file;
        file.set("filnavn", one.name).set("mimeType", one.media_type).set("hash", one.sha256);
        file.set("storrelse", static_cast<std::int64_t>(one.size));
        copy(document_of(shipment, i), "dokumentType", file, "type");
        copy(document_of(shipment, i), "ekstraMetadata", file, "ekstraMetadata");
        files.push(std::move(file));
    }
    Value links = Value::array();
    for (const auto& one : order["lenker"].items()) {
        Value item;
        item.set("lenke", one["url"]).set("tekst", one["tekst"]);
        copy(one, "ledetekst", item, "ledetekst");
        links.push(std::move(item));
    }
    Value out;
    out.set("id", shipment.id);
    Value sender = party_v2(sender_address(sender_name), shipment.sender, nested);
    if (!nested) {
        sender.remove("organisasjonsnummer");   // that shape tells the sender's address alone
    }
    out.set("avsender", std::move(sender));
    out.set("mottaker", party_v2(postal(order["mottaker"]), shipment.recipient, nested));
    out.set("tittel", order["tittel"]);
    out.set("dato", core::to_rfc3339(shipment.history.front().at));
    out.set("sikkerhetsniva", shipment.is_highest_level() ? "HOYESTE" : "BETYDELIG");
    out.set("taushetsbelagtPost", order["taushetsbelagtPost"].as_bool());
    out.set("filer", std::move(files)).set("lenker", std::move(links));
    if (order["svarSendesTil"].is_object()) {
        const Value& to = order["svarSendesTil"];
        out.set("svarSendesTil", party_v2(postal(to), to["digitalId"].as_string(), nested));
    }
    copy(order, "svarPaForsendelseId", out, "svarPaForsendelse");
    copy(order, "svarPaForsendelse", out, "svarPaForsendelse");
    copy(order, "forsendelsestype", out, "type");
    copy(order, "eksternReferanse", out, "eksternRef");
    copy(order, "avgivendeSystem", out, "avgivendeSystem");
    if (order["metadataForImport"].is_object()) {
        out.set("metadataForImport", noark_v2(order["metadataForImport"], "ekstraMetadata"));
    }
    if (order["metadataFraAvleverendeSystem"].is_object()) {
        out.set("metadataFraAvleverendeSystem",
                noark_v2(order["metadataFraAvleverendeSystem"], "virksomhetsspesifikkeMetadata"));
    }
    out.set("nedlastingslenke", link);
    return out;
}

Value listed_v1(const Shipment& shipment, const std::string& sender_name, const std::string& link) {
    const Value& order = shipment.order;
    Value files = Value::array();
    for (std::size_t i = 0; i < shipment.documents.size(); ++i) {
        const auto& one = shipment.documents[i];
        Value file;
        file.set("filnavn", one.name).set("mimetype", one.media_type);
        file.set("sha256hash", one.sha256).set("size", static_cast<std::int64_t>(one.size));
        file.set("dokumentType", document_of(shipment, i)["dokumentType"]);
        file.set("ekstraMetadata", Value::array());
        files.push(std::move(file));
    }
    Value links = Value::array();
    for (const auto& one : order["lenker"].items()) {
        Value item;
        item.set("urlLenke", one["url"]).set("urlTekst", one["tekst"]);
        item.set("ledetekst", one["ledetekst"]);
        links.push(std::move(item));
    }
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(
        shipment.history.front().at.time_since_epoch());
    Value from = sender_address(sender_name);
    from.set("postnr", from["postnummer"]);
    from.remove("postnummer");
    Value out;
    out.set("avsender", std::move(from));
    out.set("mottaker", party_v1(postal(order["mottaker"]), shipment.recipient));
    const Value& to = order["svarSendesTil"];
    out.set("svarSendesTil",
            to.is_object() ? party_v1(postal(to), to["digitalId"].as_string()) : Value());
    out.set("id", shipment.id).set("tittel", order["tittel"]);
    out.set("date", static_cast<std::int64_t>(since.count()));
    out.set("metadataFraAvleverendeSystem", order["metadataFraAvleverendeSystem"]);
    out.set("metadataForImport", order["metadataForImport"]);
    out.set("status", "Klar for mottak").set("niva", shipment.is_highest_level() ? "4" : "3");
    out.set("filmetadata", std::move(files)).set("lenker", std::move(links));
    out.set("svarPaForsendelse", order.has("svarPaForsendelseId") ? order["svarPaForsendelseId"]
                                                                  : order["svarPaForsendelse"]);
    out.set("forsendelseType", order["forsendelsestype"]);
    out.set("eksternRef", order["eksternReferanse"]);
    out.set("avgivendeSystem", order["avgivendeSystem"]);
    out.set("taushetsbelagtPost", order["taushetsbelagtPost"].as_bool());
    out.set("downloadUrl", link);
    return out;
}

}   // namespace gateway::svarut::standin
