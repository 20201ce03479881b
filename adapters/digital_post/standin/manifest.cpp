#include "adapters/digital_post/standin/manifest.hpp"

#include "adapters/common/standin/containers/xml.hpp"
#include "digital_post_standin_files.hpp"

#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace gateway::digital_post::standin {

using gateway::standin::children;
using gateway::standin::parse_xml;
using gateway::standin::root_of;
using gateway::standin::XmlDocument;
using gateway::standin::XmlNode;

namespace {

using core::Errc;
using core::Failure;

constexpr std::string_view space = "http://begrep.difi.no/sdp/schema_v10";

constexpr std::array<std::string_view, 16> mimes{
    "application/pdf",
    "text/html",
    "application/ehf+xml",
    "text/plain",
    "application/vnd.oasis.opendocument.formula",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.graphics",
    "image/gif",
    "image/jpeg",
    "image/png",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation"};
// A ZIP goes by this name.
constexpr std::string_view octets = "application/octet-stream";
constexpr std::array<std::string_view, 3> extension_mimes{
    "application/vnd.difi.dpi.bevis+xml", "application/vnd.difi.dpi.lenke+xml",
    "application/vnd.difi.dpi.arrangement+xml"};

struct Free {
    void operator()(xmlSchemaParserCtxt* context) const { xmlSchemaFreeParserCtxt(context); }
    void operator()(xmlSchema* schema) const { xmlSchemaFree(schema); }
    void operator()(xmlSchemaValidCtxt* context) const { xmlSchemaFreeValidCtxt(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const xmlSchema& schema() {
    static const Owned<xmlSchema> compiled = [] {
        const std::string_view text = embedded::manifest;
        const Owned<xmlSchemaParserCtxt> context(
            xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())));
        return Owned<xmlSchema>(xmlSchemaParse(context.get()));
    }();
    if (!compiled) {
        throw std::runtime_error("the schema of manifest.xml is damaged");
    }
    return *compiled;
}

/// Remembers the first complaint, without the value complained of.
void note(void* where, xmlError* error) {
    auto& words = *static_cast<std::string*>(where);
    if (words.empty()) {
        words = "linje " + std::to_string(error->line) + ", kode " + std::to_string(error->code);
    }
}

ManifestDocument document_of(const XmlNode* node) {
    ManifestDocument out;
    out.href = attribute_of(node, "href");
    out.mime = attribute_of(node, "mime");
    const XmlNode* title = child(node, "tittel", space);
    out.title = text_of(title);
    out.language = attribute_of(title, "lang");
    const XmlNode* data = child(node, "data", space);
    out.data_href = attribute_of(data, "href");
    out.data_mime = attribute_of(data, "mime");
    return out;
}

}   // namespace

core::Result<Manifest> read_manifest(std::string_view text) {
    const XmlDocument document = parse_xml(text);
    if (!document) {
        return Failure(Errc::malformed, "manifest.xml er ikke XML");
    }
    const Owned<xmlSchemaValidCtxt> context(
        xmlSchemaNewValidCtxt(const_cast<xmlSchema*>(&schema())));
    std::string words;
    xmlSchemaSetValidStructuredErrors(context.get(), note, &words);
    if (xmlSchemaValidateDoc(context.get(), reinterpret_cast<xmlDoc*>(document.get())) != 0) {
        return Failure(Errc::malformed, "manifest.xml følger ikke skjemaet (" + words + ")");
    }
    const XmlNode* root = root_of(document);
    Manifest out;
    const XmlNode* sender = child(root, "avsender", space);
    const std::string organisation = text_of(child(sender, "organisasjon", space));
    out.avsender = organisation.starts_with("0192:") ? organisation.substr(5) : organisation;
    out.sender_unit = text_of(child(sender, "avsenderidentifikator", space));
    if (const XmlNode* recipient = child(root, "mottaker", space)) {
        const XmlNode* person = child(recipient, "person", space);
        out.mailbox = text_of(child(person, "postkasseadresse", space));
    }
    for (const char* name : {"hoveddokument", "vedlegg"}) {
        for (const XmlNode* each : children(root, name, space)) {
            out.documents.push_back(document_of(each));
        }
    }
    return out;
}

bool is_allowed_mime(std::string_view mime) {
    return mime == octets || std::find(mimes.begin(), mimes.end(), mime) != mimes.end();
}

bool is_allowed_extension_mime(std::string_view mime) {
    return std::find(extension_mimes.begin(), extension_mimes.end(), mime) != extension_mimes.end();
}

}   // namespace gateway::digital_post::standin
