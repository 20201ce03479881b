#include "tests/support/business_certificates.hpp"

#include "tests/support/kept_text.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>

namespace tests {
namespace {

using gateway::core::Time;

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

void require(bool fine, const std::string& what) {
    if (!fine) {
        throw std::runtime_error("a test certificate could not be made: " + what);
    }
}

Owned<EVP_PKEY> made_key(const std::string& kind) {
    if (kind.rfind("EC", 0) == 0) {
        return {EVP_EC_gen("P-256"), EVP_PKEY_free};
    }
    return {EVP_RSA_gen(kind.rfind("RSA-1024", 0) == 0 ? 1024U : 2048U), EVP_PKEY_free};
}

std::string pem_of(EVP_PKEY* key) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()), [](BIO* one) { BIO_free(one); });
    require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "PEM");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Owned<EVP_PKEY> key_from(const std::string& pem) {
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                         [](BIO* one) { BIO_free(one); });
    return {PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

/// Keys take long to make: one of each kind and number for the whole program, and the next ones.
EVP_PKEY* key_of(const std::string& kind) {
    static std::mutex mutex;
    static std::map<std::string, Owned<EVP_PKEY>> keys;
    const std::lock_guard lock(mutex);
    auto found = keys.find(kind);
    if (found == keys.end()) {
        const auto pem = kept_text("business-key-" + kind, [&kind] {
            const auto key = made_key(kind);
            require(key != nullptr, kind);
            return pem_of(key.get());
        });
        auto key = key_from(pem);
        require(key != nullptr, kind);
        found = keys.emplace(kind, std::move(key)).first;
    }
    return found->second.get();
}

template <class T, class Write>
std::string der_of(T* object, Write write) {
    unsigned char* bytes = nullptr;
    const int size = write(object, &bytes);
    require(size > 0, "DER");
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

Owned<X509> certificate_of(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    Owned<X509> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
    require(certificate != nullptr, "not a certificate");
    return certificate;
}

Owned<ASN1_TIME> asn1_time(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    Owned<ASN1_TIME> made(ASN1_TIME_set(nullptr, seconds.time_since_epoch().count()),
                          ASN1_TIME_free);
    require(made != nullptr, "time");
    return made;
}

Owned<ASN1_GENERALIZEDTIME> generalized_time(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    Owned<ASN1_GENERALIZEDTIME> made(
        ASN1_GENERALIZEDTIME_set(nullptr, seconds.time_since_epoch().count()),
        ASN1_GENERALIZEDTIME_free);
    require(made != nullptr, "time");
    return made;
}

Owned<X509_EXTENSION> extension_of(X509V3_CTX& context, const std::string& name,
                                   const std::string& value) {
    // Some extensions want a configuration to look further values up in.
    static CONF* const empty = NCONF_new(nullptr);
    X509V3_set_nconf(&context, empty);
    Owned<X509_EXTENSION> made(X509V3_EXT_nconf(empty, &context, name.c_str(), value.c_str()),
                               X509_EXTENSION_free);
    require(made != nullptr, name + "=" + value);
    return made;
}

void add_extensions(X509* certificate, X509* issuer, const NamedValues& extensions) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    for (const auto& [name, value] : extensions) {
        X509_add_ext(certificate, extension_of(context, name, value).get(), -1);
    }
}

void add_names(X509_NAME* name, const NamedValues& values) {
    for (const auto& [type, value] : values) {
        require(X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8,
                                           reinterpret_cast<const unsigned char*>(value.c_str()),
                                           -1, -1, 0) == 1,
                type);
    }
}

struct Blank {
    NamedValues subject;
    EVP_PKEY* key = nullptr;
    Time not_before = judged_at() - std::chrono::hours(24 * 365 * 3);
    Time not_after = judged_at() + std::chrono::hours(24 * 365 * 10);
    NamedValues extensions;
};

