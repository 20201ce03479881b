#pragma once

// The signature of an ASiC-E container with CAdES: a detached CMS SignedData over the exact bytes
// of the manifest, at B level: content type, signing time, message digest and
// signing-certificate-v2 are signed, RSA with SHA-256, the chain comes along. DER.
//
// In two steps, because the key is elsewhere: draft_cades() makes the bytes to be signed, finish()
// takes the signature. Pure; any thread.

#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct CadesInput {
    std::string manifest;             // as it lies in the container, byte for byte
    std::vector<std::string> chain;   // DER, leaf first
    core::Time signing_time{};
};

class CadesDraft {
public:
    /// The signed attributes as a DER SET: to be signed by RSASSA-PKCS1-v1_5 with SHA-256.
    const std::string& to_sign() const { return to_sign_; }
    /// META-INF/signature-....p7s. `invalid_argument` when the signature is not the leaf's over
    /// to_sign().
    core::Result<std::string> finish(std::string_view signature) const;

private:
    friend core::Result<CadesDraft> draft_cades(const CadesInput& input);
    CadesDraft() = default;

    std::string to_sign_;
    std::string attributes_;   // the same under [0]
    std::string signer_;       // issuerAndSerialNumber
    std::vector<std::string> chain_;
};

/// `invalid_argument`: an empty chain or manifest; `malformed`: a certificate that is none.
core::Result<CadesDraft> draft_cades(const CadesInput& input);

}   // namespace gateway::seal
