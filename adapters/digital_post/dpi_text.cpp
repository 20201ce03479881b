#include "adapters/digital_post/dpi_text.hpp"

#include "gateway/json/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace gateway::digital_post {
namespace {

constexpr std::size_t gsm_one = 160;
constexpr std::size_t gsm_each = 153;
constexpr std::size_t wide_one = 70;
constexpr std::size_t wide_each = 67;

/// The basic table beyond ASCII, and the ASCII that is not in it or costs two places.
constexpr std::u32string_view gsm_beyond_ascii = U"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view gsm_double = U"^{}\\[~]|€\f";

bool holds(std::u32string_view all, char32_t one) {
    return all.find(one) != std::u32string_view::npos;
}

bool is_gsm(char32_t c) {
    const bool ascii = (c >= U' ' && c < U'\x7F' && c != U'`') || c == U'\n' || c == U'\r';
    return ascii || holds(gsm_beyond_ascii, c) || holds(gsm_double, c);
}

char32_t lower(char32_t c) {
    const bool ascii = c >= U'A' && c <= U'Z';
    const bool latin = c >= 0xC0 && c <= 0xDE && c != 0xD7;
    const bool greek = c >= 0x391 && c <= 0x3A9;
    const bool cyrillic = c >= 0x410 && c <= 0x42F;
    if (ascii || latin || greek || cyrillic) {
        return c + 0x20;
    }
    // Latin Extended-A stands in pairs, upper case at even places but for two stretches.
    const bool odd_pairs = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (c >= 0x100 && c <= 0x17E && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x178) {
        return (c % 2 == (odd_pairs ? 1U : 0U)) ? c + 1 : c;
    }
    return c;
}

void append(std::string& out, char32_t c) {
    const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0U | (c >> 6U));
        byte(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        byte(0xE0U | (c >> 12U));
        byte(0x80U | ((c >> 6U) & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    } else {
        byte(0xF0U | (c >> 18U));
        byte(0x80U | ((c >> 12U) & 0x3FU));
        byte(0x80U | ((c >> 6U) & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    }
}

/// Each character of valid UTF-8; an invalid byte counts as itself.
template <class F>
void for_each_character(std::string_view utf8, F function) {
    for (std::size_t at = 0; at < utf8.size();) {
        char32_t c = 0;
        const std::size_t length = json::utf8_next(utf8, at, c);
        if (length == 0) {
            c = static_cast<unsigned char>(utf8[at]);
        }
        function(c);
        at += std::max<std::size_t>(length, 1);
    }
}

}   // namespace

std::string fold_case(std::string_view utf8) {
    std::string folded;
    for_each_character(utf8, [&](char32_t c) { append(folded, lower(c)); });
    return folded;
}

int sms_parts(std::string_view utf8) {
    std::size_t gsm = 0;
    std::size_t wide = 0;
    bool all_gsm = true;
    for_each_character(utf8, [&](char32_t c) {
        all_gsm = all_gsm && is_gsm(c);
        gsm += holds(gsm_double, c) ? 2 : 1;
        wide += c >= 0x10000 ? 2 : 1;
    });
    const std::size_t count = all_gsm ? gsm : wide;
    const std::size_t one = all_gsm ? gsm_one : wide_one;
    const std::size_t each = all_gsm ? gsm_each : wide_each;
    return static_cast<int>(count <= one ? 1 : (count + each - 1) / each);
}

std::string content_mark(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::uint64_t hash = 0xcbf29ce484222325U;   // FNV-1a
    for (const char c : bytes) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    std::string mark;
    for (int shift = 60; shift >= 0; shift -= 4) {
        mark += digits[(hash >> static_cast<unsigned>(shift)) & 0xFU];
    }
    return mark;
}

}   // namespace gateway::digital_post
