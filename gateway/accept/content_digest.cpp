#include "gateway/accept/content_digest.hpp"

#include "gateway/crypto/base64url.hpp"

#include <algorithm>
#include <string>

namespace gateway::accept {

StatedDigest stated_digest(std::string_view header) {
    if (header.empty()) {
        return {};
    }
    std::string name(header.substr(0, header.find('=')));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    if (name != "sha-256" || header.size() <= name.size()) {
        return {false, std::nullopt};
    }
    auto value = header.substr(name.size() + 1);
    if (value.size() > 2 && value.front() == ':' && value.back() == ':') {
        value = value.substr(1, value.size() - 2);
    }
    const auto bytes = crypto::base64_decode(value);
    const auto hash = bytes ? core::sha256_from_bytes(*bytes) : std::nullopt;
    return {hash.has_value(), hash};
}

}   // namespace gateway::accept
