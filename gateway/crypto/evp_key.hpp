#pragma once

// What PEM, PKCS#12 and PKCS#11 have in common once a key is found: it signs, and its own
// certificate comes first.

#include "gateway/crypto/private_key.hpp"

#include <functional>

namespace gateway::crypto {

struct EvpKeyParts {
    std::shared_ptr<void> key;               // an EVP_PKEY*, released as its maker knows
    std::vector<std::string> certificates;   // DER, any order; those of other keys are left out
    bool one_at_a_time = false;              // a token's session is not for two threads at once
};

/// `unsupported` when it is not RSA of 2048 to 8192 bits, `malformed` when certificates are there
/// and none is the key's.
core::Result<std::unique_ptr<PrivateKey>> make_evp_key(EvpKeyParts parts);

}   // namespace gateway::crypto
