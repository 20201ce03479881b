#include "adapters/fiks_io/arkiv/arkiv_search.hpp"

#include "adapters/fiks_io/arkiv/arkiv_intents.hpp"
#include "gateway/core/time.hpp"

#include <algorithm>
#include <array>

namespace gateway::fiks_io::arkiv {
namespace {

// A record with facts of its case is searched for as a record.
constexpr SearchField fields[] = {
    {"externalKey", "folder", "mappeEksternNoekkel", FieldValue::external_key},
    {"externalKey", "case", "mappeEksternNoekkel", FieldValue::external_key},
    {"title", "folder", "mappeTittel"},
    {"title", "case", "mappeTittel"},
    {"createdAt", "folder", "mappeOpprettetDato", FieldValue::moment},
    {"createdAt", "case", "mappeOpprettetDato", FieldValue::moment},
    {"description", "folder", "mappeBeskrivelse"},
    {"description", "case", "mappeBeskrivelse"},
    {"keyword", "folder", "mappeNoekkelord"},
    {"keyword", "case", "mappeNoekkelord"},
    {"closedAt", "folder", "mappeAvsluttetDato", FieldValue::moment},
    {"closedAt", "case", "mappeAvsluttetDato", FieldValue::moment},
    {"series", "folder", "mappeArkivdel"},
    {"series", "case", "mappeArkivdel"},
    {"changedAt", "folder", "mappeEndretDato", FieldValue::moment},
    {"changedAt", "case", "mappeEndretDato", FieldValue::moment},
    {"type", "folder", "mappeMappetype"},
    {"type", "case", "mappeMappetype"},
    {"class.system", "folder", "mappeKlasseKlassifikasjonssystemID"},
    {"class.system", "case", "mappeKlasseKlassifikasjonssystemID"},
    {"class.value", "folder", "mappeKlasseKlasseID"},
    {"class.value", "case", "mappeKlasseKlasseID"},
    {"class.title", "folder", "mappeKlasseTittel"},
    {"class.title", "case", "mappeKlasseTittel"},
    {"class.description", "folder", "mappeKlasseBeskrivelse"},
    {"class.description", "case", "mappeKlasseBeskrivelse"},
    {"party.name", "folder", "mappePartPartNavn"},
    {"party.name", "case", "mappePartPartNavn"},
    {"party.role", "folder", "mappePartPartRolle"},
    {"party.role", "case", "mappePartPartRolle"},
    {"party.address", "folder", "mappePartPostadresse"},
    {"party.address", "case", "mappePartPostadresse"},
    {"party.postalCode", "folder", "mappePartPostnummer"},
    {"party.postalCode", "case", "mappePartPostnummer"},
    {"party.city", "folder", "mappePartPoststed"},
    {"party.city", "case", "mappePartPoststed"},
    {"party.email", "folder", "mappePartEpostadresse"},
    {"party.email", "case", "mappePartEpostadresse"},
    {"party.organisation", "folder", "mappePartOrganisasjonsid"},
    {"party.organisation", "case", "mappePartOrganisasjonsid"},
    {"party.person", "folder", "mappePartPersonid"},
    {"party.person", "case", "mappePartPersonid"},
    {"screening.code", "folder", "mappeSkjermingTilgangsrestriksjon"},
    {"screening.code", "case", "mappeSkjermingTilgangsrestriksjon"},
    {"screening.statute", "folder", "mappeSkjermingSkjermingshjemmel"},
    {"screening.statute", "case", "mappeSkjermingSkjermingshjemmel"},
    {"screening.duration", "folder", "mappeSkjermingSkjermingsvarighet", FieldValue::number},
    {"screening.duration", "case", "mappeSkjermingSkjermingsvarighet", FieldValue::number},
    {"screening.until", "folder", "mappeSkjermingSkjermingOpphoererDato", FieldValue::moment},
    {"screening.until", "case", "mappeSkjermingSkjermingOpphoererDato", FieldValue::moment},
    {"class", "folder", "mappeKlassifikasjon", FieldValue::classification},
    {"date", "case", "sakSaksdato", FieldValue::moment},
    {"year", "case", "sakSaksaar", FieldValue::number},
    {"sequence", "case", "sakSaksekvensnummer", FieldValue::number},
    {"status", "case", "sakSaksstatus"},
    {"unit", "case", "sakAdministrativenhet"},
    {"responsible", "case", "sakSaksansvarlig"},
    {"property.municipality", "case", "sakMatrikkelnummerKommunenummer"},
    {"property.gardsnummer", "case", "sakMatrikkelnummerGaardsnummer", FieldValue::number},
    {"property.bruksnummer", "case", "sakMatrikkelnummerBruksnummer", FieldValue::number},
    {"property.festenummer", "case", "sakMatrikkelnummerFestenummer", FieldValue::number},
    {"property.seksjonsnummer", "case", "sakMatrikkelnummerSeksjonsnummer", FieldValue::number},
    {"building.number", "case", "sakByggidentBygningsnummer", FieldValue::number},
    {"building.change", "case", "sakByggidentEndringsloepenummer", FieldValue::number},
    {"plan.country", "case", "sakPlanidentStatLandkode"},
    {"plan.county", "case", "sakPlanidentFylkeFylkesnummer"},
    {"plan.municipality", "case", "sakPlanidentKommuneKommunenummer"},
    {"plan.id", "case", "sakPlanidentPlanidentifikasjon"},
    {"area", "case", "sakBbox", FieldValue::area},
    {"externalKey", "registration", "registreringEksternId", FieldValue::external_key},
    {"externalKey", "record", "registreringEksternId", FieldValue::external_key},
    {"createdAt", "registration", "registreringOpprettetDato", FieldValue::moment},
    {"createdAt", "record", "registreringOpprettetDato", FieldValue::moment},
    {"title", "registration", "registreringTittel"},
    {"title", "record", "registreringTittel"},
    {"unit", "registration", "registreringAdministrativenhet"},
    {"unit", "record", "registreringAdministrativenhet"},
    {"responsible", "registration", "registreringJournalpostansvarlig"},
    {"responsible", "record", "registreringJournalpostansvarlig"},
    {"changedAt", "registration", "registreringEndretDato", FieldValue::moment},
    {"changedAt", "record", "registreringEndretDato", FieldValue::moment},
    {"party.name", "registration", "registreringPartPartNavn"},
    {"party.name", "record", "registreringPartPartNavn"},
    {"party.role", "registration", "registreringPartPartRolle"},
    {"party.role", "record", "registreringPartPartRolle"},
    {"party.address", "registration", "registreringPartPostadresse"},
    {"party.address", "record", "registreringPartPostadresse"},
    {"party.postalCode", "registration", "registreringPartPostnummer"},
    {"party.postalCode", "record", "registreringPartPostnummer"},
    {"party.city", "registration", "registreringPartPoststed"},
    {"party.city", "record", "registreringPartPoststed"},
    {"party.email", "registration", "registreringPartEpostadresse"},
    {"party.email", "record", "registreringPartEpostadresse"},
    {"screening.code", "registration", "registreringSkjermingTilgangsrestriksjon"},
    {"screening.code", "record", "registreringSkjermingTilgangsrestriksjon"},
    {"screening.statute", "registration", "registreringSkjermingSkjermingshjemmel"},
    {"screening.statute", "record", "registreringSkjermingSkjermingshjemmel"},
    {"screening.duration", "registration", "registreringSkjermingSkjermingsvarighet",
     FieldValue::number},
    {"screening.duration", "record", "registreringSkjermingSkjermingsvarighet", FieldValue::number},
    {"screening.until", "registration", "registreringSkjermingSkjermingOpphoererDato",
     FieldValue::moment},
    {"screening.until", "record", "registreringSkjermingSkjermingOpphoererDato",
     FieldValue::moment},
    {"correspondent.role", "registration", "registreringKorrespondansepartKorrespondanseparttype"},
    {"correspondent.name", "registration", "registreringKorrespondansepartKorrespondansepartNavn"},
    {"correspondent.address", "registration", "registreringKorrespondansepartPostadresse"},
    {"correspondent.postalCode", "registration", "registreringKorrespondansepartPostnummer"},
    {"correspondent.city", "registration", "registreringKorrespondansepartPoststed"},
    {"correspondent.email", "registration", "registreringKorrespondansepartEpostadresse"},
    {"correspondent.organisation", "registration", "registreringKorrespondansepartOrganisasjonsid"},
    {"correspondent.person", "registration", "registreringKorrespondansepartPersonid"},
    {"correspondent.sentBy", "registration", "registreringKorrespondansepartForsendelsesmaate"},
    {"correspondent.theirReference", "registration",
     "registreringKorrespondansepartDeresReferanse"},
    {"correspondent.unit", "registration", "registreringKorrespondansepartAdministrativEnhet"},
    {"correspondent.caseWorker", "registration", "registreringKorrespondansepartSaksbehandler"},
    {"journal.year", "record", "journalpostJournalaar", FieldValue::number},
    {"journal.sequence", "record", "journalpostJournalsekvensnummer", FieldValue::number},
    {"case.year", "record", "journalpostSaksaar", FieldValue::number},
    {"case.sequence", "record", "journalpostSakssekvensnummer", FieldValue::number},
    {"number", "record", "journalpostJournalpostnummer", FieldValue::number},
    {"kind", "record", "journalpostJournalposttype"},
    {"status", "record", "journalpostJournalstatus"},
    {"date", "record", "journalpostJournaldato", FieldValue::moment},
    {"documentDate", "record", "journalpostDokumentetsdato", FieldValue::moment},
    {"dueDate", "record", "journalpostForfallsdato", FieldValue::moment},
    {"externalKey", "document", "dokumentbeskrivelseEksternId", FieldValue::external_key},
    {"createdAt", "document", "dokumentbeskrivelseOpprettetDato", FieldValue::moment},
    {"title", "document", "dokumentbeskrivelseTittel"},
    {"documentType", "document", "dokumentbeskrivelseDokumenttype"},
    {"status", "document", "dokumentbeskrivelseDokumentstatus"},
    {"screening.code", "document", "dokumentbeskrivelseSkjermingTilgangsrestriksjon"},
    {"screening.statute", "document", "dokumentbeskrivelseSkjermingSkjermingshjemmel"},
    {"screening.duration", "document", "dokumentbeskrivelseSkjermingSkjermingsvarighet",
     FieldValue::number},
    {"screening.until", "document", "dokumentbeskrivelseSkjermingSkjermingOpphoererDato",
     FieldValue::moment},
};

struct Word {
    std::string_view of;
    std::string_view name;
    std::string_view xml;
};

constexpr Word orders[] = {
    {"folder", "createdAt", "mappeOpprettetDato"},
    {"case", "createdAt", "mappeOpprettetDato"},
    {"case", "number", "sakSaksaar-saksekvensnummer"},
    {"registration", "createdAt", "registreringOpprettetDato"},
    {"record", "createdAt", "registreringOpprettetDato"},
    {"record", "date", "journalpostJournaldato"},
    {"record", "journal", "journalpostJournalaar-journalsekvensnummer"},
    {"record", "number", "journalpostJournalpostnummer"},
    {"document", "createdAt", "opprettetDato"},
};

constexpr std::array<Word, 12> parts{{
    {"folder case registration record fetchCase fetchRecord", "keywords", "noekkelord"},
    {"folder case registration record fetchCase fetchRecord", "crossReferences", "kryssreferanse"},
    {"folder case registration record fetchCase fetchRecord", "remarks", "merknad"},
    {"folder case registration record fetchCase", "parties", "part"},
    {"case fetchCase", "precedents", "presedens"},
    {"fetchCase", "classes", "klasse"},
    {"fetchCase", "meetingParticipants", "moetedeltaker"},
    {"registration record fetchRecord", "documents", "dokumentbeskrivelse"},
    {"registration record fetchRecord", "correspondents", "korrespondansepart"},
    {"record fetchRecord", "followUps", "avskrivning"},
    {"record fetchRecord", "documentFlow", "dokumentflyt"},
    {"document fetchRecord", "versions", "dokumentobjekt"},
}};

std::string_view plain(std::string_view of) {
    return of == "recordWithCase" ? "record" : of;
}

const Word* find_part(std::string_view name) {
    const auto* const found = std::find_if(parts.begin(), parts.end(),
                                           [&](const Word& part) { return part.name == name; });
    return found == parts.end() ? nullptr : found;
}

}   // namespace

const SearchField* find_field(std::string_view of, std::string_view name) {
    for (const auto& field : fields) {
        if (field.of == plain(of) && field.name == name) {
            return &field;
        }
    }
    return nullptr;
}

std::string_view order_of(std::string_view of, std::string_view by) {
    for (const auto& order : orders) {
        if (order.of == plain(of) && order.name == by) {
            return order.xml;
        }
    }
    return {};
}

bool may_include(std::string_view of, std::string_view part) {
    const Word* const word = find_part(part);
    return word != nullptr && has_word(word->of, plain(of));
}

std::string_view included_part(std::string_view part) {
    const Word* const word = find_part(part);
    return word == nullptr ? std::string_view() : word->xml;
}

bool fits(const SearchField& field, const json::Value& value) {
    switch (field.value) {
    case FieldValue::text: return value.is_string();
    case FieldValue::number: return value.is_int();
    case FieldValue::moment:
        return core::parse_date(value.as_string()).has_value() ||
               core::parse_rfc3339(value.as_string()).has_value();
    case FieldValue::external_key: return value.has("key");
    case FieldValue::classification: return value.has("classSystem") || value.has("classValue");
    case FieldValue::area: return value.has("lowerLeft");
    }
    return false;
}

}   // namespace gateway::fiks_io::arkiv
