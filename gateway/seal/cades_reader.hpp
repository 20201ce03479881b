#pragma once

// A detached CMS SignedData taken apart and each of its signatures verified, without any judgement
// of what should be there: that is cades_verifier.hpp's.

#include "gateway/core/time.hpp"
#include "gateway/seal/finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

enum class NamedBy { nothing, sha1, strong_digest };

struct CadesSigner {
    std::string certificate;   // DER; its key made this signature
    bool sha1 = false;         // of the content, or of what is signed
    bool has_attributes = false;
    std::optional<core::Time> signing_time;
    NamedBy named_by = NamedBy::nothing;   // by a signed attribute, and rightly
};

struct CadesSignatures {
    std::vector<CadesSigner> signers;        // at least one
    std::vector<std::string> certificates;   // DER
};

/// `content`: what is signed. `seal.signature_malformed` {part}, `seal.signature_algorithm` {part}
/// (RSA PKCS#1 v1.5 with SHA-1 or SHA-2 alone), `seal.signer_unnamed`, `seal.manifest_changed`,
/// `seal.signature_wrong`.
Judged<CadesSignatures> read_cades(std::string_view der, std::string_view content);

}   // namespace gateway::seal
