#include "adapters/fiks_io/standin/certificate_facts.hpp"

#include "adapters/common/standin/jose.hpp"
#include "adapters/common/standin/test_ca.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <memory>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

std::string name_of(const X509_NAME* name) {
    const std::unique_ptr<BIO, void (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free_all);
    X509_NAME_print_ex(bio.get(), name, 0,
                       XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string time_text(const ASN1_TIME* time) {
    std::tm parts{};
    ASN1_TIME_to_tm(time, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

std::string serial_of(X509* certificate) {
    const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> number(
        ASN1_INTEGER_to_BN(X509_get_serialNumber(certificate), nullptr), BN_free);
    char* text = BN_bn2dec(number.get());
    std::string out(text);
    OPENSSL_free(text);
    return out;
}

}   // namespace

Value describe_certificate(const std::string& pem, std::int64_t now) {
    Value out;
    out.set("nokkel", pem);
    const auto certificate = kit::Certificate::from_pem(pem);
    if (!certificate) {
        out.set("valid", false).set("statusMessage", "Nøkkelen kan ikke leses");
        return out;
    }
    X509* x509 = certificate->get();
    const bool valid = certificate->valid_at(now);
    out.set("validFrom", time_text(X509_get0_notBefore(x509)));
    out.set("validTo", time_text(X509_get0_notAfter(x509)));
    out.set("serial", serial_of(x509));
    out.set("subjectDN", name_of(X509_get_subject_name(x509)));
    out.set("issuerDN", name_of(X509_get_issuer_name(x509)));
    out.set("valid", valid).set("statusMessage", valid ? "" : "Sertifikatet er utløpt");
    return out;
}

std::string fiks_organisation_of(const std::string& organisation) {
    const std::string hex = kit::sha256_hex("fiksOrgId " + organisation);
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-8" +
           hex.substr(17, 3) + "-" + hex.substr(20, 12);
}

std::string certificate_pem_of(const std::string& bytes, const std::string& password) {
    if (const auto certificate = kit::Certificate::from_pem(bytes)) {
        return certificate->pem();
    }
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const std::unique_ptr<PKCS12, void (*)(PKCS12*)> store(
        d2i_PKCS12(nullptr, &at, static_cast<long>(bytes.size())), PKCS12_free);
    EVP_PKEY* key = nullptr;
    X509* leaf = nullptr;
    const bool read =
        store && PKCS12_parse(store.get(), password.c_str(), &key, &leaf, nullptr) == 1;
    EVP_PKEY_free(key);
    ERR_clear_error();
    if (!read || leaf == nullptr) {
        X509_free(leaf);
        return {};
    }
    return kit::Certificate(std::shared_ptr<x509_st>(leaf, X509_free)).pem();
}

}   // namespace gateway::fiks_io::standin
