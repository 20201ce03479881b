#pragma once

namespace gateway::core {

/// How the key of a message was wrapped for a recipient's RSA key (PKCS#1, RFC 8017). OAEP has the
/// same hash in its mask generation and no label.
enum class KeyTransport {
    rsa_oaep_sha256,
    rsa_oaep_sha1,
    rsa_pkcs1_v15,
};

}   // namespace gateway::core
