#pragma once

// ASN.1 values as ours, for the .cpp files of this folder. Parameters of type void are OpenSSL's.

#include "gateway/core/time.hpp"

#include <string>

namespace gateway::seal {

core::Time asn1_time(const void* asn1_time);            // ASN1_TIME; the epoch when there is none
std::string asn1_integer(const void* asn1_integer);     // ASN1_INTEGER, as DER
std::string asn1_name(const void* x509_name);           // X509_NAME, as DER
std::string asn1_public_key(const void* x509_pubkey);   // X509_PUBKEY, as DER
std::string asn1_certificate(const void* x509);         // X509, as DER
std::string asn1_text(const void* asn1_string);         // ASN1_STRING, its bytes as they are

}   // namespace gateway::seal
