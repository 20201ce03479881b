#include "gateway/seal/certificate_details.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/crypto/handle.hpp"
#include "gateway/crypto/parsed_certificate.hpp"
#include "gateway/seal/asn1_values.hpp"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace gateway::seal {
namespace {

using crypto::Handle;

constexpr std::size_t certificate_bytes_max = 64U << 10U;   // real ones have 2 KiB
constexpr std::size_t urls_max = 10;                        // of one kind in one certificate
constexpr std::size_t url_bytes_max = 500;

std::string utf8(const ASN1_STRING* value) {
    unsigned char* bytes = nullptr;
    const int size = ASN1_STRING_to_UTF8(&bytes, value);
    if (size < 0) {
        return {};
    }
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
}

std::string dotted(const ASN1_OBJECT* object) {
    char text[128];
    const int size = OBJ_obj2txt(text, sizeof text, object, 1);
    return size > 0 && static_cast<std::size_t>(size) < sizeof text ? std::string(text) : "";
}

std::vector<std::string> attributes(const X509_NAME* name, int nid) {
    std::vector<std::string> values;
    for (int at = X509_NAME_get_index_by_NID(name, nid, -1); at >= 0;
         at = X509_NAME_get_index_by_NID(name, nid, at)) {
        values.push_back(utf8(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))));
    }
    return values;
}

/// The keywords every reader of RFC 4514 or Java's X500Principal knows; others by number.
std::string attribute_keyword(const ASN1_OBJECT* object) {
    switch (OBJ_obj2nid(object)) {
    case NID_commonName: return "CN";
    case NID_localityName: return "L";
    case NID_stateOrProvinceName: return "ST";
    case NID_organizationName: return "O";
    case NID_organizationalUnitName: return "OU";
    case NID_countryName: return "C";
    case NID_streetAddress: return "STREET";
    case NID_domainComponent: return "DC";
    case NID_userId: return "UID";
    default: return "OID." + dotted(object);
    }
}

/// RFC 4514 2.4.
std::string escaped(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool special = std::string_view("\"+,;<>\\=").find(c) != std::string_view::npos;
        const bool edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == value.size() && c == ' ');
        if (c == '\0') {
            out += "\\00";
            continue;
        }
        if (special || edge) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string name_text(const X509_NAME* name) {
    std::string out;
    const int count = X509_NAME_entry_count(name);
    int set_before = -1;
    for (int i = count - 1; i >= 0; --i) {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
        const int set = X509_NAME_ENTRY_set(entry);
        if (!out.empty()) {
            out += set == set_before ? "+" : ", ";
        }
        set_before = set;
        out += attribute_keyword(X509_NAME_ENTRY_get_object(entry)) + "=" +
               escaped(utf8(X509_NAME_ENTRY_get_data(entry)));
    }
    return out;
}

void read_serial(const X509* certificate, CertificateDetails& details) {
    const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
    details.serial_der = asn1_integer(serial);
    const Handle<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(serial, nullptr));
    if (!number) {
        return;
    }
    char* hex = BN_bn2hex(number.get());
    details.serial_hex = hex != nullptr ? hex : "";
    OPENSSL_free(hex);
    char* decimal = BN_bn2dec(number.get());
    details.serial_decimal = decimal != nullptr ? decimal : "";
    OPENSSL_free(decimal);
}

KeyUsage key_usage_of(X509* certificate) {
    KeyUsage usage;
    const std::uint32_t bits = X509_get_key_usage(certificate);
    if (bits == UINT32_MAX) {
        return usage;
    }
    usage.stated = true;
    usage.digital_signature = (bits & KU_DIGITAL_SIGNATURE) != 0;
    usage.non_repudiation = (bits & KU_NON_REPUDIATION) != 0;
    usage.key_encipherment = (bits & KU_KEY_ENCIPHERMENT) != 0;
    usage.data_encipherment = (bits & KU_DATA_ENCIPHERMENT) != 0;
    usage.certificate_signing = (bits & KU_KEY_CERT_SIGN) != 0;
    usage.crl_signing = (bits & KU_CRL_SIGN) != 0;
    return usage;
}

