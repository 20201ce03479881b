#pragma once

// A Norwegian business certificate (virksomhetssertifikat): whose it is and what it may be used
// for. Sources: Digdir's certificate validator and measured certificates of Buypass and Commfides,
// SEID 1 and SEID 2. Nothing is verified here; that is trust.hpp. Any thread.

#include "gateway/seal/certificate_details.hpp"

#include <string>
#include <string_view>

namespace gateway::seal {

struct BusinessCertificate {
    CertificateDetails details;
    std::string organisation_number;   // nine digits whose check digit fits
    std::string organisation_name;     // as the certificate has it
    std::string common_name;
};

/// The number stands in the leaf's subject, by attribute: organizationIdentifier
/// ("NTRNO-991825827"), serialNumber (nine digits) or the end of organizationName
/// ("... - 991825827"). Every attribute that holds a number must hold the same one.
/// `seal.certificate_malformed`, `seal.certificate_of_authority`,
/// `seal.organisation_number_missing`, `seal.organisation_number_foreign`,
/// `seal.organisation_number_wrong` (check digit), `seal.organisation_numbers_disagree`.
Judged<BusinessCertificate> read_business_certificate(std::string_view der);

/// What the certificate is to be used for.
enum class Purpose { signing, receiving };

/// `seal.certificate_key_usage` {needed} when its key usage does not allow it, or is not stated;
/// `seal.certificate_key_weak` {bits} when the key is not RSA of 2048 bits or more. Signing needs
/// digitalSignature or nonRepudiation (old signing certificates hold that alone); receiving a CMS
/// envelope needs keyEncipherment, which Commfides' SEID 2 certificates lack.
Findings judge_purpose(const CertificateDetails& certificate, Purpose purpose);

}   // namespace gateway::seal