/// `issuer` null: self-signed.
Owned<X509> make(const Blank& blank, X509* issuer, EVP_PKEY* issuer_key) {
    static std::atomic<long> serial{0x1000};
    Owned<X509> certificate(X509_new(), X509_free);
    X509* made = certificate.get();
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), serial.fetch_add(1));
    X509_set1_notBefore(made, asn1_time(blank.not_before).get());
    X509_set1_notAfter(made, asn1_time(blank.not_after).get());
    X509_set_pubkey(made, blank.key);
    add_names(X509_get_subject_name(made), blank.subject);
    X509* const by = issuer == nullptr ? made : issuer;
    X509_set_issuer_name(made, X509_get_subject_name(by));
    add_extensions(made, by, {{"subjectKeyIdentifier", "hash"}});
    if (issuer != nullptr) {
        add_extensions(made, by, {{"authorityKeyIdentifier", "keyid:always"}});
    }
    add_extensions(made, by, blank.extensions);
    require(X509_sign(made, issuer_key, EVP_sha256()) > 0, "signature");
    return certificate;
}

Blank blank_of(const BusinessWishes& wishes) {
    Blank blank;
    blank.subject = wishes.subject;
    blank.key = key_of(wishes.key_type + "/leaf " + std::to_string(wishes.key));
    blank.not_before = wishes.not_before;
    blank.not_after = wishes.not_after;
    blank.extensions.emplace_back("basicConstraints", "CA:FALSE");
    const auto add = [&](const char* name, const std::string& prefix, const std::string& value) {
        if (!value.empty()) {
            blank.extensions.emplace_back(name, prefix + value);
        }
    };
    add("keyUsage", "", wishes.key_usage);
    add("certificatePolicies", "", wishes.policies);
    add("crlDistributionPoints", "URI:", wishes.crl_url);
    add("authorityInfoAccess", "OCSP;URI:", wishes.ocsp_url);
    blank.extensions.insert(blank.extensions.end(), wishes.more_extensions.begin(),
                            wishes.more_extensions.end());
    return blank;
}

const EVP_MD* digest_of(bool sha1) {
    return sha1 ? EVP_sha1() : EVP_sha256();
}

int reason_code(const std::string& reason) {
    const std::map<std::string, int> codes{{"keyCompromise", CRL_REASON_KEY_COMPROMISE},
                                           {"certificateHold", CRL_REASON_CERTIFICATE_HOLD},
                                           {"removeFromCRL", CRL_REASON_REMOVE_FROM_CRL}};
    return codes.at(reason);
}

void revoke(X509_CRL* list, const std::string& der, const RevocationListWishes& wishes) {
    const auto certificate = certificate_of(der);
    Owned<X509_REVOKED> entry(X509_REVOKED_new(), X509_REVOKED_free);
    X509_REVOKED_set_serialNumber(entry.get(), X509_get_serialNumber(certificate.get()));
    X509_REVOKED_set_revocationDate(entry.get(), asn1_time(wishes.this_update).get());
    if (!wishes.reason.empty()) {
        const Owned<ASN1_ENUMERATED> reason(ASN1_ENUMERATED_new(), ASN1_ENUMERATED_free);
        ASN1_ENUMERATED_set(reason.get(), reason_code(wishes.reason));
        X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, reason.get(), 0, 0);
    }
    if (wishes.speaks_for_another_issuer) {
        const Owned<GENERAL_NAMES> names(GENERAL_NAMES_new(), GENERAL_NAMES_free);
        GENERAL_NAME* name = a2i_GENERAL_NAME(nullptr, nullptr, nullptr, GEN_URI, "urn:another", 0);
        require(name != nullptr && sk_GENERAL_NAME_push(names.get(), name) > 0, "issuer");
        X509_REVOKED_add1_ext_i2d(entry.get(), NID_certificate_issuer, names.get(), 1, 0);
    }
    require(X509_CRL_add0_revoked(list, entry.release()) == 1, "revoked");
}

