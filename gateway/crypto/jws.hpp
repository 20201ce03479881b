#pragma once

// JWS compact serialisation (RFC 7515) without the signature operation: keys stay where they are.

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::crypto {

/// BASE64URL(header) "." BASE64URL(payload): what is signed.
std::string jws_signing_input(std::string_view header_json, std::string_view payload_json);
/// Appends "." BASE64URL(signature).
std::string jws_compact(std::string signing_input, std::string_view signature);

struct JwsParts {
    std::string header_json;
    std::string payload_json;
    std::string signature;
    std::string signing_input;
};

/// Exactly three non-empty base64url parts; `malformed` otherwise. Verifies nothing.
core::Result<JwsParts> jws_split(std::string_view compact);

}   // namespace gateway::crypto
