#pragma once

// RFC 7512, as much of it as names a private key.

#include "gateway/core/failure.hpp"

#include <string>
#include <string_view>

namespace gateway::crypto {

struct Pkcs11Uri {
    std::string token;    // label; empty: the only token there is
    std::string serial;   // of the token
    std::string object;   // label of the key
    std::string id;       // bytes
    std::string module_path;
    std::string pin_value;
};

/// `malformed` names what is wrong, never a value: a PIN may stand in the text.
core::Result<Pkcs11Uri> parse_pkcs11_uri(std::string_view text);

}   // namespace gateway::crypto
