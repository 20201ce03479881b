#pragma once

// Where a text has a control character, looked for in eight bytes at once: most have none.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gateway::http {

inline bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

/// The first at or behind `from`; the text's size when there is none.
inline std::size_t find_control(std::string_view text, std::size_t from) {
    constexpr std::uint64_t each = 0x0101010101010101;
    constexpr std::uint64_t highest = each * 0x80;
    if constexpr (std::endian::native == std::endian::little) {
        for (; text.size() - from >= sizeof(std::uint64_t); from += sizeof(std::uint64_t)) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, text.data() + from, sizeof eight);
            const std::uint64_t from_del = eight ^ (each * 0x7f);
            // A mark may be wrong only above one that is right, and the lowest is what is taken.
            const std::uint64_t marks =
                (((eight - each * 0x20) & ~eight) | ((from_del - each) & ~from_del)) & highest;
            if (marks != 0) {
                return from + static_cast<std::size_t>(std::countr_zero(marks)) / 8;
            }
        }
    }
    while (from < text.size() && !is_control(text[from])) {
        ++from;
    }
    return from;
}

}   // namespace gateway::http
