#include "gateway/seal/xades_writer.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/seal/drafting.hpp"
#include "gateway/seal/sha1.hpp"
#include "gateway/seal/xades_names.hpp"
#include "gateway/seal/xml_text.hpp"

namespace gateway::seal {
namespace {

using Text = std::string_view;

std::string attribute(Text name, Text value) {
    return " " + std::string(name) + "=\"" + xml_attribute_value(value) + "\"";
}

std::string element(Text name, const std::string& attributes, const std::string& content) {
    return "<" + std::string(name) + attributes + ">" + content + "</" + std::string(name) + ">";
}

/// Empty elements are written with their end tag, as C14N has them.
std::string algorithm(Text name, Text uri) {
    return element(name, attribute("Algorithm", uri), {});
}

std::string file_id(std::size_t index) {
    return "ID_" + std::to_string(index);
}

std::string digest_elements(Text prefix, Text method, Text digest) {
    const std::string start(prefix);
    return algorithm(start + "DigestMethod", method) +
           element(start + "DigestValue", {}, crypto::base64_encode(digest));
}

std::string file_reference(const FileToSign& file, std::size_t index) {
    return element("Reference",
                   attribute("Id", file_id(index)) + attribute("URI", uri_of_name(file.name)),
                   digest_elements({}, xades::sha256, file.sha256.to_bytes()));
}

std::string properties_reference(const std::string& canonical_properties) {
    return element(
        "Reference",
        attribute("Type", xades::signed_properties_type) + attribute("URI", "#SignedProperties"),
        element("Transforms", {}, algorithm("Transform", xades::c14n_1_0)) +
            digest_elements({}, xades::sha256, crypto::sha256(canonical_properties).to_bytes()));
}

std::string signing_certificate(const CertificateDetails& leaf) {
    const std::string digest =
        element("CertDigest", {}, digest_elements("ds:", xades::sha1, sha1(leaf.der)));
    const std::string issuer_serial =
        element("IssuerSerial", {},
                element("ds:X509IssuerName", {}, xml_character_data(leaf.issuer)) +
                    element("ds:X509SerialNumber", {}, leaf.serial_decimal));
    return element("SigningCertificate", {}, element("Cert", {}, digest + issuer_serial));
}

std::string signed_properties_content(const XadesInput& input, const CertificateDetails& leaf) {
    std::string formats;
    for (std::size_t i = 0; i < input.files.size(); ++i) {
        formats += element("DataObjectFormat", attribute("ObjectReference", "#" + file_id(i)),
                           element("MimeType", {}, xml_character_data(input.files[i].media_type)));
    }
    const std::string time = element("SigningTime", {}, core::to_rfc3339(input.signing_time));
    return element("SignedSignatureProperties", {}, time + signing_certificate(leaf)) +
           element("SignedDataObjectProperties", {}, formats);
}

}   // namespace

core::Result<XadesDraft> draft_xades(const XadesInput& input) {
    if (auto checked = check_files_to_sign(input.files); !checked) {
        return checked.error();
    }
    const auto leaf = leaf_of_chain(input.chain);
    if (!leaf) {
        return leaf.error();
    }

    const std::string namespaces =
        attribute("xmlns", xades::properties_uri) + attribute("xmlns:ds", xades::signature_uri);
    const std::string id = attribute("Id", "SignedProperties");
    const std::string properties = signed_properties_content(input, *leaf);

    std::string info = algorithm("CanonicalizationMethod", xades::c14n_1_0) +
                       algorithm("SignatureMethod", xades::rsa_sha256);
    for (std::size_t i = 0; i < input.files.size(); ++i) {
        info += file_reference(input.files[i], i);
    }
    info += properties_reference(element("SignedProperties", namespaces + id, properties));

    XadesDraft draft;
    // C14N writes the namespaces in scope on the apex element; in the file they stand further out.
    draft.to_sign_ = element("SignedInfo", attribute("xmlns", xades::signature_uri), info);
    draft.signed_info_ = element("SignedInfo", {}, info);
    draft.object_ =
        element("Object", {},
                element("QualifyingProperties", namespaces + attribute("Target", "#Signature"),
                        element("SignedProperties", id, properties)));
    draft.chain_ = input.chain;
    return draft;
}

core::Result<std::string> XadesDraft::finish(std::string_view signature) const {
    if (auto checked = check_signed_by(chain_.front(), to_sign_, signature); !checked) {
        return checked.error();
    }
    std::string certificates;
    for (const auto& der : chain_) {
        certificates += element("X509Certificate", {}, crypto::base64_encode(der));
    }
    const std::string content =
        signed_info_ + element("SignatureValue", {}, crypto::base64_encode(signature)) +
        element("KeyInfo", {}, element("X509Data", {}, certificates)) + object_;
    return R"(<?xml version="1.0" encoding="UTF-8" standalone="no"?>)" +
           element("XAdESSignatures", attribute("xmlns", xades::asic_uri),
                   element("Signature",
                           attribute("xmlns", xades::signature_uri) + attribute("Id", "Signature"),
                           content));
}

}   // namespace gateway::seal
