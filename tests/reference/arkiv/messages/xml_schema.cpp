#include "xml_schema.hpp"

#include <catch2/catch.hpp>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

namespace tests::arkiv {
namespace {

void collect(void* into, xmlError* error) {
    *static_cast<std::string*>(into) += error->message;
}

}   // namespace

XmlSchema::XmlSchema(const std::string& message_type) {
    const std::string path =
        std::string(SLUSE_REFERENCE_DIR) + "/fiks/fiks-arkiv-v1/" + message_type + ".xsd";
    std::string said;
    xmlSchemaParserCtxt* const parser = xmlSchemaNewParserCtxt(path.c_str());
    REQUIRE(parser != nullptr);
    xmlSchemaSetParserStructuredErrors(parser, collect, &said);
    schema_ = std::shared_ptr<void>(xmlSchemaParse(parser), [](void* schema) {
        xmlSchemaFree(static_cast<xmlSchema*>(schema));
    });
    xmlSchemaFreeParserCtxt(parser);
    INFO(path << "\n" << said);
    REQUIRE(schema_ != nullptr);
}

std::string XmlSchema::faults(const std::string& xml) const {
    std::string said;
    xmlDoc* const document = xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr,
                                           nullptr, XML_PARSE_NONET | XML_PARSE_NOERROR);
    if (document == nullptr) {
        return "not XML";
    }
    xmlSchemaValidCtxt* const judge = xmlSchemaNewValidCtxt(static_cast<xmlSchema*>(schema_.get()));
    xmlSchemaSetValidStructuredErrors(judge, collect, &said);
    if (xmlSchemaValidateDoc(judge, document) != 0 && said.empty()) {
        said = "not valid";
    }
    xmlSchemaFreeValidCtxt(judge);
    xmlFreeDoc(document);
    return said;
}

}   // namespace tests::arkiv
