#include "adapters/common/standin/containers/package.hpp"

#include "adapters/common/standin/containers/xml.hpp"
#include "adapters/common/standin/containers/zip.hpp"
#include "adapters/common/standin/containers/zip_maker.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "gateway/core/ids.hpp"

#include <algorithm>
#include <map>

namespace gateway::standin {

namespace {

using core::Errc;
using core::Failure;

constexpr std::string_view mimetype = "application/vnd.etsi.asic-e+zip";
constexpr std::string_view asic_space = "http://uri.etsi.org/02918/v1.2.1#";
constexpr std::string_view dotnet_space = "http://uri.etsi.org/2918/v1.2.1#";
constexpr std::string_view older_space = "http://uri.etsi.org/02918/v1.1.1#";
constexpr std::string_view dsig_space = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";
constexpr std::string_view manifest_name = "META-INF/ASiCManifest.xml";
constexpr std::size_t file_bytes_max = 512U << 20U;
constexpr std::size_t small_bytes_max = 1U << 20U;

Failure wrong(std::string words) {
    return Failure(Errc::malformed, std::move(words));
}

std::string digest_of(std::string_view bytes) {
    return base64(core::parse_sha256(sha256_hex(bytes))->to_bytes());
}

std::string type_of(std::string_view name) {
    static const std::map<std::string_view, const char*> types{
        {"xml", "application/xml"}, {"json", "application/json"}, {"pdf", "application/pdf"},
        {"txt", "text/plain"},      {"zip", "application/zip"},   {"png", "image/png"}};
    const auto found = types.find(name.substr(std::min(name.size(), name.rfind('.') + 1)));
    return found == types.end() ? "application/octet-stream" : found->second;
}

std::string cades_manifest(const std::vector<PackageFile>& files, const PackageOrder& order,
                           const std::string& signature) {
    const bool java = order.flavour == Flavour::java;
    const std::string_view space =
        order.other_namespace ? older_space : (java ? asic_space : dotnet_space);
    std::string out = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
    out += "<ASiCManifest xmlns=\"" + std::string(space) + "\" xmlns:ds=\"" +
           std::string(dsig_space) + "\"><SigReference URI=\"" + signature +
           "\" MimeType=\"application/x-pkcs7-signature\"/>";
    bool first = java;
    for (const PackageFile& file : files) {
        out += "<DataObjectReference URI=\"" + xml_escaped(file.name) + "\" MimeType=\"" +
               type_of(file.name) + "\"" + (first ? " Rootfile=\"true\"" : "") +
               "><ds:DigestMethod Algorithm=\"" + std::string(sha256_uri) + "\"/><ds:DigestValue>" +
               digest_of(file.bytes) + "</ds:DigestValue></DataObjectReference>";
        first = false;
    }
    return out + "</ASiCManifest>";
}

std::string opendocument_manifest(const std::vector<PackageFile>& files) {
    std::string out =
        R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><manifest:manifest )"
        R"(xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">)"
        R"(<manifest:file-entry manifest:media-type="application/vnd.etsi.asic-e+zip" )"
        R"(manifest:full-path="/"/>)";
    for (const PackageFile& file : files) {
        out += "<manifest:file-entry manifest:media-type=\"" + type_of(file.name) +
               "\" manifest:full-path=\"" + xml_escaped(file.name) + "\"/>";
    }
    return out + "</manifest:manifest>";
}

/// What the manifest says of each file, base64.
core::Result<std::map<std::string, std::string>> read_manifest(const std::string& text,
                                                               std::string& signature) {
    const XmlDocument document = parse_xml(text);
    XmlNode* root = document ? root_of(document) : nullptr;
    if (root == nullptr || !is_element(root, "ASiCManifest", asic_space)) {
        return wrong("META-INF/ASiCManifest.xml er ikke et ASiCManifest");
    }
    XmlNode* reference = child(root, "SigReference", asic_space);
    signature = reference == nullptr ? std::string() : attribute_of(reference, "URI");
    std::map<std::string, std::string> digests;
    for (XmlNode* node : children(root, "DataObjectReference", asic_space)) {
        XmlNode* method = child(node, "DigestMethod", dsig_space);
        XmlNode* value = child(node, "DigestValue", dsig_space);
        if (method == nullptr || value == nullptr ||
            attribute_of(method, "Algorithm") != sha256_uri) {
            return wrong("Manifestet har en fil uten SHA-256");
        }
        if (!digests.emplace(attribute_of(node, "URI"), text_of(value)).second) {
            return wrong("Manifestet nevner en fil to ganger");
        }
    }
    return digests;
}

}   // namespace

