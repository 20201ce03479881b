#pragma once

// Verifies the signature of an ASiC-E container with CAdES: the CMS signature over the manifest,
// and the manifest against the container's files. What real clients write is less than the standard
// asks; how much less is accepted is a policy. Pure; any thread.

#include "gateway/seal/signed_file.hpp"
#include "gateway/seal/verified_signature.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

/// What the defaults let pass is what KS's clients of Java and .NET write.
struct CadesPolicy {
    Rule strong_digest = Rule::require;       // SHA-256 or better; old Java clients sign with SHA-1
    Rule signing_certificate = Rule::warn;    // the attribute is there
    Rule signing_time = Rule::warn;           // the attribute is there
    Rule signed_attributes = Rule::require;   // the signature is over attributes at all
    Rule one_signer = Rule::warn;             // .NET signs twice with one key
    Rule signature_reference = Rule::warn;    // the manifest names its signature
    Rule standard_manifest = Rule::ignore;    // namespace and digest URI of the standard

    /// All of the standard's B level.
    static CadesPolicy strict();
};

struct CadesParts {
    std::string manifest;
    std::string signature;        // the .p7s
    std::string signature_name;   // its entry in the container
};

/// `files`: all that lie in the container; `mimetype` and META-INF/ are left out here. Refused:
/// what read_cades_manifest() refuses; `seal.signature_missing`, `seal.manifest_missing`,
/// `seal.signature_malformed` {part}, `seal.signature_algorithm` {part}, `seal.signatures_several`
/// {count} (of different keys), `seal.signer_unnamed` (no certificate, or not the one that the
/// attribute names), `seal.manifest_changed`, `seal.signature_wrong`, `seal.signature_elsewhere`
/// (the manifest names another), `seal.file_*`. By policy refused or remarked on:
/// `seal.signature_sha1`, `seal.signer_attribute_missing`, `seal.signing_time_missing`,
/// `seal.signed_attributes_missing`, `seal.signed_twice`, `seal.signature_unreferenced`,
/// `seal.manifest_dialect`. Remark: `seal.signer_named_by_sha1`.
Judged<VerifiedSignature> verify_cades(const CadesParts& parts,
                                       const std::vector<ContainerFile>& files,
                                       const CadesPolicy& policy = CadesPolicy());

}   // namespace gateway::seal
