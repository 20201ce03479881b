#pragma once

// What an X.509 certificate says of itself, read once. Nothing is verified here. Any thread.

#include "gateway/core/ids.hpp"
#include "gateway/core/time.hpp"
#include "gateway/seal/finding.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct KeyUsage {
    bool stated = false;   // the extension is there; without it every use is allowed by X.509
    bool digital_signature = false;
    bool non_repudiation = false;
    bool key_encipherment = false;
    bool data_encipherment = false;
    bool certificate_signing = false;
    bool crl_signing = false;
};

struct CertificateDetails {
    std::string der;
    std::string issuer;   // as text, most specific first: "CN=..., O=..., OID.2.5.4.97=..., C=NO"
    std::string issuer_der;       // the Name
    std::string subject_der;      // the Name
    std::string public_key_der;   // the SubjectPublicKeyInfo
    std::string serial_der;       // the INTEGER
    std::string serial_hex;
    std::string serial_decimal;
    core::Time not_before{};
    core::Time not_after{};
    core::Sha256 sha256;   // of the DER: the fingerprint
    KeyUsage key_usage;
    bool authority = false;                         // basicConstraints says CA
    bool self_issued = false;                       // subject and issuer are the same name
    int rsa_bits = 0;                               // 0: not an RSA key
    std::vector<std::string> policies;              // object identifiers
    std::vector<std::string> critical_extensions;   // object identifiers
    std::vector<std::string> crl_urls;              // http and https alone: ldap is not fetched
    std::vector<std::string> ocsp_urls;             // http and https alone

    // Attributes of the subject in the order they stand, UTF-8.
    std::vector<std::string> common_names;               // 2.5.4.3
    std::vector<std::string> organisation_names;         // 2.5.4.10
    std::vector<std::string> organisation_identifiers;   // 2.5.4.97
    std::vector<std::string> subject_serial_numbers;     // 2.5.4.5
};

/// `seal.certificate_malformed` when the bytes are no certificate, or one over 64 KiB.
Judged<CertificateDetails> read_certificate(std::string_view der);

/// An OpenSSL X509* for the .cpp files of this folder; null when the bytes are no certificate.
std::shared_ptr<void> parse_x509(std::string_view der);

}   // namespace gateway::seal
