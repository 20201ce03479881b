#include "gateway/seal/ocsp.hpp"

#include "gateway/crypto/handle.hpp"
#include "gateway/seal/asn1_values.hpp"
#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/revocation_parts.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace gateway::seal {
namespace {

using crypto::Handle;

constexpr std::chrono::hours end_unsaid{1};

struct ReleaseStack {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};

X509* native(const std::shared_ptr<void>& certificate) {
    return static_cast<X509*>(certificate.get());
}

bool is_valid_at(const X509* certificate, core::Time now) {
    return asn1_time(X509_get0_notBefore(certificate)) <= now + revocation_clock_skew &&
           now <= asn1_time(X509_get0_notAfter(certificate));
}

/// The issuer itself, or one it gave the right to answer for it (RFC 6960 4.2.2.2).
bool may_answer(X509* responder, X509* issuer, core::Time now) {
    if (X509_cmp(responder, issuer) == 0) {
        return true;
    }
    const bool delegated = (X509_get_extension_flags(responder) & EXFLAG_XKUSAGE) != 0 &&
                           (X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) != 0;
    return delegated && is_valid_at(responder, now) &&
           X509_check_issued(issuer, responder) == X509_V_OK &&
           is_strong_signature(X509_get_signature_nid(responder)) &&
           X509_verify(responder, X509_get0_pubkey(issuer)) == 1;
}

std::optional<Finding> judge_responder(OCSP_BASICRESP* basic, X509* issuer, core::Time now) {
    const std::unique_ptr<STACK_OF(X509), ReleaseStack> extra(sk_X509_new_null());
    sk_X509_push(extra.get(), issuer);
    X509* responder = nullptr;
    if (OCSP_resp_get0_signer(basic, &responder, extra.get()) != 1 ||
        !may_answer(responder, issuer, now)) {
        return revocation_refused("responder");
    }
    if (!is_strong_signature(OBJ_obj2nid(OCSP_resp_get0_tbs_sigalg(basic)->algorithm))) {
        return revocation_refused("algorithm");
    }
    // Only the signature: who may answer was judged above, at the caller's time.
    if (OCSP_basic_verify(basic, extra.get(), nullptr, OCSP_NOVERIFY) != 1) {
        return revocation_refused("signature");
    }
    return std::nullopt;
}

/// The one answer about this certificate.
OCSP_SINGLERESP* find_single(OCSP_BASICRESP* basic, X509* certificate, X509* issuer) {
    for (int i = 0; i < OCSP_resp_count(basic); ++i) {
        OCSP_SINGLERESP* single = OCSP_resp_get0(basic, i);
        const OCSP_CERTID* id = OCSP_SINGLERESP_get0_id(single);
        ASN1_OBJECT* method = nullptr;
        OCSP_id_get0_info(nullptr, &method, nullptr, nullptr, const_cast<OCSP_CERTID*>(id));
        const EVP_MD* digest = EVP_get_digestbyobj(method);
        const Handle<OCSP_CERTID, OCSP_CERTID_free> wanted(
            digest == nullptr ? nullptr : OCSP_cert_to_id(digest, certificate, issuer));
        if (wanted && OCSP_id_cmp(id, wanted.get()) == 0) {
            return single;
        }
    }
    return nullptr;
}

Judged<OcspAnswer> read_single(OCSP_SINGLERESP* single, core::Time now) {
    int reason = -1;
    ASN1_GENERALIZEDTIME* revoked_at = nullptr;
    ASN1_GENERALIZEDTIME* this_update = nullptr;
    ASN1_GENERALIZEDTIME* next_update = nullptr;
    const int status =
        OCSP_single_get0_status(single, &reason, &revoked_at, &this_update, &next_update);
    OcspAnswer answer;
    answer.this_update = asn1_time(this_update);
    answer.next_update =
        next_update == nullptr ? answer.this_update + end_unsaid : asn1_time(next_update);
    if (answer.this_update > now + revocation_clock_skew) {
        return revocation_refused("future");
    }
    if (answer.next_update <= answer.this_update) {
        return revocation_refused("no_end");
    }
    answer.known = status == V_OCSP_CERTSTATUS_GOOD || status == V_OCSP_CERTSTATUS_REVOKED;
    if (status == V_OCSP_CERTSTATUS_REVOKED) {
        answer.revocation = Revocation{
            asn1_time(revoked_at),
            revocation_reason_name(static_cast<std::int8_t>(std::clamp(reason, -1, 10)))};
    }
    return answer;
}

}   // namespace

std::string ocsp_request(std::string_view certificate, std::string_view issuer) {
    const auto about = parse_x509(certificate);
    const auto by = parse_x509(issuer);
    const Handle<OCSP_REQUEST, OCSP_REQUEST_free> request(OCSP_REQUEST_new());
    if (!about || !by || !request) {
        return {};
    }
    Handle<OCSP_CERTID, OCSP_CERTID_free> id(
        OCSP_cert_to_id(EVP_sha1(), native(about), native(by)));
    if (!id || OCSP_request_add0_id(request.get(), id.get()) == nullptr) {
        return {};
    }
    static_cast<void>(id.release());   // the request owns it
    unsigned char* bytes = nullptr;
    const int size = i2d_OCSP_REQUEST(request.get(), &bytes);
    std::string der(reinterpret_cast<const char*>(bytes),
                    static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(bytes);
    return der;
}

Judged<OcspAnswer> read_ocsp_answer(std::string_view der, std::string_view certificate,
                                    std::string_view issuer, core::Time now) {
    if (der.size() > ocsp_bytes_max) {
        return revocation_refused("too_large");
    }
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    const Handle<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
        d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
    const auto about = parse_x509(certificate);
    const auto by = parse_x509(issuer);
    ERR_clear_error();
    if (!response || at != end || !about || !by) {
        return revocation_refused("malformed");
    }
    if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        return revocation_refused("refused");
    }
    const Handle<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(
        OCSP_response_get1_basic(response.get()));
    ERR_clear_error();
    if (!basic) {
        return revocation_refused("malformed");
    }
    const auto refused = judge_responder(basic.get(), native(by), now);
    ERR_clear_error();
    if (refused) {
        return *refused;
    }
    OCSP_SINGLERESP* single = find_single(basic.get(), native(about), native(by));
    ERR_clear_error();
    return single == nullptr ? Judged<OcspAnswer>(revocation_refused("other_certificate"))
                             : read_single(single, now);
}

}   // namespace gateway::seal
