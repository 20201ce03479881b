#include "gateway/seal/xades_verifier.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/jwk.hpp"
#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/file_coverage.hpp"
#include "gateway/seal/sha1.hpp"
#include "gateway/seal/xades_reader.hpp"

namespace gateway::seal {
namespace {

/// The certificate that the signed properties name by digest, and by serial when they do.
const std::string* named_certificate(const XadesSignature& signature) {
    for (const auto& der : signature.certificates) {
        const std::string digest =
            signature.certificate_digest_is_sha1 ? sha1(der) : crypto::sha256(der).to_bytes();
        if (digest != signature.certificate_digest) {
            continue;
        }
        const auto details = read_certificate(der);
        const std::string& serial = signature.certificate_serial;
        return details && (serial.empty() || serial == details->serial_decimal) ? &der : nullptr;
    }
    return nullptr;
}

std::optional<Finding> judge_files(const XadesSignature& signature,
                                   const std::vector<ContainerFile>& files) {
    FileCoverage coverage(files);
    for (const auto& reference : signature.files) {
        if (auto refused = coverage.cover(reference.uri, reference.digest)) {
            return refused;
        }
    }
    return coverage.uncovered();
}

}   // namespace

Judged<VerifiedSignature> verify_xades(std::string_view signatures_xml,
                                       const std::vector<ContainerFile>& files) {
    if (signatures_xml.empty()) {
        return Finding("seal.signature_missing");
    }
    auto signature = read_xades(signatures_xml);
    if (!signature) {
        return signature.error();
    }
    const std::string* signer = named_certificate(*signature);
    if (signer == nullptr) {
        return Finding("seal.signer_unnamed");
    }
    const auto holds =
        crypto::verify_rs256_with_certificate(*signer, signature->signed_info, signature->value);
    if (!holds || !*holds) {
        return Finding("seal.signature_wrong");
    }
    if (crypto::sha256(signature->signed_properties).to_bytes() != signature->properties_digest) {
        return Finding("seal.signature_properties_changed");
    }
    if (auto refused = judge_files(*signature, files)) {
        return *refused;
    }
    VerifiedSignature verified;
    verified.signer = *signer;
    verified.certificates = std::move(signature->certificates);
    verified.signing_time = signature->signing_time;
    if (signature->certificate_digest_is_sha1) {
        verified.remarks.push_back(Finding("seal.signer_named_by_sha1"));
    }
    return verified;
}

}   // namespace gateway::seal
