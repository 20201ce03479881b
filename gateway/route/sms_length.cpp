#include "gateway/route/sms_length.hpp"

#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gateway::route {
namespace {

constexpr std::size_t gsm_one = 160;
constexpr std::size_t gsm_many = 153;
constexpr std::size_t ucs_one = 70;
constexpr std::size_t ucs_many = 67;

/// Beside space, letters A-Z, digits and the signs of ASCII below.
constexpr std::u32string_view basic =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// Each takes the place of two.
constexpr std::u32string_view extended = U"\f^{}\\[~]|€";

/// Septets it takes; 0 when it is not in the alphabet.
std::size_t septets(char32_t c) {
    const bool plain = (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') ||
                       (c >= U'0' && c <= U'9') || basic.find(c) != std::u32string_view::npos;
    if (plain) {
        return 1;
    }
    return extended.find(c) != std::u32string_view::npos ? 2 : 0;
}

std::size_t parts_of(std::size_t units, std::size_t one, std::size_t many) {
    return units <= one ? 1 : (units + many - 1) / many;
}

std::string name_of(char32_t c) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(c));
    return text.data();
}

}   // namespace

SmsLength sms_length(std::string_view utf8) {
    SmsLength length;
    std::size_t gsm_units = 0;
    std::size_t ucs_units = 0;
    std::size_t place = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        char32_t c = 0;
        const auto bytes = json::utf8_next(utf8, at, c);
        at += std::max<std::size_t>(bytes, 1);
        ++place;
        ucs_units += c > 0xFFFF ? 2 : 1;
        const auto units = bytes == 0 ? 0 : septets(c);
        gsm_units += std::max<std::size_t>(units, 1);
        if (units == 0) {
            if (++length.odd_count == 1) {
                length.odd = name_of(c);
                length.odd_place = place;
            }
        }
    }
    length.parts_without_odd = parts_of(gsm_units, gsm_one, gsm_many);
    length.parts =
        length.odd_count == 0 ? length.parts_without_odd : parts_of(ucs_units, ucs_one, ucs_many);
    return length;
}

}   // namespace gateway::route
