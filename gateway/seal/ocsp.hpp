#pragma once

// The status of one certificate asked for by OCSP (RFC 6960, in the lightweight profile of RFC
// 5019: SHA-1 names the issuer, no nonce, freshness by the answer's times). Pure; any thread.

#include "gateway/core/time.hpp"
#include "gateway/seal/crl.hpp"
#include "gateway/seal/finding.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::seal {

inline constexpr std::size_t ocsp_bytes_max = 64U << 10U;   // an answer with a certificate: 2 KiB

/// DER, to be posted as application/ocsp-request. Empty when a certificate is none.
std::string ocsp_request(std::string_view certificate, std::string_view issuer);

struct OcspAnswer {
    bool known = true;   // false: the responder does not know the certificate
    std::optional<Revocation> revocation;
    core::Time this_update{};
    core::Time next_update{};   // an hour after this_update when the answer does not say
};

/// `seal.revocation_answer_refused` {reason}: malformed, too_large, refused (by the responder),
/// responder (not the issuer, nor its delegate), algorithm, signature, other_certificate, future,
/// no_end.
Judged<OcspAnswer> read_ocsp_answer(std::string_view der, std::string_view certificate,
                                    std::string_view issuer, core::Time now);

}   // namespace gateway::seal
