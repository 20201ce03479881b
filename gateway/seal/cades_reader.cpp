#include "gateway/seal/cades_reader.hpp"

#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/parsed_certificate.hpp"
#include "gateway/seal/asn1_values.hpp"
#include "gateway/seal/cades_certificates.hpp"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

namespace gateway::seal {
namespace {

using crypto::Handle;

constexpr std::size_t signature_bytes_max = 256U << 10U;   // real ones have 8 KiB
constexpr std::size_t certificates_max = 10;
constexpr int signers_max = 4;

struct ReleaseCertificates {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_pop_free(stack, X509_free); }
};
struct ReleaseStack {
    void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), ReleaseCertificates>;

Finding malformed(const char* part) {
    return Finding("seal.signature_malformed", {{"part", part}});
}

Finding not_allowed(const char* part) {
    return Finding("seal.signature_algorithm", {{"part", part}});
}

const EVP_MD* allowed_digest(const X509_ALGOR* algorithm) {
    switch (OBJ_obj2nid(algorithm->algorithm)) {
    case NID_sha1: return EVP_sha1();
    case NID_sha256: return EVP_sha256();
    case NID_sha384: return EVP_sha384();
    case NID_sha512: return EVP_sha512();
    default: return nullptr;
    }
}

bool is_allowed_signature(const X509_ALGOR* algorithm) {
    switch (OBJ_obj2nid(algorithm->algorithm)) {
    case NID_rsaEncryption:
    case NID_sha1WithRSAEncryption:
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption: return true;
    default: return false;
    }
}

std::string digest_of(const EVP_MD* method, std::string_view content) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(content.data(), content.size(), digest.data(), &size, method, nullptr);
    return {reinterpret_cast<const char*>(digest.data()), size};
}

/// The one value of a signed attribute; null when it is missing or there is more than one.
const ASN1_TYPE* only_value(const CMS_SignerInfo* signer, int nid) {
    const int at = CMS_signed_get_attr_by_NID(signer, nid, -1);
    X509_ATTRIBUTE* attribute = at < 0 ? nullptr : CMS_signed_get_attr(signer, at);
    const bool only = attribute != nullptr && CMS_signed_get_attr_by_NID(signer, nid, at) < 0 &&
                      X509_ATTRIBUTE_count(attribute) == 1;
    return only ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
}

bool has_attribute(const CMS_SignerInfo* signer, int nid) {
    return CMS_signed_get_attr_by_NID(signer, nid, -1) >= 0;
}

/// Content type and digest: what ties the attributes to the content.
std::optional<Finding> judge_attributes(const CMS_SignerInfo* signer, const EVP_MD* method,
                                        std::string_view content) {
    const ASN1_TYPE* type = only_value(signer, NID_pkcs9_contentType);
    if (type == nullptr || type->type != V_ASN1_OBJECT ||
        OBJ_obj2nid(type->value.object) != NID_pkcs7_data) {
        return malformed("contentType");
    }
    const ASN1_TYPE* digest = only_value(signer, NID_pkcs9_messageDigest);
    if (digest == nullptr || digest->type != V_ASN1_OCTET_STRING) {
        return malformed("messageDigest");
    }
    if (asn1_text(digest->value.octet_string) != digest_of(method, content)) {
        return Finding("seal.manifest_changed");
    }
    return std::nullopt;
}

Judged<std::optional<core::Time>> signing_time_of(const CMS_SignerInfo* signer) {
    if (!has_attribute(signer, NID_pkcs9_signingTime)) {
        return std::optional<core::Time>();
    }
    const ASN1_TYPE* time = only_value(signer, NID_pkcs9_signingTime);
    if (time == nullptr || (time->type != V_ASN1_UTCTIME && time->type != V_ASN1_GENERALIZEDTIME)) {
        return malformed("signingTime");
    }
    return std::optional(asn1_time(time->value.asn1_string));
}

