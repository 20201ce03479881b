#include "gateway/seal/drafting.hpp"

#include "gateway/crypto/jwk.hpp"
#include "gateway/seal/xml_text.hpp"

#include <set>

namespace gateway::seal {

core::Result<void> check_files_to_sign(const std::vector<FileToSign>& files) {
    if (files.empty() || files.size() > signed_files_max) {
        return core::Failure(core::Errc::invalid_argument, "no files to sign, or more than 2000");
    }
    std::set<std::string_view> names;
    for (const auto& file : files) {
        if (file.name.empty() || !is_xml_text(file.name) || !is_xml_text(file.media_type)) {
            return core::Failure(core::Errc::invalid_argument, "a file's name or type is no text");
        }
        if (!names.insert(file.name).second) {
            return core::Failure(core::Errc::invalid_argument, "a file's name stands twice");
        }
    }
    return {};
}

core::Result<CertificateDetails> leaf_of_chain(const std::vector<std::string>& chain) {
    if (chain.empty()) {
        return core::Failure(core::Errc::invalid_argument, "no certificate to sign with");
    }
    for (const auto& der : chain) {
        if (!parse_x509(der)) {
            return core::Failure(core::Errc::malformed, "not a certificate");
        }
    }
    auto leaf = read_certificate(chain.front());
    if (!leaf || !is_xml_text(leaf->issuer)) {
        return core::Failure(core::Errc::malformed, "the issuer's name is no text");
    }
    return std::move(*leaf);
}

core::Result<void> check_signed_by(std::string_view certificate, std::string_view bytes,
                                   std::string_view signature) {
    const auto fits = crypto::verify_rs256_with_certificate(certificate, bytes, signature);
    if (!fits) {
        return fits.error();
    }
    if (!*fits) {
        return core::Failure(core::Errc::invalid_argument,
                             "the signature is not made by the certificate's key");
    }
    return {};
}

}   // namespace gateway::seal
