#include "adapters/fiks_io/arkiv/arkiv.hpp"
#include "adapters/fiks_io/arkiv/arkiv_codes.hpp"
#include "adapters/fiks_io/arkiv/arkiv_search.hpp"
#include "xml_schema.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace gateway;
using namespace gateway::fiks_io;
using tests::arkiv::XmlSchema;

namespace {

const std::string folder = std::string(SLUSE_REFERENCE_DIR) + "/fiks/fiks-arkiv-v1/";

std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    INFO(path);
    REQUIRE(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The values of a closed list in the schema of searches.
std::set<std::string> closed_list(const std::string& name) {
    const std::string schema = read(folder + "no.ks.fiks.arkiv.v1.innsyn.sok.xsd");
    const auto begin = schema.find("<xs:simpleType name=\"" + name + "\"");
    REQUIRE(begin != std::string::npos);
    const std::string list = schema.substr(begin, schema.find("</xs:simpleType>", begin) - begin);
    const std::string mark = "value=\"";
    std::set<std::string> values;
    for (auto at = list.find(mark); at != std::string::npos; at = list.find(mark, at + 1)) {
        const auto start = at + mark.size();
        values.insert(list.substr(start, list.find('"', start) - start));
    }
    return values;
}

std::vector<std::string> enumerated(const char* pointer) {
    const auto schema =
        *json::parse_or_failure(read(SLUSE_SOURCE_DIR "/schemas/messages/archive/v1.schema.json"));
    const auto* values = schema.at(pointer);
    REQUIRE(values != nullptr);
    std::vector<std::string> names;
    for (const auto& value : values->items()) {
        names.push_back(value.as_string());
    }
    return names;
}

json::Value value_for(arkiv::FieldValue kind) {
    switch (kind) {
    case arkiv::FieldValue::text: return "Tekst";
    case arkiv::FieldValue::number: return 17;
    case arkiv::FieldValue::moment: return "2026-01-06";
    case arkiv::FieldValue::external_key:
        return *json::parse_or_failure(R"({"system":"s","key":"k"})");
    case arkiv::FieldValue::classification:
        return *json::parse_or_failure(R"({"classSystem":"s","classValue":"v"})");
    case arkiv::FieldValue::area:
        return *json::parse_or_failure(
            R"({"coordinateSystem":"c","lowerLeft":{"x":1,"y":2},"upperRight":{"x":3,"y":4.5}})");
    }
    return {};
}

json::Value search_of(const std::string& of) {
    json::Value message = json::Value::object();
    message.set("intent", "search").set("search", json::Value::object());
    message.find("search")->set("of", of);
    return message;
}

std::string faults(const XmlSchema& schema, const json::Value& message) {
    const auto outgoing = arkiv::message_of(message, {}, {"s", "m", {}});
    REQUIRE(outgoing.has_value());
    return schema.faults(outgoing->payload);
}

struct Kind {
    const char* of;
    const char* xml;   // the beginning of its lists
};

constexpr Kind kinds[] = {{"folder", "mappe"},
                          {"case", "saksmappe"},
                          {"registration", "registrering"},
                          {"record", "journalpost"},
                          {"document", "dokumentbeskrivelse"}};

}   // namespace

TEST_CASE("reference: each field of each search is one of the schema's, and none is missing") {
    const XmlSchema schema("no.ks.fiks.arkiv.v1.innsyn.sok");
    const auto fields =
        enumerated("/properties/search/properties/where/items/properties/field/enum");
    std::set<std::string> used;
    for (const auto& kind : kinds) {
        std::set<std::string> ours;
        for (const auto& name : fields) {
            const auto* const field = arkiv::find_field(kind.of, name);
            if (field == nullptr) {
                continue;
            }
            json::Value condition = json::Value::object();
            json::Value values = json::Value::array();
            values.push(value_for(field->value));
            condition.set("field", name).set("values", values);
            json::Value where = json::Value::array();
            where.push(condition);
            auto message = search_of(kind.of);
            message.find("search")->set("where", where);
            INFO(kind.of << " " << name);
            CHECK(faults(schema, message).empty());
            ours.insert(std::string(field->xml));
            used.insert(name);
        }
        CHECK(ours == closed_list(std::string(kind.xml) + "Sokefelt"));
    }
    CHECK(used == std::set<std::string>(fields.begin(), fields.end()));
}

TEST_CASE("reference: each part and each order of a search is one of the schema's") {
    const auto parts = enumerated("/properties/search/properties/include/items/enum");
    const auto orders = enumerated("/properties/search/properties/sort/items/properties/by/enum");
    for (const auto& kind : kinds) {
        INFO(kind.of);
        std::set<std::string> included;
        for (const auto& part : parts) {
            if (arkiv::may_include(kind.of, part)) {
                included.insert(std::string(arkiv::included_part(part)));
            }
        }
        CHECK(included == closed_list(std::string(kind.xml) + "Inkluder"));
        std::set<std::string> ordered;
        for (const auto& by : orders) {
            if (const auto order = arkiv::order_of(kind.of, by); !order.empty()) {
                ordered.insert(std::string(order));
            }
        }
        CHECK(ordered == closed_list(std::string(kind.xml) + "Sorteringsfelt"));
    }
}

TEST_CASE("reference: each value of the published code lists is known, and its misspelling too") {
    for (const char* list :
         {"avskrivningsmaate", "dokumentstatus", "dokumenttype", "journalstatus",
          "korrespondanseparttype", "merknadstype", "partrolle", "saksstatus", "variantformat"}) {
        const std::string name = std::string("no.ks.fiks.arkiv.v1.kodelister.") + list;
        const auto published =
            *json::parse_or_failure(read(folder + "kodelister/" + name + "/" + name + ".json"));
        CHECK(published["kodeliste"].items().size() > 1);
        for (const auto& code : published["kodeliste"].items()) {
            const auto& value = code["kodeverdi"].as_string();
            INFO(list << " " << value);
            CHECK(arkiv::meant_code(list, value).empty());
            CHECK(arkiv::meant_code(list, " " + value) == value);
        }
        CHECK(arkiv::meant_code(list, "ARKIVETS-EGEN").empty());
    }
}
