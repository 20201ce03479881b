#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "adapters/fiks_io/arkiv/arkiv_parts.hpp"
#include "adapters/fiks_io/arkiv/arkiv_search.hpp"
#include "adapters/fiks_io/arkiv/arkiv_time.hpp"

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

void write_included(XmlWriter& xml, const Value& include) {
    for (const auto& part : include.items()) {
        xml.leaf("inkluder", included_part(part.as_string()));
    }
}

std::string fetch_xml(std::string_view root, std::string_view space, const Value& message,
                      const Origin& origin,
                      void (*write_reference)(XmlWriter&, std::string_view, const Value&),
                      std::string_view reference, const char* target) {
    XmlWriter xml(root, space);
    xml.leaf("system", origin.system);
    write_reference(xml, reference, message["target"][target]);
    write_included(xml, message["fetch"]["include"]);
    xml.leaf_if("spraak", message["fetch"]["language"]);
    return xml.finish();
}

}   // namespace

std::string follow_up_xml(const Value& message, const Origin& origin) {
    const Value& done = message["followUp"];
    XmlWriter xml("nyAvskrivning", "avskrivning/opprett/v1");
    xml.open("avskrivning");
    const auto& date = done["date"].as_string();
    xml.leaf("avskrivningsdato", date.empty() ? norwegian_date(origin.at) : date);
    write_identity(xml, "avskrevetAv", done["by"]);
    write_code(xml, "avskrivningsmaate", done["manner"]);
    write_record_reference(xml, "referanseAvskrivesAvJournalpost", done["answeredBy"]);
    for (const auto& record : done["answers"].items()) {
        write_record_reference(xml, "referanseAvskriverJournalpost", record);
    }
    xml.close();
    write_record_reference(xml, "referanseTilJournalpost", message["target"]["record"]);
    xml.leaf_if("korrespondansepartID", done["correspondent"]);
    return xml.finish();
}

std::string take_back_xml(const Value& message) {
    XmlWriter xml("slettAvskrivning", "avskrivning/slett/v1");
    write_record_reference(xml, "referanseTilJournalpost", message["target"]["record"]);
    xml.leaf_if("korrespondansepartID", message["followUp"]["correspondent"]);
    return xml.finish();
}

std::string fetch_case_xml(const Value& message, const Origin& origin) {
    return fetch_xml("mappeHent", "mappe/hent/v1", message, origin, write_case_reference,
                     "referanseTilMappe", "case");
}

std::string fetch_record_xml(const Value& message, const Origin& origin) {
    return fetch_xml("registreringHent", "registrering/hent/v1", message, origin,
                     write_record_reference, "referanseTilRegistrering", "record");
}

std::string fetch_file_xml(const Value& message, const Origin& origin) {
    XmlWriter xml("dokumentfilHent", "dokumentfil/hent/v1");
    xml.leaf("system", origin.system);
    xml.open("dokumentfilNoekkel");
    xml.leaf_if("systemID", message["target"]["file"]);
    xml.close();
    return xml.finish();
}

}   // namespace gateway::fiks_io::arkiv