std::string make_container(const std::vector<PackageFile>& files, const PackageOrder& order) {
    const bool java = order.flavour == Flavour::java;
    ZipMaker zip;
    const std::string comment = "mimetype=" + std::string(mimetype);
    if (java) {
        zip.store("mimetype", mimetype, comment);
    } else {
        zip.deflate("mimetype", mimetype);
    }
    for (const PackageFile& file : files) {
        zip.deflate(file.name, file.bytes);
    }
    if (!order.without_signature) {
        const std::string signature = "META-INF/signature-" + random_uuid() + ".p7s";
        const std::string manifest = cades_manifest(files, order, signature);
        zip.deflate(java ? manifest_name : "META-INF/asicmanifest.xml", manifest);
        zip.deflate(signature, sign_detached(manifest, *order.signer, order.digest, java ? 1 : 2));
    }
    if (!java) {
        return zip.finish();
    }
    zip.deflate("META-INF/manifest.xml", opendocument_manifest(files));
    return zip.finish(comment);
}

std::string envelop(std::string_view container, const Certificate& to, Flavour flavour) {
    std::vector<EnvelopeRecipient> recipients;
    if (flavour == Flavour::dotnet) {
        recipients.push_back({to, KeyTransport::pkcs1_v15});
    }
    recipients.push_back({to, KeyTransport::oaep_sha256});
    return seal_envelope(container, recipients);
}

core::Result<ReadContainer> read_container(std::string_view bytes) {
    const auto zip = Zip::read(bytes);
    if (!zip) {
        return zip.error();
    }
    const auto& entries = zip->entries();
    if (entries.empty() || entries.front().name != "mimetype" || entries.front().method != 0 ||
        zip->bytes().substr(entries.front().data, entries.front().size) != mimetype) {
        return wrong("mimetype er ikke første fil, lagret, med riktig innhold");
    }
    const ZipEntry* manifest_entry = zip->find(manifest_name);
    if (manifest_entry == nullptr) {
        return wrong("META-INF/ASiCManifest.xml mangler");
    }
    const auto manifest = unpack(*zip, *manifest_entry, small_bytes_max);
    if (!manifest) {
        return manifest.error();
    }
    std::string signature_name;
    auto digests = read_manifest(*manifest, signature_name);
    if (!digests) {
        return digests.error();
    }
    const ZipEntry* signature_entry = zip->find(signature_name);
    if (signature_entry == nullptr) {
        return wrong("Signaturen som manifestet viser til, mangler");
    }
    const auto signature = unpack(*zip, *signature_entry, small_bytes_max);
    const auto signer = signature ? signer_of(*signature, *manifest) : std::nullopt;
    if (!signer) {
        return wrong("Signaturen holder ikke");
    }
    ReadContainer out{{}, *signer};
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const ZipEntry& entry = entries[i];
        if (entry.name.starts_with("META-INF/")) {
            continue;
        }
        auto content = unpack(*zip, entry, file_bytes_max);
        if (!content) {
            return content.error();
        }
        const auto named = digests->find(entry.name);
        if (named == digests->end() || named->second != digest_of(*content)) {
            return wrong("En fil står ikke i manifestet, eller er en annen");
        }
        digests->erase(named);
        out.files.push_back({entry.name, std::move(*content)});
    }
    if (!digests->empty()) {
        return wrong("Manifestet nevner en fil som ikke er der");
    }
    return out;
}

}   // namespace gateway::standin
