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
    unsigned first_of_pair() const {
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('\xC1')),
                                            _mm_cmplt_epi8(bytes, _mm_set1_epi8('\xE0')))));
    }
    unsigned continuation() const {
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8('\xC0'))));
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
    unsigned first_of_pair() const {
        return marks([](std::uint8_t byte) { return byte >= 0xC2 && byte <= 0xDF; });
    }
    unsigned continuation() const {
        return marks([](std::uint8_t byte) { return (byte & 0xC0U) == 0x80U; });
    }
};
#endif

/// How many of the sixteen are ASCII and characters of two bytes, as the letters of most European
/// texts are; 0 when something else is among them. A last one that is not whole is left for next.
inline std::size_t ascii_and_pairs(const Sixteen& text) {
    const unsigned firsts = text.first_of_pair();
    const unsigned rest = text.continuation();
    if ((firsts | rest) != text.beyond_ascii() || rest != (firsts << 1U & 0xFFFFU)) {
        return 0;
    }
    return sixteen - (firsts >> 15U);
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
