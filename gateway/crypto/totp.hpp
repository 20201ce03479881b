#pragma once

// Codes of six digits that an app on a telephone makes from a secret and the time: TOTP (RFC 6238)
// with HMAC-SHA-1 and 30 seconds, which is what every app knows.

#include "gateway/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::crypto {

inline constexpr std::size_t totp_secret_bytes = 20;

/// Which span of 30 seconds since 1970 it is.
std::uint64_t totp_step(core::Time at);
/// The six digits of a step.
std::string totp_code(std::string_view secret, std::uint64_t step);
/// The step whose code this is: now, the one before or the one after, and beyond `used`. A code
/// counts once.
std::optional<std::uint64_t> totp_match(std::string_view secret, std::string_view code,
                                        core::Time at, std::uint64_t used);
/// RFC 4648 section 6, without padding: how apps take a secret.
std::string base32_encode(std::string_view bytes);

}   // namespace gateway::crypto
