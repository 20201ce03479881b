#include "gateway/crypto/api_key.hpp"

#include "gateway/crypto/base64url.hpp"
#include "gateway/crypto/digest.hpp"

#include <algorithm>
#include <array>

namespace gateway::crypto {
namespace {

constexpr std::string_view prefix = "slu_";
constexpr std::string_view id_alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t id_characters = 12;
constexpr std::size_t id_characters_max = 32;
constexpr std::size_t secret_characters = 43;   // 256 bits

bool is_id_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

bool is_secret_character(char c) {
    return is_id_character(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::string make_id(core::Randomness& random) {
    // Bytes from 252 up are thrown away: 252 is seven times 36, so each character is as likely.
    constexpr std::uint8_t fair_below = 252;
    std::string id;
    while (id.size() < id_characters) {
        std::array<std::uint8_t, 16> bytes{};
        random.random(bytes);
        for (const auto byte : bytes) {
            if (byte < fair_below && id.size() < id_characters) {
                id.push_back(id_alphabet[byte % id_alphabet.size()]);
            }
        }
    }
    return id;
}

}   // namespace

std::string ApiKey::text() const {
    return std::string(prefix) + id + "_" + secret;
}

std::string ApiKey::secret_hash() const {
    return sha256(secret).to_bytes();
}

ApiKey make_api_key(core::Randomness& random) {
    ApiKey key;
    key.id = make_id(random);
    std::array<std::uint8_t, 32> bytes{};
    random.random(bytes);
    key.secret = base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return key;
}

std::optional<ApiKey> read_api_key(std::string_view text) {
    if (text.substr(0, prefix.size()) != prefix) {
        return std::nullopt;
    }
    text.remove_prefix(prefix.size());
    const auto line = text.find('_');
    if (line == std::string_view::npos || line == 0 || line > id_characters_max ||
        text.size() != line + 1 + secret_characters) {
        return std::nullopt;
    }
    const auto id = text.substr(0, line);
    const auto secret = text.substr(line + 1);
    if (!std::all_of(id.begin(), id.end(), is_id_character) ||
        !std::all_of(secret.begin(), secret.end(), is_secret_character)) {
        return std::nullopt;
    }
    ApiKey key;
    key.id = std::string(id);
    key.secret = std::string(secret);
    return key;
}

std::optional<ApiKey> parse_api_key(std::string_view header) {
    constexpr std::string_view scheme = "bearer ";
    if (header.size() < scheme.size() ||
        !std::equal(scheme.begin(), scheme.end(), header.begin(),
                    [](char a, char b) { return a == (b | 0x20); })) {
        return std::nullopt;
    }
    return read_api_key(header.substr(scheme.size()));
}

}   // namespace gateway::crypto
