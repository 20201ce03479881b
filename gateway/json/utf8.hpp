#pragma once

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF.

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::json {

inline constexpr std::size_t utf8_bytes_max = 4;   // of one character

/// Length of the valid character that begins at `at`; 0 when there is none. `code_point` is set
/// when it is valid.
std::size_t utf8_next(std::string_view text, std::size_t at, char32_t& code_point) noexcept;
/// How many ASCII characters follow one another from `at` on: most of most texts.
std::size_t ascii_run(std::string_view text, std::size_t at) noexcept;
/// Where the first invalid byte lies; npos when all is well.
std::size_t utf8_fault(std::string_view text) noexcept;
/// How many characters (code points); an invalid byte counts as one.
std::size_t utf8_length(std::string_view text) noexcept;

}   // namespace gateway::json
