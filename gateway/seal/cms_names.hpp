#pragma once

// Object identifiers of RFC 5652, 5083, 8017 and NIST, as the content of their DER element.

#include <string_view>

namespace gateway::seal::oid {

using namespace std::string_view_literals;

inline constexpr auto data = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"sv;
inline constexpr auto enveloped_data = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"sv;
inline constexpr auto authenticated_enveloped_data =
    "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17"sv;
inline constexpr auto rsa_encryption = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv;
inline constexpr auto rsa_oaep = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07"sv;
inline constexpr auto mgf1 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"sv;
inline constexpr auto label_specified = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x09"sv;
inline constexpr auto sha1 = "\x2b\x0e\x03\x02\x1a"sv;
inline constexpr auto sha256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01"sv;
inline constexpr auto aes128_cbc = "\x60\x86\x48\x01\x65\x03\x04\x01\x02"sv;
inline constexpr auto aes192_cbc = "\x60\x86\x48\x01\x65\x03\x04\x01\x16"sv;
inline constexpr auto aes256_cbc = "\x60\x86\x48\x01\x65\x03\x04\x01\x2a"sv;
inline constexpr auto aes128_gcm = "\x60\x86\x48\x01\x65\x03\x04\x01\x06"sv;
inline constexpr auto aes192_gcm = "\x60\x86\x48\x01\x65\x03\x04\x01\x1a"sv;
inline constexpr auto aes256_gcm = "\x60\x86\x48\x01\x65\x03\x04\x01\x2e"sv;

}   // namespace gateway::seal::oid
