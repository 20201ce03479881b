#pragma once

// Facts of an X.509 certificate. Whose organisation it is says gateway/seal/business_certificate.

#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::crypto {

struct CertificateFacts {
    std::string subject;   // RFC 2253
    std::string issuer;
    std::string serial_hex;
    core::Time not_before{};
    core::Time not_after{};
    std::string sha256_hex;
};

core::Result<CertificateFacts> certificate_facts(std::string_view der);
/// All certificates of a PEM text, as DER.
core::Result<std::vector<std::string>> certificates_from_pem(std::string_view pem);

}   // namespace gateway::crypto
