#pragma once

// A package of two files signed with CAdES, as the tests of signer and verifier begin with.

#include "gateway/crypto/digest.hpp"
#include "gateway/seal/cades_manifest.hpp"
#include "gateway/seal/cades_signer.hpp"
#include "gateway/seal/cades_verifier.hpp"
#include "tests/support/business_certificates.hpp"

namespace tests {

inline const BusinessAuthority& cades_authority() {
    static const BusinessAuthority authority;
    return authority;
}

inline const BusinessIdentity& cades_signer() {
    static const BusinessIdentity signer = cades_authority().issue();
    return signer;
}

inline std::vector<gateway::seal::FileToSign> cades_files() {
    return {{"arkivmelding.xml", "application/xml", gateway::crypto::sha256("<arkivmelding/>")},
            {"Søknad om tilskudd.pdf", "application/pdf", gateway::crypto::sha256("%PDF-1.7")}};
}

inline std::vector<gateway::seal::ContainerFile> cades_container() {
    std::vector<gateway::seal::ContainerFile> files{{"mimetype", {}}};
    for (const auto& file : cades_files()) {
        files.push_back({file.name, file.sha256});
    }
    files.push_back({"META-INF/ASiCManifest.xml", {}});
    files.push_back({"META-INF/manifest.xml", {}});
    return files;
}

inline gateway::seal::CadesInput cades_input() {
    gateway::seal::CadesInput input;
    input.manifest =
        gateway::seal::write_cades_manifest(cades_files(), "META-INF/signature-1.p7s").value();
    input.chain = {cades_signer().der, cades_authority().intermediate(), cades_authority().root()};
    input.signing_time = judged_at();
    return input;
}

inline gateway::seal::CadesParts cades_parts() {
    const auto input = cades_input();
    const auto draft = gateway::seal::draft_cades(input).value();
    return {input.manifest, draft.finish(cades_signer().sign(draft.to_sign())).value(),
            "META-INF/signature-1.p7s"};
}

}   // namespace tests
