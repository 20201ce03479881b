#pragma once

// Framing of one chunk (RFC 9112 7.1) in place: the block keeps room for the chunk's head and end
// around the data.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <span>
#include <string_view>

namespace gateway::http {

constexpr std::size_t chunk_head_max = 10;   // eight digits and a line end
constexpr std::size_t chunk_end_size = 2;

/// `block` holds `size` (> 0) bytes of data from chunk_head_max on and chunk_end_size bytes of room
/// behind them.
inline std::string_view frame_chunk(std::span<char> block, std::size_t size) {
    std::array<char, 16> digits{};
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    const std::size_t begin = chunk_head_max - count - 2;
    std::copy_n(digits.data(), count, block.data() + begin);
    block[chunk_head_max - 2] = block[chunk_head_max + size] = '\r';
    block[chunk_head_max - 1] = block[chunk_head_max + size + 1] = '\n';
    return {block.data() + begin, chunk_head_max - begin + size + chunk_end_size};
}

constexpr std::string_view last_chunk = "0\r\n\r\n";

}   // namespace gateway::http
