#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "adapters/fiks_io/arkiv/arkiv_parts.hpp"

#include <functional>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;
using WriteOne = std::function<void(std::string_view name, const Value& item)>;

constexpr std::string_view made = "o:";   // what is added is declared by arkivmelding/opprett

/// `<name><oppdatering/>…<slett/>…<ny/>…</name>`: items with an id are changed, others added.
/// Nothing where nothing is asked for.
void write_list(XmlWriter& xml, std::string_view name, const Value& items, const Value& removed,
                std::string_view id_element, const WriteOne& change, const WriteOne& add) {
    if (items.items().empty() && removed.items().empty()) {
        return;
    }
    const Element element(xml, name);
    for (const auto& item : items.items()) {
        if (item.has("id")) {
            change("oppdatering", item);
        }
    }
    for (const auto& id : removed.items()) {
        const Element inner(xml, "slett");
        xml.leaf_if(id_element, id);
    }
    for (const auto& item : items.items()) {
        if (!item.has("id")) {
            add("ny", item);
        }
    }
}

void write_parties(XmlWriter& xml, const Value& changed, const Value& removed) {
    write_list(
        xml, "partOppdateringer", changed["parties"], removed["parties"], "partID",
        [&xml](std::string_view name, const Value& party) {
            const Element element(xml, name);
            xml.leaf_if("partID", party["id"]);
            xml.leaf_if("partNavn", party["name"]);
            write_code(xml, "partRolle", party["role"]);
            xml.leaf_if("organisasjonid", party["organisation"]);
            xml.leaf_if("personid", party["person"]);
            write_contact(xml, "", party);
            xml.leaf_if("erSkjermet", party["screened"]);
            xml.leaf_if("erPersonnavn", party["personName"]);
        },
        [&xml](std::string_view name, const Value& party) { write_party(xml, name, made, party); });
}

void write_correspondents(XmlWriter& xml, const Value& changed, const Value& removed) {
    write_list(
        xml, "korrespondansepartOppdateringer", changed["correspondents"],
        removed["correspondents"], "korrespondansepartID",
        [&xml](std::string_view name, const Value& one) {
            // The same members as a new one, but for one that stands last.
            Value rest = one;
            rest.remove("responsible");
            xml.open(name);
            write_correspondent_members(xml, "", rest);
            xml.leaf_if("erBehandlingsansvarlig", one["responsible"]);
            xml.close();
        },
        [&xml](std::string_view name, const Value& one) {
            write_correspondent(xml, name, made, one);
        });
}

void write_remarks(XmlWriter& xml, const Value& changed, const Value& removed) {
    write_list(
        xml, "merknadOppdateringer", changed["remarks"], removed["remarks"], "merknadID",
        [&xml](std::string_view name, const Value& remark) { write_remark(xml, name, "", remark); },
        [&xml](std::string_view name, const Value& remark) {
            write_remark(xml, name, made, remark);
        });
}

/// `<name><slett>a</slett><ny>b</ny></name>`
void write_words(XmlWriter& xml, std::string_view name, const Value& added, const Value& removed) {
    if (!added.items().empty() || !removed.items().empty()) {
        const Element element(xml, name);
        xml.leaves("slett", removed);
        xml.leaves("ny", added);
    }
}

void write_description(XmlWriter& xml, const Value& changed, const Value& removed) {
    if (removed.has("description")) {
        const Element element(xml, "beskrivelse");
        xml.leaf("slett", "true");
    } else if (changed.has("description")) {
        const Element element(xml, "beskrivelse");
        xml.leaf_if("oppdatering", changed["description"]);
    }
}

void write_screening_change(XmlWriter& xml, std::string_view name, const Value& changed,
                            const Value& removed) {
    if (removed.has("screening")) {
        const Element element(xml, name);
        xml.leaf("slett", "true");
    } else if (changed.has("screening")) {
        const Element element(xml, name);
        write_screening(xml, "oppdatering", "", changed["screening"]);
    }
}

/// A class has no id of its own: what is named again is the caller's to remove first.
void write_classes(XmlWriter& xml, const Value& changed, const Value& removed) {
    if (changed["classes"].items().empty() && removed["classes"].items().empty()) {
        return;
    }
    const Element element(xml, "klassifikasjonOppdateringer");
    for (const auto& one : removed["classes"].items()) {
        const Element inner(xml, "slett");
        const Element reference(xml, "referanseTilKlassifikasjon");
        xml.leaf_if("m:klassifikasjonssystemID", one["system"]);
        xml.leaf_if("m:klasseID", one["value"]);
    }
    for (const auto& one : changed["classes"].items()) {
        write_class(xml, "ny", made, one);
    }
}

void write_property(XmlWriter& xml, const Value& changed, const Value& removed) {
    const auto& now = changed["property"];
    const auto& gone = removed["property"];
    if (now.has("units") || gone.has("units")) {
        const Element element(xml, "matrikkelnummerOppdateringer");
        for (const auto& unit : now["units"].items()) {
            write_land_unit(xml, "ny", made, unit);
        }
        for (const auto& unit : gone["units"].items()) {
            write_land_unit(xml, "slett", "", unit);
        }
    }
    if (now.has("buildings") || gone.has("buildings")) {
        const Element element(xml, "byggidentOppdateringer");
        for (const auto& building : gone["buildings"].items()) {
            const Element inner(xml, "Slett");   // the schema writes these with capitals
            xml.leaf_if("bygningsnummer", building["number"]);
        }
        for (const auto& building : now["buildings"].items()) {
            write_building(xml, "Ny", made, building);
        }
    }
    if (now.has("plans") || gone.has("plans")) {
        const Element element(xml, "planidentOppdateringer");
        for (const auto& plan : gone["plans"].items()) {
            const Element inner(xml, "slett");
            xml.leaf_if("planidentifikasjon", plan["id"]);
        }
        for (const auto& plan : now["plans"].items()) {
            write_plan(xml, "ny", made, plan);
        }
    }
}