template <class T, class Read>
T* parse_sequence(const ASN1_TYPE* value, Read read) {
    if (value == nullptr || value->type != V_ASN1_SEQUENCE) {
        return nullptr;
    }
    const unsigned char* at = ASN1_STRING_get0_data(value->value.sequence);
    return read(nullptr, &at, ASN1_STRING_length(value->value.sequence));
}

/// The signer first among its certificates, as the attribute must name it first.
std::unique_ptr<STACK_OF(X509), ReleaseStack> signer_first(X509* signer,
                                                           const Certificates& certificates) {
    std::unique_ptr<STACK_OF(X509), ReleaseStack> ordered(sk_X509_new_null());
    sk_X509_push(ordered.get(), signer);
    for (int i = 0; i < sk_X509_num(certificates.get()); ++i) {
        X509* one = sk_X509_value(certificates.get(), i);
        if (X509_cmp(one, signer) != 0) {
            sk_X509_push(ordered.get(), one);
        }
    }
    return ordered;
}

/// The attribute signing-certificate of either version, when it is there, must name this signer.
Judged<NamedBy> named_by(const CMS_SignerInfo* signer, X509* certificate,
                         const Certificates& certificates) {
    const auto ordered = signer_first(certificate, certificates);
    NamedBy named = NamedBy::nothing;
    if (has_attribute(signer, NID_id_smime_aa_signingCertificate)) {
        const Handle<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free> first(
            parse_sequence<ESS_SIGNING_CERT>(only_value(signer, NID_id_smime_aa_signingCertificate),
                                             d2i_ESS_SIGNING_CERT));
        if (!first || OSSL_ESS_check_signing_certs(first.get(), nullptr, ordered.get(), 1) != 1) {
            return Finding("seal.signer_unnamed");
        }
        named = NamedBy::sha1;
    }
    if (has_attribute(signer, NID_id_smime_aa_signingCertificateV2)) {
        const Handle<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> second(
            parse_sequence<ESS_SIGNING_CERT_V2>(
                only_value(signer, NID_id_smime_aa_signingCertificateV2), d2i_ESS_SIGNING_CERT_V2));
        if (!second || OSSL_ESS_check_signing_certs(nullptr, second.get(), ordered.get(), 1) != 1) {
            return Finding("seal.signer_unnamed");
        }
        named = NamedBy::strong_digest;
    }
    return named;
}

/// Without attributes the content itself is signed.
bool holds_over_content(const CMS_SignerInfo* signer, X509* certificate, const EVP_MD* method,
                        std::string_view content) {
    const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    const std::string signature =
        asn1_text(CMS_SignerInfo_get0_signature(const_cast<CMS_SignerInfo*>(signer)));
    return EVP_DigestVerifyInit(context.get(), nullptr, method, nullptr,
                                X509_get0_pubkey(certificate)) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(),
                            reinterpret_cast<const unsigned char*>(content.data()),
                            content.size()) == 1;
}

