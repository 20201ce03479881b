#pragma once

// ASiCManifest.xml, a NUL, and its CMS signature, over two files of which everything is known: what
// is accepted covers both, exactly as they are.

#include "gateway/seal/cades_manifest.hpp"
#include "gateway/seal/cades_reader.hpp"
#include "gateway/seal/cades_verifier.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/xades.hpp"

namespace fuzz::cades {

inline gateway::seal::CadesPolicy lenient() {
    using gateway::seal::Rule;
    gateway::seal::CadesPolicy policy;
    policy.strong_digest = Rule::warn;
    policy.signed_attributes = Rule::warn;
    policy.standard_manifest = Rule::warn;
    return policy;
}

inline void one_input(const std::uint8_t* data, std::size_t size) {
    namespace seal = gateway::seal;
    const auto text = text_of(data, size);
    const std::size_t cut = text.find('\0');
    seal::CadesParts parts;
    parts.manifest = std::string(text.substr(0, cut));
    parts.signature =
        cut == std::string_view::npos ? std::string() : std::string(text.substr(cut + 1));
    parts.signature_name = "META-INF/signature-1.p7s";
    if (const auto manifest = seal::read_cades_manifest(parts.manifest)) {
        promise(!manifest->files.empty(), "a manifest names files");
        for (const auto& file : manifest->files) {
            promise(file.digest.size() == 32 && !file.uri.empty(), "a file has a digest");
        }
    }
    if (const auto signatures = seal::read_cades(parts.signature, parts.manifest)) {
        promise(!signatures->signers.empty() && !signatures->certificates.empty(),
                "a signature has a signer with a certificate");
        promise(!seal::read_cades(parts.signature, parts.manifest + " "),
                "a changed manifest is found");
    }
    auto files = xades::files();
    if (const auto verified = seal::verify_cades(parts, files, lenient())) {
        promise(!verified->signer.empty(), "it is known who signed");
        promise(seal::verify_cades(parts, files, seal::CadesPolicy::strict()).has_value() ==
                    verified->remarks.empty(),
                "what is worth no remark is good under the strictest policy");
        files[1].sha256.bytes[0] ^= 1U;
        promise(!seal::verify_cades(parts, files, lenient()), "a changed file is found");
    }
}

}   // namespace fuzz::cades
