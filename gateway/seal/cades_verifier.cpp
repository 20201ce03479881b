#include "gateway/seal/cades_verifier.hpp"

#include "gateway/seal/cades_manifest.hpp"
#include "gateway/seal/cades_reader.hpp"
#include "gateway/seal/file_coverage.hpp"
#include "gateway/seal/xml_text.hpp"

#include <algorithm>
#include <optional>

namespace gateway::seal {
namespace {

/// Keeps remarks, and the first that the policy refuses.
class Judgement {
public:
    void demand(Rule rule, bool held, const Finding& finding) {
        if (held || rule == Rule::ignore) {
            return;
        }
        if (rule == Rule::require && !refusal_) {
            refusal_ = finding;
        } else if (rule == Rule::warn && !has_finding(remarks_, finding.code.value)) {
            remarks_.push_back(finding);
        }
    }
    void remark(const Finding& finding) { demand(Rule::warn, false, finding); }

    const std::optional<Finding>& refusal() const { return refusal_; }
    Findings take_remarks() { return std::move(remarks_); }

private:
    std::optional<Finding> refusal_;
    Findings remarks_;
};

void judge_signer(const CadesSigner& signer, const CadesPolicy& policy, Judgement& judgement) {
    judgement.demand(policy.strong_digest, !signer.sha1, Finding("seal.signature_sha1"));
    judgement.demand(policy.signed_attributes, signer.has_attributes,
                     Finding("seal.signed_attributes_missing"));
    judgement.demand(policy.signing_certificate, signer.named_by != NamedBy::nothing,
                     Finding("seal.signer_attribute_missing"));
    judgement.demand(policy.signing_time, signer.signing_time.has_value(),
                     Finding("seal.signing_time_missing"));
    if (signer.named_by == NamedBy::sha1) {
        judgement.remark(Finding("seal.signer_named_by_sha1"));
    }
}

std::optional<Finding> judge_manifest(const CadesManifest& manifest, const CadesParts& parts,
                                      const std::vector<ContainerFile>& files) {
    const bool elsewhere =
        !manifest.signature_uri.empty() && manifest.signature_uri != parts.signature_name &&
        name_of_uri(manifest.signature_uri, false) != std::string(parts.signature_name);
    if (elsewhere) {
        return Finding("seal.signature_elsewhere");
    }
    FileCoverage coverage(files);
    for (const auto& reference : manifest.files) {
        if (auto refused = coverage.cover(reference.uri, reference.digest)) {
            return refused;
        }
    }
    return coverage.uncovered();
}

}   // namespace

CadesPolicy CadesPolicy::strict() {
    CadesPolicy policy;
    policy.signing_certificate = Rule::require;
    policy.signing_time = Rule::require;
    policy.one_signer = Rule::require;
    policy.signature_reference = Rule::require;
    policy.standard_manifest = Rule::require;
    return policy;
}

Judged<VerifiedSignature> verify_cades(const CadesParts& parts,
                                       const std::vector<ContainerFile>& files,
                                       const CadesPolicy& policy) {
    if (parts.signature.empty()) {
        return Finding("seal.signature_missing");
    }
    if (parts.manifest.empty()) {
        return Finding("seal.manifest_missing");
    }
    auto signatures = read_cades(parts.signature, parts.manifest);
    if (!signatures) {
        return signatures.error();
    }
    const std::vector<CadesSigner>& signers = signatures->signers;
    const Finding several("seal.signatures_several", {{"count", std::to_string(signers.size())}});
    if (std::any_of(signers.begin(), signers.end(), [&](const CadesSigner& one) {
            return one.certificate != signers.front().certificate;
        })) {
        return several;
    }
    const auto manifest = read_cades_manifest(parts.manifest);
    if (!manifest) {
        return manifest.error();
    }
    if (const auto refused = judge_manifest(*manifest, parts, files)) {
        return *refused;
    }
    Judgement judgement;
    for (const auto& signer : signers) {
        judge_signer(signer, policy, judgement);
    }
    judgement.demand(policy.one_signer, signers.size() == 1, Finding("seal.signed_twice"));
    judgement.demand(policy.signature_reference, !manifest->signature_uri.empty(),
                     Finding("seal.signature_unreferenced"));
    judgement.demand(policy.standard_manifest, !manifest->dialect,
                     Finding("seal.manifest_dialect"));
    if (judgement.refusal()) {
        return *judgement.refusal();
    }
    VerifiedSignature verified;
    verified.signer = signers.front().certificate;
    verified.signing_time = signers.front().signing_time;
    verified.certificates = std::move(signatures->certificates);
    verified.remarks = judgement.take_remarks();
    return verified;
}

}   // namespace gateway::seal
