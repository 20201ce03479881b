#pragma once

// signatures.xml taken apart: exactly the structure the profile knows, each part by its path from
// the root and never by its id, so that nothing can be wrapped. Nothing is verified here.

#include "gateway/core/time.hpp"
#include "gateway/seal/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct XadesReference {
    std::string id;   // empty: none
    std::string uri;
    std::string digest;   // 32 bytes, SHA-256
};

struct XadesSignature {
    std::string signed_info;         // canonical: what is signed
    std::string signed_properties;   // canonical: what its reference digests
    std::string properties_digest;   // 32 bytes, as the reference says
    std::vector<XadesReference> files;
    std::string value;
    std::vector<std::string> certificates;   // DER, as they stand in KeyInfo
    core::Time signing_time{};
    bool certificate_digest_is_sha1 = false;
    std::string certificate_digest;   // of the signing certificate
    std::string certificate_serial;   // decimal; empty: not stated
};

/// `seal.xml_unsafe`, `seal.xml_malformed`; `seal.signature_malformed` {part};
/// `seal.signatures_several` when there is not exactly one; `seal.signature_algorithm` {part} for
/// one that is not allowed (C14N 1.0 and 1.1, RSA with SHA-256, SHA-256; SHA-1 for the certificate
/// alone); `seal.signature_properties_unsigned`.
Judged<XadesSignature> read_xades(std::string_view bytes);

}   // namespace gateway::seal
