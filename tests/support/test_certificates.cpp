#include "tests/support/test_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace tests {
namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

void free_bio(BIO* bio) {
    BIO_free(bio);
}

void require(bool fine, const char* what) {
    if (!fine) {
        throw std::runtime_error(std::string("a test certificate could not be made: ") + what);
    }
}

Owned<EVP_PKEY> new_key() {
    Owned<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    require(key != nullptr, "key");
    return key;
}

std::string text_of(const Owned<BIO>& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()), free_bio);
    require(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
    return text_of(bio);
}

std::string pem_of(EVP_PKEY* key) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()), free_bio);
    require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "PEM");
    return text_of(bio);
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()),
                                          X509_EXTENSION_free);
    require(extension != nullptr, value.c_str());
    X509_add_ext(certificate, extension.get(), -1);
}

Owned<X509> new_certificate(const std::string& name, EVP_PKEY* key, long from, long until) {
    static std::atomic<long> serial{1};
    Owned<X509> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial.fetch_add(1));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return certificate;
}

}   // namespace

struct CertificateAuthority::Impl {
    Owned<EVP_PKEY> key = new_key();
    Owned<X509> root{nullptr, X509_free};
};

CertificateAuthority::CertificateAuthority(const std::string& name)
    : impl_(std::make_unique<Impl>()) {
    constexpr long day = 24 * 3600;
    impl_->root = new_certificate(name, impl_->key.get(), -365 * day, 365 * day);
    X509* root = impl_->root.get();
    X509_set_issuer_name(root, X509_get_subject_name(root));
    add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(root, root, NID_subject_key_identifier, "hash");
    require(X509_sign(root, impl_->key.get(), EVP_sha256()) > 0, "signature");
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::root_pem() const {
    return pem_of(impl_->root.get());
}

Identity CertificateAuthority::issue(const CertificateWishes& wishes) const {
    const auto key = new_key();
    const auto leaf = new_certificate(wishes.common_name, key.get(), wishes.not_before.count(),
                                      wishes.not_after.count());
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(impl_->root.get()));
    add_extension(leaf.get(), impl_->root.get(), NID_basic_constraints, "critical,CA:FALSE");
    std::string names;
    for (const auto& name : wishes.names) {
        names += (names.empty() ? "" : ",") + name;
    }
    if (!names.empty()) {
        add_extension(leaf.get(), impl_->root.get(), NID_subject_alt_name, names);
    }
    require(X509_sign(leaf.get(), impl_->key.get(), EVP_sha256()) > 0, "signature");
    return Identity{pem_of(leaf.get()), pem_of(key.get())};
}

}   // namespace tests