std::string make_list(X509* issuer, EVP_PKEY* issuer_key, const RevocationListWishes& wishes) {
    const Owned<X509_CRL> list(X509_CRL_new(), X509_CRL_free);
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer));
    X509_CRL_set1_lastUpdate(list.get(), asn1_time(wishes.this_update).get());
    X509_CRL_set1_nextUpdate(list.get(), asn1_time(wishes.next_update).get());
    for (const auto& der : wishes.revoked) {
        revoke(list.get(), der, wishes);
    }
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, nullptr, nullptr, list.get(), 0);
    for (const auto& [name, value] : wishes.extensions) {
        const bool number = name == "crlNumber" || name == "deltaCRL";   // have no text form
        if (number) {
            const Owned<ASN1_INTEGER> integer(ASN1_INTEGER_new(), ASN1_INTEGER_free);
            ASN1_INTEGER_set(integer.get(), std::stol(value));
            X509_CRL_add1_ext_i2d(list.get(), name == "deltaCRL" ? NID_delta_crl : NID_crl_number,
                                  integer.get(), name == "deltaCRL" ? 1 : 0, 0);
        } else {
            X509_CRL_add_ext(list.get(), extension_of(context, name, value).get(), -1);
        }
    }
    X509_CRL_sort(list.get());
    EVP_PKEY* const key = wishes.signed_by_another_key ? key_of("RSA-2048/stranger") : issuer_key;
    require(X509_CRL_sign(list.get(), key, digest_of(wishes.signed_with_sha1)) > 0, "signature");
    return der_of(list.get(), i2d_X509_CRL);
}

}   // namespace

Time judged_at() {
    return gateway::core::parse_rfc3339("2026-01-15T12:00:00Z").value();
}

std::string BusinessIdentity::sign(std::string_view bytes) const {
    const auto key = key_from(key_pem);
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())), '\0');
    std::size_t size = signature.size();
    require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
                EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                               &size, reinterpret_cast<const unsigned char*>(bytes.data()),
                               bytes.size()) == 1,
            "signature");
    signature.resize(size);
    return signature;
}

struct BusinessAuthority::Impl {
    EVP_PKEY* root_key;
    EVP_PKEY* intermediate_key;
    Owned<X509> root{nullptr, X509_free};
    Owned<X509> intermediate{nullptr, X509_free};
};

BusinessAuthority::BusinessAuthority(const std::string& name) : impl_(std::make_unique<Impl>()) {
    impl_->root_key = key_of("RSA-2048/root " + name);
    impl_->intermediate_key = key_of("RSA-2048/intermediate " + name);
    Blank root;
    root.subject = {{"C", "NO"}, {"O", name + " AS-983163327"}, {"CN", name + " root"}};
    root.key = impl_->root_key;
    root.extensions = {{"basicConstraints", "critical,CA:TRUE"},
                       {"keyUsage", "critical,keyCertSign,cRLSign"}};
    impl_->root = make(root, nullptr, impl_->root_key);
    Blank intermediate = root;
    intermediate.subject = {{"C", "NO"},
                            {"organizationIdentifier", "NTRNO-983163327"},
                            {"O", name + " AS"},
                            {"CN", name + " 3, business"}};
    intermediate.key = impl_->intermediate_key;
    intermediate.extensions.emplace_back("crlDistributionPoints",
                                         "URI:http://crl.example.test/root.crl");
    impl_->intermediate = make(intermediate, impl_->root.get(), impl_->root_key);
}

BusinessAuthority::~BusinessAuthority() = default;

std::string BusinessAuthority::root() const {
    return der_of(impl_->root.get(), i2d_X509);
}

std::string BusinessAuthority::intermediate() const {
    return der_of(impl_->intermediate.get(), i2d_X509);
}

BusinessIdentity BusinessAuthority::issue(const BusinessWishes& wishes) const {
    const Blank blank = blank_of(wishes);
    const auto leaf = make(blank, impl_->intermediate.get(), impl_->intermediate_key);
    return {der_of(leaf.get(), i2d_X509), pem_of(blank.key)};
}

