#pragma once

// A signed package of two files, as the tests of the XAdES writer and verifier begin with.

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/seal/xades_writer.hpp"
#include "tests/support/business_certificates.hpp"

#include <stdexcept>

namespace tests {

inline const BusinessAuthority& xades_authority() {
    static const BusinessAuthority authority;
    return authority;
}

inline const BusinessIdentity& xades_signer() {
    static const BusinessIdentity signer = xades_authority().issue();
    return signer;
}

struct SignedPackage {
    std::vector<std::pair<std::string, std::string>> contents{
        {"manifest.xml", "<manifest/>"}, {"Vedtak om blåbær (2).pdf", "%PDF-1.7"}};

    std::vector<gateway::seal::ContainerFile> files() const {
        std::vector<gateway::seal::ContainerFile> all{
            {"mimetype", gateway::crypto::sha256("application/vnd.etsi.asic-e+zip")}};
        for (const auto& [name, bytes] : contents) {
            all.push_back({name, gateway::crypto::sha256(bytes)});
        }
        all.push_back({"META-INF/signatures.xml", {}});
        return all;
    }

    gateway::seal::XadesInput input() const {
        gateway::seal::XadesInput input;
        for (const auto& [name, bytes] : contents) {
            const bool xml = name.find(".xml") != std::string::npos;
            input.files.push_back({name, xml ? "application/xml" : "application/pdf",
                                   gateway::crypto::sha256(bytes)});
        }
        input.chain = {xades_signer().der, xades_authority().intermediate(),
                       xades_authority().root()};
        input.signing_time = judged_at();
        return input;
    }

    std::string signatures_xml() const {
        const auto draft = gateway::seal::draft_xades(input()).value();
        return draft.finish(xades_signer().sign(draft.to_sign())).value();
    }
};

/// Replaces the first `from`; a test that replaces nothing would prove nothing.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) {
        throw std::logic_error("not there: " + std::string(from));
    }
    return text.replace(at, from.size(), to);
}

/// The content of the first element of this name.
inline std::string content_of(const std::string& xml, const std::string& name) {
    const std::size_t tag = xml.find("<" + name);
    const std::size_t begin = xml.find('>', tag) + 1;
    return xml.substr(begin, xml.find("</" + name + ">", begin) - begin);
}

/// The package's signature file with other text in SignedInfo, signed again: as a signer would make
/// it that wants what we do not.
inline std::string signed_again(const SignedPackage& package, std::string_view from,
                                std::string_view to) {
    const std::string xml = package.signatures_xml();
    const std::string info = content_of(xml, "SignedInfo");
    const std::string other = replaced(info, from, to);
    const std::string canonical =
        R"(<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#">)" + other + "</SignedInfo>";
    return replaced(replaced(xml, info, other), content_of(xml, "SignatureValue"),
                    gateway::crypto::base64_encode(xades_signer().sign(canonical)));
}

/// The same with other text in SignedProperties, its digest made anew.
inline std::string signed_with_properties(const SignedPackage& package, std::string_view from,
                                          std::string_view to) {
    const std::string xml = package.signatures_xml();
    const std::string properties = content_of(xml, "SignedProperties");
    const std::string other = replaced(properties, from, to);
    const auto digest = [](const std::string& content) {
        return gateway::crypto::base64_encode(
            gateway::crypto::sha256(R"(<SignedProperties xmlns="http://uri.etsi.org/01903/v1.3.2#")"
                                    R"( xmlns:ds="http://www.w3.org/2000/09/xmldsig#")"
                                    R"( Id="SignedProperties">)" +
                                    content + "</SignedProperties>")
                .to_bytes());
    };
    return replaced(signed_again(package, digest(properties), digest(other)), properties, other);
}

}   // namespace tests
