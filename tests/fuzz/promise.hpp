#pragma once

// What the targets share: a promise that did not hold ends the input, in libFuzzer as a crash that
// keeps it, in Catch2 as a failed test.

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fuzz {

inline void promise(bool held, const char* what) {
    if (!held) {
        throw std::logic_error(std::string("did not hold: ") + what);
    }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return size == 0 ? std::string_view()
                     : std::string_view(reinterpret_cast<const char*>(data), size);
}

/// Cuts the first line off `rest`, without its line feed.
inline std::string_view first_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return line;
}

inline bool has_control(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return true;
        }
    }
    return false;
}

}   // namespace fuzz
