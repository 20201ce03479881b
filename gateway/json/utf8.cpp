#include "gateway/json/utf8.hpp"

#include "gateway/json/sixteen.hpp"

#include <cstdint>

namespace gateway::json {
namespace {

constexpr char32_t smallest_of_length[5] = {0, 0, 0x80, 0x800, 0x10000};

std::size_t length_by_first_byte(std::uint8_t first) noexcept {
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/// As utf8_next(), where nobody asks for the character.
std::size_t length_at(std::string_view text, std::size_t at) noexcept {
    if (text.size() - at >= 2 && is_pair(text.data() + at)) {
        return 2;
    }
    char32_t ignored = 0;
    return utf8_next(text, at, ignored);
}

}   // namespace

std::size_t utf8_next(std::string_view text, std::size_t at, char32_t& code_point) noexcept {
    if (at >= text.size()) {
        return 0;
    }
    const auto first = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = length_by_first_byte(first);
    if (length <= 1) {
        code_point = first;
        return length;
    }
    if (length > text.size() - at) {
        return 0;
    }
    if (length == 2) {   // the letters of most European texts
        const auto second = static_cast<std::uint8_t>(text[at + 1]);
        code_point = (first & 0x1FU) << 6U | (second & 0x3FU);
        return (second & 0xC0U) == 0x80U ? 2 : 0;
    }
    char32_t value = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<std::uint8_t>(text[at + i]);
        if ((byte & 0xC0U) != 0x80U) {
            return 0;
        }
        value = (value << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest_of_length[length] || surrogate || value > 0x10FFFF) {
        return 0;
    }
    code_point = value;
    return length;
}

std::size_t ascii_run(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    while (text.size() - end >= sixteen) {
        const unsigned marks = Sixteen(text.data() + end).beyond_ascii();
        if (marks != 0) {
            return end + first_mark(marks) - at;
        }
        end += sixteen;
    }
    while (end < text.size() && static_cast<std::uint8_t>(text[end]) < 0x80) {
        ++end;
    }
    return end - at;
}

std::size_t utf8_fault(std::string_view text) noexcept {
    std::size_t at = ascii_run(text, 0);
    while (at < text.size()) {
        const std::size_t length = length_at(text, at);
        if (length == 0) {
            return at;
        }
        at += length;
        at += ascii_run(text, at);
    }
    return std::string_view::npos;
}

std::size_t utf8_length(std::string_view text) noexcept {
    std::size_t at = ascii_run(text, 0);
    std::size_t count = at;
    while (at < text.size()) {
        const std::size_t length = length_at(text, at);
        at += length == 0 ? 1 : length;
        const std::size_t run = ascii_run(text, at);
        at += run;
        count += run + 1;
    }
    return count;
}

}   // namespace gateway::json
