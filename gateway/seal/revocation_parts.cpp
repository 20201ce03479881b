#include "gateway/seal/revocation_parts.hpp"

#include "gateway/crypto/handle.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace gateway::seal {

Finding revocation_refused(const char* reason) {
    return Finding("seal.revocation_answer_refused", {{"reason", reason}});
}

bool is_strong_signature(int signature_nid) {
    int digest = NID_undef;
    int key = NID_undef;
    OBJ_find_sigid_algs(signature_nid, &digest, &key);
    return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

std::optional<std::int8_t> revocation_reason_of(const void* revoked) {
    const auto* const entry = static_cast<const X509_REVOKED*>(revoked);
    for (int i = 0; i < X509_REVOKED_get_ext_count(entry); ++i) {
        if (X509_EXTENSION_get_critical(X509_REVOKED_get_ext(entry, i)) != 0) {
            return std::nullopt;
        }
    }
    const crypto::Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(
        static_cast<ASN1_ENUMERATED*>(
            X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
    ERR_clear_error();
    return static_cast<std::int8_t>(reason ? std::clamp(ASN1_ENUMERATED_get(reason.get()), -1L, 10L)
                                           : -1L);
}

std::string revocation_reason_name(std::int8_t reason) {
    switch (reason) {
    case CRL_REASON_KEY_COMPROMISE: return "keyCompromise";
    case CRL_REASON_CA_COMPROMISE: return "cACompromise";
    case CRL_REASON_AFFILIATION_CHANGED: return "affiliationChanged";
    case CRL_REASON_SUPERSEDED: return "superseded";
    case CRL_REASON_CESSATION_OF_OPERATION: return "cessationOfOperation";
    case CRL_REASON_CERTIFICATE_HOLD: return "certificateHold";
    case CRL_REASON_REMOVE_FROM_CRL: return "removeFromCRL";
    case CRL_REASON_PRIVILEGE_WITHDRAWN: return "privilegeWithdrawn";
    case CRL_REASON_AA_COMPROMISE: return "aACompromise";
    default: return "unspecified";
    }
}

}   // namespace gateway::seal
