#pragma once

// Private keys from PEM, PKCS#12 (also old RC2/3DES ones, through OpenSSL's legacy provider for
// that parse alone) and PKCS#11 (libp11). Calls block: run them on an Executor.

#include "gateway/core/failure.hpp"
#include "gateway/core/key_transport.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::crypto {

class PrivateKey {
public:
    virtual ~PrivateKey() = default;
    /// RSASSA-PKCS1-v1_5 SHA-256. Any thread.
    virtual core::Result<std::string> sign_rs256(std::string_view bytes) const = 0;
    /// The content key of `key_bytes` (at most 32) that a sender wrapped for this key. What does
    /// not unwrap to that length gives a key that opens nothing, always the same for the same
    /// bytes, after the same work: a sender who asks again learns nothing (implicit rejection).
    /// `unavailable` when a token is away. Any thread.
    virtual core::Result<std::string> unwrap_key(core::KeyTransport transport,
                                                 std::string_view wrapped,
                                                 std::size_t key_bytes) const = 0;
    /// DER, leaf first; empty when only a key was there.
    virtual const std::vector<std::string>& certificates() const = 0;
    /// DER SubjectPublicKeyInfo.
    virtual const std::string& public_key() const = 0;
    virtual int bits() const = 0;
};

/// PEM with a private key and, in the same text, any number of certificates.
core::Result<std::unique_ptr<PrivateKey>> load_pem_key(std::string_view pem,
                                                       std::string_view password);
core::Result<std::unique_ptr<PrivateKey>> load_pkcs12_key(std::string_view der,
                                                          std::string_view password);
/// RFC 7512 URI: "pkcs11:token=...;object=...?module-path=/usr/lib/...&pin-value=..." (`pin` from
/// the password reference).
core::Result<std::unique_ptr<PrivateKey>> load_pkcs11_key(const std::string& uri,
                                                          const std::string& pin);
/// Tells PEM from PKCS#12 by its first bytes.
core::Result<std::unique_ptr<PrivateKey>> load_key(std::string_view bytes,
                                                   std::string_view password);

}   // namespace gateway::crypto
