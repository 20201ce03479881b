#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "adapters/fiks_io/arkiv/arkiv_parts.hpp"

#include <algorithm>
#include <limits>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

void write_case(XmlWriter& xml, const Value& made, const Value& external_key) {
    const Element element(xml, "mappe", "saksmappe");
    xml.leaf_if("tittel", made["title"]);
    xml.leaf_if("offentligTittel", made["publicTitle"]);
    xml.leaf_if("beskrivelse", made["description"]);
    xml.leaves("noekkelord", made["keywords"]);
    xml.leaf_if("avsluttetDato", made["closedAt"]);
    xml.leaf_if("avsluttetAv", made["closedBy"]);
    write_code(xml, "arkivdel", made["series"]);
    for (const auto& party : made["parties"].items()) {
        write_party(xml, "part", "", party);
    }
    for (const auto& remark : made["remarks"].items()) {
        write_remark(xml, "merknad", "", remark);
    }
    write_screening(xml, "skjerming", "", made["screening"]);
    for (const auto& one : made["classes"].items()) {
        write_class(xml, "klassifikasjon", "", one);
    }
    write_key(xml, "referanseEksternNoekkel", external_key);
    write_code(xml, "mappetype", made["type"]);
    xml.leaf_if("saksdato", made["date"]);
    write_identity(xml, "administrativEnhet", made["unit"]);
    write_identity(xml, "saksansvarlig", made["responsible"]);
    write_code(xml, "saksstatus", made["status"]);
    const auto& property = made["property"];
    for (const auto& unit : property["units"].items()) {
        write_land_unit(xml, "matrikkelnummer", "", unit);
    }
    for (const auto& building : property["buildings"].items()) {
        write_building(xml, "byggident", "", building);
    }
    for (const auto& plan : property["plans"].items()) {
        write_plan(xml, "planident", "", plan);
    }
}

/// `own`: prefix of arkivmelding/opprett, whose type it is in each message that has it.
void write_file(XmlWriter& xml, std::string_view own, const Value& document,
                const core::DocumentRef& file) {
    const auto in = [own](const char* name) { return std::string(own) + name; };
    const Element element(xml, "dokumentobjekt");
    xml.leaf(in("versjonsnummer"), document["version"].as_int(1));
    write_code(xml, in("variantformat"), document["variant"]);
    write_code(xml, in("format"), document["format"]);
    if (!file.media_type.empty()) {
        xml.leaf(in("mimeType"), file.media_type);
    }
    xml.leaf(in("filnavn"), file.name);
    xml.leaf(in("referanseDokumentfil"), file.name);
    xml.leaf(in("sjekksum"), file.sha256.to_hex());
    xml.leaf(in("sjekksumAlgoritme"), "SHA-256");
    // xsd:int has no room for more than 2 GiB; the element may be left out.
    if (file.size <= static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
        xml.leaf(in("filstoerrelse"), static_cast<std::int64_t>(file.size));
    }
}

void write_document(XmlWriter& xml, const Value& document, const core::DocumentRef& file,
                    bool is_main, std::size_t number) {
    const Element element(xml, "dokumentbeskrivelse");
    write_code(xml, "dokumenttype", document["documentType"]);
    write_code(xml, "dokumentstatus", document["status"]);
    const auto& title = document["title"].as_string();
    xml.leaf("tittel", title.empty() ? file.name : title);
    xml.leaf_if("beskrivelse", document["description"]);
    xml.leaves("forfatter", document["authors"]);
    write_code(xml, "tilknyttetRegistreringSom", is_main ? "H" : "V");
    xml.leaf("dokumentnummer", static_cast<std::int64_t>(number));
    write_screening(xml, "skjerming", "", document["screening"]);
    write_file(xml, "", document, file);
    write_key(xml, "referanseEksternNoekkel", document["externalKey"]);
}

/// Who deals with the record stands among its correspondents in Fiks Arkiv, on the municipality's
/// own side: where it goes to when it comes in, where it comes from otherwise.
void write_own_side(XmlWriter& xml, const Value& record) {
    if (!record.has("caseWorker") && !record.has("unit")) {
        return;
    }
    Value ours = Value::object();
    for (const char* whose : {"caseWorker", "unit"}) {
        for (const char* word : {"name", "id", "initials", "email"}) {
            if (!ours.has("name") && record[whose].has(word)) {
                ours.set("name", record[whose][word]);
            }
        }
        if (const auto* identity = record.find(whose)) {
            ours.set(whose, *identity);
        }
    }
    ours.set("role", record["kind"].as_string() == "I" ? "IM" : "IA").set("responsible", true);
    write_correspondent(xml, "korrespondansepart", "", ours);
}

