#pragma once

// Unwrapping a content key with an RSA private key, without an answer that tells a wrong padding
// from a right one.

#include "gateway/core/failure.hpp"
#include "gateway/core/key_transport.hpp"

#include <string>
#include <string_view>

namespace gateway::crypto {

class KeyUnwrapping {
public:
    static constexpr std::size_t key_bytes_max = 32;

    /// Draws the secret that keys for what does not unwrap are made from.
    KeyUnwrapping();

    /// `key` is an EVP_PKEY*. `unavailable` when the token that holds it is away.
    core::Result<std::string> unwrap(void* key, core::KeyTransport transport,
                                     std::string_view wrapped, std::size_t key_bytes) const;

private:
    std::string secret_;
};

}   // namespace gateway::crypto
