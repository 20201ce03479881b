#include "gateway/seal/cades_certificates.hpp"

#include "gateway/seal/tlv.hpp"

namespace gateway::seal {
namespace {

constexpr std::uint8_t tagged_zero = tlv::context | tlv::constructed;

std::optional<std::string_view> take(std::string_view& rest, std::uint8_t identifier) {
    const auto element = tlv::take(rest);
    return element && element->identifier == identifier ? std::optional(element->content)
                                                        : std::nullopt;
}

/// The only element there, and what is in it.
std::optional<std::string_view> open(std::string_view whole, std::uint8_t identifier) {
    const auto content = take(whole, identifier);
    return whole.empty() ? content : std::nullopt;
}

}   // namespace

std::optional<WithoutCertificates> take_certificates_out(std::string_view der) {
    auto info = open(der, tlv::sequence);
    if (!info) {
        return std::nullopt;
    }
    const auto type = tlv::take(*info);
    const auto tagged = open(*info, tagged_zero);
    auto rest = tagged ? open(*tagged, tlv::sequence) : std::nullopt;
    if (!type || type->identifier != tlv::object_identifier || !rest) {
        return std::nullopt;
    }
    WithoutCertificates out;
    std::string signed_data;
    for (const std::uint8_t identifier : {tlv::integer, tlv::set, tlv::sequence}) {
        const auto element = tlv::take(*rest);   // version, digestAlgorithms, encapContentInfo
        if (!element || element->identifier != identifier) {
            return std::nullopt;
        }
        signed_data += element->whole;
    }
    auto certificates = take(*rest, tagged_zero);
    if (!certificates) {
        return std::nullopt;
    }
    while (!certificates->empty()) {
        const auto one = tlv::take(*certificates);
        if (!one || one->identifier != tlv::sequence) {
            return std::nullopt;
        }
        out.certificates.push_back(one->whole);
    }
    signed_data += *rest;   // crls, signerInfos
    std::string content(type->whole);
    std::string sequence;
    tlv::append(sequence, tlv::sequence, signed_data);
    tlv::append(content, tagged_zero, sequence);
    tlv::append(out.der, tlv::sequence, content);
    return out;
}

}   // namespace gateway::seal
