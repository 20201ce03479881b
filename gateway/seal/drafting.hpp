#pragma once

// What the two ways of signing have in common: what is checked before there is something to sign,
// and when the signature comes.

#include "gateway/core/failure.hpp"
#include "gateway/seal/certificate_details.hpp"
#include "gateway/seal/signed_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

/// `invalid_argument`: no file or more than 2000, a name that stands twice or is no XML text.
core::Result<void> check_files_to_sign(const std::vector<FileToSign>& files);
/// The leaf of a chain. `invalid_argument` when it is empty, `malformed` when one of its
/// certificates is none.
core::Result<CertificateDetails> leaf_of_chain(const std::vector<std::string>& chain);
/// `invalid_argument` when the signature (RSASSA-PKCS1-v1_5 with SHA-256) is not by the
/// certificate's key over these bytes.
core::Result<void> check_signed_by(std::string_view certificate, std::string_view bytes,
                                   std::string_view signature);

}   // namespace gateway::seal