BusinessIdentity BusinessAuthority::issue_by(const BusinessIdentity& issuer,
                                             const BusinessWishes& wishes) {
    const Blank blank = blank_of(wishes);
    const auto leaf = make(blank, certificate_of(issuer.der).get(), key_from(issuer.key_pem).get());
    return {der_of(leaf.get(), i2d_X509), pem_of(blank.key)};
}

BusinessIdentity BusinessAuthority::self_signed(const BusinessWishes& wishes) const {
    const Blank blank = blank_of(wishes);
    const auto leaf = make(blank, nullptr, blank.key);
    return {der_of(leaf.get(), i2d_X509), pem_of(blank.key)};
}

std::string BusinessAuthority::revocation_list(const RevocationListWishes& wishes) const {
    return make_list(impl_->intermediate.get(), impl_->intermediate_key, wishes);
}

std::string BusinessAuthority::list_by(const BusinessIdentity& issuer) {
    return make_list(certificate_of(issuer.der).get(), key_from(issuer.key_pem).get(),
                     RevocationListWishes());
}

std::string BusinessAuthority::root_list(const RevocationListWishes& wishes) const {
    return make_list(impl_->root.get(), impl_->root_key, wishes);
}

std::string BusinessAuthority::ocsp_answer(const std::string& der, const OcspWishes& wishes) const {
    if (wishes.refused) {
        const Owned<OCSP_RESPONSE> refusal(
            OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr), OCSP_RESPONSE_free);
        return der_of(refusal.get(), i2d_OCSP_RESPONSE);
    }
    const auto about = certificate_of(der);
    const Owned<OCSP_BASICRESP> basic(OCSP_BASICRESP_new(), OCSP_BASICRESP_free);
    const Owned<OCSP_CERTID> id(OCSP_cert_to_id(EVP_sha1(), about.get(), impl_->intermediate.get()),
                                OCSP_CERTID_free);
    const std::map<std::string, int> statuses{{"good", V_OCSP_CERTSTATUS_GOOD},
                                              {"revoked", V_OCSP_CERTSTATUS_REVOKED},
                                              {"unknown", V_OCSP_CERTSTATUS_UNKNOWN}};
    const int status = statuses.at(wishes.status);
    const auto revoked_at = generalized_time(wishes.this_update);
    const auto next_update = generalized_time(wishes.next_update);
    require(OCSP_basic_add1_status(basic.get(), id.get(), status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                   status == V_OCSP_CERTSTATUS_REVOKED ? revoked_at.get() : nullptr,
                                   generalized_time(wishes.this_update).get(),
                                   wishes.says_next_update ? next_update.get() : nullptr) !=
                nullptr,
            "status");
    Blank delegate;
    delegate.subject = {{"C", "NO"}, {"CN", "OCSP responder"}};
    delegate.key = key_of("RSA-2048/responder");
    delegate.extensions = {{"keyUsage", "critical,digitalSignature"}};
    if (wishes.responder != "delegate_without_usage") {
        delegate.extensions.emplace_back("extendedKeyUsage", "OCSPSigning");
    }
    if (wishes.responder == "expired_delegate") {
        delegate.not_after = judged_at() - std::chrono::hours(1);
    }
    const bool stranger = wishes.responder == "stranger";
    const bool forged = wishes.responder == "forged_delegate";
    const auto responder = make(delegate, stranger ? nullptr : impl_->intermediate.get(),
                                stranger || forged ? delegate.key : impl_->intermediate_key);
    const bool by_issuer = wishes.responder == "issuer";
    require(OCSP_basic_sign(basic.get(), by_issuer ? impl_->intermediate.get() : responder.get(),
                            by_issuer ? impl_->intermediate_key : delegate.key,
                            digest_of(wishes.signed_with_sha1), nullptr, 0) == 1,
            "signature");
    const Owned<OCSP_RESPONSE> response(
        OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()), OCSP_RESPONSE_free);
    return der_of(response.get(), i2d_OCSP_RESPONSE);
}

}   // namespace tests