std::vector<std::string> policies_of(const X509* certificate) {
    const Handle<CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free> policies(
        static_cast<CERTIFICATEPOLICIES*>(
            X509_get_ext_d2i(certificate, NID_certificate_policies, nullptr, nullptr)));
    std::vector<std::string> found;
    for (int i = 0; policies && i < sk_POLICYINFO_num(policies.get()); ++i) {
        found.push_back(dotted(sk_POLICYINFO_value(policies.get(), i)->policyid));
    }
    return found;
}

std::vector<std::string> critical_extensions_of(const X509* certificate) {
    std::vector<std::string> found;
    for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
        X509_EXTENSION* extension = X509_get_ext(certificate, i);
        if (X509_EXTENSION_get_critical(extension) != 0) {
            found.push_back(dotted(X509_EXTENSION_get_object(extension)));
        }
    }
    return found;
}

void add_url(const GENERAL_NAME* name, std::vector<std::string>& urls) {
    if (name->type != GEN_URI || urls.size() == urls_max) {
        return;
    }
    const std::string url = asn1_text(name->d.uniformResourceIdentifier);
    const bool fetched = url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0;
    const bool plain =
        std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (fetched && plain && url.size() <= url_bytes_max) {
        urls.push_back(url);
    }
}

std::vector<std::string> crl_urls_of(const X509* certificate) {
    const Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> points(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
    std::vector<std::string> urls;
    for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
        const DIST_POINT* point = sk_DIST_POINT_value(points.get(), i);
        if (point->distpoint == nullptr || point->distpoint->type != 0) {
            continue;
        }
        const GENERAL_NAMES* names = point->distpoint->name.fullname;
        for (int j = 0; j < sk_GENERAL_NAME_num(names); ++j) {
            add_url(sk_GENERAL_NAME_value(names, j), urls);
        }
    }
    return urls;
}

std::vector<std::string> ocsp_urls_of(const X509* certificate) {
    const Handle<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free> access(
        static_cast<AUTHORITY_INFO_ACCESS*>(
            X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
    std::vector<std::string> urls;
    for (int i = 0; access && i < sk_ACCESS_DESCRIPTION_num(access.get()); ++i) {
        const ACCESS_DESCRIPTION* one = sk_ACCESS_DESCRIPTION_value(access.get(), i);
        if (OBJ_obj2nid(one->method) == NID_ad_OCSP) {
            add_url(one->location, urls);
        }
    }
    return urls;
}

}   // namespace

std::shared_ptr<void> parse_x509(std::string_view der) {
    return der.size() > certificate_bytes_max ? nullptr : crypto::parse_certificate(der);
}

Judged<CertificateDetails> read_certificate(std::string_view der) {
    const auto parsed = parse_x509(der);
    if (!parsed) {
        return Finding("seal.certificate_malformed");
    }
    auto* certificate = static_cast<X509*>(parsed.get());
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const X509_NAME* issuer = X509_get_issuer_name(certificate);
    CertificateDetails details;
    details.der = std::string(der);
    details.issuer = name_text(issuer);
    details.issuer_der = asn1_name(issuer);
    details.subject_der = asn1_name(subject);
    details.public_key_der = asn1_public_key(X509_get_X509_PUBKEY(certificate));
    read_serial(certificate, details);
    details.not_before = asn1_time(X509_get0_notBefore(certificate));
    details.not_after = asn1_time(X509_get0_notAfter(certificate));
    details.sha256 = crypto::sha256(der);
    details.key_usage = key_usage_of(certificate);
    details.authority = X509_check_ca(certificate) == 1;
    details.self_issued = X509_NAME_cmp(subject, issuer) == 0;
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    details.rsa_bits = key != nullptr && EVP_PKEY_is_a(key, "RSA") ? EVP_PKEY_get_bits(key) : 0;
    details.policies = policies_of(certificate);
    details.critical_extensions = critical_extensions_of(certificate);
    details.crl_urls = crl_urls_of(certificate);
    details.ocsp_urls = ocsp_urls_of(certificate);
    details.common_names = attributes(subject, NID_commonName);
    details.organisation_names = attributes(subject, NID_organizationName);
    details.organisation_identifiers = attributes(subject, NID_organizationIdentifier);
    details.subject_serial_numbers = attributes(subject, NID_serialNumber);
    ERR_clear_error();
    return details;
}

}   // namespace gateway::seal
