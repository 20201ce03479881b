#include "gateway/seal/xades_reader.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/seal/signed_file.hpp"
#include "gateway/seal/xades_names.hpp"
#include "gateway/seal/xml_document.hpp"
#include "gateway/seal/xml_text.hpp"

#include <algorithm>
#include <set>

namespace gateway::seal {
namespace {

using xades::properties_uri;
using xades::signature_uri;

constexpr std::string_view asic_uri_without_zero = "http://uri.etsi.org/2918/v1.2.1#";
constexpr std::size_t certificates_max = 10;
constexpr std::size_t sha256_bytes = 32;
constexpr std::size_t sha1_bytes = 20;

Finding malformed(const char* part) {
    return Finding("seal.signature_malformed", {{"part", part}});
}

Finding not_allowed(const char* part) {
    return Finding("seal.signature_algorithm", {{"part", part}});
}

std::string without_white_space(std::string text) {
    text.erase(
        std::remove_if(text.begin(), text.end(),
                       [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }),
        text.end());
    return text;
}

/// Base64 in lines, as Java breaks it.
std::optional<std::string> bytes_of(const std::optional<XmlElement>& element) {
    const auto text = element ? element->text() : std::nullopt;
    return text ? crypto::base64_decode(without_white_space(*text)) : std::nullopt;
}

std::optional<std::string> token_of(const std::optional<XmlElement>& element) {
    const auto text = element ? element->text() : std::nullopt;
    return text ? std::optional(without_white_space(*text)) : std::nullopt;
}

std::string algorithm_of(const std::optional<XmlElement>& element) {
    return element ? element->attribute("Algorithm").value_or("") : std::string();
}

std::optional<Canonicalization> canonicalization_of(std::string_view algorithm) {
    if (algorithm == xades::c14n_1_0) {
        return Canonicalization::inclusive_1_0;
    }
    if (algorithm == xades::c14n_1_1) {
        return Canonicalization::inclusive_1_1;
    }
    return std::nullopt;
}

/// The children are exactly these, in this order, each once, of one namespace.
bool has_exactly(const XmlElement& element, std::string_view uri,
                 std::initializer_list<std::string_view> names) {
    const auto children = element.children();
    return children.size() == names.size() && !element.has_loose_text() &&
           std::equal(
               children.begin(), children.end(), names.begin(),
               [&](const XmlElement& child, std::string_view name) { return child.is(uri, name); });
}

/// DigestMethod and DigestValue of a reference: SHA-256 alone.
Judged<std::string> reference_digest(const XmlElement& reference) {
    if (algorithm_of(reference.only_child(signature_uri, "DigestMethod")) != xades::sha256) {
        return not_allowed("DigestMethod");
    }
    const auto digest = bytes_of(reference.only_child(signature_uri, "DigestValue"));
    if (!digest || digest->size() != sha256_bytes) {
        return malformed("DigestValue");
    }
    return *digest;
}

struct Parts {
    XmlElement signature;
    XmlElement signed_info;
    XmlElement key_info;
    XmlElement signed_properties;
};

Judged<Parts> find_parts(const XmlElement& root) {
    if (!root.is(xades::asic_uri, "XAdESSignatures") &&
        !root.is(asic_uri_without_zero, "XAdESSignatures")) {
        return malformed("XAdESSignatures");
    }
    const auto signatures = root.children();
    if (signatures.size() != 1) {
        return Finding("seal.signatures_several", {{"count", std::to_string(signatures.size())}});
    }
    const XmlElement& signature = signatures.front();
    if (root.has_loose_text() || !signature.is(signature_uri, "Signature") ||
        !has_exactly(signature, signature_uri,
                     {"SignedInfo", "SignatureValue", "KeyInfo", "Object"})) {
        return malformed("Signature");
    }
    const auto parts = signature.children();
    const XmlElement& object = parts[3];
    if (!has_exactly(object, properties_uri, {"QualifyingProperties"})) {
        return malformed("Object");
    }
    const XmlElement qualifying = object.children().front();
    const auto target = qualifying.attribute("Target");
    const auto id = signature.attribute("Id");
    if (!has_exactly(qualifying, properties_uri, {"SignedProperties"}) || !id || id->empty() ||
        target != "#" + *id) {
        return malformed("QualifyingProperties");
    }
    return Parts{signature, parts[0], parts[2], qualifying.children().front()};
}

/// No transform at all, or C14N alone; a reference without one is taken as C14N 1.0 (XML Signature
/// 4.4.3.2).
Judged<Canonicalization> properties_canonicalization(const XmlElement& reference) {
    const auto transforms = reference.only_child(signature_uri, "Transforms");
    if (!transforms) {
        return Canonicalization::inclusive_1_0;
    }
    const auto transform = transforms->only_child(signature_uri, "Transform");
    const auto method = canonicalization_of(algorithm_of(transform));
    if (!method || transforms->children().size() != 1 || !transform->children().empty()) {
        return not_allowed("Transform");
    }
    return *method;
}

Judged<bool> read_properties_reference(const XmlElement& reference, const Parts& parts,
                                       XadesSignature& out) {
    const auto id = parts.signed_properties.attribute("Id");
    if (!out.signed_properties.empty() || !id || id->empty() ||
        reference.attribute("URI") != "#" + *id) {
        return malformed("SignedProperties");
    }
    const auto method = properties_canonicalization(reference);
    if (!method) {
        return method.error();
    }
    auto digest = reference_digest(reference);
    if (!digest) {
        return digest.error();
    }
    out.properties_digest = std::move(*digest);
    out.signed_properties = parts.signed_properties.canonical(*method);
    return !out.signed_properties.empty();
}

Judged<bool> read_file_reference(const XmlElement& reference, XadesSignature& out) {
    const auto uri = reference.attribute("URI");
    if (!uri || uri->empty() || uri->front() == '#' || out.files.size() == signed_files_max) {
        return malformed("Reference");
    }
    if (reference.only_child(signature_uri, "Transforms") || reference.children().size() != 2) {
        return not_allowed("Transform");
    }
    auto digest = reference_digest(reference);
    if (!digest) {
        return digest.error();
    }
    out.files.push_back({reference.attribute("Id").value_or(""), *uri, std::move(*digest)});
    return true;
}

Judged<bool> read_signed_info(const Parts& parts, XadesSignature& out) {
    const auto children = parts.signed_info.children();
    if (children.size() < 3 || parts.signed_info.has_loose_text() ||
        !children[0].is(signature_uri, "CanonicalizationMethod") ||
        !children[1].is(signature_uri, "SignatureMethod")) {
        return malformed("SignedInfo");
    }
    const auto method = canonicalization_of(algorithm_of(children[0]));
    if (!method || !children[0].children().empty()) {
        return not_allowed("CanonicalizationMethod");
    }
    if (algorithm_of(children[1]) != xades::rsa_sha256 || !children[1].children().empty()) {
        return not_allowed("SignatureMethod");
    }
    for (std::size_t i = 2; i < children.size(); ++i) {
        if (!children[i].is(signature_uri, "Reference")) {
            return malformed("SignedInfo");
        }
        const bool of_properties =
            children[i].attribute("Type") == std::string(xades::signed_properties_type);
        const auto read = of_properties ? read_properties_reference(children[i], parts, out)
                                        : read_file_reference(children[i], out);
        if (!read) {
            return read.error();
        }
    }
    if (out.signed_properties.empty()) {
        return Finding("seal.signature_properties_unsigned");
    }
    out.signed_info = parts.signed_info.canonical(*method);
    return !out.signed_info.empty();
}

Judged<bool> read_key_info(const Parts& parts, XadesSignature& out) {
    const auto value = bytes_of(parts.signature.only_child(signature_uri, "SignatureValue"));
    if (!value || value->empty()) {
        return malformed("SignatureValue");
    }
    out.value = *value;
    const auto data = parts.key_info.only_child(signature_uri, "X509Data");
    for (const auto& child : data ? data->children() : std::vector<XmlElement>()) {
        if (!child.is(signature_uri, "X509Certificate")) {
            continue;
        }
        const auto der = bytes_of(child);
        if (!der || der->empty() || out.certificates.size() == certificates_max) {
            return malformed("X509Certificate");
        }
        out.certificates.push_back(*der);
    }
    if (out.certificates.empty()) {
        return malformed("KeyInfo");
    }
    return true;
}

Judged<bool> read_signing_certificate(const XmlElement& properties, XadesSignature& out) {
    auto list = properties.only_child(properties_uri, "SigningCertificate");
    if (!list) {
        list = properties.only_child(properties_uri, "SigningCertificateV2");
    }
    const auto listed = list ? list->children() : std::vector<XmlElement>();
    if (listed.empty() || !listed.front().is(properties_uri, "Cert")) {
        return malformed("SigningCertificate");
    }
    const auto digest = listed.front().only_child(properties_uri, "CertDigest");
    const std::string method =
        digest ? algorithm_of(digest->only_child(signature_uri, "DigestMethod")) : "";
    if (method != xades::sha1 && method != xades::sha256) {
        return not_allowed("CertDigest");
    }
    const auto value = bytes_of(digest->only_child(signature_uri, "DigestValue"));
    out.certificate_digest_is_sha1 = method == xades::sha1;
    if (!value || value->size() != (out.certificate_digest_is_sha1 ? sha1_bytes : sha256_bytes)) {
        return malformed("CertDigest");
    }
    out.certificate_digest = *value;
    if (const auto serial = listed.front().only_child(properties_uri, "IssuerSerial")) {
        const auto number = token_of(serial->only_child(signature_uri, "X509SerialNumber"));
        out.certificate_serial = number && !number->empty() ? *number : "none";
    }
    return true;
}

Judged<bool> read_signed_properties(const Parts& parts, XadesSignature& out) {
    const auto of_signature =
        parts.signed_properties.only_child(properties_uri, "SignedSignatureProperties");
    if (!of_signature) {
        return malformed("SignedSignatureProperties");
    }
    const auto time = token_of(of_signature->only_child(properties_uri, "SigningTime"));
    const auto parsed = time ? parse_xml_time(*time) : std::nullopt;
    if (!parsed) {
        return malformed("SigningTime");
    }
    out.signing_time = *parsed;
    if (const auto read = read_signing_certificate(*of_signature, out); !read) {
        return read.error();
    }
    std::set<std::string> ids;
    for (const auto& file : out.files) {
        ids.insert("#" + file.id);
    }
    const auto of_data =
        parts.signed_properties.only_child(properties_uri, "SignedDataObjectProperties");
    for (const auto& child : of_data ? of_data->children() : std::vector<XmlElement>()) {
        if (child.is(properties_uri, "DataObjectFormat") &&
            ids.count(child.attribute("ObjectReference").value_or("")) == 0) {
            return malformed("DataObjectFormat");
        }
    }
    return true;
}

}   // namespace

Judged<XadesSignature> read_xades(std::string_view bytes) {
    const auto document = XmlDocument::parse(bytes);
    if (!document) {
        return document.error();
    }
    const auto parts = find_parts(document->root());
    if (!parts) {
        return parts.error();
    }
    if (document->has_duplicate_ids()) {
        return malformed("Id");
    }
    XadesSignature signature;
    for (const auto read : {read_signed_info, read_key_info, read_signed_properties}) {
        const auto done = read(*parts, signature);
        if (!done) {
            return done.error();
        }
        if (!*done) {
            return malformed("canonical_form");
        }
    }
    return signature;
}

}   // namespace gateway::seal