void write_record(XmlWriter& xml, const Value& message, Documents files,
                  const Value& case_reference) {
    const Value& record = message["record"];
    const Element element(xml, "registrering", "journalpost");
    write_case_reference(xml, "referanseForelderMappe", case_reference);
    if (case_reference.is_null()) {
        write_code(xml, "arkivdel", record["series"]);
    }
    for (const auto& party : record["parties"].items()) {
        write_party(xml, "part", "", party);
    }
    write_screening(xml, "skjerming", "", screening_of_record(message));
    const auto& documents = message["documents"].items();
    const std::size_t main = main_document(documents);
    for (std::size_t i = 0; i < documents.size(); ++i) {
        write_document(xml, documents[i], files[i], i == main, i + 1);
    }
    xml.leaf_if("tittel", record["title"]);
    xml.leaf_if("offentligTittel", record["publicTitle"]);
    xml.leaf_if("beskrivelse", record["description"]);
    xml.leaves("noekkelord", record["keywords"]);
    xml.leaves("forfatter", record["authors"]);
    for (const auto& remark : record["remarks"].items()) {
        write_remark(xml, "merknad", "", remark);
    }
    for (const auto& answered : record["answers"].items()) {
        write_link(xml, "kryssreferanse", "", answered);
    }
    for (const auto& one : record["correspondents"].items()) {
        write_correspondent(xml, "korrespondansepart", "", one);
    }
    write_own_side(xml, record);
    for (const auto& one : record["classes"].items()) {
        write_class(xml, "klassifikasjon", "", one);
    }
    write_key(xml, "referanseEksternNoekkel", record["externalKey"]);
    write_code(xml, "journalposttype", record["kind"]);
    write_code(xml, "journalstatus", record["status"]);
    xml.leaf_if("journaldato", record["date"]);
    xml.leaf_if("dokumentetsDato", record["documentDate"]);
    xml.leaf_if("mottattDato", record["receivedAt"]);
    xml.leaf_if("sendtDato", record["sentAt"]);
    xml.leaf_if("forfallsdato", record["dueDate"]);
}

/// A record is tied to the case it is made with by a key; our own where the sender has none.
Value key_of_case(const Value& message, const Origin& origin) {
    const Value& made = message["case"];
    if (made.has("externalKey") || !message.has("record")) {
        return made["externalKey"];
    }
    Value key = Value::object();
    key.set("system", origin.system).set("key", origin.message_id);
    return key;
}

/// A new case, and not only what ties the message to a case of the specialist system.
bool makes_case(const Value& message) {
    const auto& intent = message["intent"].as_string();
    return (intent == "new" || intent == "searchOrNew") && message["case"].has("title");
}

}   // namespace

std::size_t main_document(const json::Array& documents) {
    const auto is_main = [](const Value& one) { return one["role"].as_string() == "main"; };
    const auto said = std::find_if(documents.begin(), documents.end(), is_main);
    if (said != documents.end()) {
        return static_cast<std::size_t>(said - documents.begin());
    }
    const bool first_is = !documents.empty() && !documents.front().has("role");
    return first_is ? 0 : documents.size();
}

const Value& screening_of_record(const Value& message) {
    const auto* own = message["record"].find("screening");
    return own != nullptr ? *own : message["confidentiality"]["screening"];
}

std::string create_xml(const Value& message, Documents documents, const Origin& origin) {
    XmlWriter xml("arkivmelding", "arkivmelding/opprett/v1");
    xml.leaf("system", origin.system);
    xml.leaf_if("regel", message["rule"]);
    xml.leaf("antallFiler", static_cast<std::int64_t>(documents.size()));
    Value case_reference = message["target"]["case"];
    if (makes_case(message)) {
        const Value key = key_of_case(message, origin);
        write_case(xml, message["case"], key);
        if (!key.is_null()) {
            case_reference = Value::object();
            case_reference.set("externalKey", key);
        }
    }
    if (message.has("record")) {
        write_record(xml, message, documents, case_reference);
    }
    return xml.finish();
}

std::string new_version_xml(const Value& message, Documents documents) {
    XmlWriter xml("dokumentobjektOpprett", "dokumentobjekt/opprett/v1");
    write_document_reference(xml, "referanseTilDokumentbeskrivelse", message["target"]["document"]);
    write_file(xml, "o:", message["documents"].items().front(), documents.front());
    return xml.finish();
}

}   // namespace gateway::fiks_io::arkiv
