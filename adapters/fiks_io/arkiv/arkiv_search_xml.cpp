#include "adapters/fiks_io/arkiv/arkiv_messages.hpp"
#include "adapters/fiks_io/arkiv/arkiv_parts.hpp"
#include "adapters/fiks_io/arkiv/arkiv_search.hpp"

#include <map>

namespace gateway::fiks_io::arkiv {
namespace {

using json::Value;

constexpr std::int64_t take_unless_said = 50;

std::string_view word(const std::map<std::string_view, std::string_view>& words,
                      const std::string& name, std::string_view otherwise) {
    const auto found = words.find(name);
    return found == words.end() ? otherwise : found->second;
}

/// The beginning of the type of a search's definition and of its parameters.
std::string_view kind_of(const std::string& of) {
    return word({{"folder", "mappe"},
                 {"case", "saksmappe"},
                 {"registration", "registrering"},
                 {"record", "journalpost"},
                 {"recordWithCase", "journalpostMedSaksmappe"}},
                of, "dokumentbeskrivelse");
}

std::string_view operator_of(const std::string& is) {
    return word({{"notEqual", "notequal"},
                 {"between", "between"},
                 {"less", "lessthan"},
                 {"lessOrEqual", "lessequal"},
                 {"greater", "greaterthan"},
                 {"greaterOrEqual", "greaterequal"},
                 {"oneOf", "inlist"},
                 {"like", "wildcardquery"}},
                is, "equal");
}

/// A day begins where it stands as a time: the archive compares moments.
std::string moment(const std::string& text) {
    constexpr std::size_t day_length = 10;
    return text.size() == day_length ? text + "T00:00:00" : text;
}

void write_point(XmlWriter& xml, std::string_view name, const Value& point) {
    const Element element(xml, name);
    xml.leaf_if("x", point["x"]);
    xml.leaf_if("y", point["y"]);
}

void write_values(XmlWriter& xml, FieldValue kind, const Value& values) {
    const auto list = [&](std::string_view name) {
        const Element element(xml, name);
        for (const auto& value : values.items()) {
            if (kind == FieldValue::moment) {
                xml.leaf("value", moment(value.as_string()));
            } else {
                xml.leaf_if("value", value);
            }
        }
    };
    const Element element(xml, "sokVerdier");
    const Value& first = values.items().front();
    switch (kind) {
    case FieldValue::text: list("stringvalues"); break;
    case FieldValue::number: list("intvalues"); break;
    case FieldValue::moment: list("datevalues"); break;
    case FieldValue::external_key: {
        const Element key(xml, "eksternNoekkel");
        xml.leaf_if("fagsystem", first["system"]);
        xml.leaf_if("noekkel", first["key"]);
        break;
    }
    case FieldValue::classification: {
        const Element one(xml, "mappeKlassifikasjon");
        for (const auto& value : values.items()) {
            xml.leaf_if("klassifikasjonssystemID", value["classSystem"]);
            xml.leaf_if("klasseID", value["classValue"]);
        }
        break;
    }
    case FieldValue::area: {
        const Element box(xml, "bbox");
        write_code(xml, "koordinatsystem", first["coordinateSystem"]);
        write_point(xml, "nedreVenstre", first["lowerLeft"]);
        write_point(xml, "oevreHoeyre", first["upperRight"]);
        break;
    }
    }
}

void write_conditions(XmlWriter& xml, const Value& search) {
    const auto& of = search["of"].as_string();
    for (const auto& condition : search["where"].items()) {
        const SearchField* const field = find_field(of, condition["field"].as_string());
        if (field == nullptr) {
            continue;   // check() refuses it
        }
        const Element element(xml, "parametere");
        xml.leaf("operator", operator_of(condition["is"].as_string()));
        write_values(xml, field->value, condition["values"]);
        xml.leaf("felt", field->xml);
    }
    for (const auto& order : search["sort"].items()) {
        const Element element(xml, "sortering");
        xml.leaf("felt", order_of(of, order["by"].as_string()));
        xml.leaf("type", order["descending"].as_bool() ? "synkende" : "stigende");
    }
}

}   // namespace

std::string search_xml(const Value& message, const Origin& origin) {
    const Value& search = message["search"];
    const bool is_text = search.has("text");
    XmlWriter xml("sok", "sok/v1");
    xml.leaf("system", origin.system);
    xml.leaf("take", search["take"].as_int(take_unless_said));
    xml.leaf("skip", search["skip"].as_int(0));
    xml.open("sokdefinisjon", std::string(kind_of(search["of"].as_string())) +
                                  (is_text ? "FritekstSokdefinisjon" : "Sokdefinisjon"));
    xml.leaf("responstype", word({{"keys", "noekler"}, {"full", "utvidet"}},
                                 search["result"].as_string(), "minimum"));
    for (const auto& part : search["include"].items()) {
        xml.leaf("inkluder", included_part(part.as_string()));
    }
    if (is_text) {
        xml.leaf_if("soketekst", search["text"]);
    } else {
        write_conditions(xml, search);
    }
    xml.close();
    xml.leaf_if("spraak", search["language"]);
    return xml.finish();
}

}   // namespace gateway::fiks_io::arkiv
