#pragma once

// The little of DER (X.690) that CMS needs: elements with short tags and definite lengths.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::seal::tlv {

inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t object_identifier = 0x06;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
inline constexpr std::uint8_t constructed = 0x20;
inline constexpr std::uint8_t context = 0x80;   // + number

struct Element {
    std::uint8_t identifier = 0;
    std::string_view content;
    std::string_view whole;
};

/// Cuts one element off the front of `rest`; nothing when none is there or its length is not
/// definite.
std::optional<Element> take(std::string_view& rest);
void append_header(std::string& out, std::uint8_t identifier, std::size_t length);
void append(std::string& out, std::uint8_t identifier, std::string_view content);

}   // namespace gateway::seal::tlv
