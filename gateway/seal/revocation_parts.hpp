#pragma once

// What lists and OCSP answers have in common, for the .cpp files of this folder. Parameters of type
// void are OpenSSL's.

#include "gateway/seal/finding.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gateway::seal {

/// Clocks of others may be a little ahead.
inline constexpr std::chrono::minutes revocation_clock_skew{5};

Finding revocation_refused(const char* reason);

bool is_strong_signature(int signature_nid);   // SHA-256 or better
/// CRLReason of a X509_REVOKED, -1 when it is not said; nothing when the entry has a critical
/// extension (it may speak for another issuer).
std::optional<std::int8_t> revocation_reason_of(const void* revoked);
std::string revocation_reason_name(std::int8_t reason);

}   // namespace gateway::seal
