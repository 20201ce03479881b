#include "adapters/common/standin/containers/xml.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/fiks_io/standin/archive_xml.hpp"

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;

namespace {

const std::string base = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/";
const std::string head = R"(<?xml version="1.0" encoding="UTF-8"?>)";
constexpr const char* made_by = "Sandkassens arkiv";

std::string element(const std::string& name, const std::string& text) {
    return "<" + name + ">" + kit::xml_escaped(text) + "</" + name + ">";
}

std::string element(const std::string& name, std::int64_t number) {
    return element(name, std::to_string(number));
}

/// A code, whose parts are the metadata catalogue's.
std::string code(const std::string& name, const std::string& value) {
    return "<" + name + ">" + element("n:kode", value) + "</" + name + ">";
}

std::string names() {
    return " xmlns:n=\"" + base + "metadatakatalog/v1\"" +
           " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
}

std::string date_of(std::int64_t year) {
    return std::to_string(year) + "-01-02";
}

std::string outside(const std::string& prefix, const std::string& id) {
    const std::size_t blank = id.find(' ');
    if (blank == std::string::npos) {
        return {};
    }
    return "<" + prefix + "referanseEksternNoekkel>" + element("n:fagsystem", id.substr(0, blank)) +
           element("n:noekkel", id.substr(blank + 1)) + "</" + prefix + "referanseEksternNoekkel>";
}

std::string folder_receipt(const Case& folder, bool existed, const std::string& at) {
    return "<mappeKvittering xsi:type=\"saksmappeKvittering\">" + element("systemID", folder.id) +
           element("mappeID", folder.number()) + element("opprettetDato", at) +
           element("opprettetAv", made_by) + outside("", folder.outside_id) +
           element("opprettetEllerEksisterende", existed ? "Eksisterende" : "Opprettet") +
           element("saksaar", folder.year) + element("sakssekvensnummer", folder.sequence) +
           element("saksdato", date_of(folder.year)) + "</mappeKvittering>";
}

std::string files_receipt(const Record& record, const std::string& at) {
    std::string out;
    std::int64_t number = 0;
    for (const RecordFile& file : record.files) {
        out += "<dokumentbeskrivelseKvittering>" + element("systemID", kit::random_uuid()) +
               element("opprettetDato", at) + element("opprettetAv", made_by) +
               element("dokumentnummer", ++number) + "<dokumentobjekt>" +
               element("systemID", file.id) + element("versjonsnummer", 1) +
               code("variantformat", "P") + element("opprettetDato", at) +
               element("opprettetAv", made_by) +
               "</dokumentobjekt></dokumentbeskrivelseKvittering>";
    }
    return out;
}

std::string record_receipt(const Record& record, const std::string& at) {
    const bool journal = !record.type.empty();
    std::string out = journal ? "<registreringKvittering xsi:type=\"journalpostKvittering\">"
                              : "<registreringKvittering>";
    out += element("systemID", record.id) + element("opprettetDato", at) +
           element("opprettetAv", made_by) + element("arkivertDato", at) +
           element("arkivertAv", made_by) + files_receipt(record, at) +
           outside("", record.outside_id) + element("opprettetEllerEksisterende", "Opprettet");
    if (journal) {
        out += element("journalaar", record.year) +
               element("journalsekvensnummer", record.sequence) +
               element("journalpostnummer", std::max<std::int64_t>(record.number, 1)) +
               code("journalposttype", record.type) + code("journalstatus", "J") +
               element("journaldato", at.substr(0, at.find('T')));
    }
    return out + "</registreringKvittering>";
}

std::string failed(const std::string& name, const std::string& words) {
    return "<" + name + ">" + element("f:feilId", kit::random_uuid()) +
           element("f:feilmelding", words) + "</" + name + ">";
}

std::string fault_space() {
    return " xmlns:f=\"" + base + "feil/feilmelding/v1\"";
}

/// A record's members as arkivstruktur has them, under a prefix.
std::string record_body(const std::string& p, const Record& record, const Case* folder,
                        bool minimum) {
    std::string out = element(p + "systemID", record.id);
    const std::string day = date_of(record.year);
    if (!minimum) {
        out +=
            element(p + "opprettetDato", day + "T08:00:00") + element(p + "opprettetAv", made_by);
        if (folder != nullptr) {
            out += "<" + p + "referanseForelderMappe>" + element("n:systemID", folder->id) + "</" +
                   p + "referanseForelderMappe>";
        }
    }
    out += element(p + "tittel", record.title);
    if (!minimum) {
        out += outside(p, record.outside_id);
    }
    if (record.type.empty()) {
        return out;
    }
    return out + element(p + "journalaar", record.year) +
           element(p + "journalsekvensnummer", record.sequence) +
           element(p + "journalpostnummer", std::max<std::int64_t>(record.number, 1)) +
           code(p + "journalposttype", record.type) + code(p + "journalstatus", "J") +
           element(p + "journaldato", day);
}

std::string folder_body(const std::string& p, const Case& folder, bool minimum) {
    const std::string day = date_of(folder.year);
    std::string out = element(p + "systemID", folder.id) + element(p + "mappeID", folder.number()) +
                      element(p + "tittel", folder.title);
    if (!minimum) {
        out +=
            element(p + "opprettetDato", day + "T08:00:00") + element(p + "opprettetAv", made_by);
    }
    return out + outside(p, folder.outside_id) + element(p + "saksaar", folder.year) +
           element(p + "sakssekvensnummer", folder.sequence) + element(p + "saksdato", day) + "<" +
           p + "administrativEnhet>" + element("n:navn", "Arkivtjenesten") + "</" + p +
           "administrativEnhet><" + p + "saksansvarlig>" + element("n:navn", "Ansvarlig") + "</" +
           p + "saksansvarlig>" + code(p + "saksstatus", "B");
}

std::string keys_of_folder(const Case& folder) {
    return element("a:systemID", folder.id) + element("a:mappeID", folder.number()) +
           outside("a:", folder.outside_id) + "<a:saksnummer>" + element("n:saksaar", folder.year) +
           element("n:sakssekvensnummer", folder.sequence) + "</a:saksnummer>";
}

std::string keys_of_record(const Record& record) {
    return element("a:systemID", record.id) + outside("a:", record.outside_id) +
           element("a:journalaar", record.year) +
           element("a:journalsekvensnummer", record.sequence) +
           element("a:journalpostnummer", std::max<std::int64_t>(record.number, 1));
}

}   // namespace

