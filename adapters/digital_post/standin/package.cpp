#include "adapters/digital_post/standin/package.hpp"

#include "adapters/common/standin/containers/zip.hpp"
#include "adapters/common/standin/http_tools.hpp"
#include "adapters/digital_post/standin/envelope.hpp"
#include "adapters/digital_post/standin/manifest.hpp"
#include "adapters/digital_post/standin/mapped_file.hpp"
#include "adapters/digital_post/standin/xades.hpp"
#include "gateway/core/ids.hpp"

#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <memory>
#include <set>
#include <vector>

namespace gateway::digital_post::standin {

using gateway::standin::ZipContent;
using gateway::standin::ZipEntry;

namespace {

using core::Errc;
using core::Failure;
using json::Value;

constexpr std::string_view mimetype = "application/vnd.etsi.asic-e+zip";
constexpr std::size_t manifest_bytes_max = 1U << 20U;
constexpr std::uint64_t documents_bytes_max = 50ULL << 20U;
constexpr std::size_t mimetype_offset = 30 + 8;   // local header and "mimetype"

Failure refused(std::string words) {
    return Failure(Errc::malformed, std::move(words));
}

/// Removes the opened package with the scope, whatever happens.
class Scratch {
public:
    explicit Scratch(const std::string& folder)
        : path_(folder + "/open-" + gateway::standin::random_uuid()) {}
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

using Objection = std::optional<std::string>;

/// First, stored, without extra field: a reader finds the type at byte 38.
Objection check_mimetype(const Zip& zip) {
    const ZipEntry& first = zip.entries().front();
    if (first.name != "mimetype" || first.header != 0 || first.method != 0 ||
        first.data != mimetype_offset || zip.bytes().substr(first.data, first.packed) != mimetype) {
        return "Pakken begynner ikke med mimetype " + std::string(mimetype) + ", ukomprimert";
    }
    return std::nullopt;
}

Objection check_names(const Zip& zip, const Manifest& manifest) {
    std::set<std::string> names;
    for (const ManifestDocument& document : manifest.documents) {
        if (!names.insert(document.href).second) {
            return "Reason code: SBD:5023. Vedhæftning må kun optræde 1 gang";
        }
        if (!document.data_href.empty()) {
            names.insert(document.data_href);
        }
    }
    std::set<std::string> stored;
    for (const ZipEntry& entry : zip.entries()) {
        if (!stored.insert(entry.name).second) {
            return "Reason code: SBD:5023. Vedhæftning må kun optræde 1 gang";
        }
        if (!is_container_file(entry.name) && entry.name != "manifest.xml" &&
            !names.contains(entry.name)) {
            return "Pakken har en fil som ikke står i manifest.xml";
        }
    }
    for (const std::string& name : names) {
        if (!stored.contains(name)) {
            return "manifest.xml nevner en fil som ikke er i pakken";
        }
    }
    return std::nullopt;
}

Objection check_types(const Manifest& manifest, const PackageSignature& signature) {
    for (const ManifestDocument& document : manifest.documents) {
        if (!is_allowed_mime(document.mime)) {
            return "MIME-typen " + document.mime + " er ikke tillatt";
        }
        if (!document.data_href.empty() && !is_allowed_extension_mime(document.data_mime)) {
            return "MIME-typen " + document.data_mime + " er ikke en utvidelse";
        }
        if (signature.files.at(document.href) != document.mime) {
            return "MIME-typen i manifest.xml er en annen enn i signaturen";
        }
    }
    return std::nullopt;
}

Objection check_parties(const Manifest& manifest, const Expected& expected) {
    if (manifest.avsender != expected.avsender) {
        return "avsender i manifest.xml er en annen enn i forretningsmeldingen";
    }
    if (manifest.sender_unit != expected.sender_unit) {
        return "avsenderidentifikator i manifest.xml er en annen enn i forretningsmeldingen";
    }
    if (expected.mailbox && manifest.mailbox != expected.mailbox) {
        return "postkasseadresse i manifest.xml er en annen enn i forretningsmeldingen";
    }
    return std::nullopt;
}

std::string digest_of(const Zip& zip, const ZipEntry& entry) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    ZipContent content(zip, entry);
    std::vector<char> block(64U << 10U);
    while (true) {
        const auto got = content.read(block);
        if (!got || *got == 0) {
            break;   // whole: the signature has been over it
        }
        EVP_DigestUpdate(context.get(), block.data(), *got);
    }
    std::array<unsigned char, 32> hash{};
    EVP_DigestFinal_ex(context.get(), hash.data(), nullptr);
    return core::to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Value describe(const Zip& zip, const Manifest& manifest, const PackageSignature& signature) {
    Value documents = Value::array();
    for (const ManifestDocument& document : manifest.documents) {
        const ZipEntry& entry = *zip.find(document.href);
        Value item;
        item.set("name", document.href).set("mime", document.mime);
        item.set("title", document.title).set("language", document.language);
        item.set("sha256", digest_of(zip, entry)).set("size", entry.size);
        documents.push(std::move(item));
    }
    Value head;
    head.set("avsender", manifest.avsender).set("avsenderidentifikator", manifest.sender_unit);
    head.set("postkasseadresse", manifest.mailbox ? Value(*manifest.mailbox) : Value());
    Value signed_by;
    signed_by.set("signer", signature.signer).set("at", core::to_rfc3339(signature.signed_at));
    Value out;
    out.set("documents", std::move(documents)).set("manifest", std::move(head));
    out.set("signature", std::move(signed_by));
    return out;
}

core::Result<Value> read_package(const Zip& zip, const Desk& desk, const Expected& expected) {
    if (auto objection = check_mimetype(zip)) {
        return refused(*objection);
    }
    const ZipEntry* entry = zip.find("manifest.xml");
    if (entry == nullptr) {
        return refused("manifest.xml mangler");
    }
    const auto text = unpack(zip, *entry, manifest_bytes_max);
    if (!text) {
        return text.error();
    }
    const auto manifest = read_manifest(*text);
    if (!manifest) {
        return manifest.error();
    }
    if (auto objection = check_names(zip, *manifest)) {
        return refused(*objection);
    }
    std::uint64_t size = 0;
    for (const ZipEntry& each : zip.entries()) {
        size += each.size;
        if (!is_container_file(each.name) && each.size == 0) {
            return refused("En fil i pakken er tom");
        }
    }
    if (size > documents_bytes_max) {
        return refused("Dokumentpakken er større enn 50 MB");
    }
    const auto signature =
        verify_package(zip, desk.trust, expected.arrived, desk.signature_age_max);
    if (!signature) {
        return signature.error();
    }
    if (signature->signer != expected.signer) {
        return refused("Pakken er signert av en annen virksomhet enn forretningsmeldingen");
    }
    if (auto objection = check_types(*manifest, *signature)) {
        return refused(*objection);
    }
    if (auto objection = check_parties(*manifest, expected)) {
        return refused(*objection);
    }
    return describe(zip, *manifest, *signature);
}

}   // namespace

core::Result<Value> open_package(const std::string& cms_path, const Desk& desk,
                                 const Expected& expected) {
    const Scratch scratch(desk.folder);
    Value sealed;
    {
        const MappedFile cms(cms_path);
        const auto envelope =
            open_envelope(cms.bytes(), desk.own.certificate, desk.own.key, scratch.path());
        if (!envelope) {
            return envelope.error();
        }
        sealed.set("keyTransport", envelope->key_transport);
        sealed.set("indefinite", envelope->indefinite);
    }
    const MappedFile opened(scratch.path());
    const auto zip = Zip::read(opened.bytes());
    if (!zip) {
        return zip.error();
    }
    auto described = read_package(*zip, desk, expected);
    if (described) {
        described->set("envelope", std::move(sealed));
    }
    return described;
}

}   // namespace gateway::digital_post::standin
