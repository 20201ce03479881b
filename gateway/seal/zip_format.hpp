#pragma once

// The records of a ZIP file (PKWARE APPNOTE 6.3), little-endian.

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::seal::zip {

inline constexpr std::uint32_t local_signature = 0x04034b50;
inline constexpr std::uint32_t descriptor_signature = 0x08074b50;
inline constexpr std::uint32_t central_signature = 0x02014b50;
inline constexpr std::uint32_t end_signature = 0x06054b50;
inline constexpr std::uint32_t end64_signature = 0x06064b50;
inline constexpr std::uint32_t end64_locator_signature = 0x07064b50;

// Fixed parts.
inline constexpr std::size_t local_bytes = 30;
inline constexpr std::size_t central_bytes = 46;
inline constexpr std::size_t end_bytes = 22;
inline constexpr std::size_t end64_bytes = 56;
inline constexpr std::size_t end64_locator_bytes = 20;

inline constexpr std::uint16_t flag_encrypted = 1U << 0U;
inline constexpr std::uint16_t flag_descriptor = 1U << 3U;
inline constexpr std::uint16_t flag_patched = 1U << 5U;
inline constexpr std::uint16_t flag_strongly_encrypted = 1U << 6U;
inline constexpr std::uint16_t flag_utf8 = 1U << 11U;
inline constexpr std::uint16_t flag_masked = 1U << 13U;

inline constexpr std::uint16_t method_stored = 0;
inline constexpr std::uint16_t method_deflated = 8;

inline constexpr std::uint16_t version_stored = 10;
inline constexpr std::uint16_t version_deflated = 20;
inline constexpr std::uint16_t version_zip64 = 45;
// Upper byte of "version made by". Only with UNIX there do all programs read names as UTF-8.
inline constexpr std::uint16_t made_by_unix = 3U << 8U;
inline constexpr std::uint32_t unix_file_mode = 0100644U << 16U;   // of the external attributes

inline constexpr std::uint16_t extra_zip64 = 0x0001;
inline constexpr std::uint16_t extra_unicode_path = 0x7075;

// In these fields: the value stands in the ZIP64 extra field or end record.
inline constexpr std::uint16_t elsewhere16 = 0xffff;
inline constexpr std::uint32_t elsewhere32 = 0xffffffff;

inline constexpr std::string_view mimetype_name = "mimetype";
inline constexpr std::string_view asic_e_media_type = "application/vnd.etsi.asic-e+zip";

template <class Number>
void append(std::string& out, Number value) {
    for (std::size_t i = 0; i < sizeof value; ++i) {
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xffU);
    }
}

/// The number at `at`, which must lie within `bytes`.
template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(Number); i > 0; --i) {
        value = value << 8U | static_cast<std::uint8_t>(bytes[at + i - 1]);
    }
    return static_cast<Number>(value);
}

inline std::uint16_t u16(std::string_view bytes, std::size_t at) {
    return number_at<std::uint16_t>(bytes, at);
}

inline std::uint32_t u32(std::string_view bytes, std::size_t at) {
    return number_at<std::uint32_t>(bytes, at);
}

inline std::uint64_t u64(std::string_view bytes, std::size_t at) {
    return number_at<std::uint64_t>(bytes, at);
}

}   // namespace gateway::seal::zip
