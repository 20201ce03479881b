#include "gateway/evidence/public_key.hpp"

#include "gateway/crypto/base64url.hpp"

namespace gateway::evidence {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::string_view pem_begins = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view pem_ends = "-----END PUBLIC KEY-----";
// SEQUENCE { SEQUENCE { OID 1.3.101.112 } BIT STRING of 32 bytes }, up to those bytes.
constexpr std::string_view der_begins("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

std::string_view without_space_around(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}   // namespace

std::string write_public_key(std::string_view key) {
    std::string pem(pem_begins);
    pem += '\n';
    pem += crypto::base64_encode(std::string(der_begins) + std::string(key));
    pem += '\n';
    pem += pem_ends;
    pem += '\n';
    return pem;
}

std::optional<std::string> read_public_key(std::string_view text) {
    text = without_space_around(text);
    if (!text.starts_with(pem_begins)) {
        auto key = crypto::base64url_decode(text);
        return key && key->size() == key_bytes ? key : std::nullopt;
    }
    if (!text.ends_with(pem_ends) || text.size() < pem_begins.size() + pem_ends.size()) {
        return std::nullopt;
    }
    text.remove_prefix(pem_begins.size());
    text.remove_suffix(pem_ends.size());
    auto der = crypto::base64_decode(without_space_around(text));
    if (!der || der->size() != der_begins.size() + key_bytes || !der->starts_with(der_begins)) {
        return std::nullopt;
    }
    der->erase(0, der_begins.size());
    return der;
}

}   // namespace gateway::evidence