void write_case(XmlWriter& xml, const Value& target, const Value& changed, const Value& removed) {
    const Element element(xml, "mappeOppdateringer", "saksmappeOppdatering");
    write_case_reference(xml, "referanseTilMappe", target);
    xml.leaf_if("tittel", changed["title"]);
    xml.leaf_if("offentligTittel", changed["publicTitle"]);
    write_description(xml, changed, removed);
    write_words(xml, "noekkelord", changed["keywords"], removed["keywords"]);
    xml.leaf_if("avsluttetDato", changed["closedAt"]);
    xml.leaf_if("avsluttetAv", changed["closedBy"]);
    write_code(xml, "arkivdel", changed["series"]);
    write_parties(xml, changed, removed);
    write_remarks(xml, changed, removed);
    write_screening_change(xml, "skjermingOppdateringer", changed, removed);
    write_classes(xml, changed, removed);
    write_key(xml, "referanseEksternNoekkel", changed["externalKey"]);
    write_code(xml, "mappetype", changed["type"]);
    xml.leaf_if("saksdato", changed["date"]);
    write_identity(xml, "administrativEnhet", changed["unit"]);
    write_identity(xml, "saksansvarlig", changed["responsible"]);
    write_code(xml, "saksstatus", changed["status"]);
    write_property(xml, changed, removed);
}

void write_record(XmlWriter& xml, const Value& target, const Value& changed, const Value& removed) {
    const Element element(xml, "registreringOppdateringer", "journalpostOppdatering");
    write_record_reference(xml, "referanseTilRegistrering", target);
    write_case_reference(xml, "referanseForelderMappe", changed["moveTo"]);
    write_parties(xml, changed, removed);
    if (!changed["answers"].items().empty()) {
        const Element links(xml, "kryssreferanseOppdateringer");
        for (const auto& answered : changed["answers"].items()) {
            write_link(xml, "ny", made, answered);
        }
    }
    write_screening_change(xml, "skjermingOppdateringer", changed, removed);
    xml.leaf_if("tittel", changed["title"]);
    xml.leaf_if("offentligTittel", changed["publicTitle"]);
    write_description(xml, changed, removed);
    write_words(xml, "noekkelord", changed["keywords"], removed["keywords"]);
    write_words(xml, "forfatterOppdateringer", changed["authors"], removed["authors"]);
    write_remarks(xml, changed, removed);
    write_correspondents(xml, changed, removed);
    write_classes(xml, changed, removed);
    write_key(xml, "referanseEksternNoekkel", changed["externalKey"]);
    write_code(xml, "journalposttype", changed["kind"]);
    write_code(xml, "journalstatus", changed["status"]);
    xml.leaf_if("journaldato", changed["date"]);
    xml.leaf_if("dokumentetsDato", changed["documentDate"]);
    xml.leaf_if("mottattDato", changed["receivedAt"]);
    xml.leaf_if("sendtDato", changed["sentAt"]);
    xml.leaf_if("forfallsdato", changed["dueDate"]);
}

void write_document(XmlWriter& xml, const Value& target, const Value& changed,
                    const Value& removed) {
    const Element element(xml, "dokumentbeskrivelseOppdateringer");
    write_document_reference(xml, "referanseTilDokumentbeskrivelse", target);
    write_code(xml, "dokumenttype", changed["documentType"]);
    write_code(xml, "dokumentstatus", changed["status"]);
    xml.leaf_if("tittel", changed["title"]);
    write_description(xml, changed, removed);
    write_words(xml, "forfatterOppdateringer", changed["authors"], removed["authors"]);
    write_code(xml, "tilknyttetRegistreringSom", changed["role"].as_string() == "main" ? "H" : "V");
    xml.leaf_if("dokumentnummer", changed["number"]);
    write_parties(xml, changed, removed);
    write_remarks(xml, changed, removed);
    write_screening_change(xml, "skjerming", changed, removed);
    write_key(xml, "referanseEksternNoekkel", changed["externalKey"]);
}

/// What closes a case, where the sender leaves it out: closed, when the message was accepted.
Value closing(const Value& message, const Origin& origin) {
    Value changed = message.has("case") ? message["case"] : Value::object();
    if (!changed.has("status")) {
        changed.set("status", "A");
    }
    if (!changed.has("closedAt")) {
        changed.set("closedAt", core::to_rfc3339(origin.at));
    }
    return changed;
}

}   // namespace

std::string update_xml(const Value& message, const Origin& origin) {
    XmlWriter xml("arkivmeldingOppdatering", "arkivmelding/oppdater/v1");
    const Value& target = message["target"];
    const Value& removed = message["remove"];
    if (message["intent"].as_string() == "close") {
        write_case(xml, target["case"], closing(message, origin), removed);
    } else if (target.has("case")) {
        write_case(xml, target["case"], message["case"], removed);
    } else if (target.has("record")) {
        write_record(xml, target["record"], message["record"], removed);
    } else {
        write_document(xml, target["document"], message["document"], removed);
    }
    return xml.finish();
}

}   // namespace gateway::fiks_io::arkiv