std::string write_receipt(const Case* folder, bool case_existed, const Record* record,
                          const std::string& at) {
    std::string out = head + "<arkivmeldingKvittering xmlns=\"" + base +
                      "arkivmelding/opprett/kvittering/v1\"" + names() + ">";
    if (folder != nullptr) {
        out += folder_receipt(*folder, case_existed, at);
    }
    if (record != nullptr) {
        out += record_receipt(*record, at);
    }
    return out + "</arkivmeldingKvittering>";
}

std::string write_refusal(const Refused& refused) {
    std::string out = head + "<arkivmeldingKvittering xmlns=\"" + base +
                      "arkivmelding/opprett/kvittering/v1\"" + names() + fault_space() + ">";
    if (!refused.folder.empty()) {
        out += failed("mappeFeilet", refused.folder);
    }
    if (!refused.record.empty()) {
        out += failed("registreringFeilet", refused.record);
    }
    return out + "</arkivmeldingKvittering>";
}

std::string write_error(std::string_view root, const std::string& words) {
    const std::string name(root);
    return head + "<" + name + " xmlns=\"" + base + "feil/" + name + "/v1\"" + fault_space() + ">" +
           element("f:feilId", kit::random_uuid()) + element("f:feilmelding", words) + "</" + name +
           ">";
}

std::string write_file_receipt(const RecordFile& file, const std::string& at) {
    return head + "<dokumentobjektOpprettKvittering xmlns=\"" + base +
           "dokumentobjekt/opprett/kvittering/v1\">" + element("systemID", file.id) +
           element("opprettetDato", at) + element("opprettetAv", made_by) +
           "</dokumentobjektOpprettKvittering>";
}

std::string write_found(const Query& query, const std::vector<const Case*>& cases,
                        const std::vector<const Record*>& records) {
    const bool keys = query.response_type == "noekler";
    const bool minimum = query.response_type != "utvidet";
    const std::string kind = keys ? "noekler" : minimum ? "minimum" : "utvidet";
    const std::string suffix = keys ? "Noekler" : minimum ? "Minimum" : "";
    const std::string structure = base + "arkivstruktur/" +
                                  (keys      ? "noekler/"
                                   : minimum ? "minimum/"
                                             : "") +
                                  "v1";
    const std::string each = "resultat" + suffix;
    std::string list;
    for (const Case* folder : cases) {
        list += "<" + each + "><saksmappe>" +
                (keys ? keys_of_folder(*folder) : folder_body("a:", *folder, minimum)) +
                "</saksmappe></" + each + ">";
    }
    for (const Record* record : records) {
        list += "<" + each + "><journalpost>" +
                (keys ? keys_of_record(*record) : record_body("a:", *record, nullptr, minimum)) +
                "</journalpost></" + each + ">";
    }
    const std::string root = "sokeresultat" + suffix;
    return head + "<" + root + " xmlns=\"" + base + "sokeresultat/" + kind + "/v1\" xmlns:a=\"" +
           structure + "\"" + names() + ">" + element("system", query.system) +
           element("take", query.take) + element("skip", query.skip) +
           element("count", static_cast<std::int64_t>(cases.size() + records.size())) +
           element("resultattype", query.for_cases ? "saksmappe" : "journalpost") +
           "<resultatListe>" + list + "</resultatListe></" + root + ">";
}

std::string write_folder(const Case& folder) {
    return head + "<mappeHentResultat xmlns=\"" + base + "mappe/hent/resultat/v1\" xmlns:a=\"" +
           base + "arkivstruktur/v1\"" + names() + "><saksmappe>" +
           folder_body("a:", folder, false) + "</saksmappe></mappeHentResultat>";
}

std::string write_record(const Record& record, const Case* folder) {
    const std::string kind = record.type.empty() ? "registrering" : "journalpost";
    return head + "<registreringHentResultat xmlns=\"" + base +
           "registrering/hent/resultat/v1\" xmlns:a=\"" + base + "arkivstruktur/v1\"" + names() +
           "><" + kind + ">" + record_body("a:", record, folder, false) + "</" + kind +
           "></registreringHentResultat>";
}

}   // namespace gateway::fiks_io::standin
