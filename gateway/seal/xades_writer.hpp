#pragma once

// META-INF/signatures.xml of an ASiC-E container: XAdES at B level, exactly as the DPI profile has
// it (Digdir, "dokumentpakke sikkerhet", and its official samples): C14N 1.0, RSA with SHA-256, one
// reference a file without transforms, the signed properties, the chain in KeyInfo, the signing
// certificate by SHA-1 as that profile demands.
//
// In two steps, because the key is elsewhere: draft_xades() makes the bytes to be signed, finish()
// takes the signature. Pure; any thread.

#include "gateway/core/failure.hpp"
#include "gateway/core/time.hpp"
#include "gateway/seal/signed_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct XadesInput {
    std::vector<FileToSign> files;    // in the order of the container, META-INF left out
    std::vector<std::string> chain;   // DER: leaf, intermediates, root
    core::Time signing_time{};        // a mailbox accepts it within 5 seconds
};

class XadesDraft {
public:
    /// SignedInfo in its canonical form: to be signed by RSASSA-PKCS1-v1_5 with SHA-256.
    const std::string& to_sign() const { return to_sign_; }
    /// The whole file. `invalid_argument` when the signature is not the leaf's over to_sign().
    core::Result<std::string> finish(std::string_view signature) const;

private:
    friend core::Result<XadesDraft> draft_xades(const XadesInput& input);
    XadesDraft() = default;

    std::string to_sign_;
    std::string signed_info_;   // as it stands in the file
    std::string object_;
    std::vector<std::string> chain_;
};

/// `invalid_argument`: no file or more than 2000, a name that stands twice or is no XML text, an
/// empty chain; `malformed`: a certificate that is none.
core::Result<XadesDraft> draft_xades(const XadesInput& input);

}   // namespace gateway::seal
