#pragma once

// Sixteen bytes of text looked at at once: most of most texts needs no other look. Marks have a bit
// for each byte, the first the lowest.

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gateway::json {

inline constexpr std::size_t sixteen = 16;

#ifdef __SSE2__
struct Sixteen {
    __m128i bytes;

    explicit Sixteen(const char* text)
        : bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text))) {}

    unsigned beyond_ascii() const { return static_cast<unsigned>(_mm_movemask_epi8(bytes)); }
    /// As signed numbers what is beyond ASCII is below zero, so one comparison finds both.
    unsigned control_or_beyond() const {
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' '))));
    }
    unsigned equal(char c) const {
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))));
    }
    unsigned continuation() const {
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8('\xC0'))));
    }
    unsigned continuation_or_first() const {
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8('\xE0'))));
    }
    template <bool quoted>
    unsigned other() const {
        const auto is = [this](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
        __m128i others = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('\xDF')),
                                       _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')));
        others = _mm_or_si128(others, _mm_or_si128(is('\xC0'), is('\xC1')));
        if constexpr (quoted) {
            others = _mm_or_si128(others, _mm_or_si128(is('"'), is('\\')));
        }
        return static_cast<unsigned>(_mm_movemask_epi8(others));
    }
};
#else
struct Sixteen {
    const char* text;

    explicit Sixteen(const char* begin) : text(begin) {}

    template <class Test>
    unsigned marks(Test test) const {
        unsigned all = 0;
        for (unsigned i = 0; i < sixteen; ++i) {
            all |= test(static_cast<std::uint8_t>(text[i])) ? 1U << i : 0U;
        }
        return all;
    }
    unsigned beyond_ascii() const {
        return marks([](std::uint8_t byte) { return byte >= 0x80; });
    }
    unsigned control_or_beyond() const {
        return marks([](std::uint8_t byte) { return byte < 0x20 || byte >= 0x80; });
    }
    unsigned equal(char c) const {
        return marks([c](std::uint8_t byte) { return byte == static_cast<std::uint8_t>(c); });
    }
    unsigned continuation() const {
        return marks([](std::uint8_t byte) { return byte >= 0x80 && byte < 0xC0; });
    }
    unsigned continuation_or_first() const {
        return marks([](std::uint8_t byte) { return byte >= 0x80 && byte < 0xE0; });
    }
    template <bool quoted>
    unsigned other() const {
        return marks([](std::uint8_t byte) {
            return byte < 0x20 || byte == 0xC0 || byte == 0xC1 || byte >= 0xE0 ||
                   (quoted && (byte == '"' || byte == '\\'));
        });
    }
};
#endif

/// Where a run of plain characters ends: printed ASCII, with `quoted` but for quote and backslash,
/// and characters of two bytes, as the letters of most European texts are. `at`, where a character
/// begins, is within the text. May end early, between characters, so look closer there; with fewer
/// than sixteen bytes left it always does.
template <bool quoted>
std::size_t end_of_plain(std::string_view text, std::size_t at) {
    unsigned open = 0;   // the last byte looked at begins a character that the next one ends
    while (text.size() - at >= sixteen) {
        const Sixteen next(text.data() + at);
        const unsigned rest = next.continuation();
        const unsigned firsts = next.continuation_or_first() & ~rest;
        if (next.other<quoted>() != 0 || rest != ((firsts << 1U | open) & 0xFFFFU)) {
            break;
        }
        open = firsts >> 15U;
        at += sixteen;
    }
    return at - open;
}

inline std::size_t first_mark(unsigned marks) {
    return static_cast<std::size_t>(std::countr_zero(marks));
}

/// Whether these two bytes are a character, as the letters of most European texts are.
inline bool is_pair(const char* text) {
    const auto first = static_cast<std::uint8_t>(text[0]);
    const auto second = static_cast<std::uint8_t>(text[1]);
    return first >= 0xC2 && first <= 0xDF && (second & 0xC0U) == 0x80U;
}

}   // namespace gateway::json
