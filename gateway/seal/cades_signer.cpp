#include "gateway/seal/cades_signer.hpp"

#include "gateway/crypto/digest.hpp"
#include "gateway/seal/der_writer.hpp"
#include "gateway/seal/drafting.hpp"

namespace gateway::seal {
namespace {

// RFC 5652, 5035, 5754.
constexpr std::string_view oid_data = "1.2.840.113549.1.7.1";
constexpr std::string_view oid_signed_data = "1.2.840.113549.1.7.2";
constexpr std::string_view oid_content_type = "1.2.840.113549.1.9.3";
constexpr std::string_view oid_message_digest = "1.2.840.113549.1.9.4";
constexpr std::string_view oid_signing_time = "1.2.840.113549.1.9.5";
constexpr std::string_view oid_signing_certificate_v2 = "1.2.840.113549.1.9.16.2.47";
constexpr std::string_view oid_sha256 = "2.16.840.1.101.3.4.2.1";
constexpr std::string_view oid_rsa_encryption = "1.2.840.113549.1.1.1";
constexpr unsigned char tag_explicit_0 = 0xa0;
constexpr unsigned char tag_directory_name = 0xa4;   // GeneralName [4], explicit
constexpr unsigned char version_1 = 1;

std::string attribute(std::string_view oid, const std::string& value) {
    return der::sequence({der::object_identifier(oid), der::set_of({value})});
}

/// SigningCertificateV2 with one ESSCertIDv2; SHA-256 is its default and is left out.
std::string signing_certificate(const CertificateDetails& leaf) {
    const std::string names = der::sequence({der::element(tag_directory_name, leaf.issuer_der)});
    const std::string issuer_serial = der::sequence({names, leaf.serial_der});
    const std::string id =
        der::sequence({der::octet_string(leaf.sha256.to_bytes()), issuer_serial});
    return der::sequence({der::sequence({id})});
}

std::string sha256_algorithm() {
    return der::sequence({der::object_identifier(oid_sha256)});
}

}   // namespace

core::Result<CadesDraft> draft_cades(const CadesInput& input) {
    if (input.manifest.empty()) {
        return core::Failure(core::Errc::invalid_argument, "nothing to sign");
    }
    const auto leaf = leaf_of_chain(input.chain);
    if (!leaf) {
        return leaf.error();
    }
    const std::vector<std::string> attributes{
        attribute(oid_content_type, der::object_identifier(oid_data)),
        attribute(oid_signing_time, der::time(input.signing_time)),
        attribute(oid_message_digest, der::octet_string(crypto::sha256(input.manifest).to_bytes())),
        attribute(oid_signing_certificate_v2, signing_certificate(*leaf))};
    CadesDraft draft;
    draft.to_sign_ = der::set_of(attributes);
    draft.attributes_ = der::tagged_set_of(0, attributes);
    draft.signer_ = der::sequence({leaf->issuer_der, leaf->serial_der});
    draft.chain_ = input.chain;
    return draft;
}

core::Result<std::string> CadesDraft::finish(std::string_view signature) const {
    if (auto checked = check_signed_by(chain_.front(), to_sign_, signature); !checked) {
        return checked.error();
    }
    const std::string signer_info =
        der::sequence({der::small_integer(version_1), signer_, sha256_algorithm(), attributes_,
                       der::sequence({der::object_identifier(oid_rsa_encryption), der::null()}),
                       der::octet_string(signature)});
    const std::string signed_data =
        der::sequence({der::small_integer(version_1), der::set_of({sha256_algorithm()}),
                       der::sequence({der::object_identifier(oid_data)}),
                       der::tagged_set_of(0, chain_), der::set_of({signer_info})});
    return der::sequence(
        {der::object_identifier(oid_signed_data), der::element(tag_explicit_0, signed_data)});
}

}   // namespace gateway::seal
