#pragma once

// RSA public keys as JWK, and RS256 verification (RFC 7517, 7518).

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::crypto {

struct RsaJwk {
    std::string n;   // base64url
    std::string e;
};

core::Result<RsaJwk> jwk_from_certificate(std::string_view der);
core::Result<bool> verify_rs256(const RsaJwk& key, std::string_view bytes,
                                std::string_view signature);
core::Result<bool> verify_rs256_with_certificate(std::string_view der, std::string_view bytes,
                                                 std::string_view signature);

}   // namespace gateway::crypto
