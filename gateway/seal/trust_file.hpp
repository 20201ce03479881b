#pragma once

// The list of whom to trust, as a file of the configuration: JSON with one member an environment
// ("test", "prod"), each with `roots` and `intermediates` ({der_base64, sha256?, subject?,
// notAfter?}), `policies`, `crl` (addresses to have at hand from the start),
// `critical_extensions_recognized` and `critical_extensions_required`. New authorities and policies
// come by changing the file.

#include "gateway/core/failure.hpp"
#include "gateway/seal/trust.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

struct TrustFile {
    TrustPolicy policy;
    std::vector<std::string> crl_urls;
};

/// `malformed` with the JSON pointer of the first fault, `not_found` when the environment is not in
/// the file. Checked: each fingerprint that is given, unknown members.
core::Result<TrustFile> read_trust_file(std::string_view json, std::string_view environment);

}   // namespace gateway::seal
