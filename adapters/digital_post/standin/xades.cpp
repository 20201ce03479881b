#include "adapters/digital_post/standin/xades.hpp"

#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/test_ca.hpp"
#include "adapters/digital_post/standin/issuer_name.hpp"
#include "adapters/digital_post/standin/xml_signature.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>

namespace gateway::digital_post::standin {

using gateway::standin::parse_xml;

namespace {

namespace kit = gateway::standin;
using core::Errc;
using core::Failure;
using Node = XmlNode;

constexpr std::string_view asic = "http://uri.etsi.org/02918/v1.2.1#";
constexpr std::string_view dsig = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view etsi = "http://uri.etsi.org/01903/v1.3.2#";
constexpr std::string_view sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
constexpr std::string_view sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr std::string_view rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
constexpr std::string_view properties_type = "http://uri.etsi.org/01903#SignedProperties";
constexpr std::array<std::string_view, 2> canonical{
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11"};
constexpr std::size_t document_bytes_max = 4U << 20U;
constexpr std::chrono::seconds ahead_max{5};

Failure refused(std::string words) {
    return Failure(Errc::malformed, "Signaturen: " + std::move(words));
}

bool is_canonical(const std::string& algorithm) {
    return std::find(canonical.begin(), canonical.end(), algorithm) != canonical.end();
}

std::string algorithm_of(const Node* parent, std::string_view name) {
    return attribute_of(child(parent, name, dsig), "Algorithm");
}

std::string without_blanks(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    return text;
}

/// The nodes of one signature.
struct Signature {
    Node* whole = nullptr;
    Node* info = nullptr;
    Node* properties = nullptr;   // SignedProperties
    std::vector<kit::Certificate> certificates;
    std::map<std::string, std::string> names;   // Id of a reference -> file
};

/// The words of what is wrong; nothing when all is well.
using Objection = std::optional<std::string>;

Objection find_parts(const XmlDocument& document, Signature& out) {
    const Node* root = root_of(document);
    if (!is_element(root, "XAdESSignatures", asic) || children(root).size() != 1) {
        return "XAdESSignatures med nøyaktig en Signature mangler";
    }
    out.whole = child(root, "Signature", dsig);
    out.info = child(out.whole, "SignedInfo", dsig);
    const Node* object = child(out.whole, "Object", dsig);
    const Node* qualifying = child(object, "QualifyingProperties", etsi);
    out.properties = child(qualifying, "SignedProperties", etsi);
    if (out.info == nullptr || out.properties == nullptr) {
        return "SignedInfo eller SignedProperties mangler";
    }
    const std::string id = attribute_of(out.whole, "Id");
    if (id.empty() || attribute_of(qualifying, "Target") != "#" + id) {
        return "QualifyingProperties gjelder en annen signatur";
    }
    if (!is_canonical(algorithm_of(out.info, "CanonicalizationMethod"))) {
        return "CanonicalizationMethod er C14N 1.0 eller 1.1";
    }
    if (algorithm_of(out.info, "SignatureMethod") != rsa_sha256) {
        return "SignatureMethod er rsa-sha256";
    }
    return std::nullopt;
}

Objection check_properties_reference(const Node* reference, const Signature& signature) {
    if (attribute_of(reference, "Type") != properties_type ||
        attribute_of(reference, "URI") != "#" + attribute_of(signature.properties, "Id")) {
        return "en referanse gjelder noe annet enn filer og SignedProperties";
    }
    for (const Node* transform : children(child(reference, "Transforms", dsig))) {
        if (!is_canonical(attribute_of(transform, "Algorithm"))) {
            return "SignedProperties transformeres med annet enn C14N";
        }
    }
    return std::nullopt;
}

Objection check_references(const Zip& zip, Signature& signature) {
    std::size_t properties = 0;
    std::map<std::string, int> covered;
    for (const Node* reference : children(signature.info, "Reference", dsig)) {
        if (algorithm_of(reference, "DigestMethod") != sha256) {
            return "DigestMethod er SHA-256";
        }
        const std::string uri = attribute_of(reference, "URI");
        if (uri.empty() || uri.front() == '#') {
            if (auto objection = check_properties_reference(reference, signature)) {
                return objection;
            }
            ++properties;
            continue;
        }
        const ZipEntry* entry = find_by_uri(zip, uri);
        if (entry == nullptr || is_container_file(entry->name)) {
            return "en referanse gjelder en fil som ikke er i pakken";
        }
        if (child(reference, "Transforms", dsig) != nullptr) {
            return "filer signeres uten transformasjoner";
        }
        ++covered[entry->name];
        const std::string id = attribute_of(reference, "Id");
        if (id.empty() || !signature.names.emplace(id, entry->name).second) {
            return "hver referanse til en fil har sin egen Id";
        }
    }
    if (properties != 1) {
        return "SignedProperties er ikke signert";
    }
    for (const ZipEntry& entry : zip.entries()) {
        if (!is_container_file(entry.name) && covered[entry.name] != 1) {
            return "hver fil utenfor META-INF er signert en gang";
        }
    }
    return std::nullopt;
}

Objection read_certificates(Signature& signature) {
    const Node* data = child(child(signature.whole, "KeyInfo", dsig), "X509Data", dsig);
    for (const Node* each : children(data, "X509Certificate", dsig)) {
        const auto der = kit::from_base64(without_blanks(text_of(each)));
        auto certificate = der ? kit::Certificate::from_der(*der) : std::nullopt;
        if (!certificate) {
            return "X509Certificate er ikke et sertifikat";
        }
        signature.certificates.push_back(std::move(*certificate));
    }
    if (signature.certificates.size() != 3) {
        return "X509Data har tre sertifikater: virksomhetens, mellomutsteders og rotens";
    }
    return std::nullopt;
}

Objection check_certificates(const Signature& signature, const Trust& trust, core::Time arrived) {
    const kit::Certificate& leaf = signature.certificates[0];
    const std::vector<kit::Certificate> between{signature.certificates[1]};
    const auto at = std::chrono::floor<std::chrono::seconds>(arrived).time_since_epoch().count();
    if (auto objection = trust.objection(leaf, between, at)) {
        return objection;
    }
    if (!trust.is_anchor(signature.certificates[2])) {
        return "det siste sertifikatet er ikke en rot som postkassen stoler på";
    }
    const Node* properties = child(signature.properties, "SignedSignatureProperties", etsi);
    const Node* certificate = child(child(properties, "SigningCertificate", etsi), "Cert", etsi);
    const Node* digest = child(certificate, "CertDigest", etsi);
    if (algorithm_of(digest, "DigestMethod") != sha1) {
        return "CertDigest er SHA-1";
    }
    const std::string der = leaf.der();
    std::array<unsigned char, 20> hash{};
    EVP_Digest(der.data(), der.size(), hash.data(), nullptr, EVP_sha1(), nullptr);
    const std::string expected =
        kit::base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
    if (without_blanks(text_of(child(digest, "DigestValue", dsig))) != expected) {
        return "CertDigest er et annet sertifikats";
    }
    const Node* serial = child(certificate, "IssuerSerial", etsi);
    if (!names_issuer(text_of(child(serial, "X509IssuerName", dsig)), leaf) ||
        without_blanks(text_of(child(serial, "X509SerialNumber", dsig))) != serial_number(leaf)) {
        return "IssuerSerial er et annet sertifikats";
    }
    return std::nullopt;
}

Objection read_time(const Signature& signature, core::Time arrived, core::Duration age_max,
                    PackageSignature& out) {
    const Node* properties = child(signature.properties, "SignedSignatureProperties", etsi);
    const auto time = core::parse_rfc3339(text_of(child(properties, "SigningTime", etsi)));
    if (!time) {
        return "SigningTime mangler eller har ingen tidssone";
    }
    if (*time > arrived + ahead_max || *time < arrived - age_max) {
        return "SigningTime er ikke riktig";
    }
    out.signed_at = *time;
    return std::nullopt;
}

Objection read_formats(const Signature& signature, PackageSignature& out) {
    const Node* properties = child(signature.properties, "SignedDataObjectProperties", etsi);
    for (const Node* format : children(properties, "DataObjectFormat", etsi)) {
        const std::string reference = attribute_of(format, "ObjectReference");
        const auto found = signature.names.find(reference.empty() ? "" : reference.substr(1));
        if (!reference.starts_with('#') || found == signature.names.end()) {
            return "DataObjectFormat gjelder en ukjent referanse";
        }
        const std::string mime = text_of(child(format, "MimeType", etsi));
        if (mime.empty() || !out.files.emplace(found->second, mime).second) {
            return "hver fil har ett DataObjectFormat med MimeType";
        }
    }
    if (out.files.size() != signature.names.size()) {
        return "hver fil har ett DataObjectFormat med MimeType";
    }
    return std::nullopt;
}

}   // namespace

bool is_container_file(std::string_view name) {
    return name == "mimetype" || name.starts_with("META-INF/");
}

core::Result<PackageSignature> verify_package(const Zip& zip, const Trust& trust,
                                              core::Time arrived, core::Duration age_max) {
    const ZipEntry* entry = zip.find("META-INF/signatures.xml");
    if (entry == nullptr) {
        return refused("META-INF/signatures.xml mangler");
    }
    const auto text = unpack(zip, *entry, document_bytes_max);
    if (!text) {
        return text.error();
    }
    const XmlDocument document = parse_xml(*text);
    if (!document) {
        return refused("META-INF/signatures.xml er ikke XML");
    }
    Signature signature;
    PackageSignature out;
    Objection objection = find_parts(document, signature);
    objection = objection ? objection : check_references(zip, signature);
    objection = objection ? objection : read_certificates(signature);
    objection = objection ? objection : check_certificates(signature, trust, arrived);
    objection = objection ? objection : read_time(signature, arrived, age_max, out);
    objection = objection ? objection : read_formats(signature, out);
    if (objection) {
        return refused(*objection);
    }
    const kit::Certificate& leaf = signature.certificates[0];
    if (!verify_xml_signature(document, signature.whole, leaf.public_key(), zip)) {
        return refused("den holder ikke");
    }
    out.signer = leaf.organisation().value_or("");
    return out;
}

}   // namespace gateway::digital_post::standin
