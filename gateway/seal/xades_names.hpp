#pragma once

// Names of XML Signature, XAdES 1.3.2 and ASiC-E as the DPI profile uses them (measured on the
// official samples).

#include <string_view>

namespace gateway::seal::xades {

inline constexpr std::string_view asic_uri = "http://uri.etsi.org/02918/v1.2.1#";
inline constexpr std::string_view signature_uri = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view properties_uri = "http://uri.etsi.org/01903/v1.3.2#";
inline constexpr std::string_view signed_properties_type =
    "http://uri.etsi.org/01903#SignedProperties";

inline constexpr std::string_view c14n_1_0 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
inline constexpr std::string_view c14n_1_1 = "http://www.w3.org/2006/12/xml-c14n11";
inline constexpr std::string_view rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
inline constexpr std::string_view sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
inline constexpr std::string_view sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";

}   // namespace gateway::seal::xades
