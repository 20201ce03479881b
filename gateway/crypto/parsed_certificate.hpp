#pragma once

// One reader of X.509 certificates for all .cpp files here and in seal.

#include <memory>
#include <string_view>

namespace gateway::crypto {

/// An X509* of OpenSSL, to be read only; null when the bytes are no DER certificate or over 1 MiB.
///
/// The last 64 are kept: to read a certificate takes OpenSSL 3.0 half as long as to sign with RSA,
/// and a connection meets the same few, its own chain and the operators', with every message. What
/// is kept depends on the bytes alone. Any thread.
std::shared_ptr<void> parse_certificate(std::string_view der);

}   // namespace gateway::crypto
