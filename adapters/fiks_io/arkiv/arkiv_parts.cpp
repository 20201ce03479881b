#include "adapters/fiks_io/arkiv/arkiv_parts.hpp"

#include <string>

namespace gateway::fiks_io::arkiv {
namespace {

std::string in(std::string_view own, const char* name) {
    return std::string(own) + name;
}

void write_case_number(XmlWriter& xml, const json::Value& number) {
    xml.leaf_if("m:saksaar", number["year"]);
    xml.leaf_if("m:sakssekvensnummer", number["sequence"]);
}

}   // namespace

void write_code(XmlWriter& xml, std::string_view name, const json::Value& code) {
    if (!code.is_null()) {
        const Element element(xml, name);
        xml.leaf_if("m:kode", code);
    }
}

void write_identity(XmlWriter& xml, std::string_view name, const json::Value& identity) {
    if (!identity.is_null()) {
        const Element element(xml, name);
        xml.leaf_if("m:navn", identity["name"]);
        xml.leaf_if("m:identifikator", identity["id"]);
        xml.leaf_if("m:initialer", identity["initials"]);
        xml.leaf_if("m:epostadresse", identity["email"]);
    }
}

void write_key(XmlWriter& xml, std::string_view name, const json::Value& external_key) {
    if (!external_key.is_null()) {
        const Element element(xml, name);
        xml.leaf_if("m:fagsystem", external_key["system"]);
        xml.leaf_if("m:noekkel", external_key["key"]);
    }
}

void write_case_reference(XmlWriter& xml, std::string_view name, const json::Value& reference) {
    if (reference.is_null()) {
        return;
    }
    const Element element(xml, name);
    xml.leaf_if("m:systemID", reference["systemId"]);
    xml.leaf_if("m:mappeID", reference["folderId"]);
    if (const auto* number = reference.find("number")) {
        const Element inner(xml, "m:saksnummer");
        write_case_number(xml, *number);
    }
    write_key(xml, "m:referanseEksternNoekkel", reference["externalKey"]);
}

void write_record_reference(XmlWriter& xml, std::string_view name, const json::Value& reference) {
    if (reference.is_null()) {
        return;
    }
    const Element element(xml, name);
    xml.leaf_if("m:systemID", reference["systemId"]);
    xml.leaf_if("m:registreringsID", reference["recordId"]);
    if (const auto* journal = reference.find("journal")) {
        const Element inner(xml, "m:journalnummer");
        xml.leaf_if("m:journalaar", (*journal)["year"]);
        xml.leaf_if("m:journalsekvensnummer", (*journal)["sequence"]);
    }
    if (const auto* place = reference.find("inCase")) {
        const Element inner(xml, "m:saksJournalpostnummer");
        write_case_number(xml, *place);
        xml.leaf_if("m:journalpostnummer", (*place)["number"]);
    }
    write_key(xml, "m:referanseEksternNoekkel", reference["externalKey"]);
}

void write_document_reference(XmlWriter& xml, std::string_view name, const json::Value& reference) {
    const Element element(xml, name);
    xml.leaf_if("m:systemID", reference["systemId"]);
    write_key(xml, "m:referanseEksternNoekkel", reference["externalKey"]);
    if (const auto* place = reference.find("inRecord")) {
        const Element inner(xml, "m:journalpostDokumentnummer");
        write_record_reference(xml, "m:referanseTilJournalpost", (*place)["record"]);
        xml.leaf_if("m:dokumentnummer", (*place)["number"]);
    }
}

void write_contact(XmlWriter& xml, std::string_view own, const json::Value& party) {
    const auto& address = party["address"];
    xml.leaves(in(own, "postadresse"), address["lines"]);
    xml.leaf_if(in(own, "postnummer"), address["postalCode"]);
    xml.leaf_if(in(own, "poststed"), address["city"]);
    write_code(xml, in(own, "landkode"), address["country"]);
    xml.leaf_if(in(own, "epostadresse"), party["email"]);
    xml.leaves(in(own, "telefonnummer"), party["phones"]);
    xml.leaf_if(in(own, "kontaktperson"), party["contact"]);
}

void write_party(XmlWriter& xml, std::string_view name, std::string_view own,
                 const json::Value& party) {
    const Element element(xml, name);
    xml.leaf_if(in(own, "partID"), party["id"]);
    xml.leaf_if(in(own, "partNavn"), party["name"]);
    write_code(xml, in(own, "partRolle"), party["role"]);
    if (const auto* number = party.find("organisation")) {
        const Element inner(xml, in(own, "organisasjonID"));
        xml.leaf_if(in(own, "identifikator"), *number);
        xml.leaf(in(own, "landkode"), "NO");
    } else if (const auto* person = party.find("person")) {
        const Element inner(xml, in(own, "personID"));
        xml.leaf(in(own, "landkode"), "NO");
        xml.leaf_if(in(own, "identifikator"), *person);
    }
    write_contact(xml, own, party);
    xml.leaf_if(in(own, "erSkjermet"), party["screened"]);
    xml.leaf_if(in(own, "erPersonnavn"), party["personName"]);
}

void write_correspondent_members(XmlWriter& xml, std::string_view own,
                                 const json::Value& correspondent) {
    xml.leaf_if(in(own, "korrespondansepartID"), correspondent["id"]);
    write_code(xml, in(own, "korrespondanseparttype"), correspondent["role"]);
    xml.leaf_if(in(own, "erBehandlingsansvarlig"), correspondent["responsible"]);
    xml.leaf_if(in(own, "korrespondansepartNavn"), correspondent["name"]);
    xml.leaf_if(in(own, "organisasjonid"), correspondent["organisation"]);
    xml.leaf_if(in(own, "personid"), correspondent["person"]);
    write_contact(xml, own, correspondent);
    write_identity(xml, in(own, "administrativEnhet"), correspondent["unit"]);
    write_identity(xml, in(own, "saksbehandler"), correspondent["caseWorker"]);
    xml.leaf_if(in(own, "erSkjermet"), correspondent["screened"]);
    xml.leaf_if(in(own, "erPersonnavn"), correspondent["personName"]);
    write_code(xml, in(own, "forsendelsesmaate"), correspondent["sentBy"]);
    xml.leaf_if(in(own, "deresReferanse"), correspondent["theirReference"]);
}

void write_correspondent(XmlWriter& xml, std::string_view name, std::string_view own,
                         const json::Value& correspondent) {
    const Element element(xml, name);
    write_correspondent_members(xml, own, correspondent);
}

void write_remark(XmlWriter& xml, std::string_view name, std::string_view own,
                  const json::Value& remark) {
    const Element element(xml, name);
    xml.leaf_if(in(own, "merknadID"), remark["id"]);
    xml.leaf_if(in(own, "merknadstekst"), remark["text"]);
    write_code(xml, in(own, "merknadstype"), remark["type"]);
    xml.leaf_if(in(own, "merknadsdato"), remark["at"]);
    xml.leaf_if(in(own, "merknadRegistrertAv"), remark["by"]);
    xml.leaf_if(in(own, "erSkjermet"), remark["screened"]);
}

void write_class(XmlWriter& xml, std::string_view name, std::string_view own,
                 const json::Value& one) {
    const Element element(xml, name);
    xml.leaf_if(in(own, "klassifikasjonssystemID"), one["system"]);
    xml.leaf_if(in(own, "klasseID"), one["value"]);
    xml.leaf_if(in(own, "tittel"), one["title"]);
    xml.leaf_if(in(own, "erSkjermet"), one["screened"]);
}

void write_screening(XmlWriter& xml, std::string_view name, std::string_view own,
                     const json::Value& screening) {
    if (!screening.is_null()) {
        const Element element(xml, name);
        write_code(xml, in(own, "tilgangsrestriksjon"), screening["code"]);
        xml.leaf_if(in(own, "skjermingshjemmel"), screening["statute"]);
        xml.leaf_if(in(own, "skjermingOpphoererDato"), screening["until"]);
    }
}

void write_link(XmlWriter& xml, std::string_view name, std::string_view own,
                const json::Value& record) {
    const Element element(xml, name);
    write_record_reference(xml, in(own, "referanseTilRegistrering"), record);
}

void write_land_unit(XmlWriter& xml, std::string_view name, std::string_view own,
                     const json::Value& unit) {
    const Element element(xml, name);
    xml.leaf_if(in(own, "kommunenummer"), unit["municipality"]);
    xml.leaf_if(in(own, "gardsnummer"), unit["gardsnummer"]);
    xml.leaf_if(in(own, "bruksnummer"), unit["bruksnummer"]);
    xml.leaf_if(in(own, "festenummer"), unit["festenummer"]);
    xml.leaf_if(in(own, "seksjonsnummer"), unit["seksjonsnummer"]);
}

void write_building(XmlWriter& xml, std::string_view name, std::string_view own,
                    const json::Value& building) {
    const Element element(xml, name);
    xml.leaf_if(in(own, "bygningsnummer"), building["number"]);
    xml.leaf_if(in(own, "endringsloepenummer"), building["change"]);
}

void write_plan(XmlWriter& xml, std::string_view name, std::string_view own,
                const json::Value& plan) {
    const Element element(xml, name);
    xml.leaf_if(in(own, "planidentifikasjon"), plan["id"]);
    xml.leaf_if(in(own, "kommunenummer"), plan["municipality"]);
}

}   // namespace gateway::fiks_io::arkiv