Judged<CadesSigner> read_signer(CMS_SignerInfo* signer, const Certificates& certificates,
                                std::string_view content) {
    X509* certificate = nullptr;
    for (int i = 0; i < sk_X509_num(certificates.get()) && certificate == nullptr; ++i) {
        X509* one = sk_X509_value(certificates.get(), i);
        certificate = CMS_SignerInfo_cert_cmp(signer, one) == 0 ? one : nullptr;
    }
    if (certificate == nullptr) {
        return Finding("seal.signer_unnamed");
    }
    CMS_SignerInfo_set1_signer_cert(signer, certificate);
    EVP_PKEY* key = nullptr;
    X509_ALGOR* digest = nullptr;
    X509_ALGOR* signature = nullptr;
    CMS_SignerInfo_get0_algs(signer, &key, nullptr, &digest, &signature);
    const EVP_MD* method = allowed_digest(digest);
    if (method == nullptr) {
        return not_allowed("digestAlgorithm");
    }
    if (!is_allowed_signature(signature) || key == nullptr || EVP_PKEY_is_a(key, "RSA") != 1) {
        return not_allowed("signatureAlgorithm");
    }
    CadesSigner read;
    read.certificate = asn1_certificate(certificate);
    read.sha1 = EVP_MD_get_type(method) == NID_sha1 ||
                OBJ_obj2nid(signature->algorithm) == NID_sha1WithRSAEncryption;
    read.has_attributes = CMS_signed_get_attr_count(signer) >= 0;
    if (!read.has_attributes) {
        return holds_over_content(signer, certificate, method, content)
                   ? Judged<CadesSigner>(std::move(read))
                   : Finding("seal.signature_wrong");
    }
    if (const auto refused = judge_attributes(signer, method, content)) {
        return *refused;
    }
    if (CMS_SignerInfo_verify(signer) != 1) {
        return Finding("seal.signature_wrong");
    }
    const auto time = signing_time_of(signer);
    if (!time) {
        return time.error();
    }
    const auto named = named_by(signer, certificate, certificates);
    if (!named) {
        return named.error();
    }
    read.signing_time = *time;
    read.named_by = *named;
    return read;
}

using Message = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;

Message parse(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = at + der.size();
    Message message(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
    return at == end ? std::move(message) : Message(nullptr);
}

/// Null when one of them is no certificate.
Certificates parse(const std::vector<std::string_view>& certificates) {
    Certificates parsed(sk_X509_new_null());
    for (const auto der : certificates) {
        const auto one = crypto::parse_certificate(der);
        auto* const certificate = static_cast<X509*>(one.get());
        if (certificate == nullptr || sk_X509_push(parsed.get(), certificate) <= 0) {
            return nullptr;
        }
        X509_up_ref(certificate);
    }
    return parsed;
}

struct Parsed {
    Message message{nullptr};
    Certificates certificates;
};

Parsed parse_signature(std::string_view der) {
    if (const auto apart = take_certificates_out(der)) {
        if (apart->certificates.size() <= certificates_max) {
            Parsed parsed{parse(apart->der), parse(apart->certificates)};
            if (parsed.message && parsed.certificates != nullptr) {
                return parsed;
            }
        }
    }
    Parsed parsed{parse(der), nullptr};
    if (parsed.message) {
        parsed.certificates.reset(CMS_get1_certs(parsed.message.get()));
    }
    return parsed;
}

Judged<CadesSignatures> read_signatures(std::string_view der, std::string_view content) {
    if (der.size() > signature_bytes_max) {
        return malformed("ContentInfo");
    }
    const auto [message, certificates] = parse_signature(der);
    if (!message) {
        return malformed("ContentInfo");
    }
    if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed ||
        OBJ_obj2nid(CMS_get0_eContentType(message.get())) != NID_pkcs7_data) {
        return malformed("contentType");
    }
    if (CMS_is_detached(message.get()) != 1) {
        return malformed("content");
    }
    if (sk_X509_num(certificates.get()) > static_cast<int>(certificates_max)) {
        return malformed("certificates");
    }
    STACK_OF(CMS_SignerInfo)* const signers = CMS_get0_SignerInfos(message.get());
    const int count = sk_CMS_SignerInfo_num(signers);
    if (count < 1 || count > signers_max) {
        return malformed("signerInfos");
    }
    CadesSignatures read;
    for (int i = 0; i < count; ++i) {
        auto signer = read_signer(sk_CMS_SignerInfo_value(signers, i), certificates, content);
        if (!signer) {
            return signer.error();
        }
        read.signers.push_back(std::move(*signer));
    }
    for (int i = 0; i < sk_X509_num(certificates.get()); ++i) {
        read.certificates.push_back(asn1_certificate(sk_X509_value(certificates.get(), i)));
    }
    return read;
}

}   // namespace

Judged<CadesSignatures> read_cades(std::string_view der, std::string_view content) {
    auto read = read_signatures(der, content);
    ERR_clear_error();
    return read;
}

}   // namespace gateway::seal
