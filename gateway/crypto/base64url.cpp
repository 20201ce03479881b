#include "gateway/crypto/base64url.hpp"

#include <array>
#include <cstdint>

namespace gateway::crypto {
namespace {

constexpr std::string_view url_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_letter = 64;

constexpr std::array<std::uint8_t, 256> values_of(std::string_view letters) {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_letter);
    for (std::size_t i = 0; i < letters.size(); ++i) {
        values[static_cast<std::uint8_t>(letters[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr auto url_values = values_of(url_letters);
constexpr auto plain_values = values_of(plain_letters);

std::string encode(std::string_view bytes, std::string_view letters) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : bytes) {
        window = (window << 8U) | static_cast<std::uint8_t>(c);
        for (bits += 8; bits >= 6; bits -= 6) {
            text.push_back(letters[(window >> static_cast<unsigned>(bits - 6)) & 63U]);
        }
    }
    if (bits > 0) {
        text.push_back(letters[(window << static_cast<unsigned>(6 - bits)) & 63U]);
    }
    return text;
}

std::optional<std::string> decode(std::string_view text,
                                  const std::array<std::uint8_t, 256>& values) {
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : text) {
        const std::uint8_t value = values[static_cast<std::uint8_t>(c)];
        if (value == no_letter) {
            return std::nullopt;
        }
        window = (window << 6U) | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>((window >> static_cast<unsigned>(bits)) & 255U));
        }
    }
    // Bits left over must be zero, or the same bytes would have several texts.
    if ((window & ((1U << static_cast<unsigned>(bits)) - 1U)) != 0) {
        return std::nullopt;
    }
    return bytes;
}

}   // namespace

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, url_letters);
}

std::optional<std::string> base64url_decode(std::string_view text) {
    return decode(text, url_values);
}

std::string base64_encode(std::string_view bytes) {
    std::string text = encode(bytes, plain_letters);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) {
        text.remove_suffix(1);
    }
    return decode(text, plain_values);
}

}   // namespace gateway::crypto
