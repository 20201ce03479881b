#include "gateway/core/ids.hpp"

#include <algorithm>

namespace gateway::core {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

bool is_hyphen_place(std::size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <std::size_t N>
int weighted_sum(std::string_view digits, const std::array<int, N>& weights) {
    int sum = 0;
    for (std::size_t i = 0; i < N; ++i) {
        sum += weights[i] * (digits[i] - '0');
    }
    return sum;
}

}   // namespace

std::string to_hex(std::string_view bytes) {
    std::string text(bytes.size() * 2, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        text[2 * i] = hex_digits[byte >> 4U];
        text[2 * i + 1] = hex_digits[byte & 15U];
    }
    return text;
}

std::string Uuid::to_bytes() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Uuid::to_string() const {
    std::string text(36, '-');
    std::size_t place = 0;
    for (const auto byte : bytes) {
        place += is_hyphen_place(place) ? 1 : 0;
        text[place++] = hex_digits[byte >> 4U];
        text[place++] = hex_digits[byte & 15U];
    }
    return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) {
        return std::nullopt;
    }
    Uuid uuid;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_hyphen_place(i)) {
            if (text[i] != '-') {
                return std::nullopt;
            }
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) {
            return std::nullopt;
        }
        auto& byte = uuid.bytes[nibble / 2];
        byte = static_cast<std::uint8_t>((byte << 4U) | static_cast<unsigned>(value));
        ++nibble;
    }
    return uuid;
}

std::optional<Uuid> uuid_from_bytes(std::string_view bytes) {
    Uuid uuid;
    if (bytes.size() != uuid.bytes.size()) {
        return std::nullopt;
    }
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(uuid.bytes.data()));
    return uuid;
}

std::string Sha256::to_bytes() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Sha256::to_hex() const {
    return core::to_hex(to_bytes());
}

std::optional<Sha256> parse_sha256(std::string_view text) {
    Sha256 hash;
    if (text.size() != hash.bytes.size() * 2) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = hex_value(text[i]);
        if (value < 0 || (text[i] >= 'A' && text[i] <= 'F')) {
            return std::nullopt;
        }
        hash.bytes[i / 2] =
            static_cast<std::uint8_t>((hash.bytes[i / 2] << 4U) | static_cast<unsigned>(value));
    }
    return hash;
}

std::optional<Sha256> sha256_from_bytes(std::string_view bytes) {
    Sha256 hash;
    if (bytes.size() != hash.bytes.size()) {
        return std::nullopt;
    }
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(hash.bytes.data()));
    return hash;
}

bool is_organisation_number(std::string_view text) {
    if (text.size() != 9 || !all_digits(text)) {
        return false;
    }
    constexpr std::array<int, 8> weights{3, 2, 7, 6, 5, 4, 3, 2};
    const int check = (11 - weighted_sum(text, weights) % 11) % 11;
    return check == text[8] - '0';   // a check of 10 fits no digit
}

bool is_person_number(std::string_view text) {
    if (text.size() != 11 || !all_digits(text)) {
        return false;
    }
    constexpr std::array<int, 9> first{3, 7, 6, 1, 8, 9, 4, 5, 2};
    constexpr std::array<int, 10> second{5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
    const int check1 = (11 - weighted_sum(text, first) % 11) % 11;
    const int check2 = (11 - weighted_sum(text, second) % 11) % 11;
    return check1 == text[9] - '0' && check2 == text[10] - '0';
}

}   // namespace gateway::core
