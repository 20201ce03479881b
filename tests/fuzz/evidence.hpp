#pragma once

// Evidence packages: whatever the bytes, a verdict in bounded work, whose faults have codes and
// tame words; and what is sound is the one form of its manifest and files. A first line of "files"
// makes a package of four texts, each after a NUL: manifest, message, timeline, public key;
// "fitted" makes the manifest tell of them as they are. Both are signed, so that what lies behind
// container and signature is reached.

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/vault.hpp"
#include "gateway/evidence/package_stream.hpp"
#include "gateway/evidence/verifier.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/zip.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fuzz::evidence {

namespace evidence = gateway::evidence;

/// Names and bytes, in order.
using Files = std::vector<std::pair<std::string, std::string>>;

inline const gateway::crypto::Vault& signing_vault() {
    static const gateway::crypto::Vault vault{gateway::crypto::SecretKey({7})};
    return vault;
}

/// In the form of a package; a file whose name no package can have is left out.
inline std::string packed(const Files& files, gateway::core::Time made_at) {
    gateway::seal::AsicWriter writer(evidence::package_options(made_at));
    std::string out;
    for (const auto& [name, bytes] : files) {
        if (writer.begin_file(evidence::to_pack(name, bytes.size()), out)) {
            promise(writer.write(bytes, out) && writer.end_file(out), "what fits is packed");
        }
    }
    promise(writer.finish(out).has_value(), "the directory can be written");
    return out;
}

inline std::string package_of_texts(std::string_view rest, bool fitted) {
    std::map<std::string, std::string, std::less<>> texts;
    for (const auto name : {evidence::manifest_name, evidence::message_name,
                            evidence::timeline_name, evidence::public_key_name}) {
        const auto end = rest.find('\0');
        texts[std::string(name)] = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    auto& text = texts[std::string(evidence::manifest_name)];
    auto manifest = evidence::read_manifest(text);
    if (manifest && fitted) {
        manifest->public_key =
            gateway::crypto::base64url_encode(signing_vault().verification_key());
        for (auto& file : manifest->files) {
            const auto& bytes = texts[file.name];
            file.size = bytes.size();
            file.sha256 = gateway::crypto::sha256(bytes).to_hex();
        }
        text = evidence::write_manifest(*manifest);
    }
    Files files{{std::string(evidence::manifest_name), text},
                {std::string(evidence::signature_name), signing_vault().sign(text)}};
    if (manifest) {
        for (const auto& file : manifest->files) {
            files.emplace_back(file.name, texts[file.name]);
        }
    }
    return packed(files, manifest ? manifest->made_at : gateway::core::Time());
}

inline void judge(const evidence::EvidenceReport& report) {
    promise(report.faults.size() == std::min<std::uint64_t>(report.found, evidence::faults_kept),
            "the first faults are kept, and no more");
    for (const auto& fault : report.faults) {
        promise(fault.code.value.starts_with("evidence.") || fault.code.value.starts_with("seal."),
                "a fault has a code");
        for (const auto& [name, value] : fault.params) {
            promise(!has_control(value) && value.size() <= 512, "a fault's values are tame");
        }
    }
    if (report.manifest) {
        const auto& manifest = *report.manifest;
        for (const auto& said : {manifest.gateway, manifest.message, manifest.tenant,
                                 manifest.purpose, manifest.public_key}) {
            promise(!has_control(said), "what a package says of itself is tame");
        }
    }
}

inline void judge_sound(zip::Bytes& source, std::string_view bytes,
                        const evidence::EvidenceReport& report) {
    promise(report.manifest && report.signed_by == evidence::SignedBy::key_in_package,
            "what is sound is signed");
    const auto reader = gateway::seal::AsicReader::open(source);
    promise(reader.has_value(), "what is sound opens");
    Files files;
    for (const auto& entry : reader->entries()) {
        files.emplace_back(entry.name, zip::read_file(*reader, entry, 4096).bytes);
    }
    promise(files.size() == report.files && packed(files, report.manifest->made_at) == bytes,
            "what is sound has one form");
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = text_of(data, size);
    const auto input = rest;
    const auto line = first_line(rest);
    const bool of_texts = line == "files" || line == "fitted";
    const auto bytes = of_texts ? package_of_texts(rest, line == "fitted") : std::string(input);
    zip::Bytes source(bytes);
    const auto report = evidence::verify_package(source, std::nullopt);
    promise(report.has_value(), "a verdict, whatever the bytes");
    promise(source.asked <= 8 * bytes.size() + 65'536, "each byte is read a few times at most");
    judge(*report);
    if (report->sound()) {
        judge_sound(source, bytes, *report);
    }
    const auto& key = signing_vault().verification_key();
    const auto known = evidence::verify_package(source, key);
    promise(known.has_value(), "a verdict under a known key");
    judge(*known);
    const bool trusted = known->signed_by == evidence::SignedBy::given_key;
    promise(!known->sound() || trusted, "under a known key only what it signed is sound");
}

}   // namespace fuzz::evidence
