#include "adapters/digital_post/dpi_manifest.hpp"

#include "gateway/seal/xml_text.hpp"

namespace gateway::digital_post {
namespace {

constexpr const char* xml_head = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";

std::string element(const std::string& name, std::string_view text) {
    return "<" + name + ">" + seal::xml_character_data(text) + "</" + name + ">";
}

std::string attribute(const char* name, std::string_view value) {
    return std::string(" ") + name + "=\"" + seal::xml_attribute_value(value) + "\"";
}

std::string sender_xml(const Letter& letter, const Parties& parties) {
    std::string made = "<avsender><organisasjon" + attribute("authority", "iso6523-actorid-upis") +
                       ">0192:" + parties.package_sender + "</organisasjon>";
    if (!letter.route.sender_identifier.empty()) {
        made += element("avsenderidentifikator", letter.route.sender_identifier);
    }
    if (const auto reference = invoice_reference_of(letter); !reference.empty()) {
        made += element("fakturaReferanse", reference);
    }
    return made + "</avsender>";
}

std::string file_xml(const std::string& name, const PackageFile& file,
                     const std::string& language) {
    return "<" + name + attribute("href", file.document.name) + attribute("mime", file.media_type) +
           "><tittel" + attribute("lang", language) + ">" + seal::xml_character_data(file.title) +
           "</tittel></" + name + ">";
}

std::string entry_xml(std::string_view path, std::string_view media_type) {
    return "<manifest:file-entry" + attribute("manifest:full-path", path) +
           attribute("manifest:media-type", media_type) + "/>";
}

}   // namespace

std::string invoice_reference_of(const Letter& letter) {
    const std::string& account = letter.content["costAccount"].as_string();
    return account.empty() ? letter.route.invoice_reference : account;
}

std::string manifest_xml(const Letter& letter, const Parties& parties, const std::string& mailbox) {
    const std::string language = letter.language();   // of titles, as the sender wrote them
    std::string made = xml_head;
    made += R"(<manifest xmlns="http://begrep.difi.no/sdp/schema_v10">)";
    if (!mailbox.empty()) {
        made +=
            "<mottaker><person>" + element("postkasseadresse", mailbox) + "</person></mottaker>";
    }
    made += sender_xml(letter, parties);
    for (std::size_t i = 0; i < letter.files.size(); ++i) {
        made += file_xml(i == 0 ? "hoveddokument" : "vedlegg", letter.files[i], language);
    }
    return made + "</manifest>";
}

std::string package_list_xml(const Letter& letter) {
    std::string made = xml_head;
    made +=
        R"(<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)";
    made += entry_xml("/", "application/vnd.etsi.asic-e+zip");
    made += entry_xml("manifest.xml", "application/xml");
    for (const auto& file : letter.files) {
        made += entry_xml(file.document.name, file.media_type);
    }
    return made + "</manifest:manifest>";
}

}   // namespace gateway::digital_post
