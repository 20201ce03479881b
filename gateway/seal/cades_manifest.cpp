#include "gateway/seal/cades_manifest.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/seal/drafting.hpp"
#include "gateway/seal/xades_names.hpp"
#include "gateway/seal/xml_document.hpp"
#include "gateway/seal/xml_text.hpp"

#include <algorithm>
#include <cctype>

namespace gateway::seal {
namespace {

using xades::signature_uri;

constexpr std::string_view signature_type = "application/x-pkcs7-signature";
constexpr std::string_view sha256_as_never_was = "http://www.w3.org/2000/09/xmldsig#sha256";
constexpr std::string_view other_namespaces[] = {"http://uri.etsi.org/2918/v1.2.1#",
                                                 "http://uri.etsi.org/02918/v1.1.1#"};
constexpr std::size_t sha256_bytes = 32;

Finding malformed(const char* part) {
    return Finding("seal.manifest_malformed", {{"part", part}});
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return out;
}

bool is_between(std::string_view text, std::string_view begin, std::string_view end) {
    return text.size() >= begin.size() + end.size() && text.substr(0, begin.size()) == begin &&
           text.substr(text.size() - end.size()) == end;
}

bool is_manifest(std::string_view name) {
    return is_between(lower(name), "meta-inf/asicmanifest", ".xml");
}

bool is_signature(std::string_view name) {
    return is_between(lower(name), "meta-inf/signature", ".p7s");
}

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + xml_attribute_value(value) + "\"";
}

std::string reference(const FileToSign& file, bool root) {
    return "<DataObjectReference" + attribute("URI", uri_of_name(file.name)) +
           attribute("MimeType", file.media_type) +
           (root ? attribute("Rootfile", "true") : std::string()) + "><ds:DigestMethod" +
           attribute("Algorithm", xades::sha256) + "/><ds:DigestValue>" +
           crypto::base64_encode(file.sha256.to_bytes()) +
           "</ds:DigestValue></DataObjectReference>";
}

/// Extensions may be there, critical ones not: nobody here would heed them.
bool has_critical_extension(const XmlElement& list) {
    const auto extensions = list.children();
    return std::any_of(extensions.begin(), extensions.end(), [](const XmlElement& one) {
        const std::string critical = one.attribute("Critical").value_or("true");
        return critical != "false" && critical != "0";
    });
}

Judged<CadesReference> read_reference(const XmlElement& element, CadesManifest& manifest) {
    const std::string_view uri = element.namespace_uri();
    for (const auto& child : element.children()) {
        const bool extensions = child.is(uri, "DataObjectReferenceExtensions");
        if ((extensions && has_critical_extension(child)) ||
            (!extensions && child.namespace_uri() != signature_uri)) {
            return malformed("DataObjectReference");
        }
    }
    const auto method = element.only_child(signature_uri, "DigestMethod");
    const std::string algorithm = method ? method->attribute("Algorithm").value_or("") : "";
    if (algorithm != xades::sha256 && algorithm != sha256_as_never_was) {
        return Finding("seal.signature_algorithm", {{"part", "DigestMethod"}});
    }
    manifest.dialect = manifest.dialect || algorithm != xades::sha256;
    const auto value = element.only_child(signature_uri, "DigestValue");
    auto text = value ? value->text().value_or("") : std::string();
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    const auto digest = crypto::base64_decode(text);
    if (!digest || digest->size() != sha256_bytes) {
        return malformed("DigestValue");
    }
    const auto name = element.attribute("URI");
    if (!name || name->empty()) {
        return malformed("DataObjectReference");
    }
    return CadesReference{*name, *digest};
}

}   // namespace

core::Result<std::string> write_cades_manifest(const std::vector<FileToSign>& files,
                                               std::string_view signature_name) {
    if (auto checked = check_files_to_sign(files); !checked) {
        return checked.error();
    }
    if (!is_signature(signature_name) || !is_xml_text(signature_name)) {
        return core::Failure(core::Errc::invalid_argument, "the signature's name is not its own");
    }
    std::string references;
    for (const auto& file : files) {
        references += reference(file, references.empty());
    }
    return R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
           "<ASiCManifest" +
           attribute("xmlns", xades::asic_uri) + attribute("xmlns:ds", signature_uri) +
           "><SigReference" + attribute("URI", uri_of_name(signature_name)) +
           attribute("MimeType", signature_type) + "/>" + references + "</ASiCManifest>";
}

Judged<CadesManifest> read_cades_manifest(std::string_view bytes) {
    const auto document = XmlDocument::parse(bytes);
    if (!document) {
        return document.error();
    }
    const XmlElement root = document->root();
    const std::string_view uri = root.namespace_uri();
    CadesManifest manifest;
    manifest.dialect = uri != xades::asic_uri;
    const bool known = !manifest.dialect ||
                       std::find(std::begin(other_namespaces), std::end(other_namespaces), uri) !=
                           std::end(other_namespaces);
    if (!known || root.name() != "ASiCManifest" || root.has_loose_text()) {
        return malformed("ASiCManifest");
    }
    for (const auto& child : root.children()) {
        if (child.is(uri, "DataObjectReference") && manifest.files.size() < signed_files_max) {
            auto read = read_reference(child, manifest);
            if (!read) {
                return read.error();
            }
            manifest.files.push_back(std::move(*read));
        } else if (child.is(uri, "SigReference") && manifest.signature_uri.empty()) {
            manifest.signature_uri = child.attribute("URI").value_or("");
            if (manifest.signature_uri.empty()) {
                return malformed("SigReference");
            }
        } else if (!child.is(uri, "ASiCManifestExtensions") || has_critical_extension(child)) {
            return malformed("ASiCManifest");
        }
    }
    if (manifest.files.empty()) {
        return malformed("DataObjectReference");
    }
    return manifest;
}

Judged<CadesEntries> find_cades_entries(const std::vector<std::string>& names) {
    CadesEntries entries;
    std::size_t manifests = 0;
    std::size_t signatures = 0;
    for (const auto& name : names) {
        if (is_manifest(name)) {
            entries.manifest = name;
            ++manifests;
        } else if (is_signature(name)) {
            entries.signature = name;
            ++signatures;
        }
    }
    if (signatures == 0) {
        return Finding("seal.signature_missing");
    }
    if (manifests == 0) {
        return Finding("seal.manifest_missing");
    }
    if (manifests > 1 || signatures > 1) {
        return Finding("seal.signatures_several",
                       {{"count", std::to_string(std::max(manifests, signatures))}});
    }
    return entries;
}

}   // namespace gateway::seal
