#pragma once

// The certificates of a CMS signature (RFC 5652 5.1) taken out before OpenSSL reads the rest: to
// decode them is most of what a small signature costs, and a gateway meets the same few with every
// message, so they are read by crypto::parse_certificate, which keeps them. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct WithoutCertificates {
    std::string der;                              // the signature, else byte for byte as it was
    std::vector<std::string_view> certificates;   // X.509 in DER, into what was given
};

/// Nothing when it is no DER of one SignedData, or has certificates of another kind than X.509:
/// then it is to be read as it stands.
std::optional<WithoutCertificates> take_certificates_out(std::string_view der);

}   // namespace gateway::seal
