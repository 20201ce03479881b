#include "adapters/krr/krr_certificate.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/certificate.hpp"

#include <algorithm>
#include <optional>

namespace gateway::krr {
namespace {

constexpr std::size_t text_bytes_max = 64U << 10U;

std::optional<std::string> der_of(std::string_view text) {
    if (text.find("-----BEGIN") != std::string_view::npos) {
        const auto all = crypto::certificates_from_pem(text);
        if (!all || all->empty()) {
            return std::nullopt;
        }
        return all->front();
    }
    std::string bare(text);
    std::erase_if(bare, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    return crypto::base64_decode(bare);
}

}   // namespace

Certificate read_certificate(std::string_view text, core::Time now) {
    Certificate certificate;
    certificate.fault = "unreadable";
    if (text.size() > text_bytes_max) {
        return certificate;
    }
    const auto der = der_of(text);
    if (!der) {
        return certificate;
    }
    const auto facts = crypto::certificate_facts(*der);
    if (!facts) {
        return certificate;
    }
    certificate.not_after = facts->not_after;
    if (facts->not_after <= now) {
        certificate.fault = "expired";
    } else if (facts->not_before > now) {
        certificate.fault = "not_yet_valid";
    } else {
        certificate.fault.clear();
        certificate.base64 = crypto::base64_encode(*der);
    }
    return certificate;
}

}   // namespace gateway::krr
