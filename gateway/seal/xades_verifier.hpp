#pragma once

// Verifies META-INF/signatures.xml of an ASiC-E container against the container's files. References
// are resolved by us, against that list alone: each file once, none left out. Pure; any thread.

#include "gateway/seal/signed_file.hpp"
#include "gateway/seal/verified_signature.hpp"

#include <string_view>
#include <vector>

namespace gateway::seal {

/// `files`: all that lie in the container; `mimetype` and META-INF/ are left out here. Parameters
/// number files from 1 in that order. Besides what read_xades() refuses:
/// `seal.signature_missing` (no bytes), `seal.file_unsigned` {number}, `seal.file_signed_twice`
/// {number}, `seal.file_changed` {number}, `seal.file_missing` {reference},
/// `seal.signature_properties_changed`, `seal.signer_unnamed` (no certificate fits the signed
/// digest), `seal.signature_wrong`. Remark: `seal.signer_named_by_sha1`, which the DPI profile
/// demands.
Judged<VerifiedSignature> verify_xades(std::string_view signatures_xml,
                                       const std::vector<ContainerFile>& files);

}   // namespace gateway::seal
